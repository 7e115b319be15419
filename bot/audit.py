"""Audit rows: who did what to what, one for everything that changes and for everything that was refused."""

import json
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING

from bot.domain.context import Context
from bot.domain.errors import Refusal
from bot.domain.machine import Decision
from bot.domain.messages import Message
from bot.store.protocol import AuditRow

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

GREENLIGHT = "greenlight"  # the actor where no person is
MOST_DETAIL = 2000  # characters


def row_of(message: Message, decision: Decision, context: Context) -> AuditRow:
    """What a message did to its promotion, with the phase when that changed."""
    before, after = decision.before, decision.promotion
    detail = {
        name: value
        for name, value in _fields(message).items()
        if name not in {"promotion", "by", "changes", "steps"} and value not in ("", None, (), [])
    }
    if before is None or before.phase is not after.phase:
        detail["phase"] = after.phase.value
    if before is not None and before.replaced != after.replaced:
        detail["replaced"] = after.replaced
    return AuditRow(
        at=context.now,
        actor=actor_of(message),
        action=_words(type(message).__name__),
        subject=after.id,
        detail=compact(detail),
    )


def refused_row(message: Message, refusal: Refusal, at: float) -> AuditRow:
    """What somebody asked and did not get."""
    detail = {"message": type(message).__name__, "refused": type(refusal).__name__}
    return AuditRow(
        at=at,
        actor=actor_of(message),
        action="refused",
        subject=message.promotion,
        detail=compact(detail),
    )


def actor_of(message: Message) -> str:
    """The person behind a command, or the bot itself."""
    return getattr(message, "by", "") or GREENLIGHT


def compact(value: object) -> str:
    """A value as short JSON."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, default=_plain)[:MOST_DETAIL]


def _fields(value: "DataclassInstance") -> dict[str, object]:
    """What `dataclasses.asdict` tells, without copying what it finds: this is written for every message."""
    return {one.name: getattr(value, one.name) for one in fields(value)}


def _plain(value: object) -> object:
    return _fields(value) if is_dataclass(value) and not isinstance(value, type) else str(value)


def _words(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
