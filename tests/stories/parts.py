"""Parts of the bot that go wrong as a story says: a store that is down for some changes, a Slack that answers late."""

import asyncio
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, TypeVar, cast

from bot.app import T
from bot.ports import Unreachable
from bot.settings import SQLITE
from bot.store.protocol import Commit, StoreDown
from tests.stories.story import Story

Fails = Callable[[Commit], bool]


def store_file(story: Story) -> Path:
    """The file of the embedded store on which the bot runs."""
    return Path(story.bot.settings.store_url.get_secret_value().removeprefix(SQLITE))


class Beside:
    """Everything as in the part it stands beside, except for what a story changes."""

    def __init__(self, part: Any) -> None:
        self.part = part

    def __getattr__(self, name: str) -> Any:
        return getattr(self.part, name)


B = TypeVar("B", bound=Beside)


class WeakStore(Beside):
    """A store that is down for the changes that `fails` picks."""

    fails: Fails = staticmethod(lambda change: False)
    failures = 0
    is_unreadable = False
    is_blind = False

    async def find(self, query: Any) -> Any:
        """Answer a question, or be down."""
        if self.is_blind:
            raise StoreDown("locked by a backup")
        return await self.part.find(query)

    async def load(self, promotion: str) -> Any:
        """Read a promotion, or be down."""
        if self.is_blind:
            raise StoreDown("locked by a backup")
        return await self.part.load(promotion)

    async def find_by_run(self, run_id: int) -> Any:
        """Find a promotion, or be down."""
        if self.is_unreadable:
            raise StoreDown("locked by a backup")
        return await self.part.find_by_run(run_id)

    async def commit(self, change: Commit) -> Any:
        """Store a change, or be down."""
        if self.fails(change):
            self.failures += 1
            raise StoreDown("locked by a backup")
        return await self.part.commit(change)


class HaltingStore(Beside):
    """A store after whose commit of what `halts` picks nothing more happens in this process."""

    halts: Fails = staticmethod(lambda change: False)

    def __init__(self, part: Any) -> None:
        super().__init__(part)
        self.has_committed = asyncio.Event()

    async def commit(self, change: Commit) -> Any:
        """Store a change, and say no word of it."""
        outcome = await self.part.commit(change)
        if self.halts(change):
            self.has_committed.set()
            await asyncio.Event().wait()
        return outcome


class LateSlack(Beside):
    """A Slack that does what it is asked; where the messages that `hangs` picks are, it tells when `answers` is set."""

    hangs: Callable[[str], bool] = staticmethod(lambda text: False)

    def __init__(self, part: Any) -> None:
        super().__init__(part)
        self.answers = asyncio.Event()
        self.late = 0

    async def post(self, channel: str, text: str, *what: Any, **how: Any) -> Any:
        """Post at once, answer when the story lets it."""
        return await self._late(text, await self.part.post(channel, text, *what, **how))

    async def direct(self, user: str, text: str, *what: Any, **how: Any) -> Any:
        """Say it at once, answer when the story lets it."""
        return await self._late(text, await self.part.direct(user, text, *what, **how))

    async def _late(self, text: str, posted: Any) -> Any:
        if self.hangs(text):
            self.late += 1
            await self.answers.wait()
        return posted


class ReticentSlack(Beside):
    """A Slack that does not tell who the people in `unknown` are."""

    def __init__(self, part: Any, unknown: Collection[str]) -> None:
        super().__init__(part)
        self.unknown = unknown  # Slack's user ids

    async def account(self, user: str) -> Any:
        """Read an account, unless it is one of these."""
        if user in self.unknown:
            raise Unreachable("slack", "it does not say who this is")
        return await self.part.account(user)


class SlowForms(Beside):
    """A Slack that draws forms again when it is asked, and tells so when the story lets it: `holds` counts down."""

    holds = 0

    def __init__(self, part: Any) -> None:
        super().__init__(part)
        self.tells = asyncio.Event()
        self.drawn = 0

    async def update_view(self, view_id: str, view: Any, *, hash: str = "") -> Any:
        """Draw the form, answer when the story lets it."""
        shown = await self.part.update_view(view_id, view, hash=hash)
        self.drawn += 1
        if self.holds:
            self.holds -= 1
            await self.tells.wait()
        return shown


class SlowGitHub(Beside):
    """A GitHub that tells what changes with the commits that are `slow` only when the story lets it."""

    def __init__(self, part: Any) -> None:
        super().__init__(part)
        self.slow: set[str] = set()  # SHAs of heads
        self.asked: list[str] = []
        self.tells = asyncio.Event()

    async def changes(self, repo: str, base: str, head: str, since: str, *, everyone: bool = False) -> Any:
        """Ask at once, answer when the story lets it."""
        self.asked.append(head)
        if head in self.slow:
            await self.tells.wait()
        return await self.part.changes(repo, base, head, since, everyone=everyone)


async def slow_forms(story: Story) -> SlowForms:
    """Start the bot again with a Slack that can be slow to tell that a form was drawn."""
    return await beside(story, "chat", SlowForms)


async def slow_github(story: Story) -> SlowGitHub:
    """Start the bot again with a GitHub that can be slow to compare."""
    return await beside(story, "repository", SlowGitHub)


async def reticent_slack(story: Story, unknown: Collection[str]) -> ReticentSlack:
    """Start the bot again with a Slack that does not tell about somebody, as long as they are among these."""
    return await beside(story, "chat", lambda part: ReticentSlack(part, unknown))


class SilentGitHub(Beside):
    """A GitHub that says nothing about versions until `answers` is set."""

    def __init__(self, part: Any) -> None:
        super().__init__(part)
        self.answers = asyncio.Event()

    async def resolve(self, repo: str, version: str) -> Any:
        """Look a version up, when the story lets it."""
        await self.answers.wait()
        return await self.part.resolve(repo, version)


async def weak_store(story: Story) -> WeakStore:
    """Start the bot again on a store that can be down."""
    return await beside(story, "store", WeakStore)


async def halting_store(story: Story) -> HaltingStore:
    """Start the bot again on a store after which it can come to a halt."""
    return await beside(story, "store", HaltingStore)


async def late_slack(story: Story) -> LateSlack:
    """Start the bot again with a Slack that can be late."""
    return await beside(story, "chat", LateSlack)


async def silent_github(story: Story) -> SilentGitHub:
    """Start the bot again with a GitHub that says nothing for now."""
    return await beside(story, "repository", SilentGitHub)


async def beside(story: Story, which: str, weak: Callable[[Any], B]) -> B:
    """Start the bot again with something beside one of its parts."""
    made: list[B] = []

    def around(name: str, part: T) -> T:
        if name != which:
            return part
        made.append(weak(part))
        return cast(T, made[-1])

    story.around = around
    await story.bot_stops()
    await story.bot_starts()
    return made[-1]
