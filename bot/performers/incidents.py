"""PagerDuty and the incident channel."""

from blocks import incident as words
from bot.courier import tell
from bot.domain.effects import (
    Invite,
    OpenChannel,
    Page,
    PinCard,
    ReadIncident,
    ResolveIncident,
    SendChange,
    SetTopic,
    ShowIncidentCard,
)
from bot.domain.incident_effects import AcknowledgePage, BriefLead, NoteIncident, TellRoom
from bot.domain.incident_messages import NO_WORD, ChannelOpened, IncidentSeen
from bot.domain.messages import EffectDone, EffectFailed, Fact
from bot.performers.notices import show
from bot.performers.tools import Scene, Tools
from bot.ports import PagerIncident, Refused

READ_AGAIN = 2.0  # seconds until an incident that is not listed yet is looked for again
MOST_READS = 10
MOST_NAMES = 9  # inc-4411-checkout, inc-4411-checkout-2 ...


async def page(tools: Tools, scene: Scene, effect: Page) -> tuple[Fact, ...]:
    """Open the incident; the dedup key makes a repeat harmless."""
    face = effect.face
    links = ((face.run_url, "Run"),) if face.run_url else ()
    await tools.pager.trigger(
        _routing_key(tools, scene),
        effect.dedup,
        summary=words.page_summary(face),
        source=f"{face.service} {face.environment}",
        severity=effect.severity,
        details={
            "promotion": face.id,
            "version": face.version,
            "sha": face.sha,
            "requested by": face.requester.name,
            "reason": face.reason[:500],
        },
        links=links,
    )
    return (EffectDone(scene.promotion.id, effect.key, ref=effect.dedup),)


async def read_incident(tools: Tools, scene: Scene, effect: ReadIncident) -> tuple[Fact, ...]:
    """Read the incident back: only what was read back is linked, and is said of its status."""
    looked, incident = tools.clock.now(), scene.promotion.incident
    found = await tools.pager.find(effect.dedup)
    if found is None:
        entry = scene.promotion.ledger.get(effect.key)
        tries = entry.tries + 1 if entry else 1
        again = tools.clock.now() + READ_AGAIN
        return (
            EffectFailed(
                scene.promotion.id,
                effect.key,
                "PagerDuty does not list the incident yet",
                again,
                gave_up=tries >= MOST_READS,
            ),
        )
    return (
        IncidentSeen(
            promotion=scene.promotion.id,
            pager_id=found.id,
            number=found.number,
            url=found.url,
            status=found.status,
            who=_name(tools, found),
            changed=found.changed,
            looked=looked,
            heard=(incident.heard if incident is not None else None) or NO_WORD,
        ),
    )


def _name(tools: Tools, found: PagerIncident) -> str:
    """Whoever brought it where it is, by the catalog's name if it has one."""
    people = tools.phonebook().people.values()
    known = (person.name for person in people if found.by_id and person.pagerduty == found.by_id)
    return next(known, found.by)


async def open_channel(tools: Tools, scene: Scene, effect: OpenChannel) -> tuple[Fact, ...]:
    """Open the incident channel. A taken name may be our own from before a crash, or another incident's."""
    tried = effect.key in scene.promotion.ledger
    for collision in range(1, MOST_NAMES + 1):
        name = words.channel_name(effect.template, effect.number, scene.promotion.service, collision)
        try:
            channel = await tools.chat.create_channel(name)
        except Refused as no:
            if no.code != "name_taken":
                raise
            ours = await tools.chat.find_channel(name) if tried else None
            if ours is None:
                continue
            channel = ours
        return (ChannelOpened(scene.promotion.id, channel, name),)
    raise Refused("slack", f"every name like {name} is taken", "name_taken")


async def invite(tools: Tools, scene: Scene, effect: Invite) -> tuple[Fact, ...]:
    """Invite who is concerned; somebody who is there already is fine."""
    people = tools.phonebook().people
    users = [people[name].slack for name in effect.people if name in people]
    await tools.chat.invite(effect.channel, users)
    return (EffectDone(scene.promotion.id, effect.key),)


async def show_incident_card(tools: Tools, scene: Scene, effect: ShowIncidentCard) -> tuple[Fact, ...]:
    """Post or edit the card in the incident channel."""
    return await show(tools, scene, effect, words.incident_card(effect.face))


async def pin_card(tools: Tools, scene: Scene, effect: PinCard) -> tuple[Fact, ...]:
    """Pin the incident card."""
    await tools.chat.pin(effect.channel, effect.ts)
    return (EffectDone(scene.promotion.id, effect.key),)


async def set_topic(tools: Tools, scene: Scene, effect: SetTopic) -> tuple[Fact, ...]:
    """Set the incident channel's topic."""
    await tools.chat.set_topic(effect.channel, words.topic(effect.face))
    return (EffectDone(scene.promotion.id, effect.key, shown=effect.shown),)


async def send_change(tools: Tools, scene: Scene, effect: SendChange) -> tuple[Fact, ...]:
    """Tell PagerDuty what changed."""
    face = effect.face
    links = ((face.run_url, "Run"),) if face.run_url else ()
    await tools.pager.change(
        _routing_key(tools, scene),
        summary=words.change_summary(face),
        source=f"{face.service} {face.environment}",
        links=links,
    )
    return (EffectDone(scene.promotion.id, effect.key),)


async def note_incident(tools: Tools, scene: Scene, effect: NoteIncident) -> tuple[Fact, ...]:
    """Write a line of the timeline into PagerDuty's incident."""
    await tools.pager.note(effect.pager_id, words.pager_note(effect.face, effect.line))
    return (EffectDone(scene.promotion.id, effect.key),)


async def acknowledge_page(tools: Tools, scene: Scene, effect: AcknowledgePage) -> tuple[Fact, ...]:
    """Acknowledge the incident in PagerDuty, because somebody did so here."""
    await tools.pager.acknowledge(_routing_key(tools, scene), effect.dedup)
    return (EffectDone(scene.promotion.id, effect.key),)


async def tell_room(tools: Tools, scene: Scene, effect: TellRoom) -> tuple[Fact, ...]:
    """Tell one line of the timeline in the thread of the incident's card."""
    line = words.timeline(effect.face, effect.line)
    promotion = scene.promotion.id
    await tools.chat.post(effect.channel, line.text, line.rungs, thread=effect.thread, promotion=promotion)
    return (EffectDone(promotion, effect.key),)


async def brief_lead(tools: Tools, scene: Scene, effect: BriefLead) -> tuple[Fact, ...]:
    """Tell a new lead what a lead does, where nobody else sees it."""
    await tell(tools.chat, effect.channel, effect.lead, words.duties(effect.face))
    return (EffectDone(scene.promotion.id, effect.key),)


async def resolve_incident(tools: Tools, scene: Scene, effect: ResolveIncident) -> tuple[Fact, ...]:
    """Resolve the incident: somebody closed it, or the catalog says so after a rollback."""
    await tools.pager.resolve(_routing_key(tools, scene), effect.dedup)
    return (EffectDone(scene.promotion.id, effect.key),)


def _routing_key(tools: Tools, scene: Scene) -> str:
    """The service's routing key, read from the environment when it is used."""
    pager = scene.context.rules.service.pagerduty
    if pager is None:
        raise Refused("pagerduty", "the catalog names no routing key", "unset")
    try:
        return tools.secret(pager.routing_key)
    except KeyError:
        name = pager.routing_key.removeprefix("env:")
        raise Refused("pagerduty", f"{name} is not set", "unset") from None
