"""How the world is bent while the bot works, and how it heals."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from bot.playground.world import Fault, RunMode, Vendor, Webhooks
from tests.promises.witness import Witness
from tests.promises.written import Rules
from tests.stories.story import STEP, Story

T = TypeVar("T")
GLANCE = 0.004  # real seconds
VENDORS: tuple[Vendor, ...] = ("slack", "github", "pagerduty", "services")
TAGS = {"checkout": ("v2.14.3", "v2.15.0"), "storefront": ("v1.2.0", "v1.1.0")}
PATIENCE = 10.0  # real seconds


@dataclass(slots=True)
class World:
    """The outside, as it can go wrong."""

    story: Story
    witness: Witness
    catalog: str = ""  # as it was at the start

    async def goes_on(self, glances: int) -> None:
        """Time flies, and everything that works by itself works."""
        for _ in range(glances):
            self.story.world.clock.forward(STEP)
            await self.story.playground.scene.tick()
            await asyncio.sleep(GLANCE)

    async def hurries(self, doing: Coroutine[Any, Any, T]) -> T:
        """Let something be done while time passes quickly on every clock."""
        task = asyncio.ensure_future(doing)
        while not task.done():
            self.story.passes(STEP)
            await asyncio.wait({task}, timeout=GLANCE)
        return task.result()

    async def starts(self) -> None:
        """Start the bot and wait until it listens: it is not ready while Slack is down, and has to work all the same."""
        self.witness.spares()
        starting = asyncio.ensure_future(self.story.bot_starts())
        while not starting.done() and not await self._listens():
            await self.goes_on(1)
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
        if not starting.cancelled():
            starting.result()

    async def dies(self) -> None:
        """Cut the bot off, or see a cut that has begun to its end: a second one would cut into the clearing up."""
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while self.witness.was_cut and not self.story.is_dead:
            assert asyncio.get_running_loop().time() < deadline, "the bot does not die"
            await asyncio.sleep(GLANCE)
        self.witness.was_cut = False
        await self.story.bot_dies()

    async def _listens(self) -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.story.playground.bot_port)
        except OSError:
            return False
        writer.close()
        return True

    def vendor(self, vendor: Vendor, fault: Fault | None) -> None:
        """A vendor fails every call in this way from now on, or is well again."""
        if fault is None:
            self.story.world.vendor_always.pop(vendor, None)
        else:
            self.story.world.vendor_always[vendor] = fault

    def runs(self, conclusion: str, step: str | None, seconds: float, mode: RunMode, lag: float) -> None:
        """How the next runs go."""
        plan = self.story.world.run
        plan.conclusion, plan.step, plan.seconds, plan.mode, plan.lag = conclusion, step, seconds, mode, lag

    def webhooks(self, mode: Webhooks) -> None:
        """How webhooks travel from now on."""
        self.story.world.webhooks = mode

    def redelivers(self, back: int) -> None:
        """An older event of GitHub arrives once more, after the newer ones."""
        courier = self.story.playground.github.courier
        sent = courier.deliveries
        if sent:
            courier.redeliver(sent[-1 - back % len(sent)].guid)

    def moves_tag(self, service: str) -> None:
        """The tag that people ask for names the other release, or its own again."""
        github = self.story.playground.github
        tag, other = TAGS[service]
        now = github.sha_of(service, tag)
        own = self.witness.meant[service, tag][0]
        github.moves_tag(service, tag, github.sha_of(service, other) if now == own else own)
        self.witness.version_means(service, tag)

    def breaks_check(self, service: str, conclusion: str) -> None:
        """The build of the commit that people ask for says something else."""
        github = self.story.playground.github
        for sha in set(self.witness.meant[service, TAGS[service][0]]):
            github.sets_check(service, sha, "build", conclusion)

    def has_incident(self, service: str) -> None:
        """Somebody else's incident opens."""
        self.story.playground.pagerduty.open_incident(service, "high")

    def resolves_incidents(self) -> None:
        """The person on call resolves whatever is open."""
        for incident in self.story.incidents:
            self.story.playground.pagerduty.resolve(incident["number"], "dee")

    async def edits_catalog(self, rules: Rules) -> None:
        """Somebody edits promotions.yml; the bot, if it runs, reads it."""
        path = Path(self.story.playground.bot_environment()["CATALOG"])
        written = rules.written_in(self.catalog)
        if written == self.witness.catalogs[-1]:
            return
        self.witness.catalogs.append(written)
        known = None if self.story.is_dead else self.story.bot.catalog.current.digest
        _replace(path, written)
        await self._until_read(known)
        del self.witness.catalogs[:-1]

    async def heals(self) -> None:
        """Everything works again, and then hours pass."""
        self.witness.spares()
        world = self.story.world
        world.vendor.clear()
        world.vendor_always.clear()
        world.health.clear()
        self.webhooks("on")
        self.runs("success", None, 2.0, "ok", 0.0)
        for run in self.story.playground.github.runs.all:
            run.listed_at = 0.0
        self.story.clock.ahead = 0.0
        for service, (tag, _) in TAGS.items():
            self.breaks_check(service, "success")
            if self.witness.meant[service, tag][-1] != self.witness.meant[service, tag][0]:
                self.moves_tag(service)
        self.resolves_incidents()
        await self.edits_catalog(Rules())

    async def _until_read(self, known: str | None) -> None:
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while known is not None and not self.story.is_dead and self.story.bot.catalog.current.digest == known:
            assert asyncio.get_running_loop().time() < deadline, "the catalog is not read"
            await self.goes_on(1)


def _replace(path: Path, text: str) -> None:
    """Never half a file: the bot may read it at any moment."""
    whole = path.with_suffix(".new")
    whole.write_text(text)
    whole.replace(path)
