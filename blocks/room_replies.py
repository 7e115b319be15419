"""Private answers about an incident, to whoever acknowledged, led, noted or resolved."""

from collections.abc import Sequence

from blocks import pieces
from blocks.modals import message
from blocks.rendition import Rendition, View
from blocks.words import room_replies as words
from bot.domain.face import Face
from bot.domain.incident_messages import (
    AcknowledgeIncident,
    AddNote,
    CloseIncident,
    IncidentCommand,
    TakeLead,
)
from bot.domain.policy import Person


def done(face: Face, command: IncidentCommand) -> Rendition:
    """Say that a typed line was done."""
    match command:
        case AcknowledgeIncident():
            return _reply(words.acknowledged(face))
        case TakeLead():
            return _reply(words.led(face))
        case AddNote():
            return _reply(words.noted(face))
        case CloseIncident():
            return _reply(words.resolved(face))


def unchanged(face: Face, command: IncidentCommand, now: float) -> Rendition:
    """Say that it was so already, and who had brought it there."""
    match command:
        case AcknowledgeIncident():
            return _reply(words.acknowledged_already(face, now))
        case TakeLead():
            return _reply(words.led_already(face))
        case AddNote():
            return _reply(words.noted_already(face))
        case CloseIncident():
            return _reply(words.resolved_already(face, now))


def attached_already(face: Face, by: Person) -> Rendition:
    """Say that a message is a note already, and who attached it."""
    return _reply(words.attached_already(face, by))


def attach_where(faces: Sequence[Face], *, more: int = 0) -> View:
    """Say where a message can be attached to an incident, and which are open."""
    return message(words.ATTACH, words.attach_where(faces, more=more))


def _reply(text: str) -> Rendition:
    return Rendition(text, ([pieces.section(text)],))
