"""What a typed line can mean, whichever way it came: a slash command or a mention."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ask:
    """Promote a version; what is missing is asked in a form."""

    service: str = ""
    version: str = ""
    environment: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AskPlan:
    """What a promotion would meet, without asking for one; what is missing is taken from what is live."""

    service: str
    version: str = ""
    environment: str = ""


@dataclass(frozen=True, slots=True)
class AskStatus:
    """What runs where: of one's own services, a service, an environment, one promotion, or all of it."""

    subject: str = ""


@dataclass(frozen=True, slots=True)
class AskWhy:
    """Why a promotion stands where it stands."""

    promotion: str = ""
    service: str = ""
    environment: str = ""


@dataclass(frozen=True, slots=True)
class AskHistory:
    """What was promoted before: `history checkout in production last 20`, or `last 7d`."""

    service: str
    environment: str = ""
    count: int = 10
    days: int = 0  # 0: however long ago


@dataclass(frozen=True, slots=True)
class AskWhoAmI:
    """What the person may do, and why: with one service, or with all of theirs."""

    service: str = ""


@dataclass(frozen=True, slots=True)
class AskDoctor:
    """Whether what Greenlight works with is well."""


@dataclass(frozen=True, slots=True)
class SayYes:
    """Approve, with an optional note."""

    promotion: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class SayNo:
    """Reject, with a reason."""

    promotion: str
    reason: str


@dataclass(frozen=True, slots=True)
class Stop:
    """Cancel."""

    promotion: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Again:
    """Look at a gate, or at all that are not met, again."""

    promotion: str
    gate: str = ""


@dataclass(frozen=True, slots=True)
class Undo:
    """Roll back; empty fields are found out from where it was typed. Without a reason a form shows what will change."""

    service: str = ""
    environment: str = ""
    version: str = ""
    reason: str = ""  # what followed `because`
    promotion: str = ""
    remark: str = ""  # words without `because`, which might mean anything: the form has them as its reason


@dataclass(frozen=True, slots=True)
class Record:
    """Adopt what is already live; without a version the health body says it."""

    service: str
    version: str
    environment: str
    reason: str


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Say that somebody looks after the incident of a promotion."""

    promotion: str


@dataclass(frozen=True, slots=True)
class Lead:
    """Take the lead of the incident of a promotion."""

    promotion: str


@dataclass(frozen=True, slots=True)
class WriteNote:
    """Write a note into the incident of a promotion; without a text a form asks for it."""

    promotion: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Close:
    """Resolve the incident of a promotion, with an optional last note."""

    promotion: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class AskHelp:
    """How to use this."""

    topic: str = ""


Line = (
    Ask
    | AskPlan
    | AskStatus
    | AskWhy
    | AskHistory
    | AskWhoAmI
    | AskDoctor
    | SayYes
    | SayNo
    | Stop
    | Again
    | Undo
    | Record
    | Acknowledge
    | Lead
    | WriteNote
    | Close
    | AskHelp
)
