"""The card and what is said in its thread."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace

from blocks import card as cards
from blocks import replies, thread
from blocks.mention import as_mention
from blocks.rendition import Rendition
from bot.courier import tell
from bot.domain.discreet import discreet
from bot.domain.effects import BROADCASTS, Note, Say, ShowCard, ShowIncidentCard
from bot.domain.face import Face
from bot.domain.messages import EffectDone, EffectFailed, Fact
from bot.domain.plan_notices import CARD
from bot.performers.tools import Scene, Tools, again_at
from bot.ports import Posted, Refused, Unclear, VendorError

log = logging.getLogger(__name__)
LOST = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
NO_ENTRY = frozenset(
    {
        "not_in_channel",
        "channel_not_found",
        "is_archived",
        "restricted_action",
        "restricted_action_read_only_channel",
    }
)

RENDER: Mapping[Note, Callable[[Face], Rendition]] = {
    Note.MENTION: thread.mention,
    Note.VOIDED: thread.voided,
    Note.BLOCKED: thread.blocked,
    Note.STARTED: thread.started,
    Note.UNKNOWN: thread.unknown,
    Note.ERRORED: thread.errored,
    Note.STRANGER: thread.stranger,
    Note.HELD: thread.held,
    Note.UNSTOPPED: thread.unstopped,
    Note.PAGE_FAILED: thread.page_failed,
    Note.EXTRA_ATTEMPT: thread.extra_attempt,
    Note.FAILED: thread.failure,
    Note.ROLLED_BACK: thread.rolled_back,
    Note.TURNED_AWAY: replies.not_started,
    Note.DELAYED: replies.delayed,
}
ABOUT: Mapping[Note, Callable[[Face, str], Rendition]] = {
    Note.APPROVED: thread.approved,
    Note.NOT_OURS: thread.not_ours,
}
PRIVATE = frozenset({Note.TURNED_AWAY, Note.DELAYED})


async def show_card(tools: Tools, scene: Scene, effect: ShowCard) -> tuple[Fact, ...]:
    """Post the card, or edit it where it is."""
    return await show(tools, scene, effect, cards.card(effect.face))


async def show(
    tools: Tools, scene: Scene, effect: ShowCard | ShowIncidentCard, rendition: Rendition
) -> tuple[Fact, ...]:
    """Bring one message up to date; one that is gone is posted anew."""
    try:
        if effect.ts:
            return await _edit(tools, scene, effect, rendition)
        return await _post(tools, scene, effect, rendition)
    except Refused as no:
        if no.code not in NO_ENTRY or effect.key != CARD:
            raise
        return await _locked_out(tools, scene, effect, no)


async def _edit(
    tools: Tools, scene: Scene, effect: ShowCard | ShowIncidentCard, rendition: Rendition
) -> tuple[Fact, ...]:
    promotion = scene.promotion.id
    try:
        await tools.chat.update(
            effect.channel, effect.ts, rendition.text, rendition.rungs, promotion=promotion
        )
    except Refused as no:
        moves = effect.key == CARD and no.code in NO_ENTRY and _shared_channel(tools, scene)
        if no.code not in LOST and not moves:
            raise
        return (_gone(tools, scene, effect.key, no),)
    return (EffectDone(promotion, effect.key, effect.ts, effect.channel, effect.shown),)


async def _post(
    tools: Tools, scene: Scene, effect: ShowCard | ShowIncidentCard, rendition: Rendition
) -> tuple[Fact, ...]:
    """Post where it belongs; the card of a service whose channel is closed goes to the channel that all share."""
    promotion, shared = scene.promotion.id, _shared_channel(tools, scene)
    try:
        posted = await tools.chat.post(effect.channel, rendition.text, rendition.rungs, promotion=promotion)
    except Refused as no:
        if effect.key != CARD or no.code not in NO_ENTRY or not shared:
            raise
        rendition = _moved(scene, effect.face, shared, rendition)
        posted = await tools.chat.post(shared, rendition.text, rendition.rungs, promotion=promotion)
        await _point_to(tools, effect, shared, promotion)
    return (EffectDone(promotion, effect.key, posted.ts, posted.channel, effect.shown),)


def _moved(scene: Scene, face: Face, channel: str, rendition: Rendition) -> Rendition:
    """The card as it may be read where it was not meant to be: people of another company may be there."""
    if face.discreet or not scene.context.channels.is_shared(channel):
        return rendition
    return cards.card(replace(face, discreet=True))


async def _point_to(tools: Tools, effect: ShowCard | ShowIncidentCard, shared: str, promotion: str) -> None:
    """Whoever asked looks for the card where it is not. The card is posted, so nothing here may undo that."""
    words = replies.card_is_elsewhere(effect.channel, shared, promotion)
    try:
        await tools.chat.direct(effect.face.requester.slack, words.text, words.blocks)
    except VendorError as error:
        log.warning("nobody was told where the card is", extra={"why": str(error)})


def _shared_channel(tools: Tools, scene: Scene) -> str:
    """The channel of every service that names none of its own, when this one does."""
    shared = tools.phonebook().channel
    return "" if shared == scene.context.rules.service.channel else shared


def _gone(tools: Tools, scene: Scene, key: str, no: Refused) -> EffectFailed:
    """What it wrote to is there no more: the next look at the plan posts it anew."""
    return EffectFailed(scene.promotion.id, key, no.sentence, tools.clock.now(), lost=True)


async def _locked_out(
    tools: Tools, scene: Scene, effect: ShowCard | ShowIncidentCard, no: Refused
) -> tuple[Fact, ...]:
    """Every channel is closed to the bot: whoever asked is told once, and the door is tried again."""
    promotion = scene.promotion
    entry = promotion.ledger.get(effect.key)
    if entry is None or entry.tries == 0:
        room = scene.context.rules.service.channel
        words = (
            replies.channel_archived(room, promotion.id)
            if no.code == "is_archived"
            else replies.bot_not_in_channel(room, promotion.id)
        )
        await tools.chat.direct(effect.face.requester.slack, words.text, words.blocks)
    over = not promotion.phase.is_open
    again = again_at(no, entry.tries if entry else 0, tools.clock.now(), over=over)
    return (EffectFailed(promotion.id, effect.key, no.sentence, again),)


async def say(tools: Tools, scene: Scene, effect: Say) -> tuple[Fact, ...]:
    """Say one thing once, where it belongs."""
    about = ABOUT.get(effect.note)
    hides = effect.face.discreet and effect.note not in PRIVATE
    face = discreet(effect.face) if hides else effect.face
    rendition = about(face, effect.who) if about else RENDER[effect.note](face)
    if effect.note in PRIVATE:
        words = as_mention(rendition) if effect.thread else rendition  # no slash command works in a thread
        await tell(tools.chat, effect.channel, effect.face.requester, words, effect.thread)
        return (EffectDone(scene.promotion.id, effect.key),)
    try:
        posted = await _said(tools, scene, effect, rendition)
    except Refused as no:
        if not _moves(tools, scene, effect, no):
            raise
        again = EffectFailed(scene.promotion.id, effect.key, no.sentence, tools.clock.now())
        return (_gone(tools, scene, CARD, no), again)
    return (EffectDone(scene.promotion.id, effect.key, posted.ts, posted.channel),)


async def _said(tools: Tools, scene: Scene, effect: Say, rendition: Rendition) -> Posted:
    return await tools.chat.post(
        effect.channel,
        rendition.text,
        rendition.rungs,
        thread=effect.thread or None,
        broadcast=effect.note in BROADCASTS,
        promotion=scene.promotion.id,
    )


def _moves(tools: Tools, scene: Scene, effect: Say, no: Refused) -> bool:
    """Whether the card, and what is said below it, goes elsewhere: once for each thing that is said, so that a
    channel that takes cards and no answers is not filled with cards."""
    entry = scene.promotion.ledger.get(effect.key)
    first = entry is None or entry.tries == 0
    return first and no.code in NO_ENTRY and bool(_shared_channel(tools, scene))


def let_go(error: VendorError) -> bool:
    """Chatter is not repeated when Slack refused it, or when it may have been said."""
    return isinstance(error, Refused | Unclear)
