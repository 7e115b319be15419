"""The rules for one service in one environment, as the catalog says them and the core judges them."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Literal

from bot.domain.readings import Reading


class Kind(StrEnum):
    """Why a promotion exists."""

    PROMOTE = "promote"
    ROLLBACK = "rollback"
    EMERGENCY = "emergency"


class Verdict(StrEnum):
    """What is known of one requirement."""

    MET = "met"
    PENDING = "pending"
    UNMET = "unmet"
    WAIVED = "waived"


Judge = Callable[[Reading], Verdict]
Side = Literal["after", "target"]
OWNER = "owner"  # the team that owns the service, in roles and approvals
APPROVERS = "approvers"  # whoever may approve in the environment, in roles
CODE_OWNERS = "code-owners"  # owners of the changed paths
ANYONE = "anyone"  # whoever is in the catalog's `people`
REMOVED = "removed from the catalog"  # of `unavailable`: the place is no longer one


@dataclass(frozen=True, slots=True)
class Person:
    """One human of the catalog: the same person on every vendor."""

    name: str  # the catalog's key: ana
    slack: str
    github: str | None = None
    pagerduty: str | None = None


@dataclass(frozen=True, slots=True)
class TeamSource:
    """Where the members of a team are read from."""

    kind: Literal["members", "slack_group", "github_team", "pagerduty_schedule"]
    ref: str = ""  # S0WEB, acme/sre, PSCHED1
    members: tuple[str, ...] = ()  # names of people, for `members`


@dataclass(frozen=True, slots=True)
class GateRule:
    """One gate of one environment: how it judges, and what of it people sign."""

    name: str  # unique in the environment: health-now
    use: str  # the kind of gate: health
    of: Side
    settings: tuple[tuple[str, str], ...]  # the catalog's settings, for digests and for `bot.gates`
    basis: str  # what people sign: thresholds, never a reading
    every: float  # seconds between looks while the verdict is pending
    judge: Judge = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ApprovalRule:
    """So many people of one team."""

    count: int
    team: str  # a team's name, `owner` or `code-owners`


@dataclass(frozen=True, slots=True)
class DeployRule:
    """The workflow that deploys, the trusted ref its file comes from, and what it is given."""

    workflow: str
    ref: str
    inputs: tuple[tuple[str, str], ...]  # input name -> template: {version} {environment} {service} {sha} ...


@dataclass(frozen=True, slots=True)
class FailureRule:
    """What happens when a deploy fails."""

    page: Literal["critical", "error", "warning", "info"] | None = None
    incident_channel: bool = False
    rollback: Literal["offer", "off"] = "offer"
    resolve: Literal["never", "after_rollback"] = "never"


@dataclass(frozen=True, slots=True)
class PagerService:
    """The PagerDuty side of a service."""

    service: str  # PagerDuty service id
    routing_key: str  # a secret's name: env:NAME, read when used


@dataclass(frozen=True, slots=True)
class Service:
    """A deployable unit of the catalog."""

    name: str
    repo: str  # owner/name
    owner: str | None  # a team
    channel: str
    environments: tuple[str, ...]  # its promotion path, in order
    health: str | None = None  # URL with {environment} and {service}
    pagerduty: PagerService | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything that must hold, and how to deploy, for one service, environment and kind of promotion."""

    service: Service
    environment: str
    kind: Kind
    after: str | None
    branches: tuple[str, ...]  # the SHA must be reachable from one of them; empty: any
    gates: tuple[GateRule, ...]
    approvals: tuple[ApprovalRule, ...]
    self_approval: bool
    wait: float  # seconds after the last approval
    skip_wait: tuple[str, ...]  # teams
    expires: float | None  # seconds of waiting for approval
    deploy: DeployRule
    deploy_timeout: float  # seconds
    verify: tuple[GateRule, ...]
    on_failure: FailureRule
    may_request: tuple[str, ...]  # teams, `anyone`, `owner` or `approvers`
    may_roll_back: tuple[str, ...]
    may_waive: tuple[str, ...]
    admins: tuple[str, ...]
    unavailable: tuple[str, ...] = ()  # rules of the catalog that this version cannot judge: they are unmet
    incident_name: str = "inc-{number}-{service}"
    author_approval: bool = True  # whether those who wrote the changes may approve them

    @property
    def is_removed(self) -> bool:
        """Whether the catalog no longer has this place: what runs there is followed, nothing new is started."""
        return REMOVED in self.unavailable

    def withdrawn(self) -> "Rules":
        """The same rules when their place left the catalog: nothing new may be started by them."""
        return replace(self, unavailable=(REMOVED,))

    def sections(self) -> tuple[tuple[str, str], ...]:
        """The parts that approvers sign, in words or as a digest, so that a change can be named."""
        parts: Mapping[str, object] = {
            "gates": tuple((gate.name, gate.use, gate.of, gate.settings) for gate in self.gates),
            "deploy": self.deploy,
            "health URL": self.service.health,
            "verify": tuple((gate.name, gate.use, gate.settings) for gate in self.verify),
            "on_failure": self.on_failure,
            "other rules": self.unavailable,
        }
        return (*self._spelled(), *((name, digest_of(value)) for name, value in parts.items()))

    def _spelled(self) -> tuple[tuple[str, str], ...]:
        """The sections of `SPELLED`: each text says all there is to its section."""
        asked = [f"{rule.count} of {rule.team}" for rule in self.approvals]
        own = ["the requester may approve"] if self.self_approval else []
        own += [] if self.author_approval else ["the authors may not"]
        skipped = [f"skipped by {' or '.join(self.skip_wait)}"] if self.skip_wait else []
        return (
            ("repository", self.service.repo),
            ("after", self.after or "nothing"),
            ("branches", " or ".join(self.branches) or "any"),
            ("approvals", ", ".join([*asked, *own]) or "nobody"),
            ("wait", ", ".join([f"{self.wait:g} s", *skipped])),
        )


SPELLED = frozenset(
    {"repository", "after", "branches", "approvals", "wait"}
)  # what people read when it changes


def digest_of(value: object) -> str:
    """Sixteen hex characters that change when the `repr` of a value of frozen dataclasses and tuples does."""
    return hashlib.sha256(repr(value).encode()).hexdigest()[:16]
