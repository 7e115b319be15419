"""Gathers what a decision looks at: the rules of the catalog and the small documents, with their revisions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from bot.domain.channels import Channels
from bot.domain.context import Context, Team
from bot.domain.live import is_undoable, ran
from bot.domain.messages import Message, Request, VersionSeen
from bot.domain.policy import Kind, Person, Rules, TeamSource
from bot.domain.preferences import Readers
from bot.domain.promotion import HOLDING, Live, Phase, Promotion
from bot.ports import Clock
from bot.store.codec import DocumentError, load_channels, load_live, load_readers, load_team
from bot.store.protocol import Document, Query, Store, Wanted

MOST_OTHERS = 20
PAGE = 20
CHANNELS = "channels"  # the key of the document that says which channels are shared with another company
READERS = "readers"  # the key of the document that says who wants which letters


class Policies(Protocol):
    """What is needed of the catalog."""

    @property
    def people(self) -> Mapping[str, Person]: ...

    @property
    def teams(self) -> Mapping[str, TeamSource]: ...

    def rules(self, service: str, environment: str, kind: Kind) -> Rules: ...

    def removed(self, service: str, environment: str, kind: Kind) -> Rules: ...


class CurrentCatalog(Protocol):
    """Where the catalog of this moment is: it may be reloaded while promotions wait."""

    @property
    def current(self) -> Policies: ...


class Contexts:
    """Reads the world beside a promotion, once per message."""

    def __init__(
        self,
        store: Store,
        catalog: CurrentCatalog,
        clock: Clock,
        process: str,
        is_shut_out: Callable[[str], bool] = lambda user: False,
    ) -> None:
        self._store = store
        self._catalog = catalog
        self._clock = clock
        self._process = process
        self._opened = clock.now()
        self._is_shut_out = is_shut_out  # by Slack id: whoever left, or became a guest, speaks for nobody
        self._known: dict[tuple[str, str, Kind], Rules] = {}

    async def of(self, promotion: Promotion) -> Context:
        """The context of a stored promotion."""
        return await self._gather(
            promotion.id,
            (promotion.service, promotion.environment, promotion.kind),
            promotion.sha,
            promotion.undoes,
        )

    async def of_message(self, promotion: Promotion | None, message: Message) -> Context:
        """The context in which one message is decided."""
        return await self.of_messages(promotion, (message,))

    async def of_messages(self, promotion: Promotion | None, messages: Sequence[Message]) -> Context:
        """The context in which messages are decided together; a version that one of them resolved counts already."""
        first = messages[0]
        if isinstance(first, Request):
            where = (first.service, first.environment, first.kind)
            door = (door_key(first.service, first.environment),)
            return await self._gather(first.promotion, where, None, first.undoes, door)
        if promotion is None:
            raise KeyError(first.promotion)
        resolved = (message.sha for message in reversed(messages) if isinstance(message, VersionSeen))
        where = (promotion.service, promotion.environment, promotion.kind)
        return await self._gather(promotion.id, where, next(resolved, promotion.sha), promotion.undoes)

    async def live(self, service: str, environment: str) -> tuple[Live, int]:
        """What is live somewhere, and the revision of that record."""
        key = live_key(service, environment)
        document = (await self._store.documents((key,)))[key]
        return _live(document, service, environment), document.revision

    async def to_undo(self, service: str, environment: str) -> Promotion | None:
        """What a rollback undoes when nothing is named: the newest promotion there whose deploy runs or ran.

        None when something else was recorded as live since: then the rollback leaves that, and undoes nothing.
        """
        query = Query(service=service, environment=environment, limit=PAGE)
        newest = await self._newest(query, ran, await self._store.find(query))
        live, _ = await self.live(service, environment)
        return newest if newest is not None and is_undoable(newest, live) else None

    async def teams(self) -> Mapping[str, Team]:
        """Every team of the catalog, with who was in it at the last look."""
        sources = self._catalog.current.teams
        keys = [team_key(name) for name, source in sources.items() if source.kind != "members"]
        return _teams(sources, await self._store.documents(keys))

    def rules(self, service: str, environment: str, kind: Kind) -> Rules:
        """The rules of any stored promotion: of a place that left the catalog the last ones that were known."""
        catalog, where = self._catalog.current, (service, environment, kind)
        try:
            self._known[where] = catalog.rules(service, environment, kind)
        except KeyError:
            last = self._known.get(where)
            return last.withdrawn() if last else catalog.removed(service, environment, kind)
        return self._known[where]

    async def _gather(
        self,
        promotion: str,
        where: tuple[str, str, Kind],
        sha: str | None,
        undoes: str,
        besides: tuple[str, ...] = (),  # keys of small documents whose revisions are wanted too
    ) -> Context:
        service, environment, kind = where
        catalog = self._catalog.current
        rules = self.rules(service, environment, kind)
        earlier = _earlier(rules, sha)
        seen = await self._store.see(
            Wanted(
                keys=(*_keys(rules, catalog.teams), *besides),
                service=service,
                environment=environment,
                finds=(*_others(service, environment), *earlier),
                promotion=undoes,
            )
        )
        documents, (holding, waiting, *before) = seen.documents, seen.found
        return Context(
            now=self._clock.now(),
            boottime=self._clock.boottime(),
            process=self._process,
            switched=self._store.switched,
            opened=self._opened,
            rules=rules,
            people=self._people(catalog),
            teams=_teams(catalog.teams, documents),
            slot=seen.slot,
            lives={
                name: _live(documents[live_key(service, name)], service, name)
                for name in rules.service.environments
            },
            earlier=await self._newest(earlier[0], _ran_or_waits, before[0]) if earlier else None,
            others=tuple(other for other in (*holding, *waiting) if other.id != promotion),
            undoes=seen.loaded,
            readers=_readers(documents[READERS]),
            channels=channels_in(documents[CHANNELS]),
            read=tuple((key, document.revision) for key, document in documents.items()),
        )

    def _people(self, catalog: Policies) -> Mapping[str, Person]:
        """Everybody who may speak now: an approval of somebody whose account was closed since counts no more."""
        people = catalog.people
        if not any(self._is_shut_out(person.slack) for person in people.values()):
            return people
        return {name: one for name, one in people.items() if not self._is_shut_out(one.slack)}

    async def _newest(
        self, query: Query, counts: Callable[[Promotion], bool], page: Sequence[Promotion]
    ) -> Promotion | None:
        """The newest of these promotions that counts, from the first page on: those that do not may be many."""
        while page:
            found = next((promotion for promotion in page if counts(promotion)), None)
            if found is not None or len(page) < PAGE:
                return found
            page = await self._store.find(replace(query, before=page[-1].id))
        return None


def _earlier(rules: Rules, sha: str | None) -> tuple[Query, ...]:
    """The SHA's promotions to the environment before; of them, the last one that ran, runs or is about to counts."""
    if rules.after is None or sha is None:
        return ()
    return (Query(service=rules.service.name, environment=rules.after, sha=sha, limit=PAGE),)


def _ran_or_waits(promotion: Promotion) -> bool:
    return promotion.phase is Phase.WAITING or ran(promotion)


def _others(service: str, environment: str) -> tuple[Query, Query]:
    """Whatever holds the slot, however many wait, and the newest of those that wait."""
    place = Query(service=service, environment=environment, limit=MOST_OTHERS)
    return replace(place, phases=HOLDING), replace(place, phases=frozenset({Phase.WAITING}))


def live_key(service: str, environment: str) -> str:
    """The key of the document that says what is live."""
    return f"live:{service}:{environment}"


def door_key(service: str, environment: str) -> str:
    """The key of the document that every request for a place changes."""
    return f"door:{service}:{environment}"


def team_key(name: str) -> str:
    """The key of the document that says who is in a team."""
    return f"team:{name}"


def _keys(rules: Rules, teams: Mapping[str, TeamSource]) -> tuple[str, ...]:
    lives = (live_key(rules.service.name, name) for name in rules.service.environments)
    looked = (team_key(name) for name, source in teams.items() if source.kind != "members")
    return (*lives, *looked, READERS, CHANNELS)


def _readers(document: Document) -> Readers:
    """A list that cannot be read holds up nothing: nobody is written to."""
    try:
        return load_readers(document.body) if document.revision else Readers()
    except DocumentError:
        return Readers()


def channels_in(document: Document) -> Channels:
    """What the document says; of channels that it does not name nobody knows who reads along."""
    return load_channels(document.body) if document.revision else Channels()


def _live(document: Document, service: str, environment: str) -> Live:
    if not document.revision:
        return Live(service=service, environment=environment)
    return load_live(document.body, document.revision)


def _teams(sources: Mapping[str, TeamSource], documents: Mapping[str, Document]) -> Mapping[str, Team]:
    return {name: _team(name, source, documents) for name, source in sources.items()}


def _team(name: str, source: TeamSource, documents: Mapping[str, Document]) -> Team:
    if source.kind == "members":
        return Team(name=name, source=source, members=frozenset(source.members))
    document = documents[team_key(name)]
    if not document.revision:
        return Team(name=name, source=source)
    look = load_team(document.body)
    return Team(name=name, source=source, members=frozenset(look.members), at=look.at)
