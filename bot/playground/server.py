"""The playground's server: simulators, control API and page on one loopback port, and the bot beside them."""

import asyncio
import signal
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from bot.playground.child import ChildBot, free_port
from bot.playground.clock import WorldClock
from bot.playground.control.state import Promotions
from bot.playground.github.simulator import GitHub
from bot.playground.pagerduty.simulator import PagerDuty
from bot.playground.scene import Scene
from bot.playground.seed import bot_settings
from bot.playground.services import Services
from bot.playground.slack.raw import Raw
from bot.playground.slack.simulator import Slack
from bot.playground.world import World

TICK_SECONDS = 0.1
DATABASE = "greenlight.db"
_CATALOG = Path(__file__).with_name("promotions.yml")
_REVISIONS_APART = 1_000  # a poll that waits for the old world's next change must see the new world as later


def no_promotions() -> list[Raw]:
    """What a playground shows that does not look into the bot's store."""
    return []


class Playground:
    """Everything that `make demo` runs, usable by tests as well; `bot="child"` runs the bot beside it."""

    def __init__(
        self,
        state_dir: Path,
        port: int = 0,
        bot: Literal["child"] | None = None,
        promotions: Promotions = no_promotions,
    ) -> None:
        self._state_dir = state_dir
        self._socket = _listening_socket(port)
        self._promotions = promotions
        self._server: asyncio.Server | None = None
        self._ticking: asyncio.Task[None] | None = None
        self._leaving: set[asyncio.Task[None]] = set()
        self.bot_port = free_port()
        self.child = ChildBot(state_dir, self.bot_port, self.bot_environment) if bot == "child" else None
        self.scene = self._new_scene()

    @property
    def url(self) -> str:
        """Where the page and the simulators are."""
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    @property
    def world(self) -> World:
        """The world that the simulators share; another one after a reset."""
        return self.scene.world

    @property
    def slack(self) -> Slack:
        """The simulated Slack."""
        return self.scene.slack

    @property
    def github(self) -> GitHub:
        """The simulated GitHub."""
        return self.scene.github

    @property
    def pagerduty(self) -> PagerDuty:
        """The simulated PagerDuty."""
        return self.scene.pagerduty

    @property
    def services(self) -> Services:
        """The simulated services."""
        return self.scene.services

    def bot_environment(self) -> dict[str, str]:
        """The bot's settings, pointing at the simulators, the state directory and the world's clock."""
        return {
            **bot_settings(self.url, self.world.secrets),
            "STORE_URL": f"sqlite:///{self._state_dir / DATABASE}",
            "CATALOG": str(self._state_dir / "promotions.yml"),
            "HTTP_HOST": "127.0.0.1",
            "HTTP_PORT": str(self.bot_port),
            "PLAYGROUND_CLOCK": str(self._clock_file),
        }

    async def start(self) -> None:
        """Listen, let time pass, and start the bot when it is ours."""
        self._state_dir.mkdir(parents=True, exist_ok=True)
        catalog = _CATALOG.read_text().replace("BASE_URL", self.url)
        (self._state_dir / "promotions.yml").write_text(catalog)
        await self.scene.begin()
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: self.scene.connection(), sock=self._socket)
        self._ticking = asyncio.create_task(self._tick(), name="playground ticks")
        if self.child is not None:
            await self.child.start()

    async def stop(self) -> None:
        """Stop the bot, then the simulators; raises what went wrong while time passed."""
        if self.child is not None:
            await self.child.stop()
        if self._server is not None:
            self._server.close()
        self._socket.close()
        await self.scene.end()
        await asyncio.gather(*self._leaving)
        if self._ticking is not None:
            self._ticking.cancel()
            await asyncio.gather(self._ticking, return_exceptions=True)
            if not self._ticking.cancelled():
                self._ticking.result()

    async def reset(self) -> None:
        """Back to the start: a new world, an empty store, the clock at real time, the bot started again."""
        if self.child is not None:
            await self.child.kill()
        for file in [*self._state_dir.glob(f"{DATABASE}*"), self._clock_file]:
            file.unlink(missing_ok=True)
        old, new = self.scene, self._new_scene()
        new.world.revision = old.world.revision + _REVISIONS_APART
        new.world.bot_url = old.world.bot_url
        await new.begin()
        self.scene = new
        old.closes()
        leaving = asyncio.create_task(old.end(), name="old scene leaves")  # its last answer is the caller's
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)
        if self.child is not None:
            await self.child.start()

    async def until_broken(self) -> None:
        """Return never; raises what goes wrong while time passes."""
        if self._ticking is not None:
            await asyncio.shield(self._ticking)

    @property
    def _clock_file(self) -> Path:
        return self._state_dir / "clock"

    def _new_scene(self) -> Scene:
        sim = f"{self.url}/sim"
        urls = {
            "page": self.url,
            "slack_api": f"{sim}/slack/api/",
            "github_api": f"{sim}/github",
            "pagerduty_api": f"{sim}/pagerduty",
        }
        scene = Scene(WorldClock(self._clock_file), urls, self.child, self._promotions, self.reset)
        scene.world.bot_url = f"http://127.0.0.1:{self.bot_port}"
        return scene

    async def _tick(self) -> None:
        while True:
            await self.scene.tick()
            await asyncio.sleep(TICK_SECONDS)


async def demo(port: int, promotions_in: Callable[[Path], list[Raw]] | None = None) -> None:
    """Run the playground with the bot until interrupted; `promotions_in` reads the bot's database file."""
    with tempfile.TemporaryDirectory(prefix="greenlight-") as name:
        database = Path(name) / DATABASE
        look = no_promotions if promotions_in is None else lambda: promotions_in(database)
        playground = Playground(Path(name), port, "child", look)
        try:
            await playground.start()
            print(f"Greenlight's playground is at {playground.url} (Ctrl-C ends it)", flush=True)
            await _until_interrupted(playground)
        finally:
            await playground.stop()


async def _until_interrupted(playground: Playground) -> None:
    interrupted = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, interrupted.set)
    waiting = [asyncio.create_task(interrupted.wait()), asyncio.create_task(playground.until_broken())]
    done, pending = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    for task in done:
        task.result()


def _listening_socket(port: int) -> socket.socket:
    """A socket bound on loopback, so that the address is known before anything runs."""
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind(("127.0.0.1", port))
    except OSError:
        bound.close()
        raise
    return bound
