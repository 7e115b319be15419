"""The card in a channel that is shared with another company: what it is, where it stands, and where the rest is."""

from blocks import buttons, pieces
from blocks.rendition import Rendition, ladder
from blocks.words import channels, sentences, states
from bot.domain.discreet import discreet
from bot.domain.face import Face


def short_card(face: Face) -> Rendition:
    """Render a promotion's message for everybody, strangers among them."""
    shown = discreet(face)
    blocks = [
        pieces.section(states.headline(shown)),
        pieces.context(channels.less_is_shown()),
        *buttons.row(shown),
    ]
    return ladder(sentences.sentence(shown), blocks, blocks)
