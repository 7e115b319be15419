"""The card and what is said in its thread."""

from collections.abc import Callable, Mapping

from blocks import card as cards
from blocks import replies, thread
from blocks.rendition import Rendition
from bot.courier import tell
from bot.domain.effects import BROADCASTS, Note, Say, ShowCard, ShowIncidentCard
from bot.domain.face import Face
from bot.domain.messages import EffectDone, EffectFailed, Fact
from bot.performers.tools import Scene, Tools, again_at
from bot.ports import Posted, Refused, Unclear, VendorError

LOST = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
NO_ENTRY = frozenset({"not_in_channel", "channel_not_found", "is_archived"})

RENDER: Mapping[Note, Callable[[Face], Rendition]] = {
    Note.MENTION: thread.mention,
    Note.VOIDED: thread.voided,
    Note.BLOCKED: thread.blocked,
    Note.STARTED: thread.started,
    Note.UNKNOWN: thread.unknown,
    Note.ERRORED: thread.errored,
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
    promotion = scene.promotion.id
    text, rungs = rendition.text, rendition.rungs
    if effect.ts:
        try:
            await tools.chat.update(effect.channel, effect.ts, text, rungs, promotion=promotion)
        except Refused as no:
            if no.code not in LOST:
                raise
            gone = EffectFailed(promotion, effect.key, no.sentence, tools.clock.now(), lost=True)
            return (gone,)
        return (EffectDone(promotion, effect.key, effect.ts, effect.channel, effect.shown),)
    try:
        posted = await tools.chat.post(effect.channel, text, rungs, promotion=promotion)
    except Refused as no:
        if no.code not in NO_ENTRY:
            raise
        return await _locked_out(tools, scene, effect, no)
    return (EffectDone(promotion, effect.key, posted.ts, posted.channel, effect.shown),)


async def _locked_out(
    tools: Tools, scene: Scene, effect: ShowCard | ShowIncidentCard, no: Refused
) -> tuple[Fact, ...]:
    """The channel is closed to the bot: whoever asked is told once, and the door is tried again."""
    promotion = scene.promotion
    entry = promotion.ledger.get(effect.key)
    if entry is None or entry.tries == 0:
        words = replies.bot_not_in_channel(effect.channel, promotion.id)
        await tools.chat.direct(effect.face.requester.slack, words.text, words.blocks)
    over = not promotion.phase.is_open
    again = again_at(no, entry.tries if entry else 0, tools.clock.now(), over=over)
    return (EffectFailed(promotion.id, effect.key, no.sentence, again),)


async def say(tools: Tools, scene: Scene, effect: Say) -> tuple[Fact, ...]:
    """Say one thing once, where it belongs."""
    about = ABOUT.get(effect.note)
    rendition = about(effect.face, effect.who) if about else RENDER[effect.note](effect.face)
    if effect.note in PRIVATE:
        await tell(tools.chat, effect.channel, effect.face.requester, rendition)
        return (EffectDone(scene.promotion.id, effect.key),)
    posted: Posted = await tools.chat.post(
        effect.channel,
        rendition.text,
        rendition.rungs,
        thread=effect.thread or None,
        broadcast=effect.note in BROADCASTS,
        promotion=scene.promotion.id,
    )
    return (EffectDone(scene.promotion.id, effect.key, posted.ts, posted.channel),)


def let_go(error: VendorError) -> bool:
    """Chatter is not repeated when Slack refused it, or when it may have been said."""
    return isinstance(error, Refused | Unclear)
