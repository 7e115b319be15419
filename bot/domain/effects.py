"""What a promotion now needs from the world. Derived by `plan` from its state, never queued.

Every effect has a key, unique in its promotion, and a lane: effects of one lane run one after the other,
lanes run side by side, so that a slow Slack cannot delay GitHub.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from bot.domain.context import Team
from bot.domain.face import Face
from bot.domain.incident_effects import BriefLead, IncidentEffect, NoteIncident, TellRoom
from bot.domain.letters import WriteLetter
from bot.domain.policy import GateRule
from bot.domain.promotion import Promotion

Lane = Literal["slack", "github", "pagerduty", "services", "self"]


class Note(StrEnum):
    """Something that is said once, in the thread of the card unless it says otherwise."""

    MENTION = "mention"  # the approvers, when approval is really possible
    APPROVED = "approved"
    VOIDED = "voided"
    BLOCKED = "blocked"
    STARTED = "started"
    UNKNOWN = "unknown"
    ERRORED = "errored"
    PAGE_FAILED = "page_failed"
    EXTRA_ATTEMPT = "extra_attempt"
    NOT_OURS = "not_ours"  # the run that an admin named
    STRANGER = "stranger"  # a run that carries our correlation id and that somebody else started
    HELD = "held"  # GitHub keeps the run waiting
    UNSTOPPED = "unstopped"  # GitHub did not stop the run
    FAILED = "failed"  # also to the channel
    ROLLED_BACK = "rolled_back"  # also to the channel
    TURNED_AWAY = "turned_away"  # privately: no card was made
    DELAYED = "delayed"  # privately: there is no card yet, because GitHub cannot be read


BROADCASTS = frozenset({Note.FAILED, Note.ROLLED_BACK})
# Said twice rather than never: each of them asks a person to do something, or tells how it went.
MUST_ARRIVE = frozenset(
    {
        Note.MENTION,
        Note.UNKNOWN,
        Note.ERRORED,
        Note.FAILED,
        Note.ROLLED_BACK,
        Note.TURNED_AWAY,
        Note.PAGE_FAILED,
        Note.STRANGER,
        Note.UNSTOPPED,
    }
)


@dataclass(frozen=True, slots=True)
class LookAtVersion:
    """Resolve the version, its branch, and what changes."""

    key: str
    lane: Lane = "github"


@dataclass(frozen=True, slots=True)
class LookAtGate:
    """Look at the world for one gate."""

    key: str
    rule: GateRule
    environment: str
    fact: str  # the name under which the fact is kept
    lane: Lane = "services"


@dataclass(frozen=True, slots=True)
class LookAtTeam:
    """Read who is in a team."""

    key: str
    team: Team
    lane: Lane = "slack"


@dataclass(frozen=True, slots=True)
class Dispatch:
    """Start the deploy workflow; with `look_first` only when no run carries the correlation id."""

    key: str
    number: int
    boottime: float
    look_first: bool
    lane: Lane = "github"


@dataclass(frozen=True, slots=True)
class LookForRun:
    """Search the run by its correlation id."""

    key: str
    number: int
    since: float
    lane: Lane = "github"


@dataclass(frozen=True, slots=True)
class ReadRun:
    """Read the run and its jobs; with `prove` it was named by a person and must be shown to be ours."""

    key: str
    run_id: int
    prove: bool
    after: bool = False  # a further attempt after the end: worth asking for a time
    lane: Lane = "github"


@dataclass(frozen=True, slots=True)
class CancelRun:
    """Ask GitHub to stop the run."""

    key: str
    run_id: int
    force: bool
    lane: Lane = "github"


@dataclass(frozen=True, slots=True)
class LookAtServing:
    """Ask the health URL which version serves."""

    key: str
    rule: GateRule
    lane: Lane = "services"


@dataclass(frozen=True, slots=True)
class ShowCard:
    """Post the card, or edit it to show this face."""

    key: str
    face: Face
    shown: str  # digest of the face
    ts: str  # empty: post it
    channel: str
    lane: Lane = "slack"


@dataclass(frozen=True, slots=True)
class Say:
    """Say one thing once."""

    key: str
    note: Note
    face: Face
    thread: str
    channel: str
    who: str = ""  # the person, or the run, that the note is about
    lane: Lane = "slack"


@dataclass(frozen=True, slots=True)
class Page:
    """Open the PagerDuty incident."""

    key: str
    face: Face
    dedup: str
    severity: str
    lane: Lane = "pagerduty"


@dataclass(frozen=True, slots=True)
class ReadIncident:
    """Read the incident's number and address back."""

    key: str
    dedup: str
    lane: Lane = "pagerduty"


@dataclass(frozen=True, slots=True)
class LookAtOnCall:
    """Ask who is on call for the service."""

    key: str
    service: str  # PagerDuty's id
    lane: Lane = "pagerduty"


@dataclass(frozen=True, slots=True)
class OpenChannel:
    """Open the incident channel; `number` is PagerDuty's, or the promotion's id where there is none."""

    key: str
    face: Face
    template: str
    number: str
    lane: Lane = "slack"


@dataclass(frozen=True, slots=True)
class Invite:
    """Invite the requester, the approvers and who is on call."""

    key: str
    channel: str
    people: tuple[str, ...]
    lane: Lane = "slack"


@dataclass(frozen=True, slots=True)
class ShowIncidentCard:
    """Post, or edit, the card in the incident channel."""

    key: str
    face: Face
    shown: str
    ts: str
    channel: str
    lane: Lane = "slack"


@dataclass(frozen=True, slots=True)
class PinCard:
    """Pin the incident card."""

    key: str
    channel: str
    ts: str
    lane: Lane = "slack"


@dataclass(frozen=True, slots=True)
class SetTopic:
    """Say in the incident channel's topic what serves."""

    key: str
    face: Face
    shown: str
    channel: str
    lane: Lane = "slack"


@dataclass(frozen=True, slots=True)
class SendChange:
    """Tell PagerDuty that something changed, for whoever is paged next."""

    key: str
    face: Face
    lane: Lane = "pagerduty"


@dataclass(frozen=True, slots=True)
class ResolveIncident:
    """Resolve the incident."""

    key: str
    dedup: str
    lane: Lane = "pagerduty"


@dataclass(frozen=True, slots=True)
class TellUndone:
    """Tell the promotion that a rollback undid; a failed rollback hands on that a later one did."""

    key: str
    undone: str
    by: str  # the rollback that succeeded
    to: str  # version
    lane: Lane = "self"


@dataclass(frozen=True, slots=True)
class CancelOther:
    """A rollback asks the deploy that runs in its place to stop."""

    key: str
    other: Promotion
    lane: Lane = "self"


Effect = (
    LookAtVersion
    | LookAtGate
    | LookAtTeam
    | Dispatch
    | LookForRun
    | ReadRun
    | CancelRun
    | LookAtServing
    | ShowCard
    | Say
    | Page
    | ReadIncident
    | LookAtOnCall
    | OpenChannel
    | Invite
    | ShowIncidentCard
    | PinCard
    | SetTopic
    | SendChange
    | ResolveIncident
    | IncidentEffect
    | TellUndone
    | CancelOther
    | WriteLetter
)

# What cannot be made idempotent is marked as begun before it is tried.
BEGUN_FIRST = (
    ShowCard,
    Say,
    ShowIncidentCard,
    OpenChannel,
    SendChange,
    NoteIncident,
    TellRoom,
    BriefLead,
    WriteLetter,
)
