"""Refusals: what a person asked that cannot be done, as facts. The sentences are in `blocks.words`.

Refusal
├── about the words      UnknownService UnknownEnvironment BadVersion CannotParse ReasonNeeded UnknownGate
├── about the person     NotInPeople NotAllowed NotApprover SelfApproval AuthorApproval
│                        NotChecked TooFast SharedChannel
├── about the promotion  NoSuchPromotion WrongPhase AlreadyDecided AlreadyApproved NotReadyForApproval
│                        StaleCard StrangeSurface TooManyApprovals
├── about the incident   NoIncident IncidentOver TooManyNotes
└── about the world      AlreadyAsked AlreadyLive NothingToRollBack ServesAnother RunMissing
"""

from dataclasses import dataclass
from typing import Literal

from bot.domain.policy import Person
from bot.domain.promotion import Phase


@dataclass(frozen=True, slots=True)
class UnknownService:
    """E01: no such service in the catalog."""

    name: str
    nearest: str | None
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnknownEnvironment:
    """E02: the service has no such environment."""

    service: str
    name: str
    nearest: str | None
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BadVersion:
    """A version that cannot be a tag, a branch or a SHA."""

    version: str


@dataclass(frozen=True, slots=True)
class CannotParse:
    """E27: the command's words do not fit the grammar."""

    text: str
    suggestion: str  # a command that would work


@dataclass(frozen=True, slots=True)
class ReasonNeeded:
    """A reason is required, or is too short to be of use to whoever reads the audit log."""

    action: str  # request, reject, rollback, skip-health ...
    least: int  # characters
    example: str  # the command with a reason


@dataclass(frozen=True, slots=True)
class UnknownGate:
    """The promotion has no such gate."""

    promotion: str
    name: str
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotInPeople:
    """Somebody whom the catalog's `people` does not name."""

    slack: str


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody whom no catalog can let in: another workspace or app, a guest, a bot, a closed account."""


@dataclass(frozen=True, slots=True)
class NotChecked:
    """An account or a membership that is not known yet: nobody is let through unchecked."""

    what: Literal[
        "account", "membership", "channel"
    ]  # the account is read at the next round, the others at once


@dataclass(frozen=True, slots=True)
class TooFast:
    """More than one person may ask, or than may be asked of one service, in that time."""

    service: str  # empty: it is about the person
    seconds: float  # until the next one


@dataclass(frozen=True, slots=True)
class NotAllowed:
    """The person does not have the role that the action needs."""

    action: str  # request, rollback, adopt, waive, cancel, skip the wait ...
    needs: tuple[str, ...]  # teams or role words
    ask: tuple[Person, ...]  # who has it
    promotion: str = ""


@dataclass(frozen=True, slots=True)
class NotApprover:
    """E07: not in any team whose approval is asked."""

    promotion: str
    environment: str
    needs: tuple[str, ...]
    member_of: tuple[str, ...]
    ask: tuple[Person, ...]
    action: str = "approve"


@dataclass(frozen=True, slots=True)
class SelfApproval:
    """E08: whoever asked cannot approve."""

    promotion: str
    ask: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class AuthorApproval:
    """E52: whoever wrote some of the changes cannot approve them."""

    promotion: str
    wrote: tuple[str, ...]  # what of it is shown: #812, 3f2a9c1
    ask: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class SharedChannel:
    """E56: people of another company are in the channel, or are invited to it."""

    promotion: str
    channel: str  # Slack channel id


@dataclass(frozen=True, slots=True)
class NoSuchPromotion:
    """No promotion has this id."""

    promotion: str


@dataclass(frozen=True, slots=True)
class WrongPhase:
    """The action makes no sense where the promotion stands."""

    promotion: str
    action: str
    phase: Phase
    hint: str = ""  # a command that does


@dataclass(frozen=True, slots=True)
class AlreadyDecided:
    """E09: the promotion has moved on."""

    promotion: str
    phase: Phase
    by: tuple[Person, ...]
    at: float


@dataclass(frozen=True, slots=True)
class AlreadyApproved:
    """The same person's second yes to the same evidence."""

    promotion: str
    have: int
    need: int


@dataclass(frozen=True, slots=True)
class NotReadyForApproval:
    """The evidence is not complete, so there is nothing to sign yet."""

    promotion: str
    pending: tuple[str, ...]  # requirements
    unmet: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StaleCard:
    """E10: the button showed other evidence than holds now."""

    promotion: str
    changed: tuple[str, ...]  # names of what is different


@dataclass(frozen=True, slots=True)
class StrangeSurface:
    """The button was pressed on a message that Greenlight does not know as this promotion's."""

    promotion: str


@dataclass(frozen=True, slots=True)
class TooManyApprovals:
    """The document holds at most 20 approvals."""

    promotion: str


@dataclass(frozen=True, slots=True)
class AlreadyAsked:
    """An open promotion asks for the same thing."""

    promotion: str
    by: Person


@dataclass(frozen=True, slots=True)
class AlreadyLive:
    """E04: the version is live already."""

    service: str
    environment: str
    version: str
    since: float
    promotion: str


@dataclass(frozen=True, slots=True)
class NothingToRollBack:
    """E23: no earlier verified release is recorded."""

    service: str
    environment: str
    known: tuple[str, ...] = ()  # versions that a rollback could name
    asked: str = ""  # the version that was asked for
    went_back: str = ""  # the version that the newest rollback here went back to


@dataclass(frozen=True, slots=True)
class ServesAnother:
    """E51: what was to be rolled back does not serve, or not any more."""

    service: str
    environment: str
    version: str  # that serves; empty: nobody knows
    promotion: str  # that brought it; empty: recorded by hand
    undoes: str = ""  # the promotion that was to be undone


@dataclass(frozen=True, slots=True)
class RunMissing:
    """An admin named a run that does not exist or is not this promotion's."""

    promotion: str
    run: str


@dataclass(frozen=True, slots=True)
class NoIncident:
    """The promotion has no incident that somebody could look after."""

    promotion: str


@dataclass(frozen=True, slots=True)
class IncidentOver:
    """The incident is resolved."""

    promotion: str
    by: Person | None  # None: nobody is known to have done it
    at: float


@dataclass(frozen=True, slots=True)
class TooManyNotes:
    """The document holds only so many notes about an incident."""

    promotion: str
    most: int
    closing: bool = False  # it was to be the last one, so the incident was not resolved


Refusal = (
    UnknownService
    | UnknownEnvironment
    | BadVersion
    | CannotParse
    | ReasonNeeded
    | UnknownGate
    | Stranger
    | NotInPeople
    | NotChecked
    | TooFast
    | NotAllowed
    | NotApprover
    | SelfApproval
    | AuthorApproval
    | SharedChannel
    | NoSuchPromotion
    | WrongPhase
    | AlreadyDecided
    | AlreadyApproved
    | NotReadyForApproval
    | StaleCard
    | StrangeSurface
    | TooManyApprovals
    | AlreadyAsked
    | AlreadyLive
    | NothingToRollBack
    | ServesAnother
    | RunMissing
    | NoIncident
    | IncidentOver
    | TooManyNotes
)
