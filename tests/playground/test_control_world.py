"""Watching, bending and resetting the world through the control API."""

import asyncio
from pathlib import Path

import pytest

from bot.playground.slack.shapes import channel_json
from tests.playground.hall import Hall, texts
from tests.playground.practice_app import Raw


async def test_the_state_can_be_waited_for(hall: Hall) -> None:
    """A long poll returns when something changed, with a greater revision."""
    before = (await hall.state())["revision"]
    poll = asyncio.create_task(hall.state(after=before))
    await asyncio.sleep(0.2)
    assert not poll.done()
    await hall.ana_asks("hello")
    assert (await poll)["revision"] > before


async def test_the_state_has_what_the_contract_names(hall: Hall) -> None:
    """Every key of the contract is there, with the secrets that let a client sign by itself."""
    state = await hall.state()
    keys = "people channels private views home promotions runs incidents requests urls secrets world revision"
    assert set(keys.split()) <= state.keys()
    assert [person["name"] for person in state["people"]] == ["ana", "bo", "cy", "dee", "eli"]
    assert set(state["urls"]) >= {"bot", "slack_api", "github_api", "pagerduty_api"}
    assert set(state["secrets"]) == {"slack_signing", "github_webhook", "pagerduty_webhook"}
    serving = state["world"]["serving"]["checkout"]
    assert [serving[name]["version"] for name in ("staging", "production")] == ["v2.14.3", "v2.14.2"]


async def test_the_world_is_bent_and_straightened(hall: Hall) -> None:
    """Health, runs, webhooks, vendors, latency, incidents and the clock follow one call."""
    wish = {
        "health": {"checkout": {"production": "failing"}},
        "run": {"conclusion": "failure", "step": "smoke", "seconds": 2, "mode": "accept-then-502"},
        "webhooks": "late",
        "vendor": {"slack": 429, "github": [502, "accept-then-502"]},
        "incident": {"service": "checkout", "severity": "high"},
        "p99": {"checkout": {"production": 400}},
        "clock": {"forward": "10m"},
    }
    bent = await hall.call("world", wish)
    world = hall.playground.world
    assert world.health["checkout", "production"] == "failing"
    assert (world.run.conclusion, world.run.step, world.run.mode) == ("failure", "smoke", "accept-then-502")
    assert [world.fault("slack"), world.fault("github"), world.fault("github")] == [
        429,
        502,
        "accept-then-502",
    ]
    assert bent["clock"]["offset"] == 600
    assert bent["p99"] == {"checkout": {"production": 400}}
    assert len((await hall.state())["incidents"]) == 1
    lift = {"vendor": {"slack": None}, "webhooks": "on", "p99": {"checkout": {"production": None}}}
    straight = await hall.call("world", lift)
    assert (straight["vendor"], straight["webhooks"], straight["p99"]) == ({}, "on", {})


async def test_somebody_acts_in_pagerduty_itself(hall: Hall) -> None:
    """Dee acknowledges, resolves and reopens an incident there; Bo has no account."""
    await hall.call("world", {"incident": {"service": "checkout"}})
    seen = []
    for deed in ("acknowledge", "resolve", "reopen"):
        await hall.call("world", {"pagerduty": {deed: 4411, "by": "dee"}})
        (incident,) = (await hall.state())["incidents"]
        seen.append((incident["status"], incident["changed_by"], incident["notes"]))
    assert seen == [("acknowledged", "Dee", []), ("resolved", "Dee", []), ("triggered", "Dee", [])]
    refused = await hall.call("world", {"pagerduty": {"resolve": 4411, "by": "bo"}}, 400)
    assert refused["error"].startswith('"by" is one of those with a PagerDuty account: ana, dee')


@pytest.mark.parametrize(
    ("name", "body", "sentence"),
    [
        ("say", {"as": "zoe", "text": "x"}, "There is no zoe here"),
        ("say", {"as": "ana"}, '"text" must be a text.'),
        ("say", {"as": "ana", "text": "x", "channel": "nowhere"}, "There is no channel nowhere."),
        ("click", {"as": "ana", "promotion": "P-1"}, '"button" must be a text.'),
        ("submit", {"as": "ana"}, "No view is open on ana's screen."),
        ("submit", {"as": "ana", "view": "V404"}, "There is no open view V404."),
        ("world", {"wether": "rain"}, "The world has no wether"),
        ("world", {"health": {"checkout": {"moon": "ok"}}}, "There is no checkout in moon."),
        ("world", {"health": {"checkout": {"dev": "sick"}}}, '"health" is one of: ok, failing'),
        ("world", {"clock": {"forward": "-5m"}}, "A duration is a number above 0"),
        ("world", {"run": {"mode": "odd"}}, '"run.mode" is one of'),
        ("world", {"vendor": {"slack": 200.5}}, "A vendor answers a status"),
        ("world", {"pagerduty": {"resolve": 4411, "by": "dee"}}, "PagerDuty has no incident 4411."),
        ("world", {"pagerduty": {"shout": 4411}}, "In PagerDuty one can:"),
        ("world", {"bot": "kill"}, "This playground does not run the bot itself."),
    ],
)
async def test_a_call_that_makes_no_sense_gets_a_sentence(
    hall: Hall, name: str, body: Raw, sentence: str
) -> None:
    """Status 400 and one sentence that says what would have made sense."""
    assert (await hall.call(name, body, 400))["error"].startswith(sentence)


async def test_reset_brings_the_start_back(hall: Hall) -> None:
    """Messages, bends and the clock are as at the start; the revision still grows."""
    await hall.ana_asks("/promote card P-1")
    await hall.call("world", {"run": {"conclusion": "failure"}, "clock": {"forward": "4h"}})
    before = (await hall.state())["revision"]
    assert await hall.call("reset", {}) == {"ok": True}
    state = await hall.state()
    assert state["revision"] > before
    assert [channel["messages"] for channel in state["channels"]] == [[], [], [], []]
    assert (state["world"]["run"]["conclusion"], state["world"]["clock"]["offset"]) == ("success", 0)
    assert texts(await hall.ana_asks("/promote status")) == ["You asked: status"]


async def test_only_loopback_pages_are_answered(hall: Hall) -> None:
    """Another origin's page and another host name are turned away; the page may load nothing from outside."""
    url = hall.playground.url
    async with hall.session.post(f"{url}/play/reset", headers={"Origin": "https://evil.example"}) as answer:
        assert answer.status == 403
    async with hall.session.get(f"{url}/play/state", headers={"Host": "evil.example"}) as answer:
        assert answer.status == 421
    async with hall.session.get(f"{url}/") as answer:
        assert answer.status == 200
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    async with hall.session.get(f"{url}/..%2Fserver.py") as answer:
        assert answer.status == 404


async def test_the_catalog_names_this_playground(hall: Hall, tmp_path: Path) -> None:
    """The health addresses of the written catalog lead to the simulated services, which answer there."""
    catalog = (tmp_path / "promotions.yml").read_text()
    assert "BASE_URL" not in catalog
    assert f"health: {hall.playground.url}/sim/services/checkout/{{environment}}/health" in catalog
    async with hall.session.get(f"{hall.playground.url}/sim/services/checkout/production/health") as answer:
        assert (await answer.json())["version"] == "v2.14.2"
    settings = hall.playground.bot_environment()
    assert settings["CATALOG"] == str(tmp_path / "promotions.yml")
    assert all(f"env:{name}" not in catalog or settings[name] for name in settings)


async def test_a_channel_is_shared_with_another_company_and_unshared(hall: Hall) -> None:
    """Slack tells it of the channel as it is; a channel that is not there, or another word, changes nothing."""
    bent = await hall.call("world", {"shared": {"deploys": True, "general": "invited"}})
    assert bent["shared"] == {"deploys": "shared", "general": "invited"}
    workspace = hall.playground.slack.workspace
    told = {
        name: channel_json(workspace, workspace.channel(name)) for name in ("deploys", "general", "payments")
    }
    assert {name: one["is_ext_shared"] for name, one in told.items()} == {
        "deploys": True,
        "general": False,
        "payments": False,
    }
    assert [name for name, one in told.items() if one["is_pending_ext_shared"]] == ["general"]
    for wrong in ({"deplois": True}, {"deploys": "maybe"}):
        assert "error" in await hall.call("world", {"shared": wrong}, status=400)
    straight = await hall.call("world", {"shared": {"deploys": False, "general": False}})
    assert straight["shared"] == {}
