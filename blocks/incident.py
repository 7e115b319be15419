"""What an incident shows: its channel's name and topic, the pinned card, PagerDuty's texts."""

import re

from blocks import buttons, pieces
from blocks.rendition import Rendition
from blocks.words import incidents, sentences
from bot.domain.face import Button, Face

NOT_IN_PAGERDUTY = "E22"
_NAME_MOST = 80
_NOT_HERE = frozenset({Button.RETRY, Button.REQUEST_AGAIN})


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
    small = [incidents.on_call(face), f"{unknown} · {NOT_IN_PAGERDUTY}" if unknown else ""]
    blocks = [
        pieces.section(incidents.head(face)),
        pieces.section(incidents.facts(face)),
        *[pieces.context(line) for line in small if line],
        *buttons.row(face, without=_NOT_HERE),
    ]
    return Rendition(sentences.sentence(face), (blocks,))


def page_summary(face: Face) -> str:
    """The PagerDuty incident's summary, plain text of at most 1,024 characters."""
    return incidents.page(face)


def change_summary(face: Face) -> str:
    """The PagerDuty change event's summary, plain text of at most 1,024 characters."""
    return incidents.change(face)


def rollback_note(face: Face) -> str:
    """The note on the PagerDuty incident after a rollback."""
    return incidents.rolled_back(face)
