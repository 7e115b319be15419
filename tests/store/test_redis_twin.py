"""The two stores are one contract: whatever is done to both, they answer the same and hold the same."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.incident import Incident
from bot.domain.policy import Kind
from bot.domain.promotion import Phase, Run
from bot.store.protocol import (
    AuditRow,
    Claim,
    Commit,
    Committed,
    Document,
    Outcome,
    PromotionPut,
    Query,
    SlotWish,
    Store,
    Wanted,
)
from bot.store.redis_link import Link
from bot.store.sqlite import SqliteStore
from tests.redis_place import RedisServer
from tests.store.builders import promotion
from tests.store.redis_keys import leaked
from tests.store.redis_stores import opened

PEOPLE = range(1, 6)
IDS = tuple(f"P-{number}" for number in PEOPLE)
KEYS = ("freeze:1", "team:sre")
LEASE = 1e6  # seconds: only `expire` ends one
FAR = 1e5  # what is due after this is the end of a lease, which the embedded store does not tell
SHAS = (None, "a" * 40, "b" * 40)

some = st.lists(st.sampled_from(PEOPLE), max_size=3, unique=True)
revisions = st.sampled_from((0,) * 14 + (1, -1))  # how far from the true one
wakes = st.none() | st.integers(0, 90).map(float)


@dataclass(frozen=True)
class Put:
    """One promotion to write, in words that mean the same to both stores."""

    number: int
    off: int
    wake: float | None
    settled: bool
    slot: SlotWish
    phase: Phase
    sha: str | None
    run: int | None
    channel: str


puts = st.lists(
    st.builds(
        Put,
        number=st.sampled_from(PEOPLE),
        off=revisions,
        wake=wakes,
        settled=st.booleans(),
        slot=st.sampled_from(("free", "want") * 4 + ("keep",)),
        phase=st.sampled_from((Phase.WAITING, Phase.DEPLOYING, Phase.SUCCEEDED)),
        sha=st.sampled_from(SHAS),
        run=st.sampled_from((None, 2**60, 2**60 + 1)),
        channel=st.sampled_from(("", "C0INC")),
    ),
    max_size=3,
    unique_by=lambda put: put.number,
)


@dataclass(frozen=True)
class Change:
    """One commit; `worker` is the promotion whose lease it speaks of, 0 for nobody."""

    puts: list[Put]
    documents: dict[str, int]
    read: dict[str, int]
    wakes: list[int]
    dedupe: str | None
    worker: int
    leap: float


@dataclass(frozen=True)
class Look:
    """Claim what is due."""

    now: float


@dataclass(frozen=True)
class GiveBack:
    """Release the newest claim of a promotion."""

    number: int
    wake: float | None
    settled: bool


@dataclass(frozen=True)
class Expire:
    """Every lease runs out."""


Step = Change | Look | GiveBack | Expire
moved = st.dictionaries(st.sampled_from(KEYS), revisions, max_size=1)
changes = st.builds(
    Change,
    puts=puts,
    documents=moved,
    read=moved,
    wakes=some,
    dedupe=st.sampled_from((None,) * 6 + ("click-1", "click-2")),
    worker=st.sampled_from((0, 0, *PEOPLE)),
    leap=st.sampled_from((1.0, 1.0, 1.0, 4 * 86_400.0)),
)
steps = st.lists(
    changes
    | changes
    | st.builds(Look, now=st.integers(0, 99).map(float))
    | st.builds(GiveBack, number=st.sampled_from(PEOPLE), wake=wakes, settled=st.booleans())
    | st.builds(Expire),
    min_size=12,
    max_size=30,
)


@dataclass
class Twin:
    """One of the two stores, with the claims that it granted and its way to end all leases."""

    store: Store
    expire: Callable[[], Awaitable[None]]
    claims: dict[str, Claim] = field(default_factory=dict)


@dataclass
class Pair:
    """Both stores, and what is known of them."""

    twins: tuple[Twin, Twin]
    at: float = 0.0
    revisions: dict[str, int] = field(default_factory=dict)

    async def take(self, step: Step) -> None:
        """Do one step to both; they must answer the same."""
        one, other = [await self._taken(twin, step) for twin in self.twins]
        assert one == other
        if isinstance(one, Committed):
            self.revisions |= one.revisions

    async def _taken(self, twin: Twin, step: Step) -> object:
        match step:
            case Change():
                return _without_head(await twin.store.commit(self._commit(twin, step)))
            case Look(now):
                claims = await twin.store.claim_due(now, LEASE, 99)
                twin.claims |= {claim.promotion: claim for claim in claims}
                return sorted(claim.promotion for claim in claims)
            case GiveBack(number, wake, settled):
                claim = twin.claims.get(f"P-{number}", Claim(f"P-{number}", "none"))
                await twin.store.release(claim, wake, settled=settled)
            case Expire():
                await twin.expire()
        return None

    def _commit(self, twin: Twin, step: Change) -> Commit:
        worker = twin.claims.get(f"P-{step.worker}")
        return Commit(
            at=self.at,
            puts=tuple(self._put(put) for put in step.puts),
            documents=tuple(
                Document(key, f"at {self.at}", self._revision(key, off))
                for key, off in step.documents.items()
            ),
            read=tuple((key, self._revision(key, off)) for key, off in step.read.items()),
            audit=(AuditRow(self.at / 3, "zoë", "step", f"P-{len(step.puts)}", '{"n":"\\u0000 🚫"}'),),
            dedupe=(step.dedupe, "P-1") if step.dedupe else None,
            wakes=tuple(f"P-{number}" for number in step.wakes),
            claim=worker.token if worker else "",
        )

    def _put(self, put: Put) -> PromotionPut:
        kind = Kind.ROLLBACK if put.number > 3 else Kind.PROMOTE
        written = replace(
            promotion(put.number, "checkout" if put.number % 2 else "inventory", kind),
            phase=put.phase,
            sha=put.sha,
            run=Run(run_id=put.run),
            incident=Incident(key="1", channel=put.channel),
            revision=self._revision(f"P-{put.number}", put.off),
        )
        return PromotionPut(written, put.wake, put.slot, put.settled)

    def _revision(self, name: str, off: int) -> int:
        return max(0, self.revisions.get(name, 0) + off)

    async def compare(self) -> None:
        """Everything that the two can be asked."""
        one, other = [await told(twin.store) for twin in self.twins]
        assert one == other


@pytest.mark.timeout(400)  # a failure takes its time to become a small one
@settings(max_examples=25, deadline=None)
@given(taken=steps)
def test_both_stores_answer_and_hold_the_same(redis_of_session: RedisServer, taken: list[Step]) -> None:
    """Puts with stale revisions, wishes, wakes, claims, releases, lost leases, repeated messages, in any order."""
    asyncio.run(play(redis_of_session, taken))


async def play(server: RedisServer, taken: list[Step]) -> None:
    """Take the steps on two new stores, and compare what they say after each."""
    clock = [0.0]
    with tempfile.TemporaryDirectory() as directory:
        async with opened(await server.created()) as shared:
            file = SqliteStore(Path(directory) / "greenlight.db", monotonic=lambda: clock[0])
            await file.open()
            twins = (Twin(file, lambda: _leap(clock)), Twin(shared, lambda: _run_out(shared.link)))
            try:
                await compared(Pair(twins), taken)
                assert await leaked(shared.link) == []
            finally:
                await file.close()


async def compared(pair: Pair, taken: list[Step]) -> None:
    """Take each step, and ask everything after it."""
    for step in taken:
        pair.at += step.leap if isinstance(step, Change) else 1.0
        await pair.take(step)
        if not isinstance(
            step, Expire
        ):  # a lease that ran out is met by whatever comes next, not by a question
            await pair.compare()


async def told(store: Store) -> object:
    """What a store answers to every question."""
    due = await store.next_due(0.0)
    wanted = Wanted(KEYS, "checkout", "production", tuple(queries()), "P-1")
    rows = await store.audit(0)
    return (
        due if due is not None and due < FAR else None,
        [await store.load(one) for one in IDS],
        await store.find(Query(limit=3)),
        [await store.find_ids(query) for query in queries()],
        await store.see(wanted),
        await store.documents(KEYS),
        await store.slots_held(),
        [await store.find_by_run(run) for run in (2**60, 2**60 + 1)],
        await store.find_by_channel("C0INC"),
        await store.find_by_correlation(promotion(1).correlation),
        [replace(row, previous="", digest="") for row in rows],
        [row.number for row in await store.audit_of("P-1", limit=3)],
    )


def queries() -> list[Query]:
    """One query for each way to ask."""
    return [
        Query(),
        Query(service="checkout", limit=2),
        Query(environment="production", before="P-4"),
        Query(
            service="inventory", environment="production", phases=frozenset({Phase.WAITING, Phase.SUCCEEDED})
        ),
        Query(phases=frozenset({Phase.DEPLOYING})),
        Query(sha=SHAS[1], limit=1),
        Query(kind=Kind.ROLLBACK),
    ]


def _without_head(outcome: Outcome) -> Outcome:
    """An outcome without what the two stores compute differently."""
    return replace(outcome, audit_head="") if isinstance(outcome, Committed) else outcome


async def _leap(clock: list[float]) -> None:
    clock[0] += 10 * LEASE


async def _run_out(link: Link) -> None:
    """What time would do: Redis' own clock cannot be moved."""
    key = link.meta.replace("meta", "leased")
    leases = await link.within(1.0, lambda line: line.call("ZRANGE", key, 0, -1), repeat=True)
    ended = [argument for promotion_id in leases for argument in (1, promotion_id)]
    if ended:
        await link.within(1.0, lambda line: line.call("ZADD", key, *ended), repeat=True)
