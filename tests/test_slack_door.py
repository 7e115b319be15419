"""The one door for what Slack sends: envelopes are read as strictly as HTTP, and a full house says so."""

import asyncio
from collections.abc import Mapping

import pytest
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.response import BoltResponse

from bot.envelope import Envelope, Receipt
from bot.metrics import Metrics
from bot.slack_door import AT_ONCE, MOST_BYTES, SlackDoor
from handlers.envelopes import read

BUSY = {"response_type": "ephemeral", "text": "too many at once"}
PEOPLE = {
    "user_id": "U1",
    "team_id": "T1",
    "channel_id": "C1",
    "api_app_id": "A1",
    "response_url": "https://x.example",
}
PRESSED = {
    "type": "block_actions",
    "user": {"id": "U1", "team_id": "T1"},
    "team": {"id": "T1"},
    "api_app_id": "A1",
    "channel": {"id": "C1"},
    "trigger_id": "1.1",
    "actions": [
        {"type": "button", "action_id": "approve", "block_id": "b", "value": "{}", "action_ts": "1.1"}
    ],
}


class House:
    """A Bolt app whose listeners answer when they may go on."""

    def __init__(self) -> None:
        self.goes_on = asyncio.Event()
        self.inside = 0
        self._full = asyncio.Event()
        self.metrics = Metrics()
        app = AsyncApp(
            name="house",
            process_before_response=True,
            request_verification_enabled=False,
            authorize=_nobody,
        )
        app.command("/promote")(self._command)
        app.action("approve")(self._click)
        self.door = SlackDoor(app, read, BUSY, self.metrics)

    async def opens(self, kind: str, payload: Mapping[str, object], size: int = 100) -> Receipt | None:
        """What an envelope is acknowledged with."""
        return await self.door.open(Envelope(kind, payload, size))

    async def is_full(self) -> None:
        """Wait until nobody else finds a place."""
        await self._full.wait()

    def _enters(self) -> None:
        self.inside += 1
        if self.inside == AT_ONCE:
            self._full.set()

    async def _command(self, ack: AsyncAck) -> None:
        self._enters()
        await self.goes_on.wait()
        await ack(text="hello")

    async def _click(self, ack: AsyncAck) -> BoltResponse:
        self._enters()
        await self.goes_on.wait()
        return await ack()


async def _nobody(**_: object) -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id="T1")


def command(number: int = 0, name: str = "/promote") -> Mapping[str, object]:
    """A command as it is in an envelope: one field is no text."""
    return {
        **PEOPLE,
        "command": name,
        "text": "help",
        "trigger_id": f"{number}.1",
        "is_enterprise_install": False,
    }


async def test_what_is_acknowledged_is_what_the_listener_said() -> None:
    """Words for a command, nothing for a click."""
    house = House()
    house.goes_on.set()
    assert await house.opens("slash_commands", command()) == Receipt({"text": "hello"})
    assert await house.opens("interactive", PRESSED) == Receipt()


async def test_a_command_may_speak_of_a_payload() -> None:
    """Somebody gave `the payload was cut off` as the reason: Bolt's own reading of a form finds nothing then, and the
    command was lost. It is read before Bolt gets it."""
    house = House()
    house.goes_on.set()
    typed = {**command(), "text": "checkout@v2 to production because the payload was cut off"}
    assert await house.opens("slash_commands", typed) == Receipt({"text": "hello"})


@pytest.mark.parametrize(
    ("kind", "payload", "size"),
    [
        ("slash_commands", command(name="/nobody"), 100),
        ("slash_commands", {"text": "help"}, 100),
        ("slash_commands", {**command(), "text": "\ud800"}, 100),
        ("slash_commands", command(), MOST_BYTES + 1),
        ("interactive", {"type": "block_actions"}, 100),
        ("interactive", {**PRESSED, "user": {"id": "\ud800"}}, 100),
        ("events_api", {"event": 7}, 100),
    ],
    ids=["unknown", "shapeless", "half a character", "huge", "no click", "half a name", "no event"],
)
async def test_what_cannot_be_taken_gets_no_receipt(
    kind: str, payload: Mapping[str, object], size: int
) -> None:
    """Slack then tells the person that it did not arrive, as it does over HTTP."""
    house = House()
    house.goes_on.set()
    assert await house.opens(kind, payload, size) is None
    assert house.inside == 0


async def test_what_nobody_waits_for_is_acknowledged() -> None:
    """A type of envelope that Slack may add one day is ignored, and not sent again and again."""
    assert await House().opens("news_from_the_future", {}) == Receipt()


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("events_api", {"type": "app_rate_limited", "team_id": "T1", "minute_rate_limited": 1, "api_app_id": "A1"}),
        ("interactive", {"type": "view_closed", "user": {"id": "U1", "team_id": "T1"}, "view": {"type": "modal"}}),
    ],
    ids=["rate limited", "closed"],
)  # fmt: skip
async def test_what_nobody_listens_to_is_acknowledged(kind: str, payload: Mapping[str, object]) -> None:
    """Slack documents it, and the bot has no use for it: it never reaches a listener, and Slack need not ask again."""
    house = House()
    assert await house.opens(kind, payload) == Receipt()
    assert house.inside == 0


async def test_a_full_house_tells_who_typed_and_leaves_a_click_to_be_sent_again() -> None:
    """Nobody waits longer than a moment for a place: words for a command, no receipt for a click."""
    house = House()
    inside = [asyncio.create_task(house.opens("slash_commands", command(n))) for n in range(AT_ONCE)]
    await house.is_full()
    late = [house.opens("slash_commands", command(-1)), house.opens("interactive", PRESSED)]
    assert await asyncio.gather(*late) == [Receipt(BUSY), None]
    house.goes_on.set()
    assert await asyncio.gather(*inside) == [Receipt({"text": "hello"})] * AT_ONCE
    counted = {
        (one.labels["result"], int(one.value))
        for family in house.metrics.registry.collect()
        for one in family.samples
        if one.name == "greenlight_deliveries_total"
    }
    assert counted == {("taken", AT_ONCE + 1), ("unavailable", 1)}
