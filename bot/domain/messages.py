"""What happens to a promotion: commands (a person asked) and facts (the world answered).

Facts about a dispatch name the try they answer, so that a late answer cannot speak for a newer one.
"""

from dataclasses import dataclass
from typing import Literal

from bot.domain.incident_messages import IncidentCommand, IncidentFact
from bot.domain.policy import Kind
from bot.domain.promotion import Changes, Step
from bot.domain.readings import Reading


@dataclass(frozen=True, slots=True)
class Request:
    """Open a promotion: bring `version` of `service` to `environment`."""

    promotion: str  # the reserved id
    correlation: str
    by: str
    service: str
    environment: str
    version: str  # empty for a rollback to the last good release
    reason: str
    asked_in: str = ""
    asked_thread: str = ""
    kind: Kind = Kind.PROMOTE
    skip: tuple[str, ...] = ()  # gates to waive
    skip_reason: str = ""
    undoes: str = ""
    retries: str = ""
    seen: str | None = None  # the SHA that a form showed as serving, empty for unknown; None: no form


@dataclass(frozen=True, slots=True)
class Approve:
    """Yes to the evidence of `digest`; empty: to the evidence as it is now (typed, not clicked)."""

    promotion: str
    by: str
    digest: str = ""
    note: str = ""
    where: str = ""  # the channel in which everybody sees that; empty: it was said in private


@dataclass(frozen=True, slots=True)
class Reject:
    """No, with a reason."""

    promotion: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Cancel:
    """Stop it: at once while waiting, as a recorded wish later."""

    promotion: str
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Retry:
    """Look at one gate, or every gate that is not met, again."""

    promotion: str
    by: str
    gate: str = ""


@dataclass(frozen=True, slots=True)
class SkipWait:
    """Deploy now, without the rest of the wait."""

    promotion: str
    by: str


@dataclass(frozen=True, slots=True)
class Supersede:
    """Let a newer promotion take this one's place."""

    promotion: str
    by: str
    newer: str


@dataclass(frozen=True, slots=True)
class AdoptRun:
    """An admin says which run is this promotion's; `run_id` is looked at before it counts."""

    promotion: str
    by: str
    run_id: int


@dataclass(frozen=True, slots=True)
class NeverStarted:
    """An admin says that no run was ever started."""

    promotion: str
    by: str


@dataclass(frozen=True, slots=True)
class IsLive:
    """An admin says that the version is live."""

    promotion: str
    by: str


Command = (
    Request
    | Approve
    | Reject
    | Cancel
    | Retry
    | SkipWait
    | Supersede
    | AdoptRun
    | NeverStarted
    | IsLive
    | IncidentCommand
)


@dataclass(frozen=True, slots=True)
class Woken:
    """Time passed, or something beside the promotion changed."""

    promotion: str


@dataclass(frozen=True, slots=True)
class VersionSeen:
    """The version means this commit now."""

    promotion: str
    sha: str
    on_branch: str | None  # the first of the rule's branches that reaches it; None: none does
    changes: Changes | None
    looked: float | None = None  # when the look began, for what changed during it; None: at this moment


@dataclass(frozen=True, slots=True)
class VersionNotFound:
    """The version names nothing, or more than one commit."""

    promotion: str
    cause: Literal["missing", "ambiguous"]
    nearest: tuple[str, ...]
    looked: float | None = None  # when the look began; None: at this moment


@dataclass(frozen=True, slots=True)
class VersionRefused:
    """GitHub will not let the version be looked up, and a person has to mend that."""

    promotion: str
    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class GateSeen:
    """A gate was looked at. `gate` is its name, of `verify` with the prefix `verify:`."""

    promotion: str
    gate: str
    reading: Reading
    basis: str
    link: str = ""
    sha: str = ""  # the commit that was looked at: what is seen of one says nothing of another
    looked: float | None = None  # when the look began; None: at this moment


@dataclass(frozen=True, slots=True)
class DispatchAccepted:
    """GitHub said yes; older servers do not name the run."""

    promotion: str
    number: int
    run_id: int | None
    url: str


@dataclass(frozen=True, slots=True)
class DispatchRefused:
    """GitHub said no: nothing runs."""

    promotion: str
    number: int
    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class DispatchUnclear:
    """Nobody can say whether GitHub started it."""

    promotion: str
    number: int
    why: str


@dataclass(frozen=True, slots=True)
class NotSent:
    """The dispatch did not leave, so it may be tried again after everything is checked again."""

    promotion: str
    number: int
    why: str
    again: float  # not before
    limited: bool = False  # the vendor named that moment


@dataclass(frozen=True, slots=True)
class RunSeen:
    """The run of this promotion, proved ours by path, event, ref and correlation id."""

    promotion: str
    source: Literal["api", "webhook"]  # an end is believed only from the API
    run_id: int
    url: str
    status: str
    conclusion: str
    attempt: int
    actor: str
    steps: tuple[Step, ...] | None  # None: this source does not tell them
    repo: str = ""  # where it runs; empty: this source does not tell it
    nothing_ran: bool = False  # it ended, and no job of it ever came to a step
    rejected_by: str = ""  # the reviewer in GitHub who did not let it go on, a login
    steps_done: int = 0  # of more steps than are told, how many are behind; and how many there are
    steps_total: int = 0  # 0: `steps` are all


@dataclass(frozen=True, slots=True)
class RunNotFound:
    """A look for a run with the correlation id found none."""

    promotion: str
    number: int


@dataclass(frozen=True, slots=True)
class RunNotOurs:
    """The run that an admin named, or one that carries our correlation id, is not this promotion's."""

    promotion: str
    run_id: int
    starter: str = ""  # the login that started it, when it is somebody else's by that


@dataclass(frozen=True, slots=True)
class CancelAccepted:
    """GitHub will stop the run."""

    promotion: str
    forced: bool


@dataclass(frozen=True, slots=True)
class ServingSeen:
    """What the health body named after an end that left it open; None: it did not say."""

    promotion: str
    version: str | None


@dataclass(frozen=True, slots=True)
class EffectsBegun:
    """These effects may have happened from now on."""

    promotion: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EffectDone:
    """An effect happened: `ref` is a ts or an id, `shown` the digest of the face that was shown."""

    promotion: str
    key: str
    ref: str = ""
    channel: str = ""
    shown: str = ""


@dataclass(frozen=True, slots=True)
class EffectFailed:
    """An effect did not happen (or nobody can say), and may be tried again from `again` on."""

    promotion: str
    key: str
    why: str
    again: float
    gave_up: bool = False
    lost: bool = False  # what it wrote to is gone (message deleted, edit window closed): begin anew
    limited: bool = False  # the vendor named the moment `again`
    gone: bool = False  # the vendor says that what is asked for is not there


@dataclass(frozen=True, slots=True)
class Undone:
    """A rollback of this promotion succeeded."""

    promotion: str
    by: str  # the rollback's id
    to: str  # version


Fact = (
    Woken
    | VersionSeen
    | VersionNotFound
    | VersionRefused
    | GateSeen
    | DispatchAccepted
    | DispatchRefused
    | DispatchUnclear
    | NotSent
    | RunSeen
    | RunNotFound
    | RunNotOurs
    | CancelAccepted
    | ServingSeen
    | EffectsBegun
    | EffectDone
    | EffectFailed
    | IncidentFact
    | Undone
)

Message = Command | Fact
