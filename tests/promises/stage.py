"""The stage of the promises: one world, one bot and one event loop per example, and a log that reads as a story.

Between two rules nothing moves. After each of them the judges look.
"""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from bot.domain.promotion import Release
from bot.playground.world import sha_for
from bot.store.protocol import StoreDown
from tests.promises import judges
from tests.promises.bends import World
from tests.promises.ends import everything_settles
from tests.promises.people import REASON, People, Seen
from tests.promises.witness import Witness
from tests.stories.story import Story

T = TypeVar("T")
GITHUB_DEADLINE = 0.4  # real seconds that the bot waits for GitHub
PATIENCE = 25.0  # real seconds for one step
EXPECTED = ["the event loop is blocked"]  # between two rules nothing moves
BREATH = 3  # glances after each rule
VERSIONS = {
    "checkout": ("v2.14.1", "v2.14.2", "v2.14.3", "v2.15.0"),
    "storefront": ("v1.0.0", "v1.1.0", "v1.2.0"),
}
POSSIBLE = (  # what may be deployed as the world begins
    ("checkout", "v2.14.3", "production"),
    ("storefront", "v1.2.0", "production"),
    ("checkout", "v2.15.0", "dev"),
)


class Stage(RuleBasedStateMachine):
    """The real bot against the strict simulators, with the judges watching."""

    broken: ClassVar[list[Exception]] = []  # what went wrong in any example, first things first
    reached: ClassVar[Counter[str]] = Counter()  # what all the examples together came to

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.directory = tempfile.TemporaryDirectory(prefix="greenlight-promises-")
        self.log: list[str] = []
        self.story = self.new_story(Path(self.directory.name))
        self.story.github_deadline = GITHUB_DEADLINE
        self.story.expected_complaints = EXPECTED
        self.witness = Witness(self.story)
        self.story.around = self.witness.around
        self.people = People(self.story, self.witness)
        self.world = World(self.story, self.witness)
        self.has_begun = False

    def new_story(self, directory: Path) -> Story:
        """The world of one example; on another store in another machine."""
        return Story(directory)

    @initialize()
    def begins(self) -> None:
        """The world and the bot start."""
        self.do(self.story.begins())
        self.world.catalog = Path(self.story.playground.bot_environment()["CATALOG"]).read_text()
        self.witness.catalogs.append(self.world.catalog)
        for service, versions in VERSIONS.items():
            for version in versions:
                self.witness.version_means(service, version)
            self.do(self._served_before(service, *versions[:2]))
        self.has_begun = True

    @invariant()
    def promises_hold(self) -> None:
        """After each step: what can be seen from outside, and what the record says of it."""
        if not self.has_begun:
            return
        self.people.looks()
        for judge in judges.ALWAYS:
            self.judged(judge)
        for stored in judges.STORED:
            if not self.is_dead:
                self.do(self._judged_by_the_record(stored))

    def teardown(self) -> None:
        """Everything is mended and hours pass: whatever was begun comes to its end."""
        try:
            if self.has_begun:
                self.do(self.world.heals())
                self.revives()
                self.do(everything_settles(self.world))
                self.promises_hold()
                self.reached.update(self._came_to())
        finally:
            self.do(self.story.ends())
            self.loop.close()
            self.directory.cleanup()

    @property
    def is_dead(self) -> bool:
        """Whether the bot does not run, or is being cut off."""
        return self.story.is_dead

    def do(self, doing: Coroutine[Any, Any, T]) -> T:
        """Let something happen; what goes wrong in it is told with everything that happened before."""
        try:
            done = self.loop.run_until_complete(self._whole(doing))
        except Exception as wrong:
            self._tell(wrong)
            raise
        return done

    def said(self, line: str, answer: str = "") -> None:
        """Write a line of the story, and let it sink in."""
        self.log.append(f"{line}: {answer}" if answer else line)
        self.goes_on(BREATH)

    def goes_on(self, glances: int) -> None:
        """Let time fly for a while."""
        self.do(self.world.goes_on(glances))

    def types(self, who: str, line: str, action: str = "", promotion: str = "") -> None:
        """Somebody types a line."""
        answer = self.do(self.people.types(who, line, action, promotion))
        self.said(f"{who} types {line}", answer or "(no answer)")

    def speaks(self, who: str, action: str, which: int, rest: str = "") -> None:
        """Somebody types a command about one of the newest promotions."""
        promotion = self.named(which)
        if promotion:
            self.types(who, f"/promote {action} {promotion}{rest}", action, promotion)

    def press(self, who: str, seen: Seen, times: int) -> None:
        """Somebody presses a button."""
        self.do(self.people.presses(who, seen, times))
        self.said(f"{who} presses {seen.button.words} of {seen.promotion} {times}x")

    def goes_through(self, who: str, what: tuple[str, str, str], approvers: Iterable[str]) -> None:
        """Somebody asks, and these people approve, one after the other."""
        service, version, environment = what
        self.types(who, f"/promote {service}@{version} to {environment} because {REASON}")
        self.goes_on(25)
        promotion = self.named(0)
        for approver in approvers:
            self.types(approver, f"/promote approve {promotion}", "approve", promotion)

    def named(self, which: int) -> str:
        """The newest promotion, or one that is a little older; empty when there is none."""
        known = list(self.witness.asks)
        return known[-1 - which % len(known)] if known else ""

    def revives(self) -> None:
        """Start the bot if it is dead."""
        if self.is_dead:
            self.do(self.world.dies())
            self.do(self.world.starts())
            self.said("the bot starts")

    def judged(self, judge: Callable[[Witness], None]) -> None:
        """Ask one judge."""
        try:
            judge(self.witness)
        except AssertionError as wrong:
            self._tell(wrong)
            raise

    async def _served_before(self, service: str, *versions: str) -> None:
        """Record what served in production one after the other, so that there is something to go back to."""
        for version in versions:
            release = Release(sha_for(service, version), version, self.story.clock.now(), by="dee")
            await self.story.bot.service.records.adopt(
                service, "production", release, "live before Greenlight"
            )

    async def _judged_by_the_record(self, judge: Callable[[Witness], Awaitable[None]]) -> None:
        """Ask a judge who reads the store; a bot that dies under the judge's eyes takes its store along."""
        try:
            await judge(self.witness)
        except StoreDown:
            if not self.witness.was_cut:
                raise

    def _came_to(self) -> Counter[str]:
        """What this story came to: how its promotions ended, and what was started, paged and survived."""
        counts = Counter(phase.value for _, phase in self.witness.phases.values())
        counts["stories"], counts["deaths"] = 1, self.witness.deaths
        counts["dispatches"], counts["incidents"] = len(self.story.dispatches()), len(self.story.incidents)
        counts["acknowledged"] = len(self.witness.told) + len(self.witness.promised)
        return counts

    async def _whole(self, doing: Coroutine[Any, Any, T]) -> T:
        """Do something, and see a death that came meanwhile to its end."""
        task = asyncio.ensure_future(doing)
        await asyncio.wait({task}, timeout=PATIENCE)
        assert task.done(), f"a step hangs: {_where_everybody_is()}"
        done = task.result()
        if self.witness.was_cut:
            await self.world.dies()
            self.log.append("the bot is dead")
        return done

    def _tell(self, wrong: Exception) -> None:
        """Put the story under what went wrong, once, and keep it: told again it may go another way."""
        if not getattr(wrong, "__notes__", None):
            wrong.add_note("\n".join(("What happened:", *self.log)))
            self.broken.append(wrong)


def _where_everybody_is() -> str:
    """The innermost lines at which the tasks of this loop wait."""
    tasks = (task for task in asyncio.all_tasks() if task is not asyncio.current_task())
    return "; ".join(f"{task.get_name()} {_place(task.get_coro())}" for task in tasks)


def _place(coroutine: Any) -> str:
    """Where a chain of coroutines waits, outermost first."""
    lines = []
    while coroutine is not None and getattr(coroutine, "cr_frame", None) is not None:
        frame = coroutine.cr_frame
        lines.append(f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}")
        coroutine = coroutine.cr_await
    return " > ".join(lines)
