"""What is wrong with PagerDuty is named, with what to do about it. Nobody is paged."""

from tests.doctor.clinic import Clinic, not_well, place


async def test_a_healthy_pagerduty_passes_and_nobody_is_paged(clinic: Clinic) -> None:
    """Nothing but reads."""
    assert not_well(await clinic.looks("pagerduty")) == []
    assert {one.method for one in clinic.playground.world.ledger} == {"GET"}


async def test_pagerduty_key_bad(clinic: Clinic) -> None:
    """One FAIL, not one for each service; the key is not quoted."""
    clinic.environment["PAGERDUTY_API_KEY"] = "of-somebody-else"
    found = await clinic.finds("pagerduty")
    assert place(found) == ("FAIL", "key", "PAGERDUTY_API_KEY")
    assert "Set PAGERDUTY_API_KEY" in found.fix


async def test_pagerduty_key_unset(clinic: Clinic) -> None:
    """Incidents are still opened, so it is a thing to know of."""
    del clinic.environment["PAGERDUTY_API_KEY"]
    assert place(await clinic.finds("pagerduty")) == ("WARN", "key", "PAGERDUTY_API_KEY")


async def test_pagerduty_down(clinic: Clinic) -> None:
    """One FAIL."""
    clinic.playground.world.vendor_always["pagerduty"] = 500
    found = await clinic.finds("pagerduty")
    assert place(found) == ("FAIL", "key", "PAGERDUTY_API_KEY")
    assert "did not answer" in found.says


async def test_pagerduty_service_gone(clinic: Clinic) -> None:
    """The id, the service that has it, and where to correct it."""
    clinic.writes("service: PINVENTORY", "service: PGONE")
    found = await clinic.finds("pagerduty")
    assert place(found) == ("FAIL", "service", "inventory")
    assert "PGONE" in found.says
    assert "services.inventory.pagerduty.service" in found.fix


async def test_pagerduty_service_disabled(clinic: Clinic) -> None:
    """It would page nobody."""
    clinic.playground.pagerduty.rest.statuses["PSTORE"] = "disabled"
    found = await clinic.finds("pagerduty")
    assert place(found) == ("FAIL", "service", "storefront")
    assert "Enable it" in found.fix


async def test_routing_key_of_another_service(clinic: Clinic) -> None:
    """Incidents would be opened elsewhere: something to know of, since an orchestration may lead there."""
    keys = clinic.environment
    keys["PAGERDUTY_ROUTING_KEY_STOREFRONT"] = keys["PAGERDUTY_ROUTING_KEY_CHECKOUT"]
    found = await clinic.finds("pagerduty")
    assert place(found) == ("WARN", "routing key", "storefront")


async def test_from_is_nobody(clinic: Clinic) -> None:
    """PagerDuty refuses notes of somebody it does not know."""
    clinic.environment["PAGERDUTY_FROM"] = "nobody@acme.example"
    found = await clinic.finds("pagerduty")
    assert place(found) == ("FAIL", "from", "PAGERDUTY_FROM")
    assert "nobody@acme.example" in found.says


async def test_nobody_is_on_call(clinic: Clinic) -> None:
    """Each service whose page nobody would get, and the schedule that is a team."""
    clinic.playground.pagerduty.has_nobody_on_call()
    found = not_well(await clinic.looks("pagerduty"))
    assert [place(one) for one in found] == [
        *(("WARN", "on call", name) for name in ("checkout", "storefront", "inventory")),
        ("WARN", "schedule", "PSCHED1"),
    ]


async def test_schedule_gone(clinic: Clinic) -> None:
    """The team that is read from it is named."""
    clinic.writes("PSCHED1", "PGONE")
    found = await clinic.finds("pagerduty")
    assert place(found) == ("FAIL", "schedule", "PGONE")
    assert "teams.platform-on-call.pagerduty_schedule" in found.fix


async def test_pagerduty_webhook_missing_disabled_or_hidden(clinic: Clinic) -> None:
    """Each of them is something to know of: incidents are polled."""
    rest = clinic.playground.pagerduty.rest
    for webhooks, says in ((["/other"], "no PagerDuty webhook"), (["!/pagerduty/webhooks"], "disabled")):
        rest.webhooks = webhooks
        found = await clinic.finds("pagerduty")
        assert place(found) == ("WARN", "webhook", "/pagerduty/webhooks")
        assert says in found.says
    rest.are_webhooks_hidden = True
    assert "does not let this API key read" in (await clinic.finds("pagerduty")).says
