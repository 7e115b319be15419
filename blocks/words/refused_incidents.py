"""Refusals about an incident: there is none, it is over, or it holds no more notes."""

from blocks.text import count_of, date
from blocks.words import names
from blocks.words.commands import why
from bot.domain import errors


def no_incident(refused: errors.NoIncident) -> str:
    """E53: nothing failed that somebody could look after."""
    id = names.promotion(refused.promotion)
    return (
        f"{id} has no incident, so nothing was done: a promotion gets one when its deploy fails. "
        f"Check which one you mean; {why(refused.promotion)} tells how this one stands."
    )


def incident_over(refused: errors.IncidentOver) -> str:
    """E54: it was resolved before, and by whom."""
    id = names.promotion(refused.promotion)
    by = f" by {names.handle(refused.by)}" if refused.by is not None else ""
    return (
        f"The incident of {id} was resolved{by} {date(refused.at)}, so nothing was changed. "
        f"Write what is worth keeping with `/promote note {id} …`; another failure opens another incident."
    )


def too_many_notes(refused: errors.TooManyNotes) -> str:
    """E55: the record is full."""
    id = names.promotion(refused.promotion)
    full = f"{id} holds {count_of(refused.most, 'note')} already and has no room for this one"
    instead = "a message of your own below the incident’s card: everybody reads it there."
    if refused.closing:
        return f"{full}, so nothing was resolved. Use `/promote resolve {id}` without words, and {instead}"
    return f"{full}, so it was not kept. Try {instead}"
