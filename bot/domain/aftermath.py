"""What is learnt after the end: what serves, the incident, and that somebody undid it."""

from dataclasses import replace

from bot.domain.context import Context
from bot.domain.ledger import effect_done, looked_well
from bot.domain.messages import (
    ChannelOpened,
    EffectDone,
    IncidentSeen,
    OnCallSeen,
    ServingSeen,
    Undone,
)
from bot.domain.promotion import (
    Incident,
    Promotion,
    Release,
)


def serving_seen(promotion: Promotion, message: ServingSeen, context: Context) -> Promotion:
    """What serves after an end that left it open, if the health body named it."""
    return replace(
        looked_well(promotion, "serving"),
        serving=_named(promotion, message.version, context),
        serving_seen=context.now,
    )


def incident_seen(promotion: Promotion, message: IncidentSeen, context: Context) -> Promotion:
    """The incident as PagerDuty told it."""
    incident = promotion.incident or Incident(key=incident_key(promotion))
    seen = replace(incident, number=message.number, pager_id=message.pager_id, url=message.url)
    return replace(looked_well(promotion, "incident"), incident=seen)


def on_call_seen(promotion: Promotion, message: OnCallSeen, context: Context) -> Promotion:
    """Who is on call for the service."""
    incident = promotion.incident or Incident(key=incident_key(promotion))
    done = effect_done(promotion, EffectDone(promotion.id, "on_call"), context)
    return replace(done, incident=replace(incident, on_call=message.people))


def channel_opened(promotion: Promotion, message: ChannelOpened, context: Context) -> Promotion:
    """The incident channel is there."""
    incident = promotion.incident or Incident(key=incident_key(promotion))
    done = effect_done(promotion, EffectDone(promotion.id, "channel", ref=message.channel), context)
    return replace(done, incident=replace(incident, channel=message.channel, channel_name=message.name))


def undone(promotion: Promotion, message: Undone, context: Context) -> Promotion:
    """A rollback of this promotion succeeded."""
    return replace(promotion, undone_by=message.by, undone_to=message.to)


def incident_key(promotion: Promotion) -> str:
    """PagerDuty's dedup key: the same failure is one incident, a new promotion is a new one."""
    return f"greenlight/{promotion.service}/{promotion.environment}/{promotion.id}"


def _named(promotion: Promotion, version: str | None, context: Context) -> Release | None:
    """The release that a version or SHA in a health body means, among the two that it can be."""
    if version is None:
        return None
    previous = promotion.previous
    if _means(version, promotion.version, promotion.sha or ""):
        return Release(
            sha=promotion.sha or "",
            version=promotion.version,
            since=context.now,
            promotion=promotion.id,
            by=promotion.requester,
        )
    if previous is not None and _means(version, previous.version, previous.sha):
        return previous
    return None


def _means(said: str, version: str, sha: str) -> bool:
    short = len(said) >= 7 and sha.startswith(said)
    return said == version or (bool(sha) and short)
