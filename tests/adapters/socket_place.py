"""A simulated Slack in Socket Mode, the bot's sockets on it, and a clock that moves when it is told."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.adapters.slack_socket import Dialer
from bot.adapters.slack_sockets import SlackSockets
from bot.envelope import Envelope, Receipt
from bot.playground.clock import WorldClock
from bot.playground.seed import APP_TOKEN, build_world
from bot.playground.slack.simulator import Slack
from bot.playground.slack.socket import Connection, Sockets
from tests.playground.simulators import served

PATIENCE = 10.0  # real seconds
ENVELOPE = ("slash_commands", {"command": "/promote", "text": "help"})


@dataclass(slots=True)
class HandClock:
    """Time stands still until somebody moves it; it remembers who waits, and for how long."""

    at: float = 1_000.0
    pauses: list[float] = field(default_factory=list)
    moved: asyncio.Event = field(default_factory=asyncio.Event)

    def now(self) -> float:
        """The same for both clocks."""
        return self.at

    def boottime(self) -> float:
        """The same for both clocks."""
        return self.at

    async def wait(self, wake: asyncio.Event, seconds: float) -> None:
        """Until it is woken, or that much has passed."""
        until = self.at + seconds
        self.pauses.append(seconds)
        while not wake.is_set() and self.at < until:
            waiting = [asyncio.ensure_future(one.wait()) for one in (wake, self.moved)]
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for one in waiting:
                one.cancel()

    def passes(self, seconds: float) -> None:
        """That much time goes by."""
        self.at += seconds
        self.moved.set()
        self.moved = asyncio.Event()


@dataclass(slots=True)
class Bot:
    """Answers what comes, and is told how Slack takes its token."""

    receipt: Receipt | None = field(default_factory=lambda: Receipt({"text": "hello"}))
    opened: list[Envelope] = field(default_factory=list)
    goes_on: asyncio.Event = field(default_factory=asyncio.Event)
    told: list[bool] = field(default_factory=list)

    async def answer(self, envelope: Envelope) -> Receipt | None:
        """The receipt, as soon as it may go on."""
        self.opened.append(envelope)
        await self.goes_on.wait()
        return self.receipt

    async def hears(self, *, is_taken: bool) -> None:
        """Keep what was told."""
        self.told.append(is_taken)


@dataclass(slots=True)
class Place:
    """Everything at once."""

    slack: Slack
    sockets: SlackSockets
    bot: Bot
    clock: HandClock

    @property
    def sim(self) -> Sockets:
        """Slack's side of the sockets."""
        return self.slack.sockets

    @property
    def first(self) -> Connection:
        """The oldest socket."""
        return self.sim.open[0]

    async def asks(self) -> dict[str, object]:
        """What comes of one envelope."""
        return await self.sim.deliver(*ENVELOPE, {})

    async def sees(self, condition: Callable[[], object]) -> None:
        """Wait until the world shows something."""
        await self.passes_until(condition, step=0.0)

    async def passes_until(self, condition: Callable[[], object], step: float = 0.5) -> None:
        """Let time go on until the world shows something."""
        async with asyncio.timeout(PATIENCE):
            while not condition():
                self.clock.passes(step)
                await asyncio.sleep(0.005)


@asynccontextmanager
async def place(
    *, heartbeat: float = 8.0, lines: int = 2, before: Callable[[Sockets], object] = lambda _: None
) -> AsyncIterator[Place]:
    """The sockets run; `before` bends Slack before they are opened."""
    slack, clock, bot = Slack(build_world(WorldClock())), HandClock(), Bot()
    bot.goes_on.set()
    before(slack.sockets)
    async with served(slack.routes()) as origin:
        dialer = Dialer(APP_TOKEN, f"{origin}/sim/slack/api/", heartbeat)
        await dialer.open()
        sockets = SlackSockets(dialer, bot.answer, clock, bot.hears, lines=lines, chance=lambda: 0.5)
        running = asyncio.create_task(sockets.run())
        try:
            yield Place(slack, sockets, bot, clock)
        finally:
            await _ended(running)
            await slack.close()
            await dialer.close()


async def _ended(running: "asyncio.Task[None]") -> None:
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
