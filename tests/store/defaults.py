"""What the fields of stored types are when nobody has said anything: not written, so part of the version.

`FROZEN` is edited only together with a new version of the document that the type is in.
"""

import types
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any, Union, get_args, get_origin, get_type_hints


def defaults_of(*roots: type) -> dict[str, str]:
    """`Type.field` → the default, for every dataclass that the given ones are made of."""
    found = {kind: None for root in roots for kind in _within(root, set())}
    return {
        f"{kind.__name__}.{field.name}": repr(_default(field))
        for kind in sorted(found, key=lambda one: one.__name__)
        for field in fields(kind)
        if _default(field) is not MISSING
    }


def without_defaults(kind: Any, document: Any) -> Any:
    """A document as it is written: without the fields that are what they are by default."""
    if isinstance(kind, type) and is_dataclass(kind):
        return _fields_said(kind, document)
    origin, parts = get_origin(kind), get_args(kind)
    if document is None or not parts:
        return document
    if origin in (Union, types.UnionType):
        return without_defaults(_meant(parts, document), document)
    if origin is Mapping:
        return {key: without_defaults(parts[1], value) for key, value in document.items()}
    return [without_defaults(parts[0], one) for one in document] if origin is tuple else document


def _fields_said(kind: type, document: Mapping[str, Any]) -> dict[str, Any]:
    hints = get_type_hints(kind)
    known = {field.name: field for field in fields(kind)}
    said = {
        name: value
        for name, value in document.items()
        if name not in known or not _is_default(known[name], value)
    }
    return {
        name: value if name not in known else without_defaults(hints[name], value)
        for name, value in said.items()
    }


def _is_default(field: "Field[Any]", value: Any) -> bool:
    default = _default(field)
    plain = list(default) if isinstance(default, tuple) else default
    return default is not MISSING and not is_dataclass(default) and plain == value


def _meant(parts: tuple[Any, ...], document: Any) -> Any:
    """The member of a union that a document is of: by its kind where it has one."""
    if isinstance(document, Mapping):
        for part in parts:
            named = get_type_hints(part).get("kind") if is_dataclass(part) else None
            if is_dataclass(part) and (named is None or document.get("kind") in get_args(named)):
                return part
    return next((part for part in parts if not is_dataclass(part) and part is not types.NoneType), str)


def _within(kind: Any, seen: set[type]) -> Iterator[type]:
    if isinstance(kind, type) and is_dataclass(kind) and kind not in seen:
        seen.add(kind)
        yield kind
        for hint in get_type_hints(kind).values():
            yield from _within(hint, seen)
    for part in get_args(kind):
        yield from _within(part, seen)


def _default(field: "Field[Any]") -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()


FROZEN: Mapping[str, str] = {
    "Adoption.asked_thread": "''",
    "Adoption.tries": "0",
    "AdoptionList.waiting": "()",
    "HomeSeen.steps": "()",
    "Preferences.approvals": "False",
    "Preferences.failures": "False",
    "Preferences.finished": "False",
    "Preferences.quiet": "None",
    "Preferences.reminders": "True",
    "Readers.approvals": "()",
    "Readers.failures": "()",
    "Readers.finished": "()",
    "Approval.note": "''",
    "Change.number": "None",
    "Change.sha": "''",
    "Changes.behind": "0",
    "Channels.known": "()",
    "Changes.base": "''",
    "Changes.everyone": "False",
    "Changes.newest_by": "''",
    "ChecksReading.failed": "()",
    "ChecksReading.pending": "()",
    "ChecksReading.missing": "()",
    "ChecksReading.kind": "'checks'",
    "ChecksReading.more_failed": "0",
    "ChecksReading.more_pending": "0",
    "ChecksReading.more_missing": "0",
    "ChecksReading.skipped": "0",
    "Ending.by": "''",
    "Ending.said": "''",
    "Ending.nearest": "()",
    "Entry.begun": "None",
    "Entry.done": "None",
    "Entry.ref": "''",
    "Entry.channel": "''",
    "Entry.shown": "''",
    "Entry.tries": "0",
    "Entry.not_before": "0.0",
    "Entry.error": "''",
    "Entry.gave_up": "False",
    "Entry.failing_since": "None",
    "Entry.limited": "False",
    "Entry.gone_since": "None",
    "GateFact.link": "''",
    "HealthReading.status": "None",
    "HealthReading.version": "None",
    "HealthReading.wrong": "None",
    "HealthReading.kind": "'health'",
    "Incident.number": "None",
    "Incident.pager_id": "''",
    "Incident.url": "''",
    "Incident.channel": "''",
    "Incident.channel_name": "''",
    "Incident.on_call": "()",
    "Incident.status": "''",
    "Incident.acknowledged_by": "''",
    "Incident.acknowledged_at": "None",
    "Incident.resolved_by": "''",
    "Incident.resolved_at": "None",
    "Incident.lead": "''",
    "Incident.lead_since": "None",
    "Incident.notes": "()",
    "Incident.heard": "None",
    "Incident.looked": "None",
    "IncidentNote.link": "''",
    "IncidentsReading.open": "()",
    "IncidentsReading.kind": "'incidents'",
    "IncidentsReading.more": "0",
    "Intent.tried": "()",
    "Intent.unclear": "''",
    "Intent.sha": "''",
    "Intent.bound": "''",
    "Intent.usual": "None",
    "Live.serving": "None",
    "Live.good": "()",
    "Live.undone": "()",
    "Live.revision": "0",
    "Live.deploys": "()",
    "Live.rollbacks": "()",
    "Promotion.asked_in": "''",
    "Promotion.asked_thread": "''",
    "Promotion.phase": "<Phase.WAITING: 'waiting'>",
    "Promotion.since": "0.0",
    "Promotion.sha": "None",
    "Promotion.version_seen": "None",
    "Promotion.on_branch": "None",
    "Promotion.changes": "None",
    "Promotion.approvals": "()",
    "Promotion.signed": "{}",
    "Promotion.gates": "{}",
    "Promotion.waivers": "()",
    "Promotion.awaiting_since": "None",
    "Promotion.intent": "None",
    "Promotion.returned": "False",
    "Promotion.run": "Run(run_id=None, attempt=1, url='', status='', conclusion='', steps=(), actor='', heard=0.0, end_announced=False, started=None, extra_attempt=0, repo='', waiting_since=None, waited=0.0, lost=False, steps_done=0, steps_total=0)",
    "Promotion.stranger": "None",
    "Promotion.wish": "None",
    "Promotion.skip_wait_by": "''",
    "Promotion.skip_wait_for": "''",
    "Promotion.ending": "None",
    "Promotion.previous": "None",
    "Promotion.serving": "None",
    "Promotion.serving_seen": "None",
    "Promotion.undoes": "''",
    "Promotion.undone_by": "''",
    "Promotion.undone_to": "''",
    "Promotion.leaves": "None",
    "Promotion.replaced": "None",
    "Promotion.retries": "''",
    "Promotion.incident": "None",
    "Promotion.ledger": "{}",
    "Promotion.revision": "0",
    "Release.promotion": "''",
    "Release.by": "''",
    "Replaced.version": "''",
    "Replaced.by": "''",
    "Run.run_id": "None",
    "Run.attempt": "1",
    "Run.url": "''",
    "Run.status": "''",
    "Run.conclusion": "''",
    "Run.steps": "()",
    "Run.actor": "''",
    "Run.heard": "0.0",
    "Run.end_announced": "False",
    "Run.started": "None",
    "Run.extra_attempt": "0",
    "Run.repo": "''",
    "Run.waiting_since": "None",
    "Run.waited": "0.0",
    "Run.lost": "False",
    "Run.steps_done": "0",
    "Run.steps_total": "0",
    "Step.url": "''",
    "Unreadable.kind": "'unreadable'",
    "Watch.seconds": "0.0",
    "Wish.asked_at": "None",
    "Wish.forced": "False",
    "Wish.forced_at": "None",
}
