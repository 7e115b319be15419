"""What cards show of an incident, and what people may press there."""

from bot.domain.context import Context
from bot.domain.face import Button, IncidentFace
from bot.domain.incident import Incident
from bot.domain.incident_life import ACKNOWLEDGE, CLOSE, has_room, may_be_open
from bot.domain.ledger import PAGE
from bot.domain.policy import Person
from bot.domain.promotion import Promotion


def incident_face(promotion: Promotion, context: Context) -> IncidentFace | None:
    """The incident as far as it is known; None: there is none."""
    incident, page = promotion.incident, promotion.ledger.get(PAGE)
    if incident is None and page is None:
        return None
    known = incident or Incident(key="")

    def person(name: str) -> Person | None:
        return context.person(name) if name else None

    return IncidentFace(
        number=known.number,
        url=known.url,
        channel=known.channel,
        on_call=tuple(context.person(name) for name in known.on_call),
        asked=page is not None and page.done is not None,
        delayed=page.error if page is not None and page.done is None else "",
        gave_up=page is not None and page.gave_up,
        status=known.status,
        unread_since=_unread_since(promotion, known, context.now),
        acknowledged_by=person(known.acknowledged_by),
        acknowledged_at=known.acknowledged_at,
        resolved_by=person(known.resolved_by),
        resolved_at=known.resolved_at,
        lead=person(known.lead),
        untold=_untold(promotion),
        buttons=_buttons(known),
    )


def _unread_since(promotion: Promotion, incident: Incident, now: float) -> float | None:
    is_over = incident.resolved_at is not None
    return None if is_over or may_be_open(promotion, now) else incident.looked


def _untold(promotion: Promotion) -> str:
    """What PagerDuty answered to what people did here, as long as it has not taken it."""
    lines = (
        entry
        for key, entry in promotion.ledger.items()
        if key.startswith((ACKNOWLEDGE, CLOSE)) and entry.done is None
    )
    return next((entry.error for entry in lines if entry.error), "")


def _buttons(incident: Incident) -> tuple[Button, ...]:
    is_open = incident.resolved_at is None
    shown = {
        Button.ACKNOWLEDGE: is_open and incident.acknowledged_at is None,
        Button.TAKE_LEAD: is_open,
        Button.ADD_NOTE: has_room(incident),
        Button.RESOLVE: is_open,
    }
    return tuple(button for button, is_shown in shown.items() if is_shown)
