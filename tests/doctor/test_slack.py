"""What is wrong with Slack is named, with what to do about it."""

from dataclasses import replace

import pytest

from bot.playground.seed import APP_TOKEN
from tests.doctor.clinic import Clinic, not_well, place


async def test_a_healthy_workspace_passes_and_nothing_is_said_in_it(clinic: Clinic) -> None:
    """Nothing to know of, nothing to mend; every call is a question."""
    assert not_well(await clinic.looks("slack")) == []
    asked = {one.path for one in clinic.playground.world.ledger}
    assert asked == {"auth.test", "bots.info", "conversations.list", "users.info"}


async def test_missing_scope(clinic: Clinic) -> None:
    """The scope is named, and where it is added."""
    clinic.playground.world.slack_scopes.discard("pins:write")
    found = await clinic.finds("slack")
    assert place(found) == ("FAIL", "scopes", "pins:write")
    assert "Add pins:write under OAuth & Permissions" in found.fix


async def test_missing_scope_that_a_look_needs(clinic: Clinic) -> None:
    """One FAIL for the scope; what could not be looked at for want of it says so, and is no second FAIL."""
    clinic.playground.world.slack_scopes.discard("users:read")
    found = not_well(await clinic.looks("slack"))
    assert [place(one) for one in found] == [
        ("FAIL", "scopes", "users:read"),
        ("WARN", "people", "users:read"),
    ]


async def test_superfluous_scope(clinic: Clinic) -> None:
    """A scope that nothing needs is a thing to know of."""
    clinic.playground.world.slack_scopes.add("channels:history")
    found = await clinic.finds("slack")
    assert place(found) == ("WARN", "scopes", "channels:history")
    assert "Remove channels:history" in found.fix


@pytest.mark.parametrize("why", ["invalid_auth", "token_revoked"])
async def test_bot_token_wrong_or_revoked(clinic: Clinic, why: str) -> None:
    """One FAIL with Slack's word, not one for each thing that could not be asked."""
    if why == "invalid_auth":
        clinic.environment["SLACK_BOT_TOKEN"] = "xoxb-of-somebody-else"
    else:
        clinic.playground.world.slack_revoked = True
    found = await clinic.finds("slack")
    assert place(found) == ("FAIL", "token", "SLACK_BOT_TOKEN")
    assert f"({why})" in found.says
    assert "Set SLACK_BOT_TOKEN" in found.fix


async def test_app_token_wrong(clinic: Clinic) -> None:
    """In Socket Mode a socket is asked for; a token that Slack does not take is named."""
    del clinic.environment["SLACK_SIGNING_SECRET"]
    clinic.playground.slack.sockets.is_on = True
    clinic.environment["SLACK_APP_TOKEN"] = APP_TOKEN
    assert not_well(await clinic.looks("slack")) == []
    clinic.environment["SLACK_APP_TOKEN"] = "xapp-of-somebody-else"
    found = await clinic.finds("slack")
    assert place(found) == ("FAIL", "socket", "SLACK_APP_TOKEN")
    assert "connections:write" in found.fix


async def test_app_token_of_another_app(clinic: Clinic) -> None:
    """An app-level token says whose it is; both tokens have to be of one app."""
    clinic.playground.slack.sockets.is_on = True
    clinic.environment["SLACK_APP_TOKEN"] = "xapp-1-A0OTHER-1-playground"
    found = await clinic.finds("slack")
    assert place(found) == ("FAIL", "socket", "SLACK_APP_TOKEN")
    assert "A0OTHER" in found.says
    assert "A0GREENLIGHT" in found.says


async def test_bot_not_in_channel(clinic: Clinic) -> None:
    """The command that lets it in, and where to type it."""
    clinic.writes("repo: acme/inventory", "channel: payments\n    repo: acme/inventory")
    found = await clinic.finds("slack")
    assert place(found) == ("FAIL", "channels", "#payments")
    assert found.fix == "Type /invite @greenlight in #payments."


async def test_channel_archived(clinic: Clinic) -> None:
    """Nothing can be posted there any more."""
    clinic.playground.slack.workspace.channel("deploys").archived = True
    found = await clinic.finds("slack")
    assert place(found) == ("FAIL", "channels", "#deploys")
    assert "archived" in found.says
    assert "Unarchive #deploys" in found.fix


async def test_channel_missing(clinic: Clinic) -> None:
    """A name that no public channel has."""
    clinic.writes("channel: deploys", "channel: deplois")
    found = await clinic.finds("slack")
    assert place(found) == ("FAIL", "channels", "#deplois")
    assert "correct its name in the catalog" in found.fix


async def test_person_gone(clinic: Clinic) -> None:
    """Whoever left is a thing to know of: enough approvers have to be left."""
    people = clinic.playground.world.people
    people["bo"] = replace(people["bo"], closed=True)
    found = await clinic.finds("slack")
    assert place(found) == ("WARN", "people", "bo")
    assert "Remove bo from the catalog" in found.fix


async def test_person_unknown(clinic: Clinic) -> None:
    """A member id that nobody has is a mistake in the catalog."""
    clinic.writes("U0CY", "U0CYY")
    found = await clinic.finds("slack")
    assert place(found) == ("FAIL", "people", "cy")
    assert "U0CYY" in found.says
    assert "people.cy.slack" in found.fix


async def test_person_is_a_guest(clinic: Clinic) -> None:
    """Greenlight does not listen to guests, so the catalog must not count on one."""
    people = clinic.playground.world.people
    people["cy"] = replace(people["cy"], guest=True)
    found = await clinic.finds("slack")
    assert place(found) == ("FAIL", "people", "cy")
    assert "a guest" in found.says


async def test_user_group_gone(clinic: Clinic) -> None:
    """A group that is there passes, one that is not is named with its team."""
    clinic.playground.slack.workspace.usergroups["S0THERE"] = ["U0ANA"]
    clinic.writes("  other-team:       {members: [eli]}", "  other-team: {slack_group: S0THERE}")
    assert not_well(await clinic.looks("slack")) == []
    clinic.playground.slack.workspace.usergroups.clear()
    found = await clinic.finds("slack")
    assert place(found) == ("FAIL", "user groups", "other-team")
    assert "teams.other-team.slack_group" in found.fix


async def test_user_group_empty(clinic: Clinic) -> None:
    """A group that nobody is in can approve nothing."""
    clinic.playground.slack.workspace.usergroups["S0THERE"] = []
    clinic.writes("  other-team:       {members: [eli]}", "  other-team: {slack_group: S0THERE}")
    assert place(await clinic.finds("slack")) == ("WARN", "user groups", "other-team")


async def test_slack_down(clinic: Clinic) -> None:
    """One FAIL, however much could not be asked."""
    clinic.playground.world.vendor_always["slack"] = 503
    found = await clinic.finds("slack")
    assert place(found) == ("FAIL", "token", "SLACK_BOT_TOKEN")
    assert "did not answer" in found.says


async def test_slack_goes_down_meanwhile(clinic: Clinic) -> None:
    """The token was taken and the channels listed; that nobody could be asked for afterwards is one FAIL."""
    world = clinic.playground.world

    def look() -> None:
        if any(one.path == "conversations.list" and one.status for one in world.ledger):
            world.vendor_always["slack"] = 503

    world.listeners.append(look)
    found = await clinic.finds("slack")
    assert place(found)[:2] == ("FAIL", "people")
    assert "5 looks" in found.says
