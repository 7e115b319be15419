"""What every handler works with."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from blocks import replies
from blocks.rendition import Rendition, View
from bot.accounts import Accounts
from bot.adoptions import Adoptions
from bot.courier import Courier, tell
from bot.domain.command_line import Known
from bot.domain.face import Face
from bot.domain.policy import Kind, Person, Rules, TeamSource
from bot.domain.policy import Service as CatalogService
from bot.domain.portrait import face_of
from bot.ports import Chat
from bot.service import Answer, Applied, Duplicate, Refused, Service, Unavailable
from bot.store.protocol import Store


class Directory(Protocol):
    """The catalog as far as handlers need it."""

    @property
    def people(self) -> Mapping[str, Person]: ...

    @property
    def teams(self) -> Mapping[str, TeamSource]: ...

    @property
    def services(self) -> Mapping[str, CatalogService]: ...

    @property
    def environments(self) -> Sequence[str]: ...

    def rules(self, service: str, environment: str, kind: Kind) -> Rules: ...


@dataclass(frozen=True, slots=True)
class Desk:
    """The door, who is asking, and the way to answer afterwards."""

    service: Service
    store: Store
    chat: Chat
    accounts: Accounts
    adoptions: Adoptions
    courier: Courier
    catalog: Callable[[], Directory]

    @property
    def known(self) -> Known:
        """The names that a command line may use."""
        catalog = self.catalog()
        return Known(tuple(catalog.services), tuple(catalog.environments))

    def whisper(self, channel: str, person: Person, rendition: Rendition) -> None:
        """Say something to one person after the answer, where they are or by direct message."""
        self.courier.send(lambda: tell(self.chat, channel, person, rendition))

    def open(self, trigger: str, view: View) -> None:
        """Open a form after the answer; it is rendered before, so that what is wrong with it is told at once."""
        self.courier.send(lambda: self.chat.open_view(trigger, view))


def face(applied: Applied) -> Face:
    """What the promotion looks like now."""
    return face_of(applied.promotion, applied.context, applied.requirements)


def words(answer: Answer) -> Rendition | None:
    """The reply to an answer that is not a plain yes; None: the card says it all."""
    match answer:
        case Refused(refusal=refusal):
            return replies.refused(refusal)
        case Duplicate(of=of):
            return replies.duplicate_of(of)
        case Unavailable():
            return replies.store_down()
        case Applied():
            return None


def is_checking(applied: Applied, person: Person) -> bool:
    """Whether this person's approval waits for a look at their team."""
    return person.name in applied.requirements.tally.checking
