"""A look through a whole store: what it holds, whether all of it can be read, and whether its parts agree."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.domain.promotion import Phase, Promotion
from bot.store.audit import Head, first_break, head_of
from bot.store.codec import load_promotion
from bot.store.contents import Counted, Flaw, Kept, Piece, Remembered, Source, Switched, Target, sound
from bot.store.prepared import number_of
from bot.store.protocol import AuditRow, Document, Slot, StoreDown

NUMBERS = "promotion"  # the sequence that ids are taken from
SUMS = 2**256  # the sum of digests stays below
MOST_NAMED = 20  # findings in one message


@dataclass(frozen=True, slots=True)
class Standing:
    """What a slot is compared with: where an open promotion is, and in which phase."""

    service: str
    environment: str
    phase: Phase


@dataclass(slots=True)
class Survey:
    """What was counted, and what was found wrong, in sentences. No sentence counts: it must read the same again."""

    since: float = 0.0  # older messages are not counted: they are thrown away at any time
    switched: int = 0
    promotions: int = 0
    open: int = 0
    documents: int = 0
    slots: int = 0
    sequences: dict[str, int] = field(default_factory=dict)
    messages: int = 0
    head: Head = field(default_factory=Head)
    findings: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)  # what is right as a rule, and wrong at times
    _contents: int = 0
    _newest: int = 0
    _standing: dict[str, Standing] = field(default_factory=dict)
    _without_slot: set[str] = field(default_factory=set)
    _without_row: set[str] = field(default_factory=set)

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings

    def totals(self) -> dict[str, object]:
        """What two copies of one store have in common, part by part."""
        return {
            "promotions": self.promotions,
            "open promotions": self.open,
            "small documents": self.documents,
            "slots": self.slots,
            "sequences": self.sequences,
            "messages": self.messages,
            "audit rows": self.head.number,
            "audit head": self.head.digest,
            "taken over": self.switched,
            "contents": f"{self._contents:064x}",
        }

    def see(self, pieces: Sequence[Piece]) -> None:
        """Count some pieces, and check them."""
        for piece in pieces:
            match piece:
                case Switched():
                    self.switched = piece.at
                case Kept():
                    self._promotion(piece)
                case Document():
                    self._document(piece)
                case Slot():
                    self._slot(piece)
                case Counted():
                    self.sequences[piece.sequence] = piece.last
                case Remembered():
                    self._message(piece)
                case AuditRow():
                    self._row(piece)
                case Flaw():
                    self.findings.append(piece.sentence)

    def end(self) -> None:
        """Everything was seen: say what is missing."""
        for promotion in sorted(self._without_slot):
            self.findings.append(f"{promotion} deploys and does not hold its slot.")
        for promotion in sorted(self._without_row):
            self.findings.append(
                f"no audit row tells of {promotion}: rows are gone from the end of the chain."
            )
        if self._newest > self.sequences.get(NUMBERS, 0):
            self.findings.append(
                f"the next number is not above P-{self._newest}: an id would be given out again."
            )

    def _promotion(self, kept: Kept) -> None:
        self.promotions += 1
        self._add(kept.body, kept.wake, kept.woken, kept.is_owed)
        try:
            promotion = load_promotion(kept.body)
            self._newest = max(self._newest, number_of(promotion.id))
        except ValueError as error:
            self.findings.append(f"promotion {self.promotions} cannot be read: {error}")
            return
        self._without_row.add(promotion.id)
        if promotion.phase.is_open:
            self._open(promotion)
        if kept.wake is None:
            self._due_nowhere(promotion, kept)

    def _open(self, promotion: Promotion) -> None:
        self.open += 1
        self._standing[promotion.id] = Standing(promotion.service, promotion.environment, promotion.phase)
        if promotion.phase.holds_slot:
            self._without_slot.add(promotion.id)

    def _due_nowhere(self, promotion: Promotion, kept: Kept) -> None:
        if kept.is_owed:
            self.findings.append(
                f"{promotion.id} is owed something and is not due: start the bot, which mends that."
            )
        elif promotion.phase.holds_slot:
            self.findings.append(f"{promotion.id} is {promotion.phase} and nobody will ever look at it.")
        elif promotion.phase.is_open:
            self.remarks.append(
                f"{promotion.id} waits and is not due: right only while all that it waits for is a person."
            )

    def _document(self, document: Document) -> None:
        self.documents += 1
        self._add(document.key, document.body, document.revision)

    def _message(self, message: Remembered) -> None:
        if message.at >= self.since:
            self.messages += 1
            self._add(message.key, message.promotion, message.at)

    def _slot(self, slot: Slot) -> None:
        self.slots += 1
        self._add(slot.service, slot.environment, slot.holder, slot.since, slot.queue)
        self._without_slot.discard(slot.holder)
        place = f"{slot.service} in {slot.environment}"
        if not self._is_open_at(slot, slot.holder):
            self.findings.append(f"the slot of {place} is held by {slot.holder}, which is not open there.")
        for waiting in slot.queue:
            if not self._is_open_at(slot, waiting):
                self.findings.append(f"{waiting} queues for {place} and is not open there.")

    def _is_open_at(self, slot: Slot, promotion: str) -> bool:
        found = self._standing.get(promotion)
        return found is not None and (found.service, found.environment) == (slot.service, slot.environment)

    def _row(self, row: AuditRow) -> None:
        if first_break(self.head, (row,)) is not None:
            self.findings.append(f"audit row {row.number} does not follow from the row before it.")
        self.head = head_of(row)
        self._without_row.discard(row.subject)

    def _add(self, *facts: object) -> None:
        """Two kinds of store list their pieces in different orders, and a sum of digests has none."""
        digest = hashlib.sha256(repr(facts).encode(errors="surrogatepass")).digest()
        self._contents = (self._contents + int.from_bytes(digest)) % SUMS


async def survey(source: Source, since: float = 0.0) -> Survey:
    """Look through a whole store; raises StoreDown."""
    found = Survey(since=since)
    async for pieces in source.pages():
        found.see(pieces)
    found.end()
    return found


async def copy(source: Source, target: Target) -> None:
    """Write every piece of one store into another; raises StoreDown, and then the target is no store."""
    async for pieces in source.pages():
        await target.take(sound(pieces))
    await target.finish()


def lasting(found: Survey, again: Survey) -> Survey:
    """The second look, with what both found: a commit between two pages looks like damage, and only once."""
    known = set(found.findings)
    again.findings = [sentence for sentence in again.findings if sentence in known]
    return again


def differences(before: Survey, after: Survey) -> list[str]:
    """In what a copy is not what it was made from, in sentences."""
    wanted, got = before.totals(), after.totals()
    return [f"{part}: {wanted[part]} became {got[part]}" for part in wanted if wanted[part] != got[part]]


def named(findings: Sequence[str]) -> list[str]:
    """The first findings, and how many more there are."""
    more = len(findings) - MOST_NAMED
    return [*findings[:MOST_NAMED], f"and {more} more."] if more > 0 else list(findings)


def refuse_broken(found: Survey) -> None:
    """Raise StoreDown for a store that is not fit to be copied."""
    if not found.is_whole:
        raise StoreDown(f"this store is not whole, so it is not copied: {' '.join(named(found.findings))}")
