"""The crash registry: every point at which the process may die around a commit, an outside call or a request.

A commit is named by what it records (`commit:approve`), a call by whom it is made for and what is called
(`call:Dispatch:repository.dispatch`), a request by its kind (`request:slack_click`). Each has a point on either side.
A story of tests/durability/stories.py is responsible for each: it has to come by, and is killed there.
"""

import json
from collections.abc import Mapping
from typing import Any, Literal

from bot.domain.effects import BROADCASTS, Effect, Note, Say
from bot.store.protocol import AuditRow, Commit

Side = Literal["before", "after", "acknowledged"]
BESIDE = "beside"  # what is called for nobody's promotion: replies, forms, accounts, adoptions
# Effects whose beginning or end is recorded by key.
KEYED = ("effects_begun", "effect_done")


def point(side: Side, what: str) -> str:
    """The name of a point."""
    return f"{side} {what}"


def nth(name: str, time: int) -> str:
    """A point when a process comes by for the first time, or for a later one."""
    return name if time == 1 else f"{name}, time {time}"


def sides_of(what: str) -> tuple[Side, ...]:
    """A request has one more side than the rest: when the answer has left."""
    return ("before", "after", "acknowledged") if what.startswith("request:") else ("before", "after")


def situations_of(change: Commit) -> tuple[str, ...]:
    """What a commit records, each once."""
    found = [situation for row in change.audit for situation in _situations(row)]
    return tuple(dict.fromkeys(f"commit:{one}" for one in [*found, *(["intent"] if change.intent else [])]))


def call_of(by: str, port: str, method: str) -> str:
    """What a call of a vendor is called."""
    return f"call:{by}:{port}.{method}"


def requests_of(kind: str) -> tuple[str, ...]:
    """What a request is called."""
    return (f"request:{kind}",)


def label_of(effect: Effect) -> str:
    """In whose name a vendor is called: a broadcast is told from what is said only once."""
    return (
        f"Say.{effect.note}"
        if isinstance(effect, Say) and effect.note in BROADCASTS
        else type(effect).__name__
    )


def _situations(row: AuditRow) -> list[str]:
    detail: Any = json.loads(row.detail) if row.action in KEYED else {}
    if row.action in KEYED:
        keys = detail["keys"] if row.action == "effects_begun" else [detail["key"]]
        return [f"{row.action}:{kind_of(key)}" for key in keys]
    if row.action == "cancel" and "rolled back by" in row.detail:
        return ["cancel_other"]
    if row.action == "woken" and '"replaced":{' in row.detail:
        return ["replaced"]
    return [row.action]


def kind_of(key: str) -> str:
    """The kind of effect that a ledger key belongs to."""
    first = key.removeprefix("look:").partition(":")[0]
    if first in set(Note) and first not in BROADCASTS:
        return "say"
    return KINDS.get(first, first)


KINDS: Mapping[str, str] = {"mirror": "card"}
