"""Rows of the audit log as the details show them: what their JSON tells, by name, without what says nothing."""

import json
from collections.abc import Iterator

from bot.domain.forms import AuditLine
from bot.store.protocol import AuditRow

MOMENTS = frozenset(
    {"looked", "at", "again", "since", "started", "heard", "waiting_since", "acknowledged_at"}
)
TOLD_APART = frozenset({"phase", "kind"})  # where it led to, and of which kind a reading is
Facts = Iterator[tuple[str, str | float]]


def line_of(row: AuditRow) -> AuditLine:
    """One row by name; one whose JSON was cut off in the middle as it is."""
    parts = _parts(row.detail)
    if not isinstance(parts, dict):
        return AuditLine(row.at, row.actor, row.action, (("", row.detail),) if row.detail else (), row.number)
    said = next((str(parts[name]) for name in ("reason", "note", "text") if parts.get(name)), "")
    phase = str(parts.get("phase") or "")
    return AuditLine(row.at, row.actor, row.action, tuple(_facts(parts)), row.number, phase, said)


def _parts(detail: str) -> object:
    try:
        return json.loads(detail)
    except ValueError:
        return None


def _facts(parts: dict[str, object]) -> Facts:
    for name, value in parts.items():
        if name not in TOLD_APART and value:
            yield from _fact(name, value)


def _fact(name: str, value: object) -> Facts:
    """A value by name: of what is made of parts, each part; of a list, its members in a row."""
    match value:
        case dict():
            yield from _facts(value)
        case list():
            yield name, ", ".join(_member(one) for one in value)
        case int() | float() if name in MOMENTS:
            yield name, float(value)
        case True:
            yield name, "yes"
        case _:
            yield name, str(value)


def _member(value: object) -> str:
    return " ".join(str(part) for part in value.values()) if isinstance(value, dict) else str(value)
