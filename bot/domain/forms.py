"""What the forms show: values that `handlers` gather at once and `blocks` turns into views."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bot.domain.face import ApprovalNeed, Face, RequirementFace
from bot.domain.promotion import Changes, Phase, Release


@dataclass(frozen=True, slots=True)
class NotAsked:
    """Nothing to compare yet: no version was chosen, or nobody knows what is live."""

    why: Literal["no version", "no live", "same", "later"]


@dataclass(frozen=True, slots=True)
class Checking:
    """GitHub is being asked what changes."""


@dataclass(frozen=True, slots=True)
class NotTold:
    """GitHub did not tell what changes: that keeps nobody from asking."""

    why: str


ChangeList = NotAsked | Checking | NotTold | Changes


@dataclass(frozen=True, slots=True)
class SlotBusy:
    """Another promotion has the slot, so this one will queue."""

    promotion: str
    phase: Phase


@dataclass(frozen=True, slots=True)
class LiveAlready:
    """The version serves in the environment already."""

    version: str
    environment: str
    since: float
    promotion: str


@dataclass(frozen=True, slots=True)
class NotVerified:
    """The version has not succeeded in the environment before."""

    version: str
    environment: str
    before: str


@dataclass(frozen=True, slots=True)
class NotSeen:
    """The version is none of the tags and branches at the last look."""

    version: str
    repo: str
    nearest: str | None


Warned = SlotBusy | LiveAlready | NotVerified | NotSeen


@dataclass(frozen=True, slots=True)
class Needed:
    """What the rules ask before a deploy there."""

    approvals: tuple[tuple[int, str], ...] = ()  # how many of which team
    self_approval: bool = False
    wait: float = 0.0
    gates: tuple[str, ...] = ()
    author_approval: bool = True


@dataclass(frozen=True, slots=True)
class RequestForm:
    """What the request form shows and keeps."""

    service: str = ""
    environments: tuple[str, ...] = ()
    environment: str = ""
    version: str = ""
    reason: str = ""
    retries: str = ""
    skippable: tuple[str, ...] = ()  # health gates that may be skipped with a reason
    repo: str = ""
    needed: Needed = Needed()
    warnings: tuple[Warned, ...] = ()
    changes: ChangeList = NotAsked("no version")
    silent: bool = False  # GitHub did not answer when the tags were listed last
    listed: float | None = None  # when they were; None: never


@dataclass(frozen=True, slots=True)
class Target:
    """A release to go back to, and for how long it ran."""

    release: Release
    ran: float | None = None  # seconds


@dataclass(frozen=True, slots=True)
class Expected:
    """How long it usually takes there."""

    seconds: float
    count: int
    of: Literal["rollback", "deploy"]


@dataclass(frozen=True, slots=True)
class RollbackForm:
    """What the rollback form shows: from, to, and how."""

    service: str
    environment: str
    current: Release | None
    targets: tuple[Target, ...]  # newest first
    workflow: str
    repo: str
    undoes: str = ""
    in_flight: str = ""  # a running promotion that will be cancelled first
    approvals: tuple[ApprovalNeed, ...] = ()
    reason: str = ""
    chosen: Release | None = None
    missing: str = ""  # the version that was asked for, when it is none of the targets
    moved: bool = False  # what serves is not what the form showed before
    expected: Expected | None = None
    changes: ChangeList = NotAsked("no version")


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One row of the audit log; `facts` are names with what each says, a moment as a number."""

    at: float
    actor: str
    action: str
    facts: tuple[tuple[str, str | float], ...] = ()
    number: int = 0
    phase: str = ""  # that the promotion came to by it
    said: str = ""  # a person's reason or note


Tab = Literal["timeline", "gates", "changes", "audit"]
TABS: tuple[Tab, ...] = ("timeline", "gates", "changes", "audit")


@dataclass(frozen=True, slots=True)
class Details:
    """What the details form shows of one promotion; `audit` in order, and not from the beginning when it is long."""

    face: Face
    tab: Tab = "timeline"
    audit: tuple[AuditLine, ...] = ()
    correlation: str = ""
    gates: tuple[RequirementFace, ...] = ()  # every requirement, also those that hold no more
    looked: Mapping[str, float] = field(default_factory=dict)  # when each gate was looked at, by its name
    before: tuple[AuditLine, ...] = ()  # what the promotion itself tells of the time before these rows
    is_cut: bool = False  # there are older rows
