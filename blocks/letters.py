"""Letters: one direct message about one promotion. None has an Approve button: the evidence is on the card."""

from collections.abc import Callable, Mapping

from blocks import pieces
from blocks.rendition import Blocks, Rendition
from blocks.words import reminders
from bot.domain.face import Face
from bot.domain.letters import Occasion

OPEN_CARD = "open_card"

_WORDS: Mapping[Occasion, Callable[[Face, float], str]] = {
    Occasion.NEEDED: reminders.needed,
    Occasion.HALFWAY: reminders.still_needed,
    Occasion.LATE: reminders.soon_over,
    Occasion.FINISHED: reminders.ended,
    Occasion.FAILED: reminders.ended,
}


def letter(occasion: Occasion, face: Face, address: str, now: float) -> Rendition:
    """What somebody is written on an occasion; `address` is the card's, `now` the moment of writing."""
    text = _WORDS[occasion](face, now)
    blocks: Blocks = [pieces.section(text), pieces.context(_small(occasion, face))]
    return Rendition(text, ([*blocks, *_to_the_card(face, address)],))


def _small(occasion: Occasion, face: Face) -> str:
    if occasion in (Occasion.FINISHED, Occasion.FAILED):
        return reminders.why_told(is_own=occasion is Occasion.FINISHED)
    return reminders.beside_approval(face)


def _to_the_card(face: Face, address: str) -> Blocks:
    accessible = f"{reminders.OPEN_CARD} of promotion {face.id}"
    button = pieces.link_button(reminders.OPEN_CARD, OPEN_CARD, address, face.id, accessible)
    return pieces.actions("card", [button] if button else [])
