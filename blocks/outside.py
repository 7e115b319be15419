"""What a service's channel hears of a deploy that nobody asked Greenlight for."""

from collections.abc import Sequence

from blocks import pieces
from blocks.rendition import Rendition
from blocks.words import outside
from bot.domain.policy import Service


def started_outside(services: Sequence[Service], workflow: str, actor: str, url: str) -> Rendition:
    """Say who started a deploy workflow beside Greenlight, and what to do when it deployed something."""
    text = outside.started_outside(services, workflow, actor, url)
    return Rendition(text, ([pieces.section(text)],))
