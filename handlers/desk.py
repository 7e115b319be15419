"""What every handler works with."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from blocks import replies
from blocks.rendition import Rendition, View
from bot.accounts import Accounts
from bot.adoptions import Adoptions
from bot.candidates import Candidates
from bot.channels import ChannelWatch
from bot.courier import Courier, tell
from bot.domain.checkup import Checkup
from bot.domain.face import Face, WantedForm
from bot.domain.line_words import Known
from bot.domain.policy import Kind, Person, Rules, TeamSource
from bot.domain.policy import Service as CatalogService
from bot.domain.portrait import face_of
from bot.home import Homes
from bot.ports import Chat, VendorError
from bot.preferences import Wishes
from bot.rehearsal import Rehearsal
from bot.service import Answer, Applied, Duplicate, Refused, Service, Unavailable
from bot.store.protocol import Store
from handlers.limits import Limits
from handlers.receipts import Receipts
from handlers.redraws import Redraws, Then
from handlers.rungs import by_rungs

log = logging.getLogger(__name__)


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


class Doctor(Protocol):
    """Whoever makes checkups."""

    @property
    def latest(self) -> Checkup | None: ...

    def ask(self, tell: Callable[[Checkup], None]) -> None: ...


@dataclass(frozen=True, slots=True)
class Trigger:
    """What Slack opens a form for, within three seconds, and where its owner is told when that was too late."""

    id: str
    person: Person
    channel: str


@dataclass(frozen=True, slots=True)
class Desk:
    """The door, who is asking, and the way to answer afterwards."""

    service: Service
    store: Store
    chat: Chat
    accounts: Accounts
    channels: ChannelWatch
    adoptions: Adoptions
    rehearsal: Rehearsal
    courier: Courier
    openers: Courier  # of forms: a trigger lives three seconds, and must not wait behind what is said
    scouts: Courier  # errands that wait for GitHub: a slow one must not hold up what is said
    limits: Limits
    homes: Homes
    wishes: Wishes
    candidates: Candidates
    redraws: Redraws
    receipts: Receipts
    doctor: Doctor
    catalog: Callable[[], Directory]
    look_at_team: Callable[[str, TeamSource], Awaitable[None]]  # raises VendorError

    @property
    def known(self) -> Known:
        """The names that a command line may use."""
        catalog = self.catalog()
        return Known(tuple(catalog.services), tuple(catalog.environments))

    def whisper(self, channel: str, person: Person, rendition: Rendition, thread: str = "") -> None:
        """Say something to one person after the answer, where they are or by direct message."""
        self.courier.send(lambda: tell(self.chat, channel, person, rendition, thread))

    def open(self, trigger: Trigger, view: View, wanted: WantedForm, then: Then | None = None) -> None:
        """Open a form after the answer; it is rendered before, so that what is wrong with it is told at once.

        When Slack does not open it, a private reply has a button that does, and what was typed is in it. What has
        to be looked up for the form is looked up `then`: a trigger lives three seconds.
        """

        async def errand() -> None:
            try:
                shown = await by_rungs(partial(self.chat.open_view, trigger.id), view)
                if then is not None:
                    self.scouts.send(lambda: then(shown))
            except VendorError as error:
                log.warning("a form did not open", extra={"form": wanted.name, "why": str(error)})
                await tell(self.chat, trigger.channel, trigger.person, replies.not_opened(wanted))

        self.openers.send(errand)


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
        case Unavailable(unclear=True):
            return replies.store_unclear()
        case Unavailable():
            return replies.store_down()
        case Applied():
            return None


def is_checking(applied: Applied, person: Person) -> bool:
    """Whether this person's approval waits for a look at their team."""
    return person.name in applied.requirements.tally.checking
