"""The forms that handlers open, filled with what is known at once: from the catalog and the store, no vendor."""

import json

from blocks import modals
from blocks.rendition import View
from bot.domain.face import AuditLine, RequestForm, RollbackForm
from bot.domain.live import leaving, rollback_target
from bot.domain.policy import Kind
from bot.domain.promotion import Promotion
from bot.service import Applied
from handlers.desk import Desk, face
from handlers.questions import Place

AUDIT_LINES = 30


def request_form(
    desk: Desk,
    service: str = "",
    version: str = "",
    environment: str = "",
    reason: str = "",
    retries: str = "",
) -> RequestForm:
    """The request form, with the environments and skippable gates of the chosen service."""
    catalog = desk.catalog()
    services = tuple(catalog.services)
    chosen = service if service in catalog.services else (services[0] if services else "")
    environments = catalog.services[chosen].environments if chosen else ()
    target = environment if environment in environments else (environments[-1] if environments else "")
    return RequestForm(
        services=services,
        service=chosen,
        environments=environments,
        environment=target,
        version=version,
        reason=reason,
        retries=retries,
        skippable=_skippable(desk, chosen, target),
    )


def again_form(desk: Desk, promotion: Promotion) -> RequestForm:
    """The request form for asking for the same thing once more."""
    return request_form(
        desk,
        promotion.service,
        promotion.version,
        promotion.environment,
        promotion.reason,
        promotion.id,
    )


async def rollback_form(desk: Desk, place: Place, version: str = "") -> RollbackForm:
    """The rollback form: what serves, what it could go back to, and how."""
    live, _ = await desk.service.contexts.live(place.service, place.environment)
    rules = desk.service.contexts.rules(place.service, place.environment, Kind.ROLLBACK)
    undone = await desk.store.load(place.promotion) if place.promotion else None
    left = leaving(undone) if undone else frozenset()
    first = rollback_target(live, left, version)
    others = tuple(one for one in live.good if one != first and one.sha not in left)
    return RollbackForm(
        service=place.service,
        environment=place.environment,
        current=live.serving,
        targets=((first, *others) if first else others)[:10],
        workflow=rules.deploy.workflow,
        repo=rules.service.repo,
        undoes=place.promotion,
        in_flight=undone.id if undone is not None and undone.phase.is_open else "",
    )


async def details(desk: Desk, applied: Applied) -> View:
    """Everything about one promotion, with the newest lines of its audit log."""
    rows = await desk.store.audit_of(applied.promotion.id, AUDIT_LINES)
    lines = tuple(AuditLine(row.at, row.actor, row.action, _plain(row.detail)) for row in rows)
    return modals.details(face(applied), lines)


def _plain(detail: str) -> str:
    """The detail of an audit row for people: `phase deploying, run_id 8801`."""
    try:
        parts = json.loads(detail)
    except ValueError:
        return detail
    return (
        ", ".join(f"{name} {value}" for name, value in parts.items()) if isinstance(parts, dict) else detail
    )


def _skippable(desk: Desk, service: str, environment: str) -> tuple[str, ...]:
    if not service or not environment:
        return ()
    rules = desk.catalog().rules(service, environment, Kind.PROMOTE)
    return tuple(gate.name for gate in rules.gates if gate.use == "health")
