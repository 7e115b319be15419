"""Everything that a store holds, in pieces that any kind of store can take: how it moves from one to another.

Leases and outcomes of single calls are not among them: they belong to processes that run, and none may.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.store.protocol import AuditRow, Document, Slot, StoreDown


@dataclass(frozen=True, slots=True)
class Kept:
    """A promotion as it is stored, and its place in the due index."""

    body: bytes  # the versioned document
    settled: bool
    wake: float | None  # None: not in the index
    woken: bool  # by somebody else's commit

    @property
    def is_owed(self) -> bool:
        """Whether something is missing and nobody will look."""
        return self.wake is None and not self.settled


@dataclass(frozen=True, slots=True)
class Counted:
    """How far a sequence has come."""

    sequence: str
    last: int


@dataclass(frozen=True, slots=True)
class Remembered:
    """A message that was handled."""

    key: str
    promotion: str
    at: float


@dataclass(frozen=True, slots=True)
class Switched:
    """When another server took over last, which may not have had the newest commits of the one before."""

    at: int  # whole seconds, rounded up: what may be forgotten must not look newer than that


@dataclass(frozen=True, slots=True)
class Flaw:
    """A part of this kind of store that does not fit the others."""

    sentence: str


Sound = Switched | Kept | Document | Slot | Counted | Remembered | AuditRow
Piece = Sound | Flaw
Pages = AsyncIterator[Sequence[Piece]]


class Source(Protocol):
    """A store that nobody changes while it is read. Every method may raise StoreDown."""

    async def open(self) -> None:
        """Prove that it is a store of ours, and that nobody works on it where that can be told."""
        ...

    async def close(self) -> None: ...

    def pages(self) -> Pages:
        """Every piece: the switch, promotions, documents, slots, sequences, messages, then the audit chain in order."""
        ...

    def audit_pages(self) -> Pages:
        """The audit chain alone, in order."""
        ...


class Target(Protocol):
    """A place for a new store. It is no store before `finish`: a copy that broke off is never taken for one."""

    async def open(self) -> None:
        """Prove that there is nothing of ours yet."""
        ...

    async def close(self) -> None: ...

    async def take(self, pieces: Sequence[Sound]) -> None:
        """Write some pieces."""
        ...

    async def finish(self) -> None:
        """Make it a store."""
        ...


def sound(pieces: Sequence[Piece]) -> list[Sound]:
    """Pieces that a target may take; raises StoreDown for a flaw, because a copy must not carry it on."""
    for piece in pieces:
        if isinstance(piece, Flaw):
            raise StoreDown(f"this store is not whole, so it is not copied: {piece.sentence}")
    return [piece for piece in pieces if not isinstance(piece, Flaw)]
