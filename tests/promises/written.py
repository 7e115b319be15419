"""The catalog as a person reads it: what it asks of a promotion, worked out without the bot's own reader."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

COUNT = "- {count: 2, from: release-managers}"
MANAGERS = "release-managers: {members: [bo, cy]}"
WAIT = "wait: 10s"
HEALTH = "health: {attempts: 3, every: 2s, expect: 200}"
ON_CALL = "platform-on-call"


@dataclass(frozen=True, slots=True)
class Rules:
    """The places of the playground's catalog that somebody edits while promotions are open."""

    count: int = 2
    team: str = "release-managers"
    managers: tuple[str, ...] = ("bo", "cy")
    wait: int = 10
    attempts: int = 3

    def __str__(self) -> str:
        managers = ", ".join(self.managers)
        return f"{self.count} of {self.team}, managers {managers}, wait {self.wait} s, {self.attempts} probes"

    def written_in(self, catalog: str) -> str:
        """The playground's catalog with these rules in the place of its own."""
        places = {
            COUNT: f"- {{count: {self.count}, from: {self.team}}}",
            MANAGERS: f"release-managers: {{members: [{', '.join(self.managers)}]}}",
            WAIT: f"wait: {self.wait}s",
            HEALTH: f"health: {{attempts: {self.attempts}, every: 2s, expect: 200}}",
        }
        for old, new in places.items():
            assert catalog.count(old) == 1, f"{catalog.count(old)} places say {old}"
            catalog = catalog.replace(old, new)
        return catalog


def approvals_asked(catalog: str, environment: str, kind: str) -> list[tuple[int, str]]:
    """How many people of which team have to say yes to such a promotion."""
    rules = _environment(catalog, environment)
    if kind == "rollback":
        rules = rules.get("rollback") or {}
    return [(rule["count"], rule["from"]) for rule in rules.get("approvals") or []]


def gates_asked(catalog: str, environment: str) -> dict[str, dict[str, Any]]:
    """The gates before a deploy to an environment, by name."""
    gates: dict[str, dict[str, Any]] = _environment(catalog, environment).get("gates") or {}
    return gates


def before(catalog: str, environment: str) -> str:
    """The environment that stands before this one on the path."""
    return str(_environment(catalog, environment).get("after") or environment)


def verified_by_health(catalog: str, environment: str) -> bool:
    """Whether a deploy there is verified by the health of what serves afterwards."""
    return "health" in (_environment(catalog, environment).get("verify") or {})


def members_of(catalog: str, team: str) -> frozenset[str]:
    """The people of a team whose members stand in the catalog itself."""
    return frozenset(_read(catalog)["teams"][team].get("members", ()))


def _environment(catalog: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = _read(catalog)["environments"][name] or {}
    return found


@lru_cache(maxsize=32)
def _read(catalog: str) -> dict[str, Any]:
    """The judges read it after each step."""
    read: dict[str, Any] = yaml.safe_load(catalog)
    return read
