"""Modals that answer a question: for shortcuts, which have no channel to answer in."""

from collections.abc import Sequence

from blocks import pieces
from blocks.answers import status_blocks, why_blocks
from blocks.modals import MESSAGE, message
from blocks.rendition import View
from blocks.views import modal
from blocks.words import answers, help, shortcuts
from bot.domain.face import Face, StatusRow

_MOST_GROUPS = 60


def status(rows: Sequence[StatusRow], note: str = "") -> View:
    """What runs where."""
    if not rows:
        return message(answers.STATUS, answers.nothing_to_show())
    small = [pieces.context(note)] if note else []
    return modal(MESSAGE, answers.STATUS, [*status_blocks(rows, _MOST_GROUPS), *small])


def why(face: Face) -> View:
    """Why a promotion stands where it stands."""
    return modal(MESSAGE, shortcuts.EXPLAIN, why_blocks(face), id=face.id, rev=face.digest)


def help_text(service: str) -> View:
    """The help, with examples for one service."""
    return modal(MESSAGE, help.TITLE, [pieces.section(help.help_text("", service))])


def not_ours(title: str) -> View:
    """Say that a message belongs to no promotion."""
    return message(title, shortcuts.not_ours())


def unknown() -> View:
    """Say that there is no such shortcut."""
    return message(shortcuts.SHORTCUT, shortcuts.unknown())


def said(text: str) -> View:
    """A refusal, or trouble on our side, where there is no channel to say it in."""
    return message(shortcuts.SHORTCUT, text)
