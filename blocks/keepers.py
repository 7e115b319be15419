"""What those who keep the catalog are told in private."""

from collections.abc import Sequence

from blocks import pieces
from blocks.rendition import Rendition
from blocks.words import catalog, channels
from bot.domain.channels import Channel

CODE = "E26"


def channel_shared(channel: Channel) -> Rendition:
    """Say that a channel is shared with another company, what follows, and how to end it."""
    text = channels.shared(channel)
    return Rendition(text, ([pieces.section(text), pieces.context("E56")],), "E56")


def catalog_refused(problems: Sequence[str], since: float) -> Rendition:
    """Say that a changed catalog was refused, and that the one loaded at `since` still counts."""
    text = catalog.refused(problems, since)
    return Rendition(text, ([pieces.section(text), pieces.context(CODE)],), CODE)
