"""What is wrong with health URLs is named, with what to do about it."""

from tests.doctor.clinic import Clinic, not_well, place


async def test_healthy_services_pass(clinic: Clinic) -> None:
    """Each service in each environment."""
    found = await clinic.looks("services")
    assert not_well(found) == []
    assert len(found.findings) == 9


async def test_health_url_dead(clinic: Clinic) -> None:
    """Nothing answers there."""
    clinic.writes(
        f"{clinic.playground.url}/sim/services/inventory", "http://127.0.0.1:9/sim/services/inventory"
    )
    found = not_well(await clinic.looks("services"))
    assert [place(one) for one in found] == [
        ("FAIL", "health", f"inventory {name}") for name in ("dev", "staging", "production")
    ]
    assert "http://127.0.0.1:9/sim/services/inventory/dev/health" in found[0].fix


async def test_service_unwell(clinic: Clinic) -> None:
    """It answers, but not what the gates expect: the service needs somebody, the settings do not."""
    clinic.playground.world.health["checkout", "staging"] = "failing"
    found = await clinic.finds("services")
    assert place(found) == ("WARN", "health", "checkout staging")
    assert "answers 503, not 200" in found.says


async def test_version_not_in_health_body(clinic: Clinic) -> None:
    """No deploy to production could be verified; elsewhere nobody asks for the version."""
    for environment in ("staging", "production"):
        clinic.playground.world.health["checkout", environment] = "html"
    found = await clinic.finds("services")
    assert place(found) == ("FAIL", "version", "checkout production")
    assert "names no version at $.version" in found.says


async def test_health_url_that_is_never_read(clinic: Clinic) -> None:
    """A name that leads to this machine is not read, whoever answers there."""
    clinic.writes(
        f"{clinic.playground.url}/sim/services/inventory/{{environment}}/health",
        clinic.playground.url.replace("127.0.0.1", "[::ffff:127.0.0.1]") + "/{environment}",
    )
    found = not_well(await clinic.looks("services"))
    assert {place(one)[:2] for one in found} == {("FAIL", "health")}
    assert "not read" in found[0].says
