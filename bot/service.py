"""The one door: every change goes load → decide → commit here, whoever asks for it.

Inside a process a promotion has one turn at a time; compare-and-set is for other replicas. What is acknowledged
has been committed; what could not be stored is not acknowledged.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Protocol
from weakref import WeakValueDictionary

from bot.audit import compact, refused_row, row_of
from bot.bell import Bell
from bot.contexts import Contexts, door_key, live_key
from bot.domain.context import Context
from bot.domain.errors import NoSuchPromotion, Refusal
from bot.domain.machine import Decision, decide
from bot.domain.messages import EffectsBegun, Message, Request, Woken
from bot.domain.plan import Plan, plan
from bot.domain.policy import Kind
from bot.domain.promotion import Live, Phase, Promotion
from bot.domain.requirements import Requirements, requirements_of
from bot.domain.size import slim
from bot.ports import Clock
from bot.records import Records
from bot.store.codec import LIMIT, dump_live, size_of
from bot.store.protocol import (
    AuditRow,
    Commit,
    Committed,
    Conflict,
    Document,
    DuplicateOf,
    Fenced,
    Outcome,
    PromotionPut,
    Store,
    StoreDown,
    Unanswered,
)
from bot.surfaces import newly_posted

log = logging.getLogger(__name__)
BY_LEASE = (Woken, EffectsBegun)  # what only a lease entitles to; what happened is true whoever tells it
TRIES = 20  # conflicts in a row after which a person is asked to try again


@dataclass(frozen=True, slots=True)
class Applied:
    """It is durable (or nothing had to change)."""

    promotion: Promotion
    context: Context
    requirements: Requirements
    plan: Plan
    changed: bool = True


@dataclass(frozen=True, slots=True)
class Refused:
    """The person's situation: nothing changed."""

    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Duplicate:
    """This very message was handled before."""

    of: str


@dataclass(frozen=True, slots=True)
class Unavailable:
    """The store is down: nothing was done, or it cannot be said."""

    why: str
    unclear: bool = False  # the change was sent to the store and no answer came
    fenced: bool = False  # the lease of the one who asked is lost: asking again is of no use


Answer = Applied | Refused | Duplicate | Unavailable


class Seen(Protocol):
    """Whoever watches the door: told what was committed, after it was."""

    def __call__(self, before: Promotion | None, applied: Applied, messages: Sequence[Message]) -> None: ...


def unseen(before: Promotion | None, applied: Applied, messages: Sequence[Message]) -> None:
    """Nobody watches."""


class Entropy(Protocol):
    """Where nonces come from: passed in, so that tests can name them."""

    def __call__(self) -> str: ...


class Service:
    """The door. One per process."""

    def __init__(
        self,
        store: Store,
        contexts: Contexts,
        clock: Clock,
        entropy: Entropy,
        seen: Seen = unseen,
    ) -> None:
        self.store = store
        self.contexts = contexts
        self.clock = clock
        self.bell = Bell()
        self.records = Records(store, contexts, clock, self.bell)
        self._entropy = entropy
        self._seen = seen
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def handle(self, message: Message, *, dedupe: str = "", claim: str = "") -> Answer:
        """Decide one message and commit what it changes. `dedupe` names the delivery that brought it."""
        return await self.handle_all((message,), dedupe=dedupe, claim=claim)

    async def handle_all(self, messages: Sequence[Message], *, dedupe: str = "", claim: str = "") -> Answer:
        """Decide several messages of one promotion, in order, and commit them together."""
        try:
            async with self._turn(_turn_key(messages[0])):
                answer = await self._until_settled(messages, dedupe, claim)
                if is_fenced(answer) and not any(isinstance(message, BY_LEASE) for message in messages):
                    answer = await self._until_settled(messages, dedupe, "")
                return answer
        except StoreDown as down:
            log.warning("store down", extra={"why": str(down)})
            return Unavailable(str(down))

    async def request(self, ask: Request, *, dedupe: str = "") -> Answer:
        """Open a promotion: `ask` gets its id and its correlation nonce here."""
        try:
            number = await self.store.reserve("promotion")
            named = replace(ask, promotion=f"P-{number}", correlation=self._entropy())
            return await self.handle(await self._with_undone(named), dedupe=dedupe)
        except StoreDown as down:
            return Unavailable(str(down))

    async def look(self, promotion: str) -> Applied | None:
        """The promotion as it is now, for questions; nothing changes."""
        stored = await self.store.load(promotion)
        if stored is None:
            return None
        return await self.applied(stored, changed=False)

    async def applied(self, promotion: Promotion, *, changed: bool) -> Applied:
        """A stored promotion with what it can be judged by."""
        context = await self.contexts.of(promotion)
        requirements = requirements_of(promotion, context)
        return Applied(promotion, context, requirements, plan(promotion, context, requirements), changed)

    @asynccontextmanager
    async def _turn(self, key: str) -> AsyncIterator[None]:
        lock = self._turns.get(key)
        if lock is None:
            lock = self._turns[key] = asyncio.Lock()
        async with lock:
            yield

    async def _until_settled(self, messages: Sequence[Message], dedupe: str, claim: str) -> Answer:
        for _ in range(TRIES):
            answer = await self._once(messages, dedupe, claim)
            if answer is not None:
                return answer
        return Unavailable("too many changes at one moment")

    async def _once(self, messages: Sequence[Message], dedupe: str, claim: str) -> Answer | None:
        """One try; None: something that was read has changed meanwhile."""
        stored = await self._stored(messages[0])
        if stored is None and not isinstance(messages[0], Request):
            return await self._refuse(NoSuchPromotion(messages[0].promotion), messages[0], dedupe)
        context = await self.contexts.of_messages(stored, messages)
        folded = self._fold(stored, messages, context)
        if not isinstance(folded, _Folded):
            return await self._refuse(folded, messages[0], dedupe)
        planned = plan(folded.promotion, folded.context, folded.requirements)
        applied = Applied(folded.promotion, folded.context, folded.requirements, planned, folded.changed)
        if not folded.changed:
            return applied
        change = await self._change(stored, folded, planned, dedupe, claim)
        posted = await newly_posted(self.store, stored, folded.promotion)
        change = replace(change, documents=(*change.documents, *_door(messages[0], context), *posted))
        try:
            outcome = await self.store.commit(change)
        except Unanswered as lost:
            log.warning("store did not answer", extra={"why": str(lost)})
            return Unavailable(str(lost), unclear=True)
        answer = self._told(outcome, applied, change.wakes)
        if isinstance(answer, Applied):
            self._seen(stored, answer, messages)
        return answer

    async def _stored(self, message: Message) -> Promotion | None:
        return None if isinstance(message, Request) else await self.store.load(message.promotion)

    def _fold(
        self, stored: Promotion | None, messages: Sequence[Message], context: Context
    ) -> "_Folded | Refusal":
        promotion, live, rows, changed, joins = stored, None, [], False, False
        requirements: Requirements | None = None
        for message in messages:
            decision = decide(promotion, message, context)
            if not isinstance(decision, Decision):
                return decision
            promotion, requirements = decision.promotion, decision.requirements
            joins = decision.slot_moves and requirements.slot_wish == "want"
            if decision.live is not None:
                live = decision.live
                context = replace(context, lives={**context.lives, live.environment: live})
            if decision.changed:
                changed = True
                rows.append(row_of(message, decision, context))
        if promotion is None or requirements is None:
            raise ValueError("no message to decide")
        return _Folded(promotion, context, requirements, live, tuple(rows), changed, joins)

    async def _change(
        self, stored: Promotion | None, folded: "_Folded", planned: Plan, dedupe: str, claim: str
    ) -> Commit:
        promotion, now = folded.promotion, self.clock.now()
        moved = stored is None or stored.phase is not promotion.phase
        intends = moved and promotion.phase is Phase.DISPATCHING
        beside = moved or folded.live is not None or folded.joins
        others = await self.records.waiting(promotion.service) if beside else ()
        told = await self._speakers(folded) if folded.live is not None else ()
        return Commit(
            at=now,
            puts=(
                PromotionPut(
                    promotion=slim(promotion, LIMIT, size_of),
                    wake=now if planned.effects else planned.wake,
                    slot=folded.requirements.slot_wish,
                    settled=planned.is_settled,
                ),
            ),
            documents=self._documents(folded),
            read=folded.context.read if intends else (),
            intent=intends,
            audit=folded.rows,
            dedupe=(dedupe, promotion.id) if dedupe else None,
            wakes=tuple(other for other in (*others, *told) if other != promotion.id),
            claim=claim,
        )

    async def _speakers(self, folded: "_Folded") -> tuple[str, ...]:
        """Whose cards say what served until now; what a rollback undoes is told that by another way."""
        promotion, undoes = folded.promotion, folded.context.undoes
        spoke = await self.records.speakers(promotion.service, promotion.environment, promotion.previous)
        went_well = promotion.phase is Phase.SUCCEEDED
        knows = {promotion.undoes, undoes.undoes if undoes else ""} if went_well else set()
        return tuple(one for one in spoke if one not in knows)

    def _documents(self, folded: "_Folded") -> tuple[Document, ...]:
        live = folded.live
        if live is None:
            return ()
        key = live_key(live.service, live.environment)
        revision = dict(folded.context.read).get(key, 0)
        return (Document(key=key, body=dump_live(live), revision=revision),)

    def _told(self, outcome: Outcome, applied: Applied, wakes: Sequence[str]) -> Answer | None:
        match outcome:
            case Committed(revisions=revisions):
                promotion = replace(applied.promotion, revision=revisions[applied.promotion.id])
                self.bell.ring((promotion.id, *wakes))
                return replace(applied, promotion=promotion)
            case DuplicateOf(promotion=of):
                return Duplicate(of)
            case Fenced():
                return Unavailable("somebody else works on this promotion now", fenced=True)
            case Conflict():
                return None

    async def _refuse(self, refusal: Refusal, message: Message, dedupe: str) -> Answer:
        """A refusal is audited too; a delivery that was handled before is told so instead."""
        row = refused_row(message, refusal, self.clock.now())
        key = (dedupe, message.promotion) if dedupe else None
        outcome = await self.store.commit(Commit(at=row.at, audit=(row,), dedupe=key))
        if isinstance(outcome, DuplicateOf) and not isinstance(message, Request):
            return Duplicate(outcome.promotion)
        return Refused(refusal)

    async def _with_undone(self, ask: Request) -> Request:
        """A rollback undoes what was named, or else the newest promotion there that ran or runs."""
        if ask.kind is not Kind.ROLLBACK or ask.undoes:
            return ask
        undone = await self.contexts.to_undo(ask.service, ask.environment)
        return replace(ask, undoes=undone.id) if undone else ask


@dataclass(frozen=True, slots=True)
class _Folded:
    promotion: Promotion
    context: Context
    requirements: Requirements
    live: Live | None
    rows: tuple[AuditRow, ...]
    changed: bool
    joins: bool  # it takes the slot or a place in its queue: whoever holds it may have to let it pass


def is_fenced(answer: Answer) -> bool:
    """Whether somebody else has the lease now that was spoken of."""
    return isinstance(answer, Unavailable) and answer.fenced


def _door(message: Message, context: Context) -> tuple[Document, ...]:
    """What every request for one place changes, read with what is there already: of two that reach two replicas at
    one instant, the second one looks again and sees the first."""
    if not isinstance(message, Request):
        return ()
    key = door_key(message.service, message.environment)
    return (Document(key, compact({"newest": message.promotion}), dict(context.read)[key]),)


def _turn_key(message: Message) -> str:
    """Requests for one (service, environment) take turns too, so that two of them see each other."""
    if isinstance(message, Request):
        return f"{message.service}:{message.environment}"
    return message.promotion
