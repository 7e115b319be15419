"""The promotion document and the small documents beside it. Everything here is stored, nothing is derived."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from bot.domain.incident import Incident
from bot.domain.intent import Intent
from bot.domain.policy import Kind
from bot.domain.readings import Reading


class Phase(StrEnum):
    """Where a promotion stands. Four ways forward, one honest not-knowing, seven ends."""

    WAITING = "waiting"
    DISPATCHING = "dispatching"
    DEPLOYING = "deploying"
    VERIFYING = "verifying"
    UNKNOWN = "unknown"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    ERRORED = "errored"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"

    @property
    def is_open(self) -> bool:
        """Whether something may still be deployed."""
        return self in OPEN

    @property
    def holds_slot(self) -> bool:
        """Whether a run may exist, so that nothing else may deploy here."""
        return self in HOLDING


OPEN = frozenset(
    {Phase.WAITING, Phase.DISPATCHING, Phase.DEPLOYING, Phase.VERIFYING, Phase.UNKNOWN},
)
HOLDING = OPEN - {Phase.WAITING}


@dataclass(frozen=True, slots=True)
class Approval:
    """One person's yes to one evidence digest. Whether it counts is derived."""

    by: str
    digest: str
    at: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What approvers sign: the SHA, the rules, the waivers, and each gate's verdict and basis."""

    sha: str
    rules: tuple[tuple[str, str], ...]  # section, digest
    waivers: tuple[tuple[str, str], ...]  # gate, reason
    gates: tuple[tuple[str, str, str], ...]  # name, verdict, basis


@dataclass(frozen=True, slots=True)
class GateFact:
    """The last look of one gate."""

    name: str
    at: float  # when it was looked
    reading: Reading
    basis: str  # the rule's basis when it was looked: a fact of an older rule does not count
    link: str = ""


@dataclass(frozen=True, slots=True)
class Waiver:
    """A gate that somebody chose to skip, with the reason that approvers see."""

    gate: str
    by: str
    reason: str
    at: float


@dataclass(frozen=True, slots=True)
class Change:
    """One commit or pull request between what is live and what is asked for."""

    title: str
    author: str
    url: str
    number: int | None = None  # of the pull request
    sha: str = ""


@dataclass(frozen=True, slots=True)
class Changes:
    """What changes since the version that is live."""

    since: str  # a version
    commits: int
    items: tuple[Change, ...]  # at most 20
    authors: tuple[str, ...]  # GitHub logins
    url: str
    behind: int = 0  # commits of the live version that this one does not have
    base: str = ""  # the SHA that it was compared with
    everyone: bool = False  # `authors` leaves nobody out who has an account
    newest_by: str = (
        ""  # who committed the newest change, a GitHub login; empty: GitHub itself, or nobody it knows
    )


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the run's jobs."""

    name: str
    status: Literal["pending", "running", "succeeded", "failed", "skipped"]
    url: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """The workflow run of a promotion, as far as it is known."""

    run_id: int | None = None
    attempt: int = 1  # GitHub's run_attempt
    url: str = ""
    status: str = ""  # GitHub's word: queued, in_progress, waiting, completed
    conclusion: str = ""  # GitHub's word, believed only after a read of the API
    steps: tuple[Step, ...] = ()
    actor: str = ""  # who triggered or cancelled it, a GitHub login
    heard: float = 0.0  # when a webhook or a read last told of it
    end_announced: bool = False  # a webhook said it ended: read the API now
    started: float | None = None
    extra_attempt: int = 0  # a re-run by a person after the end, told but not adopted
    repo: str = ""  # where it runs; empty until it was found or GitHub named it
    waiting_since: float | None = None  # since when GitHub holds it back, for reviewers for instance
    waited: float = 0.0  # seconds for which GitHub held it back before that
    lost: bool = False  # it was followed, and GitHub tells nothing of it any more
    steps_done: int = 0  # of a run with more steps than are kept, how many are behind; and how many it has
    steps_total: int = 0  # 0: `steps` are all


@dataclass(frozen=True, slots=True)
class Stranger:
    """A run that carries the correlation id of a promotion and that somebody else started: never followed."""

    run_id: int
    starter: str  # a GitHub login


@dataclass(frozen=True, slots=True)
class Wish:
    """A cancel asked for after the intent: the phase follows what GitHub says."""

    by: str
    at: float
    reason: str
    asked_at: float | None = None  # when GitHub accepted the request to cancel
    forced: bool = False
    forced_at: float | None = None  # when GitHub last accepted the request to stop it by force


EndCause = Literal[
    "done",
    "run",  # the run's conclusion was not success
    "verification",
    "refused",  # GitHub refused the dispatch
    "person",  # somebody rejected, cancelled or superseded it
    "github",  # cancelled in GitHub
    "concurrency",  # GitHub's concurrency group dropped the pending run
    "moved",  # the version is another commit than the one that GitHub may have been asked to deploy
    "timeout",
    "missing",  # no such version
    "ambiguous",
    "branch",
    "path",
    "undone",  # rolled back in the environment before
    "live",
    "role",  # whoever asked is not on a team that may
    "expired",
]


@dataclass(frozen=True, slots=True)
class Ending:
    """How a promotion ended."""

    cause: EndCause
    at: float
    by: str = ""  # a person's name, or a GitHub login for cause `github`
    said: str = ""  # the person's reason, the failed step, or the vendor's sentence
    nearest: tuple[str, ...] = ()  # versions that exist, branches that are allowed, people who may


@dataclass(frozen=True, slots=True)
class Release:
    """Something that served, or serves, in an environment."""

    sha: str
    version: str
    since: float
    promotion: str = ""  # empty: adopted
    by: str = ""


@dataclass(frozen=True, slots=True)
class Live:
    """What serves in one (service, environment): recorded, adopted or honestly unknown."""

    service: str
    environment: str
    serving: Release | None = None  # None: unknown
    good: tuple[Release, ...] = ()  # succeeded and verified, newest first, at most 10
    undone: tuple[str, ...] = ()  # SHAs rolled back here, newest first, at most 20
    revision: int = 0
    deploys: tuple[float, ...] = ()  # seconds that the last good ones took here, newest first, at most 9
    rollbacks: tuple[float, ...] = ()  # the same of rollbacks


@dataclass(frozen=True, slots=True)
class Replaced:
    """Since when what a card says of the present is not so any more, and what serves instead."""

    at: float
    version: str = ""  # empty: nobody knows what serves since
    by: str = ""  # the promotion that brought it; empty: somebody recorded it, or nobody knows


@dataclass(frozen=True, slots=True)
class Departure:
    """Whose version a rollback takes away: of a rollback that undoes a failed one, that of the first in the chain."""

    promotion: str
    since: float  # when its deploy began


SlotWish = Literal["want", "keep", "free"]


@dataclass(frozen=True, slots=True)
class Slot:
    """The right to deploy to one (service, environment). `queue` is in order, without the holder."""

    service: str
    environment: str
    holder: str = ""
    since: float = 0.0
    queue: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger: what was begun, shown or done for one effect."""

    begun: float | None = None
    done: float | None = None
    ref: str = ""  # a message's ts, an incident's id
    channel: str = ""
    shown: str = ""  # digest of the face last shown
    tries: int = 0  # failed ones in a row
    not_before: float = 0.0
    error: str = ""
    gave_up: bool = False
    failing_since: float | None = None  # when the first of the tries in a row failed
    limited: bool = False  # the vendor asked to wait until `not_before`
    gone_since: float | None = None  # since when it says in a row that what is asked for is not there


@dataclass(frozen=True, slots=True)
class Promotion:
    """One request to bring one SHA of one service to one environment."""

    id: str
    kind: Kind
    service: str
    environment: str
    version: str
    requester: str
    reason: str
    created: float
    correlation: str  # 128-bit nonce in hex, the same over all tries
    asked_in: str = ""  # Slack channel id of the request, for private replies
    asked_thread: str = ""  # the thread there that it was asked in, by its first message
    phase: Phase = Phase.WAITING
    since: float = 0.0  # when this phase began
    sha: str | None = None
    version_seen: float | None = None  # when the version was last resolved
    on_branch: str | None = None  # the branch of the rules that the SHA is reachable from
    changes: Changes | None = None
    approvals: tuple[Approval, ...] = ()
    signed: Mapping[str, Evidence] = field(default_factory=dict)  # by digest, of the approvals
    gates: Mapping[str, GateFact] = field(default_factory=dict)  # by gate; of `verify`: verify:NAME
    waivers: tuple[Waiver, ...] = ()
    awaiting_since: float | None = None  # when approval began to be awaited
    intent: Intent | None = None
    returned: bool = False  # went back to waiting once after its sender died
    run: Run = Run()
    stranger: Stranger | None = None
    wish: Wish | None = None
    skip_wait_by: str = ""  # who shortened the wait after the last approval
    skip_wait_for: str = ""  # for which evidence: a new one waits again
    ending: Ending | None = None
    previous: Release | None = None  # what served before the deploy
    serving: Release | None = None  # what serves after the end, when it is known
    serving_seen: float | None = None
    undoes: str = ""  # the promotion that this rollback undoes
    undone_by: str = ""  # the rollback that undid this one
    undone_to: str = ""  # the version it went back to
    leaves: Departure | None = None  # whose version this rollback takes away
    replaced: Replaced | None = None  # what its card says of the present is not so any more
    retries: str = ""  # the promotion that this one tries again
    incident: Incident | None = None
    ledger: Mapping[str, Entry] = field(default_factory=dict)
    revision: int = 0  # 0: not stored yet
