"""The stage of a story: the real bot against the playground's simulators over real HTTP, with time that flies.

People type and click through the playground's control API, as on the page. `until` lets time pass quickly: each
glance moves the world's clock forward, so that a ten minute wait takes a moment.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import aiohttp

from bot.adapters.slack_socket import HEARTBEAT
from bot.app import Around, Bot, Parts, bare, build
from bot.domain.promotion import Promotion
from bot.playground.github.door import APP_LOGIN
from bot.playground.seed import APP_TOKEN
from bot.playground.server import Playground
from bot.playground.slack.state import Message
from bot.playground.world import Request, World
from bot.settings import load_settings
from bot.store.protocol import Query
from bot.worker import LEASE, PLACES
from tests.stories.before import adopt_world as adopt_world
from tests.stories.burial import is_buried
from tests.stories.complaints import Complaints
from tests.stories.sockets import are_closed, open_sockets
from tests.stories.story_clock import GLANCE as GLANCE
from tests.stories.story_clock import StoryClock

STEP = 0.25  # seconds that the world's clock moves with each glance
PATIENCE = 20.0  # real seconds
Answer = dict[str, Any]
Door = Literal["http", "socket"]  # how Slack reaches the bot


@dataclass(slots=True)
class Somebody:
    """One person of the playground."""

    name: str
    story: "Story"

    async def types(self, text: str, channel: str = "deploys") -> Answer:
        """Type a line; returns the replies that only this person sees, and the form that opened."""
        said = {"as": self.name, "channel": channel, "thread": None, "text": text}
        return await self.story.play("say", said)

    async def clicks(
        self, button: str, promotion: str = "P-1", *, confirm: bool = True, channel: str | None = None
    ) -> Answer:
        """Press a button of a promotion once it is there, while time goes on."""
        pressed = {"as": self.name, "promotion": promotion, "button": button, "confirm": confirm}
        pressed |= {"channel": channel} if channel else {}
        return await self.story.meanwhile(self.story.play("click", pressed))

    async def submits(self, view: Mapping[str, Any], **values: object) -> Answer:
        """Send a form."""
        return await self.story.play("submit", {"as": self.name, "view": view["id"], "values": values})

    @property
    def heard(self) -> list[str]:
        """Everything that was said to this person alone."""
        return [message.text for message in self.story.playground.slack.shown_to(self.name)]


class Story:
    """A world, five people, and the bot."""

    def __init__(self, directory: Path, door: Door = "http") -> None:
        self.door: Door = door  # from the bot's next start on
        self.playground = Playground(directory, 0, None, self._promotions)
        self.clock = StoryClock(self.world.clock)
        self.complaints = Complaints()
        self.expected_complaints: list[str] = []
        self.github_deadline = 10.0  # real seconds that the bot waits for GitHub, from its next start on
        self.heartbeat = HEARTBEAT  # real seconds of silence on a socket, from its next start on
        self.around: Around = bare  # what is put around the bot's parts, from its next start on
        self.environment: dict[str, str] = {}  # what differs, such as STORE_URL, from its next start on
        self.lease = LEASE  # real seconds on a shared store, from its next start on
        self.places = PLACES  # promotions that are driven side by side, from its next start on
        self.ana, self.bo, self.cy, self.dee, self.eli = (
            Somebody(name, self) for name in ("ana", "bo", "cy", "dee", "eli")
        )
        self._bot: Bot | None = None
        self._running: asyncio.Task[None] | None = None
        self._stop = asyncio.Event()
        self._has_died = False
        self._session: aiohttp.ClientSession | None = None
        self._open_before: frozenset[str] = frozenset()

    @property
    def world(self) -> World:
        """What the simulators share."""
        return self.playground.world

    @property
    def bot(self) -> Bot:
        """The bot that runs now."""
        if self._bot is None:
            raise AssertionError("the bot does not run")
        return self._bot

    async def begins(self) -> None:
        """Start the simulators, and the bot on an empty store that knows what is live."""
        logging.getLogger().addHandler(self.complaints)
        self._open_before = open_sockets()
        self._session = aiohttp.ClientSession()
        await self.playground.start()
        self.playground.slack.limits.enforced = False
        await self.bot_starts()

    async def ends(self) -> None:
        """Stop everything; anything unexpected that is left over fails the story."""
        await self.bot_stops()
        await self.playground.stop()
        if self._session is not None:
            await self._session.close()
        logging.getLogger().removeHandler(self.complaints)
        if self._has_died:
            is_buried()  # what it held may have been in use by somebody until now
        else:
            await are_closed(self._open_before)
        left = [
            said for said in self.complaints.said if not any(one in said for one in self.expected_complaints)
        ]
        assert left == []
        assert self.started_twice() == []

    async def bot_starts(self) -> None:
        """Start the bot in this process, on its real store and ports."""
        settings = load_settings({**self._given(), **self.environment})
        parts = Parts(
            clock=self.clock,
            around=self.around,
            github_deadline=self.github_deadline,
            lease=self.lease,
            places=self.places,
            heartbeat=self.heartbeat,
        )
        self._bot, self._stop = build(settings, parts), asyncio.Event()
        self._running = asyncio.create_task(self._bot.run(self._stop, first=adopt_world))
        await self._until_ready()

    async def bot_stops(self) -> None:
        """Ask the bot to stop, as SIGTERM does."""
        if self._running is not None:
            self._stop.set()
            await self._running
            self._bot = self._running = None

    async def bot_dies(self) -> None:
        """Cut the bot off in the middle of whatever it does. (SIGKILL on a real process: tests/durability.)"""
        if self._running is not None:
            self._has_died = True
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
            self._bot = self._running = None
            is_buried()

    def bot_dies_when(self, shown: Callable[[], bool]) -> None:
        """Cut the bot off at the very moment the world shows something, before the bot has heard of it."""
        doomed = self._running

        def look() -> None:
            if doomed is not None and not doomed.cancelling() and shown():
                self._has_died = True
                doomed.cancel()

        self.world.listeners.append(look)

    @property
    def is_dead(self) -> bool:
        """Whether the bot was cut off."""
        return self._running is None or self._running.done()

    async def bot_restarts(self) -> None:
        """Die and start again."""
        await self.bot_dies()
        await self.bot_starts()

    async def play(self, call: str, body: Mapping[str, Any]) -> Answer:
        """One call of the playground's control API."""
        if self._session is None:
            raise AssertionError("the story has not begun")
        async with self._session.post(f"{self.playground.url}/play/{call}", json=body) as response:
            answer: Answer = await response.json()
            return answer

    async def meanwhile(self, doing: Any) -> Answer:
        """Let time go on while something is waited for."""
        task = asyncio.ensure_future(doing)
        while not task.done():
            self.world.clock.forward(STEP)
            await asyncio.wait({task}, timeout=GLANCE)
        answer: Answer = task.result()
        return answer

    def passes(self, seconds: float) -> None:
        """That much time goes by."""
        self.world.clock.forward(seconds)
        self.clock.passed += seconds

    async def until(self, promotion: str, *phases: str) -> Promotion:
        """Let time pass until the promotion is in one of these phases."""
        found: list[Promotion] = []

        async def there() -> bool:
            stored = await self.bot.store.load(promotion)
            found[:] = [stored] if stored is not None and stored.phase.value in phases else []
            return bool(found)

        await self.sees(there, f"{promotion} in {phases}")
        return found[0]

    async def sees(self, condition: Callable[[], Any], what: str = "") -> None:
        """Let time pass until a condition holds."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PATIENCE
        while True:
            holds = condition()
            if await holds if asyncio.iscoroutine(holds) else holds:
                return
            if loop.time() > deadline:
                raise AssertionError(f"waited in vain for {what or condition}: {await self._where()}")
            self.world.clock.forward(STEP)
            await asyncio.sleep(GLANCE)

    async def settles(self) -> None:
        """Let time pass until nothing is due any more, three glances long: a claim is neither due nor busy."""
        still = 0

        async def quiet() -> bool:
            nonlocal still
            due = await self.bot.store.next_due(self.clock.now())
            still = still + 1 if due is None and not self.bot.worker.is_busy else 0
            return still >= 3

        await self.sees(quiet, "quiet")

    async def stands(self, promotion: str) -> Promotion:
        """The promotion as it is stored."""
        stored = await self.bot.store.load(promotion)
        assert stored is not None, f"{promotion} is not stored"
        return stored

    def card(self, promotion: str, channel: str = "deploys") -> Message:
        """The one card of a promotion."""
        cards = [one for one in self.messages(channel) if _about(one) == promotion and not one.thread_ts]
        assert len(cards) == 1, f"{len(cards)} cards of {promotion} in #{channel}"
        return cards[0]

    def messages(self, channel: str = "deploys") -> list[Message]:
        """Everything in a channel, threads included."""
        return self.playground.slack.messages(channel)

    def thread(self, promotion: str, channel: str = "deploys") -> list[str]:
        """What was said below the card."""
        card = self.card(promotion, channel)
        return [one.text for one in self.messages(channel) if one.thread_ts == card.ts]

    def asked(self, vendor: str, path: str = "", method: str = "") -> list[Request]:
        """What the bot asked a vendor, by the simulator's ledger."""
        return [
            one
            for one in self.world.ledger
            if one.vendor == vendor and path in one.path and (not method or one.method == method)
        ]

    def dispatches(self) -> list[Request]:
        """Every dispatch that GitHub received."""
        return self.asked("github", "/dispatches", "POST")

    @property
    def runs(self) -> list[Answer]:
        """Every workflow run that GitHub started, oldest first."""
        return sorted(self.playground.github.runs_state(), key=lambda run: run["id"])

    def started_twice(self) -> list[str]:
        """Correlation ids that the bot started more than one run for: there must never be any (P1)."""
        started = Counter(
            run.inputs.get("correlation_id", "")
            for run in self.playground.github.runs.all
            if run.actor == APP_LOGIN
        )
        return [correlation for correlation, count in started.items() if count > 1]

    @property
    def incidents(self) -> list[Answer]:
        """Every PagerDuty incident."""
        return list(self.playground.pagerduty.incidents_state())

    def calls(self) -> Counter[str]:
        """How many calls each vendor got."""
        return Counter(one.vendor for one in self.world.ledger)

    async def _where(self) -> str:
        found = await self.bot.store.find(Query())
        lines = [f"{one.id} {one.phase.value} {one.ending} {_errors(one)}" for one in found]
        return "; ".join(lines) + f" complaints: {self.complaints.said[:1]}"

    def _given(self) -> dict[str, str]:
        """The settings of the playground, with the one of two ways in that the story takes."""
        given = self.playground.bot_environment()
        self.playground.slack.sockets.is_on = self.door == "socket"
        if self.door == "socket":
            del given["SLACK_SIGNING_SECRET"]
            given["SLACK_APP_TOKEN"] = APP_TOKEN
        return given

    async def _until_ready(self) -> None:
        while self._running is not None and not self._running.done():
            if self._bot is not None and all((await self._bot.ready()).values()):
                return
            await asyncio.sleep(GLANCE)
        raise AssertionError(f"the bot did not start: {self._running}")

    def _promotions(self) -> list[Answer]:
        return []


def _about(message: Message) -> str | None:
    from bot.playground.control.clicks import promotion_of_message

    return promotion_of_message(message)


def _errors(promotion: Promotion) -> str:
    return " ".join(f"{key}={entry.error}" for key, entry in promotion.ledger.items() if entry.error)
