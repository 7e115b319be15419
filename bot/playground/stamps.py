"""How the simulated vendors write times and make up identifiers."""

import hashlib
from datetime import UTC, datetime


def iso(at: float) -> str:
    """`at` as GitHub and PagerDuty write it: 2026-11-20T17:06:00Z, whole seconds, UTC."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def iso_or_none(at: float | None) -> str | None:
    """`iso(at)`, or nothing while it has not happened."""
    return None if at is None else iso(at)


def seconds_of(stamp: str) -> float:
    """The time that an ISO 8601 date or date-time means (UTC without an offset); ValueError otherwise."""
    at = datetime.fromisoformat(stamp)
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()


def number_for(*words: str) -> int:
    """A stable positive number (below 10⁹) for these words, so that ids are the same in every playground."""
    return int(hashlib.sha256("/".join(words).encode()).hexdigest()[:12], 16) % 1_000_000_000
