"""One life of the bot among people who do not give up when it dies.

Whoever sees Slack's own failure repeats what they did, as people do; whoever finds the bot dead starts it again.
Time flies: each glance moves the world's clock forward.
"""

import asyncio
import hashlib
import hmac
import json
import os
import signal
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiohttp

from bot.domain.promotion import Promotion
from bot.playground.server import Playground
from bot.playground.world import World
from tests.durability.births import Nursery
from tests.durability.grounds import Ground

GLANCE = 0.05  # real seconds
STEP = 1.0  # seconds of the world per glance
PATIENCE = 60.0  # real seconds for one step of the story
PASSES = 15  # glances after which somebody who sees nothing come of it acts again
LONG = 60  # glances of waiting, after which
A_WHILE = 200.0  # seconds of the world go by: more than the time after which a dispatch is given up
QUIET = 8.0  # seconds of the world in which nothing is asked of anybody: then all is told
Answer = dict[str, Any]


class Life:
    """The world around one mortal bot, which dies at each of `deaths` that it comes to."""

    def __init__(self, directory: Path, nursery: Nursery, ground: Ground, deaths: Iterable[str] = ()) -> None:
        self.playground = Playground(directory)
        self.ground = ground
        self.promotions: dict[str, Promotion] = {}
        self.how = signal.SIGKILL
        self.directory = directory
        self.nursery = nursery
        self._left = set(deaths)
        self.pid = 0
        self._acting: list[asyncio.Future[Any]] = []

    @property
    def world(self) -> World:
        """What the simulators share."""
        return self.playground.world

    @property
    def deaths(self) -> list[str]:
        """The points at which it died, in order."""
        return _lines(self.directory / "deaths")

    @property
    def reached(self) -> list[str]:
        """The points that it came by, each as often as a bot came by it first."""
        return _lines(self.directory / "reached")

    def has(self, what: str) -> bool:
        """Whether this was committed, or called."""
        return f"after {what}" in self.reached

    async def lives(self, tell: Callable[["Life"], Awaitable[None]], edits: Mapping[str, str]) -> None:
        """Tell a story, and wait until everybody has been told how it ended."""
        try:
            await self.playground.start()
            self.playground.slack.limits.enforced = False
            self._edit(edits)
            async with aiohttp.ClientSession() as self._session:
                await self._bring_up()
                await tell(self)
                await self._until_quiet()
        finally:
            await self.bots_end()
            await asyncio.gather(*self._acting, return_exceptions=True)
            await self.playground.stop()

    async def types(self, person: str, text: str, channel: str = "deploys") -> Answer:
        """Somebody types a line."""
        said = {"as": person, "channel": channel, "thread": None, "text": text}
        return await self.play("say", said)

    async def clicks(self, person: str, button: str, promotion: str) -> Answer:
        """Somebody presses a button, when it is there."""
        pressed = {"as": person, "promotion": promotion, "button": button, "confirm": True, "within": 2.0}
        return await self.play("click", pressed)

    async def fills(self, person: str, button: str, promotion: str, **values: object) -> Answer:
        """Somebody presses a button that opens a form, and sends the form."""
        view = (await self.clicks(person, button, promotion)).get("view")
        return await self.submits(person, view, **values)

    async def submits(self, person: str, view: Answer | None, **values: object) -> Answer:
        """Somebody sends the form that is open; nothing when there is none."""
        if not view:
            return {}
        return await self.play("submit", {"as": person, "view": view["id"], "values": values})

    async def play(self, call: str, body: Answer) -> Answer:
        """One call of the playground's control API."""
        async with self._session.post(f"{self.playground.url}/play/{call}", json=body) as response:
            answer: Answer = await response.json()
            return answer

    async def delivers(self, event: str, payload: Answer) -> None:
        """GitHub sends a webhook, to whoever listens."""
        body = json.dumps(payload).encode()
        key = self.world.secrets["github_webhook"].encode()
        signature = f"sha256={hmac.new(key, body, hashlib.sha256).hexdigest()}"
        headers = {
            "X-GitHub-Event": event,
            "X-Hub-Signature-256": signature,
            "Content-Type": "application/json",
        }
        url = f"{self.world.bot_url}/github/webhooks"
        with suppress(aiohttp.ClientError):
            async with self._session.post(url, data=body, headers=headers) as answer:
                await answer.read()

    async def insists(self, act: Callable[[], Awaitable[Any]], is_done: Callable[[], object]) -> None:
        """Act, look, and act again while nothing came of it."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not is_done():
                    await self._keep_alive()
                    acting = asyncio.ensure_future(
                        act()
                    )  # the page waits for replies: what came of it shows before
                    self._acting.append(acting)
                    for _ in range(PASSES):
                        if is_done():
                            return
                        await self._pass()
                    await acting
                    await self.look()
        except TimeoutError:
            raise AssertionError(f"insisted in vain: {self.where()}") from None

    async def until(self, holds: Callable[[], object], what: str) -> None:
        """Let time pass until something holds."""
        try:
            async with asyncio.timeout(PATIENCE):
                glances = 0
                while not holds():
                    await self._pass()
                    glances += 1
                    if glances % LONG == 0:
                        self.passes(A_WHILE)
        except TimeoutError:
            raise AssertionError(f"waited in vain for {what}: {self.where()}") from None

    async def dies(self) -> None:
        """Wait until the bot has met its death; the next glance starts it again."""
        async with asyncio.timeout(PATIENCE):
            while self._is_alive():  # noqa: ASYNC110  (the kernel rings no event of ours)
                await asyncio.sleep(GLANCE)
        await self.look()

    def passes(self, seconds: float) -> None:
        """That much time goes by."""
        self.world.clock.forward(seconds)

    def where(self) -> str:
        """Where everything stands, for whoever reads of a failure."""
        told = [f"{one.id} {one.phase.value} {one.ending}" for one in self.promotions.values()]
        log = (self.directory / "bot.log").read_text()[-2000:]
        return f"{told}, died at {self.deaths}, last {self.reached[-5:]}, log: {log}"

    async def _until_quiet(self) -> None:
        """Nothing is asked of anybody any more, and nothing is due: nobody who died keeps a lease."""
        seen, since = -1, self.world.clock.now()
        try:
            async with asyncio.timeout(PATIENCE):
                while self.world.clock.now() - since < QUIET:
                    asked = sum(
                        1 for one in self.world.ledger if one.vendor != "slack" or one.path != "users.info"
                    )
                    if asked != seen or not await self.ground.is_settled():
                        seen, since = asked, self.world.clock.now()
                    await self._pass()
        except TimeoutError:
            raise AssertionError(f"it never comes to rest: {self.where()}") from None

    async def _pass(self) -> None:
        await self._keep_alive()
        self.world.clock.forward(STEP)
        await asyncio.sleep(GLANCE)
        await self.look()

    async def look(self) -> None:
        """Read what is stored now."""
        self.promotions = {one.id: one for one in await self.ground.promotions()}

    async def _keep_alive(self) -> None:
        if self._is_alive():
            return
        left = len(self._left)
        self._left.difference_update(self.deaths)
        if len(self._left) == left:
            raise AssertionError(f"the bot ended by itself: {self.where()}")
        await self._bring_up()

    async def _bring_up(self) -> None:
        """Start the bot, and wait until it is ready or has died again."""
        self.pid = self.nursery.bear(self.environment(), self.directory / "bot.log")
        await self.until_ready(self.pid)

    async def until_ready(self, pid: int) -> None:
        """Wait until the bot that requests are sent to serves them, or is dead."""
        async with asyncio.timeout(PATIENCE):
            while is_alive(pid) and not await self.is_ready(self.world.bot_url):  # noqa: ASYNC110
                await asyncio.sleep(GLANCE)

    def environment(self) -> dict[str, str]:
        """What a new bot is told."""
        return self.playground.bot_environment() | {
            "STORE_URL": self.ground.url,
            "LEASE": str(self.ground.lease),
            "FATAL": json.dumps(sorted(self._left)),
            "SIGNAL": self.how.name,
            "REACHED": str(self.directory / "reached"),
            "DEATHS": str(self.directory / "deaths"),
        }

    def _edit(self, edits: Mapping[str, str]) -> None:
        catalog = self.directory / "promotions.yml"
        text = catalog.read_text()
        for old, new in edits.items():
            assert text.count(old) == 1, f"{text.count(old)} places say {old}"
            text = text.replace(old, new)
        catalog.write_text(text)

    def _is_alive(self) -> bool:
        return is_alive(self.pid)

    async def is_ready(self, url: str) -> bool:
        """Whether the bot there serves requests and has looked at what is due."""
        try:
            async with self._session.get(f"{url}/readyz") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    async def bots_end(self) -> None:
        """SIGKILL for whoever still lives."""
        if self.pid:
            await end(self.pid)


async def end(pid: int) -> None:
    """SIGKILL, and wait until the process is gone."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    while is_alive(pid):  # noqa: ASYNC110  (the kernel rings no event of ours)
        await asyncio.sleep(GLANCE)


def is_alive(pid: int) -> bool:
    """Whether there is such a process."""
    return Path(f"/proc/{pid}").exists()


def _lines(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.exists() else []
