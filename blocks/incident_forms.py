"""The two forms of an incident: a note, and its end."""

from blocks import pieces
from blocks.inputs import paragraph
from blocks.rendition import Block, Blocks, View
from blocks.views import modal
from blocks.words import incident_forms as words
from blocks.words.timeline import MOST_NOTE
from bot.domain.face import Face

NOTE = "promo.incident_note"
RESOLVE = "promo.incident_resolve"


def note(face: Face, text: str = "") -> View:
    """Ask what is to be written down."""
    blocks: Blocks = [
        pieces.section(words.what(face)),
        paragraph("note", words.NOTE, text, words.NOTE_EXAMPLE, words.NOTE_HINT, least=1, most=MOST_NOTE),
    ]
    return modal(NOTE, words.ADD_NOTE, blocks, id=face.id, rev=face.digest, submit=words.ADD_NOTE)


def resolve(face: Face, text: str = "") -> View:
    """Ask for a last note, and say so when what failed still serves."""
    blocks: Blocks = [
        *_warning(face),
        pieces.section(words.end(face)),
        paragraph(
            "note", words.LAST_NOTE, text, words.LAST_EXAMPLE, words.NOTE_HINT, optional=True, most=MOST_NOTE
        ),
    ]
    return modal(RESOLVE, words.TITLE, blocks, id=face.id, rev=face.digest, submit=words.RESOLVE)


def _warning(face: Face) -> list[Block]:
    said = words.still_serves(face)
    return [{"type": "alert", "level": "warning", "text": pieces.plain(said, 200)}] if said else []
