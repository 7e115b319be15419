"""The inspector's call: every exchange between the bot and the outside, in order, without secrets and bounded."""

import asyncio

from bot.playground.slack.socket import ACK_SECONDS
from bot.playground.traffic import MOST_KEPT, Traffic
from tests.playground.hall import Hall
from tests.playground.practice_app import Raw

SECRETS = ("xoxb-playground", "playground-verification-token", "playground-slack-signing-secret")


async def test_a_command_and_what_the_bot_calls_for_it_stand_in_order(hall: Hall) -> None:
    """The signed request begins first, the bot's own call follows, and both end with status, time and JSON."""
    await hall.ana_asks("/promote card P-1")
    entries = (await _traffic(hall))["entries"]
    command, post = (entry for entry in entries if entry["path"] != "auth.test")
    assert (command["direction"], command["vendor"], command["path"]) == ("to bot", "slack", "/slack/events")
    assert (command["what"], command["status"]) == ("Ana types /promote card P-1", 200)
    assert command["request"]["text"] == "card P-1"
    assert command["headers"]["X-Slack-Signature"].startswith("v0=")
    assert (post["direction"], post["method"], post["path"]) == ("from bot", "POST", "chat.postMessage")
    assert (post["status"], post["response"]["ok"], post["promotion"]) == (200, True, "P-1")
    assert 0 < post["ms"] <= command["ms"] < ACK_SECONDS * 1000


async def test_only_what_is_new_is_told(hall: Hall) -> None:
    """`after` is the `last` of the answer before; nothing new is an empty list."""
    await hall.ana_asks("/promote status")
    last = (await _traffic(hall))["last"]
    assert await _traffic(hall, last) == {"entries": [], "last": last}
    await hall.ana_asks("/promote help")
    assert [entry["what"] for entry in (await _traffic(hall, last))["entries"]] == ["Ana types /promote help"]


async def test_an_answer_is_told_to_whoever_saw_the_request(hall: Hall) -> None:
    """A request without an answer shows at once with no status, and again when the answer has come."""
    asking = asyncio.create_task(hall.ana_asks("/promote slow"))
    begun = await _until_begun(hall)
    command = begun["entries"][0]
    assert (command["status"], command["ms"]) == (None, None)
    await asking
    later = (await _traffic(hall, begun["last"]))["entries"]
    assert [entry["status"] for entry in later if entry["n"] == command["n"]] == ["operation_timeout"]


async def test_clicks_forms_choices_and_mentions_say_who_did_what(hall: Hall) -> None:
    """Each request to the bot is one line in the words of the person who made it."""
    await hall.ana_asks("/promote card P-1")
    await hall.call("click", {"as": "bo", "promotion": "P-1", "button": "Approve", "confirm": True})
    view = (await hall.ana_asks("/promote"))["view"]
    element = {"as": "ana", "view": view["id"], "block_id": "service", "action_id": "choose"}
    await hall.call("options", element | {"query": "st"})
    await hall.call("close", {"as": "ana", "view": view["id"]})
    await hall.call("home", {"as": "dee"})
    await hall.ana_asks("@greenlight why")
    entries = (await _traffic(hall))["entries"]
    said = [entry["what"] for entry in entries if entry["direction"] == "to bot"]
    assert said == [
        "Ana types /promote card P-1",
        "Bo presses :white_check_mark: Approve",
        "Ana types /promote",
        "Ana looks for “st”",
        "Dee: app home opened",
        "Ana: app mention",
    ]


async def test_a_home_is_about_no_promotion_but_its_button_is(hall: Hall) -> None:
    """A home names whatever it likes; only who presses a button in it means one promotion."""
    await hall.call("home", {"as": "dee"})
    await hall.call("home", {"as": "dee"})
    await hall.call("click", {"as": "dee", "promotion": "P-9", "button": "Look"})
    entries = (await _traffic(hall))["entries"]
    named = {entry["what"]: entry["promotion"] for entry in entries}
    assert (named["Dee: app home opened"], named["the home"]) == (None, None)
    assert named["Dee presses Look"] == "P-9"


async def test_no_secret_is_shown(hall: Hall) -> None:
    """Tokens and secrets are reduced to how they begin, wherever they stand."""
    await hall.ana_asks("/promote card P-1")
    text = str(await _traffic(hall))
    assert [secret for secret in SECRETS if secret in text] == []
    assert "'token': 'play••••'" in text


async def test_webhooks_are_there_with_what_became_of_them(hall: Hall) -> None:
    """A webhook that was lost is shown as lost, one that nobody took with the status of the answer."""
    await hall.call("world", {"webhooks": "lost", "incident": {"service": "checkout"}})
    await _until(hall, lambda entries: any(entry["status"] == "lost" for entry in entries))
    await hall.call("world", {"webhooks": "on", "incident": {"service": "inventory"}})
    entries = await _until(hall, lambda entries: any(entry["status"] == 404 for entry in entries))
    told = [(entry["vendor"], entry["what"]) for entry in entries if entry["direction"] == "to bot"]
    assert set(told) == {("pagerduty", "webhook incident.triggered")}


async def test_a_reset_begins_the_numbers_anew(hall: Hall) -> None:
    """After a reset nothing of the old traffic is left."""
    await hall.ana_asks("/promote status")
    await hall.call("reset", {})
    assert await _traffic(hall) == {"entries": [], "last": 0}


async def test_a_number_is_needed(hall: Hall) -> None:
    """Anything else than a whole number is a bad call."""
    async with hall.session.get(f"{hall.playground.url}/play/traffic?after=x") as answer:
        assert answer.status == 400


def test_only_the_newest_are_kept() -> None:
    """However much goes over the wire, the memory does not grow."""
    traffic = Traffic()
    for number in range(3 * MOST_KEPT):
        traffic.answered(traffic.begins(0.0, "from bot", "slack", ("POST", str(number))), 200)
    kept = traffic.since(0)
    assert len(kept) == MOST_KEPT
    assert [kept[0].path, kept[-1].path] == [str(2 * MOST_KEPT), str(3 * MOST_KEPT - 1)]


async def _traffic(hall: Hall, after: int = 0) -> Raw:
    query = {"after": str(after)}
    async with hall.session.get(f"{hall.playground.url}/play/traffic", params=query) as answer:
        return dict(await answer.json())


async def _until_begun(hall: Hall) -> Raw:
    while True:
        seen = await _traffic(hall)
        if seen["entries"]:
            return seen
        await asyncio.sleep(0)


async def _until(hall: Hall, holds: object) -> list[Raw]:
    assert callable(holds)
    while True:
        revision = (await hall.state())["revision"]
        entries: list[Raw] = (await _traffic(hall))["entries"]
        if holds(entries):
            return entries
        await hall.state(revision)
