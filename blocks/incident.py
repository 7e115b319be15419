"""What an incident shows: its channel's name and topic, the pinned card, PagerDuty's texts."""

import re
from dataclasses import replace

from blocks import buttons, pieces
from blocks.rendition import Rendition
from blocks.words import incidents
from blocks.words import timeline as timeline_words
from bot.domain.face import Button, Face
from bot.domain.room import RoomLine

NOT_IN_PAGERDUTY = "E22"
_NAME_MOST = 80
_FIRST = (Button.ROLL_BACK,)
_LAST = (Button.VIEW_RUN, Button.OPEN_INCIDENT, Button.DETAILS)


def channel_name(template: str, number: int | str, service: str, collision: int = 1) -> str:
    """A channel name that Slack takes, from a template; `collision` 2 adds `-2`."""
    filled = template.replace("{number}", str(number)).replace("{service}", service).lower()
    name = re.sub(r"[^a-z0-9_-]+", "-", filled).strip("-_") or f"inc-{number}"
    suffix = f"-{collision}" if collision > 1 else ""
    return f"{name[: _NAME_MOST - len(suffix)].rstrip('-_')}{suffix}"


def topic(face: Face) -> str:
    """The channel's topic, at most 250 characters of plain text."""
    return incidents.topic(face)


def incident_card(face: Face) -> Rendition:
    """The card that is pinned in the incident's channel: suspected change, what serves, and the way back."""
    unknown = incidents.not_in_pagerduty(face)
    small = [
        incidents.people(face),
        incidents.untold(face),
        f"{unknown} · {NOT_IN_PAGERDUTY}" if unknown else "",
    ]
    blocks = [
        pieces.section(incidents.head(face)),
        pieces.section(incidents.facts(face)),
        *[pieces.context(line) for line in small if line],
        *buttons.row(replace(face, buttons=_buttons(face))),
    ]
    return Rendition(incidents.sentence(face), (blocks,))


def _buttons(face: Face) -> tuple[Button, ...]:
    """The way back, what the incident takes, and where to read more."""
    of_incident = face.incident.buttons if face.incident is not None else ()
    first, last = ([one for one in row if one in face.buttons] for row in (_FIRST, _LAST))
    return (*first, *of_incident, *last)


def page_summary(face: Face) -> str:
    """The PagerDuty incident's summary, plain text of at most 1,024 characters."""
    return incidents.page(face)


def change_summary(face: Face) -> str:
    """The PagerDuty change event's summary, plain text of at most 1,024 characters."""
    return incidents.change(face)


def timeline(face: Face, line: RoomLine) -> Rendition:
    """One line below the incident's card: what happened, and who did it."""
    text = timeline_words.said(face, line)
    return Rendition(text, ([pieces.section(text)],))


def duties(face: Face) -> Rendition:
    """What a lead does, for the new one alone."""
    text = timeline_words.duties(face)
    return Rendition(text, ([pieces.section(text)],))


def pager_note(face: Face, line: RoomLine) -> str:
    """The note on the PagerDuty incident, plain text."""
    return timeline_words.noted(face, line)
