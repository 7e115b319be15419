"""Performing effects: look, act, report. What came of it goes back through the door as facts.

Nothing here decides or stores. A vendor's error is a fact as well: what failed, and when it may be tried again.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.domain import effects as kinds
from bot.domain.effects import Effect
from bot.domain.incident_effects import AcknowledgePage, BriefLead, NoteIncident, TellRoom
from bot.domain.letters import WriteLetter
from bot.domain.messages import DispatchUnclear, EffectFailed, Fact
from bot.performers import deploys, incidents, looks, notices, reminders
from bot.performers.tools import GONE, Scene, Tools, again_at
from bot.ports import Limited, Refused, VendorError

Perform = Callable[[Tools, Scene, Any], Awaitable[tuple[Fact, ...]]]
Performing = Callable[[Tools, Scene, Effect], Awaitable[tuple[Fact, ...]]]

PERFORMERS: Mapping[type, Perform] = {
    kinds.LookAtVersion: looks.look_at_version,
    kinds.LookAtGate: looks.look_at_gate,
    kinds.LookAtTeam: looks.look_at_team,
    kinds.LookAtServing: looks.look_at_serving,
    kinds.LookAtOnCall: looks.look_at_on_call,
    kinds.Dispatch: deploys.dispatch,
    kinds.LookForRun: deploys.look_for_run,
    kinds.ReadRun: deploys.read_run,
    kinds.CancelRun: deploys.cancel_run,
    kinds.ShowCard: notices.show_card,
    kinds.Say: notices.say,
    WriteLetter: reminders.write_letter,
    kinds.Page: incidents.page,
    kinds.ReadIncident: incidents.read_incident,
    kinds.OpenChannel: incidents.open_channel,
    kinds.Invite: incidents.invite,
    kinds.ShowIncidentCard: incidents.show_incident_card,
    kinds.PinCard: incidents.pin_card,
    kinds.SetTopic: incidents.set_topic,
    kinds.SendChange: incidents.send_change,
    NoteIncident: incidents.note_incident,
    AcknowledgePage: incidents.acknowledge_page,
    TellRoom: incidents.tell_room,
    BriefLead: incidents.brief_lead,
    kinds.ResolveIncident: incidents.resolve_incident,
}

PATIENCE = 3600.0  # seconds for which an outage of a vendor may last
# What a promotion can do without when the vendor does not come back within that time.
LET_GO = (
    kinds.ReadIncident,
    kinds.LookAtOnCall,
    kinds.LookAtServing,
    kinds.OpenChannel,
    kinds.Invite,
    kinds.PinCard,
    kinds.SetTopic,
)
# A definite no to one of these will not become a yes by asking again.
FINAL_NO = (
    kinds.Page,
    kinds.ReadIncident,
    kinds.LookAtOnCall,
    kinds.Invite,
    kinds.PinCard,
    kinds.SetTopic,
    kinds.SendChange,
    NoteIncident,
    AcknowledgePage,
    kinds.ResolveIncident,
)
# Said at most once: when nobody can say whether it was, it is not said again.
AT_MOST_ONCE = (kinds.SendChange, NoteIncident, TellRoom, BriefLead)


async def perform(tools: Tools, scene: Scene, effect: Effect) -> tuple[Fact, ...]:
    """Do one effect and report what came of it."""
    try:
        return await PERFORMERS[type(effect)](tools, scene, effect)
    except VendorError as error:
        return (failed(scene, effect, error, tools.clock.now()),)


def failed(scene: Scene, effect: Effect, error: VendorError, now: float) -> EffectFailed:
    """What a vendor's error means for an effect."""
    entry = scene.promotion.ledger.get(effect.key)
    failing_since = now if entry is None or entry.failing_since is None else entry.failing_since
    return EffectFailed(
        promotion=scene.promotion.id,
        key=effect.key,
        why=error.sentence,
        again=again_at(error, entry.tries if entry else 0, now, over=not scene.promotion.phase.is_open),
        gave_up=_gives_up(effect, error, now - failing_since),
        limited=isinstance(error, Limited),
        gone=isinstance(error, Refused) and error.code in GONE,
    )


def broke(scene: Scene, effect: Effect, reference: str, now: float) -> Fact:
    """What a fault of our own means: a dispatch may have left, everything else is tried again later."""
    if isinstance(effect, kinds.Dispatch):
        return DispatchUnclear(scene.promotion.id, effect.number, f"internal ({reference})")
    return EffectFailed(
        promotion=scene.promotion.id,
        key=effect.key,
        why=f"internal ({reference})",
        again=now + 60.0,
    )


def _gives_up(effect: Effect, error: VendorError, failing_for: float) -> bool:
    if isinstance(error, Refused) and isinstance(effect, FINAL_NO):
        return True
    if isinstance(effect, kinds.Say) and effect.note not in kinds.MUST_ARRIVE:
        return notices.let_go(error)
    if isinstance(effect, AT_MOST_ONCE):
        return notices.let_go(error)
    let_go = isinstance(effect, LET_GO) or (isinstance(effect, kinds.ReadRun) and effect.after)
    return let_go and failing_for >= PATIENCE
