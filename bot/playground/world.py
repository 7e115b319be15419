"""The world that the simulators share: who is who, what runs where, what is bent, and what was asked of whom.

The simulators (Slack, GitHub, PagerDuty, the services) each own their part of the protocol; what one of them
does that another shows (a run that deploys a version, a health URL that names it) goes through here.
The ledger is the judge of the tests: what the bot really asked of its vendors, never what it says it did.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Literal

from bot.permissions import SLACK_SCOPES
from bot.playground.clock import WorldClock
from bot.playground.traffic import Exchange, Traffic

Vendor = Literal["slack", "github", "pagerduty", "services"]
Sharing = Literal["shared", "invited"]  # of a Slack channel with another company
Webhooks = Literal["on", "lost", "doubled", "late"]
RunMode = Literal[
    "ok", "accept-then-502", "accept-then-hang", "accept-then-reset", "502", "204", "422", "404", "403", "lag"
]

Fault = int | Literal["accept-then-502"]  # a status, or: do it and then answer 502


def sha_for(service: str, version: str) -> str:
    """The full commit SHA that a version of a service has in every playground: sha1 of `service@version`."""
    return hashlib.sha1(f"{service}@{version}".encode(), usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class Person:
    """One of the five people of the playground."""

    name: str  # ana
    title: str  # Ana
    slack: str  # U0ANA
    github: str  # ana-dev
    pagerduty: str | None
    role: str  # what the page says of them
    guest: bool = False
    closed: bool = False  # the account was deactivated
    team_id: str = "T0ACME"


@dataclass(frozen=True, slots=True)
class Release:
    """A version and the full commit SHA it means."""

    version: str
    sha: str


@dataclass(slots=True)
class Request:
    """One call that a vendor's simulator received, and what it answered."""

    vendor: Vendor
    method: str  # HTTP method
    path: str  # below the simulator's base, for Slack the API method: chat.postMessage
    at: float
    body: object = None
    status: int = 0
    answer: object = None
    exchange: Exchange | None = field(default=None, compare=False, repr=False)


@dataclass(slots=True)
class RunPlan:
    """How the next deploy runs go: `POST /play/world {"run": {...}}`."""

    conclusion: str = "success"
    step: str | None = None  # the step that fails
    seconds: float = 15.0  # how long a run takes in world seconds
    mode: RunMode = "ok"
    lag: float = 0.0  # world seconds until a new run shows in lists
    workflow: str | None = None  # bend only runs of this file (deploy.yml); None bends them all


@dataclass(slots=True)
class World:
    """Everything the simulators share. Mutable on purpose: this is the outside."""

    clock: WorldClock
    people: dict[str, Person]
    serving: dict[tuple[str, str], Release]  # (service, environment) -> what runs there
    secrets: dict[str, str]  # slack_signing, github_webhook, pagerduty_webhook: fake ones
    slack_team: str = "T0ACME"
    slack_app: str = "A0GREENLIGHT"
    bot_user: str = "U0GREENLIGHT"
    bot_id: str = "B0GREENLIGHT"
    bot_url: str = ""  # where signed requests go: http://127.0.0.1:PORT
    base_url: str = ""  # where the simulators are, for links; the first call tells it when nobody did
    health: dict[tuple[str, str], str] = field(default_factory=dict)  # ok | failing | slow | wrong-version
    p99: dict[tuple[str, str], float] = field(default_factory=dict)  # milliseconds
    run: RunPlan = field(default_factory=RunPlan)
    webhooks: Webhooks = "on"
    vendor: dict[Vendor, list[Fault]] = field(default_factory=dict)  # statuses to answer next, oldest first
    vendor_always: dict[Vendor, Fault] = field(default_factory=dict)  # a status for every call until lifted
    shared: dict[str, Sharing] = field(default_factory=dict)  # Slack channels with another company, by name
    slack_revoked: bool = False  # the bot's token is no longer taken
    slack_scopes: set[str] = field(default_factory=lambda: set(SLACK_SCOPES))  # that the bot's token has
    skew: float = 0.0  # seconds that the vendors' clocks are ahead of this world's
    ledger: list[Request] = field(default_factory=list)
    revision: int = 0  # grows with every change that someone may watch
    listeners: list[Callable[[], None]] = field(default_factory=list)
    traffic: Traffic = field(default_factory=Traffic)

    def note(self, request: Request) -> None:
        """Write one vendor call into the ledger."""
        self.ledger.append(request)
        call = request.method, request.path
        request.exchange = self.traffic.begins(request.at, "from bot", request.vendor, call, request.body)
        self.touch()

    def answered(self, request: Request, status: int, answer: object) -> None:
        """Write what a vendor answered beside its call."""
        request.status, request.answer = status, answer
        if request.exchange is not None:
            request.exchange.request = (
                request.body
            )  # some vendors read the body after the call is in the ledger
            self.traffic.answered(request.exchange, status, answer)

    def http_date(self) -> str:
        """The vendors' time, as every answer of theirs carries it."""
        return formatdate(self.clock.now() + self.skew, usegmt=True)

    def touch(self) -> None:
        """Tell whoever watches (the page, a waiting click) that something changed."""
        self.revision += 1
        for listen in self.listeners:
            listen()

    def fault(self, vendor: Vendor) -> Fault | None:
        """How this call must fail, if the world is bent for this vendor."""
        queued = self.vendor.get(vendor)
        if queued:
            return queued.pop(0)
        return self.vendor_always.get(vendor)
