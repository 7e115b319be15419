"""What the tour does with the control API: act as somebody, look until something shows, or say what showed instead."""

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

import aiohttp

from bot.playground.slack.raw import Raw

PATIENCE = 60.0  # seconds until something that does not show is not going to
LOOK = 0.2  # seconds between two looks
DEADLINE = aiohttp.ClientTimeout(total=45)

Found = TypeVar("Found")


class TourFailed(Exception):
    """A step that did not do what it promises; says what was seen instead."""


class Guide:
    """Drives one playground; `patience` is how long it looks for what should come, in seconds."""

    def __init__(self, session: aiohttp.ClientSession, patience: float = PATIENCE) -> None:
        self._session = session
        self._patience = patience

    async def reset(self) -> None:
        """Bring the playground back to its start."""
        await self._call("reset", {})

    async def bend(self, world: Raw) -> None:
        """Change the world."""
        await self._call("world", world)

    async def says(self, person: str, channel: str, text: str) -> str:
        """Type a line; what the person is told privately."""
        return _told(await self._call("say", {"as": person, "channel": channel, "text": text}))

    async def clicks(self, person: str, promotion: str, button: str) -> str:
        """Press a promotion's button once it is there; what the person is told privately."""
        return _told(await self._press(person, promotion, button, None))

    async def opens(self, person: str, promotion: str, button: str, channel: str) -> str:
        """Press a button that opens a form; the form's id."""
        answer = await self._press(person, promotion, button, channel)
        view: Raw = answer.get("view") or {}
        self.expect(
            "id" in view, f"“{button}” opened no form; {person} was told: {_told(answer) or 'nothing'}"
        )
        return str(view["id"])

    async def submits(self, person: str, view: str, values: Raw) -> None:
        """Fill a form in and send it. Raises TourFailed when a field is refused."""
        answer = await self._call("submit", {"as": person, "view": view, "values": values})
        self.expect(not answer.get("errors"), f"the form was refused: {answer.get('errors')}")

    async def state(self) -> Raw:
        """Everything that shows now."""
        async with self._session.get("/play/state", timeout=DEADLINE) as answer:
            return dict(await answer.json())

    async def card(self, promotion: str, channel: str, *words: str) -> str:
        """The text of a promotion's card, once it says one of these words."""

        def found(state: Raw) -> str | None:
            text = _card(state, promotion, channel)
            return text if any(word.lower() in text.lower() for word in words) else None

        return await self._until(found, lambda state: _card(state, promotion, channel) or "no card")

    async def phase(self, promotion: str, phase: str) -> None:
        """Look until a promotion has come to a phase."""
        await self._until(
            lambda state: phase if _phase(state, promotion) == phase else None,
            lambda state: f"{promotion} is {_phase(state, promotion)}, not {phase}",
        )

    async def incident(self, status: str) -> Raw:
        """The newest PagerDuty incident, once it has this status."""
        return await self._until(
            lambda state: next((one for one in state["incidents"][-1:] if one["status"] == status), None),
            lambda state: f"no incident is {status}: {state['incidents']}",
        )

    async def incident_channel(self) -> str:
        """The name of the incident's channel, once the bot has opened it and pinned its card."""
        return await self._until(
            lambda state: next((name for name in _rooms(state) if name.startswith("inc-")), None),
            lambda state: f"no incident channel: {', '.join(_rooms(state))}",
        )

    def expect(self, holds: bool, seen: str) -> None:
        """Raise TourFailed with what was seen unless something holds."""
        if not holds:
            raise TourFailed(seen)

    async def _press(self, person: str, promotion: str, button: str, channel: str | None) -> Raw:
        pressed = {
            "as": person,
            "promotion": promotion,
            "button": button,
            "confirm": True,
            "channel": channel,
        }
        until = time.monotonic() + self._patience
        while True:
            answer = await self._call("click", pressed)
            if "error" not in answer:
                return answer
            self.expect(
                time.monotonic() < until, f"{person} cannot press “{button}” of {promotion}: {answer}"
            )

    async def _until(self, found: Callable[[Raw], Found | None], seen: Callable[[Raw], str]) -> Found:
        until = time.monotonic() + self._patience
        while True:
            state = await self.state()
            one = found(state)
            if one is not None:
                return one
            self.expect(time.monotonic() < until, seen(state))
            await asyncio.sleep(LOOK)

    async def _call(self, name: str, body: Raw) -> Raw:
        async with self._session.post(f"/play/{name}", json=body, timeout=DEADLINE) as answer:
            told = dict(await answer.json())
            self.expect(answer.status == 200, f"POST /play/{name} answered {answer.status}: {told}")
            return told


def _told(answer: Raw) -> str:
    return "\n".join(str(reply["text"]) for reply in answer.get("replies", []))


def _card(state: Raw, promotion: str, channel: str) -> str:
    messages = (
        message for room in state["channels"] if room["name"] == channel for message in room["messages"]
    )
    return next((str(message["text"]) for message in messages if message["promotion"] == promotion), "")


def _phase(state: Raw, promotion: str) -> str:
    return next((str(one["phase"]) for one in state["promotions"] if one["id"] == promotion), "not there")


def _rooms(state: Raw) -> list[str]:
    return [str(room["name"]) for room in state["channels"] if room["pins"] or room["name"][:4] != "inc-"]
