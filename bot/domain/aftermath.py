"""What is learnt after the end: what serves, the incident, and that somebody undid it."""

from dataclasses import replace

from bot.domain import ledger
from bot.domain.context import Context
from bot.domain.incident import Incident
from bot.domain.incident_messages import ChannelOpened, IncidentSeen, OnCallSeen
from bot.domain.ledger import looked_well
from bot.domain.live import is_past
from bot.domain.messages import EffectDone, ServingSeen, Undone
from bot.domain.promotion import Promotion, Release

MOST_ON_CALL = 15  # names that are kept


def serving_seen(promotion: Promotion, message: ServingSeen, context: Context) -> Promotion:
    """What serves after an end that left it open, if the health body named it; of another one it tells nothing."""
    if is_past(promotion):
        return promotion
    return replace(
        looked_well(promotion, "serving"),
        serving=_named(promotion, message.version, context),
        serving_seen=context.now,
    )


def incident_seen(promotion: Promotion, message: IncidentSeen, context: Context) -> Promotion:
    """The incident as PagerDuty told it."""
    incident = promotion.incident or Incident(key=incident_key(promotion))
    at = context.now if message.looked is None else message.looked
    heard = None if _is_answered(incident.heard, message, at) else incident.heard
    read = replace(incident, number=message.number, pager_id=message.pager_id, url=message.url)
    read = replace(read, looked=at, heard=heard)
    known = looked_well(looked_well(promotion, "incident"), "status")
    return replace(known, incident=_as_pagerduty_says(read, message, context))


def _is_answered(heard: float | None, message: IncidentSeen, at: float) -> bool:
    """Whether it was read for this word. Whoever heard it and whoever reads may have clocks that differ."""
    if heard is None or message.heard is not None:
        return message.heard == heard
    return at >= heard


def _as_pagerduty_says(incident: Incident, message: IncidentSeen, context: Context) -> Incident:
    """What changed in PagerDuty is so here. What people did here stands until PagerDuty has known it and changed it."""
    before, now = incident.status, message.status
    at = context.now if message.changed is None else message.changed
    incident = replace(incident, status=now or before)
    if before == "resolved" and now in {"triggered", "acknowledged"}:
        incident = replace(incident, resolved_by="", resolved_at=None)
    if before in {"acknowledged", "resolved"} and now == "triggered":
        incident = replace(incident, acknowledged_by="", acknowledged_at=None)
    if now == "acknowledged" and incident.acknowledged_at is None:
        incident = replace(incident, acknowledged_by=message.who, acknowledged_at=at)
    if now == "resolved" and incident.resolved_at is None:
        incident = replace(incident, resolved_by=message.who, resolved_at=at)
    return incident


def effect_done(promotion: Promotion, message: EffectDone, context: Context) -> Promotion:
    """It happened; an incident that was resolved of its own accord is over."""
    done = ledger.effect_done(promotion, message, context)
    incident = promotion.incident or Incident(key=incident_key(promotion))
    if message.key not in {ledger.RESOLVE, ledger.STOPPED} or incident.resolved_at is not None:
        return done
    return replace(done, incident=replace(incident, resolved_at=context.now))


def on_call_seen(promotion: Promotion, message: OnCallSeen, context: Context) -> Promotion:
    """Who is on call for the service."""
    incident = promotion.incident or Incident(key=incident_key(promotion))
    done = ledger.effect_done(promotion, EffectDone(promotion.id, "on_call"), context)
    return replace(done, incident=replace(incident, on_call=message.people[:MOST_ON_CALL]))


def channel_opened(promotion: Promotion, message: ChannelOpened, context: Context) -> Promotion:
    """The incident channel is there."""
    incident = promotion.incident or Incident(key=incident_key(promotion))
    done = ledger.effect_done(promotion, EffectDone(promotion.id, "channel", ref=message.channel), context)
    return replace(done, incident=replace(incident, channel=message.channel, channel_name=message.name))


def undone(promotion: Promotion, message: Undone, context: Context) -> Promotion:
    """A rollback of this promotion succeeded."""
    return replace(promotion, undone_by=message.by, undone_to=message.to)


def incident_key(promotion: Promotion) -> str:
    """PagerDuty's dedup key: the same failure is one incident, a new promotion is a new one."""
    return f"greenlight/{promotion.service}/{promotion.environment}/{promotion.id}"


def _named(promotion: Promotion, version: str | None, context: Context) -> Release | None:
    """The release that a version or SHA in a health body means, among those that it can be."""
    if version is None:
        return None
    if _means(version, promotion.version, promotion.sha or ""):
        return Release(
            sha=promotion.sha or "",
            version=promotion.version,
            since=context.now,
            promotion=promotion.id,
            by=promotion.requester,
        )
    return next((one for one in _others(promotion, context) if _means(version, one.version, one.sha)), None)


def _others(promotion: Promotion, context: Context) -> tuple[Release, ...]:
    """What else it can be: what was there before; after a further attempt also what came here since."""
    before = (promotion.previous,) if promotion.previous is not None else ()
    return (*context.live.good, *before) if promotion.run.extra_attempt else before


def _means(said: str, version: str, sha: str) -> bool:
    short = len(said) >= 7 and sha.startswith(said)
    return said == version or (bool(sha) and short)
