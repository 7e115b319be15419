"""Private replies: an answer to a command or a click that only its author sees."""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from itertools import groupby

from blocks import pieces
from blocks.rendition import Block, Blocks, Rendition
from blocks.text import fit, lines_within
from blocks.words import help, names, refusals, replies, rooms, sentences
from bot.domain.errors import Refusal
from bot.domain.face import Face, StatusRow, WantedForm
from bot.domain.promotion import Release

_MOST_GROUPS = 15
_MOST_VALUE = 2_000  # characters that a button may carry
OPEN_FORM = "open_form"


def _reply(text: str, small: str = "") -> Rendition:
    blocks: Blocks = [pieces.section(text), *([pieces.context(small)] if small else [])]
    return Rendition(text, (blocks,))


def refused(refusal: Refusal) -> Rendition:
    """Say no: the sentence, and its code in small letters."""
    return _reply(refusals.refusal(refusal), refusals.code(refusal))


def not_started(face: Face) -> Rendition:
    """Say why a request was turned away before it had a card, and what to do next."""
    text, code = replies.not_started(face)
    return _reply(text, f"{code} · {names.promotion(face.id)}")


def accepted(id: str, channel: str = "") -> Rendition:
    """Say that a request is stored and its version is being looked up."""
    return _reply(replies.accepted(id, channel))


def rolling_back(face: Face) -> Rendition:
    """Say that a rollback is stored, and what it goes back to."""
    return _reply(replies.rolling_back(face))


def requested(face: Face, link: str) -> Rendition:
    """Say where the card of a new promotion is."""
    return _reply(replies.requested(face, link))


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


def busy() -> Rendition:
    """Say that there is no room for a request now."""
    return _reply(replies.busy())


def newer() -> Rendition:
    """Say that a newer version of the bot has to answer this."""
    return _reply(replies.newer())


def internal(ref: str) -> Rendition:
    """Own up to a failure of ours, with its reference."""
    return _reply(replies.internal(ref), "E28")


def adopted(service: str, environment: str, release: Release) -> Rendition:
    """Say what was recorded as live."""
    return _reply(replies.adopted(service, environment, release))


def help_text(topic: str = "", service: str = "checkout") -> Rendition:
    """Show the help on a topic, with examples for one service."""
    return _reply(help.help_text(topic, service))


def status(rows: Sequence[StatusRow]) -> Rendition:
    """Show what runs where and what is on its way, one paragraph per service."""
    if not rows:
        return _reply(replies.nothing_to_show())
    groups = [(service, list(group)) for service, group in groupby(rows, key=lambda row: row.service)]
    blocks = [_service_status(service, group) for service, group in groups[:_MOST_GROUPS]]
    rest = len(groups) - _MOST_GROUPS
    more = [pieces.context(f"and {rest} more services: name one to see it")] if rest > 0 else []
    text = fit(f"What runs where. {'; '.join(map(_row_words, rows[:20]))}.", 3_000)
    return Rendition(text, ([*blocks, *more],))


def _row_words(row: StatusRow) -> str:
    live, coming = replies.status(row)
    place = f"{names.service(row.service)} {names.environment(row.environment)}"
    return f"{place}: {live}{f', on its way: {coming}' if coming else ''}"


def _service_status(service: str, rows: Sequence[StatusRow]) -> Block:
    lines = [_environment_status(row) for row in rows]
    return pieces.section(lines_within([f"*{names.service(service)}*", *lines], 3_000))


def _environment_status(row: StatusRow) -> str:
    live, coming = replies.status(row)
    return f"{names.environment(row.environment)}: {live}{f' · on its way: {coming}' if coming else ''}"


def why(face: Face) -> Rendition:
    """Show each rule of a promotion with its verdict and what was seen, those in the way first."""
    lines = replies.why_lines(face)
    blocks = [
        pieces.section(replies.why_head(face)),
        *([pieces.section(lines_within(lines, 3_000))] if lines else []),
        pieces.context(sentences.sentence(face)),
    ]
    return Rendition(sentences.sentence(face), (blocks,))


def history(service: str, environment: str, faces: Sequence[Face]) -> Rendition:
    """Show the last promotions of a service, newest first, one line each."""
    if not faces:
        return _reply(replies.no_history(service, environment))
    lines = [replies.history_line(face) for face in faces]
    newest = sentences.sentence(faces[0])
    title = f"Promotions of {names.service(service)}, newest first. {newest}"
    return Rendition(title, ([pieces.section(lines_within(lines, 3_000))],))


def adopting(service: str, environment: str, version: str) -> Rendition:
    """Say that an adoption is stored and being looked up."""
    return _reply(replies.adopting(service, environment, version))


def not_adopted(service: str, environment: str, version: str) -> Rendition:
    """Say that nothing was recorded as live."""
    return _reply(replies.not_adopted(service, environment, version), "E05")


def not_looked_up(service: str, environment: str, version: str, why: str) -> Rendition:
    """Say that an adoption was let go, because the version could not be looked up."""
    return _reply(replies.not_looked_up(service, environment, version, why))


def delayed(face: Face) -> Rendition:
    """Say that GitHub cannot be read, and that the request keeps its place."""
    return _reply(replies.delayed(face), f"E12 · {names.promotion(face.id)}")


def not_opened(wanted: WantedForm) -> Rendition:
    """Say that a form did not open in time, with a button that opens it, filled with what was typed."""
    value = _again(wanted)
    text = replies.not_opened(is_whole=value == _value(wanted))
    button = pieces.button(replies.OPEN_FORM, OPEN_FORM, value, f"{replies.OPEN_FORM} that did not open")
    return Rendition(text, ([pieces.section(text), *pieces.actions("again", [button])],))


def _again(wanted: WantedForm) -> str:
    """What the button carries: the person's own words come back to them, and a server that restarts loses none."""
    kept = wanted
    while len(_value(kept)) > _MOST_VALUE and kept.reason:
        kept = replace(kept, reason=kept.reason[: len(kept.reason) * 3 // 4])
    value = _value(kept)
    return value if len(value) <= _MOST_VALUE else _value(WantedForm(wanted.name, wanted.promotion))


def _value(wanted: WantedForm) -> str:
    return json.dumps({"id": wanted.promotion, "form": asdict(wanted)}, ensure_ascii=False)
