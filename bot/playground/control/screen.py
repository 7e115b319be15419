"""What one person is shown as the answer to what they did: private replies, and the form or home that appeared."""

import time

from bot.playground.control.changes import Changes
from bot.playground.control.state import Mirror
from bot.playground.slack.raw import Raw
from bot.playground.slack.state import Workspace
from bot.playground.world import Person

REPLY_SECONDS = 0.6  # how long an answer waits for a private reply or a view


class Screen:
    """Looks at a workspace through one person's eyes; `mark` is the count of changes before they acted."""

    def __init__(self, workspace: Workspace, mirror: Mirror, changes: Changes) -> None:
        self._workspace = workspace
        self._mirror = mirror
        self._changes = changes

    async def answer(self, person: Person, mark: int) -> Raw:
        """The replies since the mark and the form on top, once there is something new or time is up."""
        await self.settled(person, mark)
        return self.now(person, mark)

    def now(self, person: Person, mark: int) -> Raw:
        """The replies since the mark and the form on top, at this moment."""
        return {"replies": self.replies(person, mark), "view": self._mirror.view_of(person.slack)}

    async def settled(self, person: Person, mark: int) -> None:
        """Wait a moment for something new."""
        until = time.monotonic() + REPLY_SECONDS
        while True:
            revision = self._workspace.world.revision
            if self.replies(person, mark) or self._new_view(person, mark):
                return
            if not await self._changes.beyond(revision, until - time.monotonic()):
                return

    def replies(self, person: Person, mark: int) -> list[Raw]:
        """What only this person was told since the mark, oldest first."""
        own = list(self._workspace.private.get(person.slack, []))
        own += self._workspace.direct(person.slack).messages.values()
        new = [one for one in own if one.changed > mark and one.author != person.slack]
        return [self._mirror.message(one) for one in sorted(new, key=lambda one: one.ts)]

    def _new_view(self, person: Person, mark: int) -> bool:
        views = [self._workspace.view_of(person.slack), self._workspace.homes.get(person.slack)]
        return any(view is not None and view.changed > mark for view in views)
