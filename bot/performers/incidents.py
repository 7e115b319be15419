"""PagerDuty and the incident channel."""

from blocks import incident as words
from bot.domain.effects import (
    Invite,
    NoteIncident,
    OpenChannel,
    Page,
    PinCard,
    ReadIncident,
    ResolveIncident,
    SendChange,
    SetTopic,
    ShowIncidentCard,
)
from bot.domain.messages import ChannelOpened, EffectDone, EffectFailed, Fact, IncidentSeen
from bot.performers.notices import show
from bot.performers.tools import Scene, Tools
from bot.ports import Refused

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
    """Read the incident back: only what was read back is linked."""
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
    return (IncidentSeen(scene.promotion.id, found.id, found.number, found.url),)


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
    """Write into the incident that the environment was rolled back."""
    await tools.pager.note(effect.incident.pager_id, words.rollback_note(effect.face))
    return (EffectDone(scene.promotion.id, effect.key),)


async def resolve_incident(tools: Tools, scene: Scene, effect: ResolveIncident) -> tuple[Fact, ...]:
    """Resolve the incident, because the catalog says so after a rollback."""
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
