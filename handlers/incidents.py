"""An incident's room: acknowledge, take the lead, note and resolve, by a button, a form or a line.

Whoever is in the catalog may: at 3 a.m. it helps who is awake. What was done is on the card and below it; a click
that changed nothing, and a line, are answered privately.
"""

from dataclasses import replace

from blocks import incident_forms, replies, room_replies
from blocks.rendition import Rendition
from bot.domain import incident_life
from bot.domain import lines as line
from bot.domain.errors import NoSuchPromotion, Refusal
from bot.domain.face import Button, WantedForm
from bot.domain.incident_messages import (
    AcknowledgeIncident,
    AddNote,
    CloseIncident,
    IncidentCommand,
    TakeLead,
)
from bot.domain.policy import Person
from bot.domain.promotion import Promotion
from bot.service import Answer, Applied, Unavailable
from bot.store.protocol import StoreDown
from handlers.asked import Asked
from handlers.desk import Desk, Trigger, face, words
from handlers.payloads import Click

ANYTHING = "-"  # a note that would be taken whenever one is


async def acknowledge(desk: Desk, person: Person, click: Click, applied: Applied) -> None:
    """Somebody presses Acknowledge."""
    await _press(desk, person, click, AcknowledgeIncident(click.promotion, person.name))


async def take_lead(desk: Desk, person: Person, click: Click, applied: Applied) -> None:
    """Somebody presses I am lead."""
    await _press(desk, person, click, TakeLead(click.promotion, person.name))


async def _press(desk: Desk, person: Person, click: Click, command: IncidentCommand) -> None:
    answer = await desk.service.handle(command, dedupe=f"slack:{click.delivery}")
    if isinstance(answer, Unavailable):
        raise StoreDown(answer.why)  # it is not acknowledged: Slack shows the person that it did not arrive
    said = said_of(desk, answer, command)
    if said is not None:
        desk.whisper(click.channel, person, said)


def said_of(desk: Desk, answer: Answer, command: IncidentCommand) -> Rendition | None:
    """What is said privately of what came of it; None: the card and the lines below it say it all."""
    if isinstance(answer, Applied) and not answer.changed:
        return room_replies.unchanged(face(answer), command, desk.service.clock.now())
    return words(answer)


async def open_note(desk: Desk, person: Person, click: Click, applied: Applied) -> None:
    """Somebody presses Add note: the form, or why a note would not be taken."""
    refusal = takes_note(applied, person)
    if refusal is not None:
        desk.whisper(click.channel, person, replies.refused(refusal))
        return
    text = click.form.reason if click.form is not None else ""
    wanted = WantedForm(Button.ADD_NOTE.value, applied.promotion.id, reason=text)
    desk.open(_trigger(person, click), incident_forms.note(face(applied), text), wanted)


async def open_resolve(desk: Desk, person: Person, click: Click, applied: Applied) -> None:
    """Somebody presses Resolve: the form, or that it is resolved already."""
    command = CloseIncident(applied.promotion.id, person.name)
    came = incident_life.close(applied.promotion, command, applied.context)
    if not isinstance(came, Promotion):
        desk.whisper(click.channel, person, replies.refused(came))
    elif came is applied.promotion:
        now = desk.service.clock.now()
        desk.whisper(click.channel, person, room_replies.unchanged(face(applied), command, now))
    else:
        wanted = WantedForm(Button.RESOLVE.value, applied.promotion.id)
        desk.open(_trigger(person, click), incident_forms.resolve(face(applied)), wanted)


def takes_note(applied: Applied, person: Person) -> Refusal | None:
    """Why the incident of a promotion takes no note now; None: it does."""
    note = AddNote(applied.promotion.id, person.name, ANYTHING)
    came = incident_life.add_note(applied.promotion, note, applied.context)
    return None if isinstance(came, Promotion) else came


def _trigger(person: Person, click: Click) -> Trigger:
    return Trigger(click.trigger, person, click.channel)


async def by_line(asked: Asked, meaning: line.Acknowledge | line.Lead | line.Close) -> Rendition:
    """Do what a line says of an incident, and answer it."""
    return await _do(asked, _command(asked.person, meaning))


def _command(person: Person, meaning: line.Acknowledge | line.Lead | line.Close) -> IncidentCommand:
    match meaning:
        case line.Acknowledge():
            return AcknowledgeIncident(meaning.promotion, person.name)
        case line.Lead():
            return TakeLead(meaning.promotion, person.name)
        case line.Close():
            return CloseIncident(meaning.promotion, person.name, meaning.note)


async def note_by_line(asked: Asked, meaning: line.WriteNote) -> Rendition | None:
    """Keep what a line says; without any words, the form asks for them."""
    if meaning.text:
        return await _do(asked, AddNote(meaning.promotion, asked.person.name, meaning.text))
    applied = await with_incident(asked.desk, meaning.promotion)
    if applied is None:
        return replies.refused(NoSuchPromotion(meaning.promotion))
    refusal = takes_note(applied, asked.person)
    if refusal is not None:
        return replies.refused(refusal)
    wanted = WantedForm(Button.ADD_NOTE.value, applied.promotion.id)
    if asked.is_mention:
        return replies.form_here(wanted)
    asked.desk.open(asked.form_trigger, incident_forms.note(face(applied)), wanted)
    return None


async def _do(asked: Asked, command: IncidentCommand) -> Rendition:
    """Hand a command to the door and say what came of it, also when all is as it should be."""
    applied = await with_incident(asked.desk, command.promotion)
    if applied is None:
        return replies.refused(NoSuchPromotion(command.promotion))
    command = replace(command, promotion=applied.promotion.id)
    answer = await asked.desk.service.handle(command, dedupe=asked.dedupe)
    if isinstance(answer, Applied) and answer.changed:
        return room_replies.done(face(answer), command)
    if isinstance(answer, Unavailable):
        return asked.said_no(answer)
    return said_of(asked.desk, answer, command) or asked.said_no(answer)


async def with_incident(desk: Desk, promotion: str) -> Applied | None:
    """The promotion whose incident is meant: a rollback that has none of its own means that of what it undoes."""
    applied = await desk.service.look(promotion)
    if applied is None or incident_life.incident_of(applied.promotion, applied.context) is not None:
        return applied
    undone = await desk.service.look(applied.promotion.undoes) if applied.promotion.undoes else None
    return undone or applied
