"""Faces: the domain values that a card, a thread note or a form shows.

A face has no revision, no clock, no age and no blocks, so that it changes only when there is news.
`face_of` derives one from a promotion and its requirements; `blocks` turns it into text and blocks.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from bot.domain.policy import Kind, Person, Verdict
from bot.domain.promotion import Changes, Ending, Release, Replaced, Step, Stranger
from bot.domain.readings import Reading


class State(StrEnum):
    """What a card says: the phase, and inside `waiting` what is waited for."""

    CHECKING = "checking"
    AWAITING_APPROVAL = "awaiting approval"
    TIMER = "timer"
    QUEUED = "queued"
    BLOCKED = "blocked"
    STARTING = "starting"
    DEPLOYING = "deploying"
    CANCELLING = "cancelling"
    VERIFYING = "verifying"
    SUCCEEDED = "succeeded"
    REPLACED = "replaced"  # it was live
    ROLLED_BACK = "rolled back"
    FAILED = "failed"
    UNKNOWN = "unknown"
    ERRORED = "errored"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"


class Button(StrEnum):
    """What a person may press. The value is also the action id in Slack."""

    APPROVE = "approve"
    REJECT = "reject"
    CANCEL = "cancel"
    CANCEL_RUN = "cancel_run"
    SKIP_WAIT = "skip_wait"  # Deploy now
    RETRY = "retry"  # look at blocked gates again, or ask again after an end
    REPLACE = "replace"  # supersede the older promotion that this one waits behind
    ROLL_BACK = "roll_back"
    VIEW_RUN = "view_run"  # a link
    OPEN_INCIDENT = "open_incident"  # a link
    DETAILS = "details"
    ADOPT_RUN = "adopt_run"  # I see the run ...
    NEVER_STARTED = "never_started"
    IS_LIVE = "is_live"
    REQUEST_AGAIN = "request_again"
    ACKNOWLEDGE = "acknowledge"  # these four are on the incident's card
    TAKE_LEAD = "take_lead"
    ADD_NOTE = "add_note"
    RESOLVE = "resolve_incident"


Mark = Literal["passed", "here", "failed", "ahead", "unknown"]


@dataclass(frozen=True, slots=True)
class PathMark:
    """One environment of the promotion path and where this SHA stands in it."""

    environment: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class RequirementFace:
    """One requirement with its verdict and what was seen."""

    name: str  # health, health-now, branch, path, approvals, wait, slot, soak ...
    kind: Literal[
        "gate",
        "branch",
        "path",
        "authors",
        "role",
        "approvals",
        "wait",
        "store",
        "slot",
        "unavailable",
        "verify",
    ]
    verdict: Verdict
    use: str = ""  # for gates: checks, health, incidents
    environment: str = ""  # the environment that a gate or the path looks at
    reading: Reading | None = None
    basis: str = ""
    link: str = ""
    reason: str = ""  # of the waiver
    by: str = ""  # who waived it


@dataclass(frozen=True, slots=True)
class ApprovalNeed:
    """One approval rule and how far it is met."""

    count: int
    have: int
    team: str
    slack_group: str = ""  # S0WEB: mention the group instead of its members
    possible: tuple[Person, ...] = ()  # who could still approve


@dataclass(frozen=True, slots=True)
class ApprovalFace:
    """One approval; `counts` says whether it does now, `checking` that a membership is being looked up."""

    by: Person
    note: str
    counts: bool
    checking: bool = False
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Barred:
    """Somebody who may not approve because they wrote a part of it."""

    who: Person
    wrote: tuple[str, ...]  # as far as it is listed: #812, 3f2a9c1


@dataclass(frozen=True, slots=True)
class EvidenceChange:
    """A part of the signed evidence that is different now."""

    part: str  # version, rule wait, gate health, skipped gates
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class IncidentFace:
    """The incident of a failed promotion, as far as it was read back."""

    number: int | None
    url: str
    channel: str  # Slack channel id, empty until it exists
    on_call: tuple[Person, ...] = ()
    asked: bool = True  # PagerDuty was asked; `number` None then means not read back yet
    delayed: str = ""  # why the page has not gone out yet
    gave_up: bool = False  # and never will: somebody has to page by hand
    status: str = ""  # PagerDuty's last word: triggered, acknowledged, resolved; empty: not read back
    unread_since: float | None = None  # when it was last read, if that is too long ago to call it open
    acknowledged_by: Person | None = None  # None while `acknowledged_at` is there: nobody is named
    acknowledged_at: float | None = None
    resolved_by: Person | None = None  # None while `resolved_at` is there: nobody is named
    resolved_at: float | None = None
    lead: Person | None = None
    untold: str = ""  # why PagerDuty does not know yet, or never will, what was done here
    buttons: tuple[Button, ...] = ()  # of the incident's card, beside those of the promotion


@dataclass(frozen=True, slots=True)
class Face:
    """Everything that the messages of one promotion show."""

    id: str
    kind: Kind
    service: str
    environment: str
    version: str
    sha: str
    repo: str
    requester: Person
    reason: str
    created: float
    state: State
    digest: str  # of the evidence: a button's `rev`
    path: tuple[PathMark, ...] = ()
    requirements: tuple[RequirementFace, ...] = ()
    blocking: tuple[str, ...] = ()  # names of unmet requirements
    needs: tuple[ApprovalNeed, ...] = ()
    approvals: tuple[ApprovalFace, ...] = ()
    voided: tuple[EvidenceChange, ...] = ()  # why earlier approvals do not count
    changes: Changes | None = None
    discreet: bool = False  # people of another company read along where it is shown
    self_approval: bool = False
    barred: tuple[Barred, ...] = ()  # approvers who wrote it, where the rules keep authors from approving
    expires: float | None = None
    starts: float | None = None  # end of the wait
    wait: float = 0.0  # seconds of the wait rule
    behind: str = ""  # the promotion that holds the slot
    position: int = 0  # in the queue, 1 is next
    replaces: str = ""  # an older waiting promotion that this one may supersede
    last_look: bool = False  # people have agreed and it is its turn: it starts when all holds once more
    workflow: str = ""
    run_id: int | None = None
    run_url: str = ""
    attempt: int = 1
    extra_attempt: int = 0  # a person re-ran it in GitHub after the end
    extra_by: str = ""  # who did, a GitHub login
    steps: tuple[Step, ...] = ()
    steps_done: int = 0  # of a run with more steps than are shown, how many are behind; and how many it has
    steps_total: int = 0  # 0: `steps` are all
    lost: bool = False  # the run was followed, and GitHub tells nothing of it any more
    nothing_ran: bool = False  # there was a run, and no job of it came to a step
    waiting_in_github: bool = False  # the run waits for reviewers or a runner there
    waiting_since: float | None = None
    blind: bool = False  # GitHub does not tell how the run goes
    unstopped: bool = False  # GitHub did not stop the run, though it was to
    stop: Literal["", "asked", "forced"] = ""  # what GitHub has taken of our requests to stop the run
    stranger: Stranger | None = None  # a run of somebody else that carries our correlation id
    unclear: str = ""  # what GitHub answered to the dispatch, when it was neither yes nor no
    asked_github_at: float | None = None
    usual: float | None = None  # seconds that it usually takes there; None: nobody knows
    cancelled_by: str = ""
    ending: Ending | None = None
    ended_by: Person | None = None
    took: float | None = None  # seconds from the intent to the end
    left: str = ""  # the promotion whose version a rollback took away
    impact: tuple[float, float] | None = None  # from the start of that one to the end of the rollback
    serving: Release | None = None
    serving_known: bool = False
    serving_sought: bool = False  # it ended, and a health URL that may tell is still being asked
    previous: Release | None = None
    target: Release | None = None  # what a rollback would go back to
    undoes: str = ""
    undone_by: str = ""
    undone_to: str = ""
    replaced: Replaced | None = None  # what it said of the present is not so any more
    incident: IncidentFace | None = None
    trouble: str = ""  # something of ours that does not work, in a few words: the page is delayed, ...
    trouble_until: float | None = None  # when it goes on, where a vendor asked to wait
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class StatusRow:
    """What runs in one environment of one service, and what is on its way there."""

    service: str
    environment: str
    live: Release | None
    known: bool
    in_flight: tuple[tuple[str, str, State], ...] = ()  # id, version, state


@dataclass(frozen=True, slots=True)
class WantedForm:
    """A form that somebody wants to fill in, with what they said already: enough to open it a second time."""

    name: str  # a button's value, or what a line opens: request, rollback
    promotion: str = ""
    service: str = ""
    environment: str = ""
    version: str = ""
    reason: str = ""
