"""What a failed deploy calls for: the page, the incident channel, and afterwards what the rollback did."""

from collections.abc import Iterator

from bot.domain.aftermath import incident_key
from bot.domain.claims import told_at
from bot.domain.effects import (
    Invite,
    LookAtOnCall,
    OpenChannel,
    Page,
    PinCard,
    ReadIncident,
    ResolveIncident,
    SendChange,
    SetTopic,
    ShowIncidentCard,
)
from bot.domain.face import Face
from bot.domain.incident import Incident
from bot.domain.ledger import INCIDENT_LOOK, PAGE, STOPPED, UNSTOPPED
from bot.domain.live import serving_settles
from bot.domain.needs import NOW, Need, Scene
from bot.domain.plan_notices import show
from bot.domain.plan_room import INCIDENT_CARD, life_needs, may_have_gone
from bot.domain.policy import PagerService, digest_of
from bot.domain.portrait import face_of
from bot.domain.promotion import Phase
from bot.domain.run_facts import is_unstopped

MOST_INVITED = 15
PATIENCE = 60.0  # seconds that the channel waits for the incident's number


def incident_needs(scene: Scene) -> Iterator[Need]:
    """Nothing of this can hold up a rollback: it is another promotion."""
    promotion, rules = scene.promotion, scene.context.rules
    pager = rules.service.pagerduty
    if promotion.phase is Phase.SUCCEEDED and pager is not None:
        yield from _change(scene)
    if pager is not None and rules.on_failure.page is not None:
        yield from _unstopped(scene, rules.on_failure.page)
    if promotion.phase is not Phase.FAILED and promotion.incident is None:
        return
    face = face_of(promotion, scene.context, scene.requirements)
    if promotion.phase is Phase.FAILED:
        yield from _failed(scene, face)
    yield from life_needs(scene, face)


def _failed(scene: Scene, face: Face) -> Iterator[Need]:
    rules, pager = scene.context.rules, scene.context.rules.service.pagerduty
    if pager is not None and rules.on_failure.page is not None:
        yield from _page(scene, face, pager, rules.on_failure.page)
    if rules.on_failure.incident_channel:
        yield from _channel(scene, face)


def _unstopped(scene: Scene, severity: str) -> Iterator[Need]:
    """A run that cannot be stopped is somebody's matter now; one that failed after that stays so, under one key."""
    promotion, dedup = scene.promotion, incident_key(scene.promotion)
    if is_unstopped(promotion, scene.context) and not scene.is_done(UNSTOPPED):
        face = face_of(promotion, scene.context, scene.requirements)
        yield Need(NOW, Page(key=UNSTOPPED, face=face, dedup=dedup, severity=severity))
    over = not promotion.phase.is_open and promotion.phase is not Phase.FAILED
    if over and scene.is_done(UNSTOPPED) and not scene.is_done(STOPPED):
        yield Need(NOW, ResolveIncident(key=STOPPED, dedup=dedup))


def _change(scene: Scene) -> Iterator[Need]:
    """A change event says what changed to whoever is paged next; one that may have gone is not repeated."""
    if may_have_gone(scene, "change"):
        return
    face = face_of(scene.promotion, scene.context, scene.requirements)
    yield Need(NOW, SendChange(key="change", face=face))


def _page(scene: Scene, face: Face, pager: PagerService, severity: str) -> Iterator[Need]:
    promotion, key = scene.promotion, incident_key(scene.promotion)
    if not scene.is_done(PAGE):
        at = serving_settles(promotion, scene.context)
        yield Need(at, Page(key=PAGE, face=face, dedup=key, severity=severity))
        return
    incident = promotion.incident
    if incident is None or incident.number is None:
        yield Need(NOW, ReadIncident(key=INCIDENT_LOOK, dedup=key))
    if not scene.is_done("on_call"):
        yield Need(NOW, LookAtOnCall(key="on_call", service=pager.service))


def _channel(scene: Scene, face: Face) -> Iterator[Need]:
    promotion, rules = scene.promotion, scene.context.rules
    incident = promotion.incident
    if incident is None or not incident.channel:
        at = NOW if _number_is_settled(scene) else promotion.since + PATIENCE
        number = _number(incident, promotion.id)
        template = rules.incident_name
        yield Need(at, OpenChannel(key="channel", face=face, template=template, number=number))
        return
    yield from _incident_card(scene, face, incident.channel)
    yield from _invite(scene, incident)
    topic = digest_of((face.state, face.serving, face.undone_by, face.replaced, _named(face)))
    shown = scene.entry("topic")
    if shown is None or shown.shown != topic:
        topic_at = told_at(promotion)
        yield Need(topic_at, SetTopic(key="topic", face=face, shown=topic, channel=incident.channel))


def _named(face: Face) -> object:
    """What a topic says of the incident: not each thing that happens to it."""
    one = face.incident
    return (one.number, one.on_call, one.lead, one.resolved_at is None) if one is not None else None


def _incident_card(scene: Scene, face: Face, channel: str) -> Iterator[Need]:
    yield from show(scene, face, INCIDENT_CARD, channel, ShowIncidentCard, at=told_at(scene.promotion))
    entry = scene.entry(INCIDENT_CARD)
    if entry is not None and entry.ref and not scene.is_done("pin"):
        yield Need(NOW, PinCard(key="pin", channel=channel, ts=entry.ref))


def _invite(scene: Scene, incident: Incident) -> Iterator[Need]:
    """Whoever asked, whoever approved, and whoever is on call, once that is known."""
    promotion = scene.promotion
    paged = scene.context.rules.service.pagerduty is not None and scene.is_done(PAGE)
    if scene.is_done("invite") or (paged and not scene.is_over("on_call")):
        return
    approvers = promotion.intent.approvers if promotion.intent else ()
    people = tuple(dict.fromkeys((promotion.requester, *approvers, *incident.on_call)))
    yield Need(NOW, Invite(key="invite", channel=incident.channel, people=people[:MOST_INVITED]))


def _number_is_settled(scene: Scene) -> bool:
    rules = scene.context.rules
    if rules.service.pagerduty is None or rules.on_failure.page is None:
        return True
    incident = scene.promotion.incident
    read_back = incident is not None and incident.number is not None
    return read_back or scene.is_over(INCIDENT_LOOK) or _gave_up(scene, PAGE)


def _gave_up(scene: Scene, key: str) -> bool:
    entry = scene.entry(key)
    return entry is not None and entry.gave_up


def _number(incident: Incident | None, promotion: str) -> str:
    return str(incident.number) if incident is not None and incident.number else promotion.lower()
