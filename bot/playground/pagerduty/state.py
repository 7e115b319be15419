"""What the PagerDuty simulator knows: services and their keys, people, who is on call, incidents."""

from dataclasses import dataclass, field
from typing import Literal

Status = Literal["triggered", "acknowledged", "resolved"]
FIRST_NUMBER = 4411
POLICY = "PPOLICY1"
SCHEDULE = "PSCHED1"
URGENCIES = {"critical": "high", "error": "high", "high": "high"}
PRIORITIES = {"critical": "P1", "error": "P2", "high": "P2", "warning": "P3", "medium": "P3"}


@dataclass(frozen=True, slots=True)
class PagedService:
    """One service of PagerDuty and the Events v2 key of its integration."""

    id: str
    name: str
    routing_key: str


@dataclass(frozen=True, slots=True)
class User:
    """A person, or the bot's own account."""

    id: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Note:
    """One line that someone wrote on an incident."""

    id: str
    at: float
    by: User
    text: str


@dataclass(frozen=True, slots=True)
class Alert:
    """One event that reached an incident."""

    id: str
    at: float
    summary: str
    source: str
    severity: str
    details: object = None


@dataclass(slots=True)
class Incident:
    """One incident; `key` is the dedup_key of its events."""

    number: int
    service: PagedService
    title: str
    severity: str
    key: str
    at: float
    status: Status = "triggered"
    urgency: str = "high"
    changed_at: float = 0.0
    changed_by: User | None = None
    assignee: User | None = None
    notes: list[Note] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)

    @property
    def id(self) -> str:
        """PagerDuty's id."""
        return f"Q0INC{self.number}"

    @property
    def priority(self) -> str:
        """P1 to P4, from the severity."""
        return PRIORITIES.get(self.severity, "P4")


@dataclass(frozen=True, slots=True)
class Change:
    """One change event: somebody deployed something."""

    service: PagedService
    at: float
    summary: str
    body: object


SERVICES = {
    "checkout": PagedService("PCHECKOUT", "checkout", "RCHECKOUT-playground"),
    "storefront": PagedService("PSTORE", "storefront", "RSTORE-playground"),
    "inventory": PagedService("PINVENTORY", "inventory", "RINVENTORY-playground"),
}
BOT_USER = User("PGREENLIGHT", "Greenlight", "greenlight@acme.example")


def urgency_of(severity: str) -> str:
    """high or low, as PagerDuty's severity-based urgency does it."""
    return URGENCIES.get(severity, "low")
