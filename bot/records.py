"""The small documents beside the promotions: what is live, who is in a team. Each change wakes who waits for it."""

from dataclasses import replace

from bot.audit import GREENLIGHT, compact
from bot.bell import Bell
from bot.contexts import CHANNELS, Contexts, channels_in, live_key, team_key
from bot.domain.channels import Channels
from bot.domain.claims import SPEAKING, speakers
from bot.domain.documents import TeamLook
from bot.domain.live import KEPT
from bot.domain.promotion import OPEN, Phase, Release
from bot.ports import Clock
from bot.store.codec import dump_channels, dump_live, dump_team
from bot.store.protocol import AuditRow, Commit, Committed, Document, Outcome, Query, Store

PAGE = 1000
LATEST = 20  # that ended in one place


class Records:
    """Changes small documents: with their revision, an audit row, and a wake for the waiting."""

    def __init__(self, store: Store, contexts: Contexts, clock: Clock, bell: Bell) -> None:
        self._store = store
        self._contexts = contexts
        self._clock = clock
        self._bell = bell

    async def adopt(self, service: str, environment: str, release: Release, reason: str) -> Outcome:
        """Record what is already live, so that a first promotion has a before and a first rollback a target."""
        live, revision = await self._contexts.live(service, environment)
        good = (release, *(one for one in live.good if one.sha != release.sha))
        adopted = replace(live, serving=release, good=good[:KEPT])
        key = live_key(service, environment)
        detail = compact({"version": release.version, "sha": release.sha, "reason": reason})
        row = self._row("adopt", key, detail, release.by)
        spoke = await self.speakers(service, environment, live.serving)
        return await self._commit(Document(key, dump_live(adopted), revision), row, service, spoke)

    async def team_seen(self, name: str, members: frozenset[str], looked: float) -> Outcome:
        """Keep who was in a team when the look began; everyone who waits for approval is looked at again."""
        key, people = team_key(name), tuple(sorted(members))
        known = (await self._store.documents((key,)))[key]
        body = dump_team(TeamLook(people, looked))
        row = self._row("team_seen", key, compact(people))
        return await self._commit(Document(key, body, known.revision), row, None)

    async def channels(self) -> tuple[Channels, int]:
        """Which channels are shared with another company, and the revision of that record."""
        known = (await self._store.documents((CHANNELS,)))[CHANNELS]
        return channels_in(known), known.revision

    async def channels_seen(self, channels: Channels, revision: int, changed: Channels) -> Outcome:
        """Keep what is known of the channels. Every open promotion is looked at again, and the newest of those that
        ended: their cards may have to say less. Nothing is kept when somebody else has been faster."""
        detail = compact({one.name or one.id: one.sharing for one in changed.known})
        row = self._row("channels_seen", CHANNELS, detail)
        newest = await self._store.find_ids(Query(limit=LATEST))
        wakes = tuple(dict.fromkeys((*await self._in(OPEN, None), *newest)))
        document = Document(CHANNELS, dump_channels(channels), revision)
        outcome = await self._store.commit(
            Commit(at=row.at, documents=(document,), audit=(row,), wakes=wakes)
        )
        self._bell.ring(wakes)
        return outcome

    async def ignored(self, what: str, subject: str, why: str) -> Outcome:
        """Write down that a true message from outside changed nothing, and why."""
        row = self._row(f"ignored_{what}", subject, compact({"why": why}))
        return await self._store.commit(Commit(at=row.at, audit=(row,)))

    async def outside(self, repo: str, run_id: int, attempt: int, actor: str) -> bool:
        """Write down, once, a deploy that was started beside Greenlight; whether it was news."""
        detail = compact({"run_id": run_id, "attempt": attempt})
        row = self._row("outside", repo, detail, f"github:{actor}")
        known = (f"outside:{repo}:{run_id}:{attempt}", "")
        outcome = await self._store.commit(Commit(at=row.at, audit=(row,), dedupe=known))
        return isinstance(outcome, Committed)

    async def wake_open(self) -> None:
        """Make every open promotion due: the rules changed, for those that wait and those that are verified.

        In pages: a store that wakes very many in one go answers nobody meanwhile.
        """
        row = self._row("wake", "all", "")
        await self._store.commit(Commit(at=row.at, audit=(row,)))
        ids = await self._in(OPEN, None)
        for start in range(0, len(ids), PAGE):
            page = ids[start : start + PAGE]
            await self._store.commit(Commit(at=row.at, wakes=page))
            self._bell.ring(page)

    async def waiting(self, service: str | None) -> tuple[str, ...]:
        """The ids of all waiting promotions, of one service or of all."""
        return await self._in(frozenset({Phase.WAITING}), service)

    async def speakers(self, service: str, environment: str, serving: Release | None) -> tuple[str, ...]:
        """The ids of those whose cards say what serves there: what does is about to change, so they look again."""
        place = Query(service=service, environment=environment, phases=SPEAKING, limit=LATEST)
        live = (serving.promotion,) if serving is not None and serving.promotion else ()
        return tuple(dict.fromkeys((*live, *speakers(await self._store.find(place)))))

    async def _in(self, phases: frozenset[Phase], service: str | None) -> tuple[str, ...]:
        """The ids of all promotions in some phases, read in pages."""
        ids: list[str] = []
        before: str | None = None
        while True:
            query = Query(service=service, phases=phases, before=before, limit=PAGE)
            page = await self._store.find_ids(query)
            ids += page
            if len(page) < PAGE:
                return tuple(ids)
            before = page[-1]

    async def _commit(
        self, document: Document, row: AuditRow, service: str | None, ended: tuple[str, ...] = ()
    ) -> Outcome:
        wakes = (*await self.waiting(service), *ended)
        change = Commit(at=row.at, documents=(document,), audit=(row,), wakes=wakes)
        outcome = await self._store.commit(change)
        self._bell.ring(wakes)
        return outcome

    def _row(self, action: str, subject: str, detail: str, actor: str = GREENLIGHT) -> AuditRow:
        return AuditRow(at=self._clock.now(), actor=actor, action=action, subject=subject, detail=detail)
