"""Private replies: an answer to a command or a click that only its author sees."""

import json
from dataclasses import asdict, replace

from blocks import pieces
from blocks.rendition import Block, Blocks, Rendition
from blocks.words import names, receipts, refusals, replies, rooms
from bot.domain.errors import Refusal
from bot.domain.face import Face, WantedForm
from bot.domain.promotion import Release

_MOST_VALUE = 2_000  # characters that a button may carry
OPEN_FORM = "open_form"


def _reply(text: str, code: str = "", about: str = "") -> Rendition:
    small = " · ".join(part for part in (code, about) if part)
    blocks: Blocks = [pieces.section(text), *([pieces.context(small)] if small else [])]
    return Rendition(text, (blocks,), code)


def refused(refusal: Refusal) -> Rendition:
    """Say no: the sentence, and its code in small letters."""
    return _reply(refusals.refusal(refusal), refusals.code(refusal))


def not_started(face: Face) -> Rendition:
    """Say why a request was turned away before it had a card, and what to do next."""
    text, code = replies.not_started(face)
    return _reply(text, code, names.promotion(face.id))


def asked(face: Face, channel: str) -> Rendition:
    """Say that a request is stored, where its card comes, and where its author hears of it when it gets none."""
    return _reply(receipts.asked(face, channel))


def recorded(face: Face) -> Rendition:
    """Say that a typed command was done, and where the promotion stands now."""
    return _reply(replies.recorded(face))


def recorded_checking_membership(face: Face) -> Rendition:
    """Say that an approval is stored and counts once the person's team is known."""
    return _reply(replies.checking_membership(face))


def duplicate_of(id: str) -> Rendition:
    """Say that the same thing was done already, once."""
    return _reply(replies.duplicate_of(id))


def stale_copy(face: Face, link: str) -> Rendition:
    """Send somebody from a left-over card to the live one."""
    return _reply(replies.stale_copy(face, link))


def bot_not_in_channel(channel: str, id: str) -> Rendition:
    """Say how to let the bot into the channel of a promotion's card."""
    return _reply(rooms.not_in_channel(channel, id), "E20")


def channel_archived(channel: str, id: str) -> Rendition:
    """Say that a promotion goes on although its channel is archived."""
    return _reply(rooms.archived(channel, id), "E20")


def card_is_elsewhere(channel: str, shared: str, id: str) -> Rendition:
    """Say that a card is in the channel that all services share, and how to bring the next one home."""
    return _reply(rooms.card_is_elsewhere(channel, shared, id), "E20")


def rate_limited(vendor: str, seconds: float, id: str = "") -> Rendition:
    """Say that a vendor asks to wait."""
    return _reply(replies.rate_limited(vendor, seconds, id), "E19")


def store_down() -> Rendition:
    """Say that nothing can be stored, so nothing is done."""
    return _reply(replies.store_down(), "E25")


def store_unclear() -> Rendition:
    """Say that it cannot be said whether something was stored."""
    return _reply(replies.store_unclear(), "E25")


def not_first() -> Rendition:
    """Say that a message which names the bot somewhere in it was not taken for a command, and how to give one."""
    return _reply(replies.not_first())


def comes_again() -> Rendition:
    """Say that a mention is not done yet, and that nobody needs to repeat it."""
    return _reply(replies.comes_again(), "E25")


def busy() -> Rendition:
    """Say that there is no room for a request now."""
    return _reply(replies.busy(), "E48")


def newer() -> Rendition:
    """Say that a newer version of the bot has to answer this."""
    return _reply(replies.newer(), "E49")


def internal(ref: str) -> Rendition:
    """Own up to a failure of ours, with its reference."""
    return _reply(replies.internal(ref), "E28")


def adopted(service: str, environment: str, release: Release) -> Rendition:
    """Say what was recorded as live."""
    return _reply(replies.adopted(service, environment, release))


def adopting(service: str, environment: str, version: str) -> Rendition:
    """Say that an adoption is stored and being looked up."""
    return _reply(replies.adopting(service, environment, version))


def not_adopted(service: str, environment: str, version: str) -> Rendition:
    """Say that nothing was recorded as live."""
    return _reply(replies.not_adopted(service, environment, version), "E05")


def not_looked_up(service: str, environment: str, version: str, why: str) -> Rendition:
    """Say that an adoption was let go, because the version could not be looked up."""
    return _reply(replies.not_looked_up(service, environment, version, why), "E12")


def delayed(face: Face) -> Rendition:
    """Say that GitHub cannot be read, and that the request keeps its place."""
    return _reply(replies.delayed(face), "E12", names.promotion(face.id))


def not_opened(wanted: WantedForm) -> Rendition:
    """Say that a form did not open in time, with a button that opens it, filled with what was typed."""
    text = replies.not_opened(is_whole=_again(wanted) == _value(wanted))
    return _with_form(text, wanted, replies.OPEN_AGAIN)


def form_here(wanted: WantedForm) -> Rendition:
    """Offer a form where none can open by itself: Slack opens one for a click only."""
    text = replies.form_here(is_whole=_again(wanted) == _value(wanted))
    return _with_form(text, wanted, replies.OPEN_FILLED)


def _with_form(text: str, wanted: WantedForm, accessible: str) -> Rendition:
    button = open_form(replies.OPEN_FORM, wanted, accessible)
    return Rendition(text, ([pieces.section(text), *pieces.actions("again", [button])],))


def open_form(label: str, wanted: WantedForm, accessible: str) -> Block:
    """A button that opens a form, filled with what it carries, and does nothing else."""
    return pieces.button(label, OPEN_FORM, _again(wanted), accessible)


def _again(wanted: WantedForm) -> str:
    """What the button carries: the person's own words come back to them, and a server that restarts loses none."""
    kept = wanted
    while len(_value(kept)) > _MOST_VALUE and kept.reason:
        kept = replace(kept, reason=kept.reason[: len(kept.reason) * 3 // 4])
    value = _value(kept)
    return value if len(value) <= _MOST_VALUE else _value(WantedForm(wanted.name, wanted.promotion))


def _value(wanted: WantedForm) -> str:
    return json.dumps({"id": wanted.promotion, "form": asdict(wanted)}, ensure_ascii=False)
