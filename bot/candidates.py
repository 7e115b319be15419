"""A background cache of what people may want to promote: each repository's tags and branches, and what changes.

A select has three seconds for its options and nothing before an acknowledgement waits for a vendor, so options
come from here, however old. Nothing is asked of GitHub until somebody opens a form: a promotion that is typed
costs no call more, and a catalog of two hundred repositories none at the start.
"""

import asyncio
import logging
from collections import OrderedDict
from dataclasses import dataclass, field, replace

from bot.domain.candidates import Refs
from bot.domain.promotion import Changes
from bot.ports import Clock, Limited, Repository, VendorError

log = logging.getLogger(__name__)
FRESH = 30.0  # seconds for which a list is not read again
EVERY = 300.0  # seconds between reads while forms are open
WANTED = 1800.0  # seconds after a form was opened for which its list is kept fresh
PAUSE = 2.0  # seconds between two reads: thirty repositories a minute, a few calls each
AFTER_FAILURE = 30.0
MOST_REPOSITORIES = 200
MOST_COMPARISONS = 500


@dataclass(frozen=True, slots=True)
class Listed:
    """The list of one repository: what it was, when, and whether GitHub has failed to tell since."""

    refs: Refs = field(default_factory=Refs)
    at: float | None = None  # None: never read
    wanted: float = 0.0  # when a form last asked for it
    next: float = 0.0  # not read again before
    failed: bool = False


class Candidates:
    """One per process; lists and comparisons that nobody wanted for long make room for others."""

    def __init__(self, repository: Repository, clock: Clock) -> None:
        self._repository = repository
        self._clock = clock
        self._lists: OrderedDict[str, Listed] = OrderedDict()
        self._comparisons: OrderedDict[tuple[str, str, str], Changes] = OrderedDict()
        self._wanted = asyncio.Event()

    def known(self, repo: str) -> Listed:
        """What is known at this moment, without asking anybody; as good as empty before the first read."""
        return self._lists.get(repo, Listed())

    def want(self, repo: str) -> Listed:
        """What is known at this moment; a list that is not fresh is read soon."""
        listed = replace(self.known(repo), wanted=self._clock.now())
        self._lists[repo] = listed
        self._lists.move_to_end(repo)
        while len(self._lists) > MOST_REPOSITORIES:
            self._lists.popitem(last=False)
        self._wanted.set()
        return listed

    def compared(self, repo: str, base: str, head: str) -> Changes | None:
        """What `head` has that `base` lacks, both full SHAs, when somebody asked that before."""
        return self._comparisons.get((repo, base, head))

    async def compare(self, repo: str, base: str, head: str, since: str) -> Changes:
        """What `head` has that `base`, the version `since`, lacks. Raises VendorError."""
        known = self.compared(repo, base, head)
        if known is not None:
            return replace(known, since=since)
        changes = await self._repository.changes(repo, base, head, since)
        if len(head) >= 40:  # a name may mean another commit tomorrow
            self._comparisons[repo, base, head] = changes
            while len(self._comparisons) > MOST_COMPARISONS:
                self._comparisons.popitem(last=False)
        return changes

    async def run(self) -> None:
        """Read the lists that are wanted, one after the other, until cancelled."""
        while True:
            self._wanted.clear()
            repo = self._due()
            if repo is None:
                await self._clock.wait(self._wanted, FRESH)
            else:
                await self._read(repo)
                await self._clock.wait(asyncio.Event(), PAUSE)

    def _due(self) -> str | None:
        """The list that is wanted and has been waited for the longest."""
        now = self._clock.now()
        due = [(listed.next, repo) for repo, listed in self._lists.items() if _is_due(listed, now)]
        return min(due)[1] if due else None

    async def _read(self, repo: str) -> None:
        started = self._clock.now()
        try:
            refs = await self._repository.refs(repo)
        except VendorError as error:
            wait = max(AFTER_FAILURE, error.retry_after if isinstance(error, Limited) else 0.0)
            log.warning("tags were not listed", extra={"repo": repo, "why": str(error)})
            self._lists[repo] = replace(self.known(repo), failed=True, next=self._clock.now() + wait)
        else:
            listed = replace(self.known(repo), refs=refs, at=started, failed=False)
            self._lists[repo] = replace(listed, next=self._clock.now() + FRESH)


def _is_due(listed: Listed, now: float) -> bool:
    """Whether a list was wanted since it was read, or is old while somebody may still have its form open."""
    if now < listed.next or now - listed.wanted > WANTED:
        return False
    return listed.at is None or listed.wanted > listed.at or now - listed.at >= EVERY
