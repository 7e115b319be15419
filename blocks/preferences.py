"""The form in which a person says what they want to be written about, and when not."""

from dataclasses import fields

from blocks import pieces
from blocks.inputs import Option, option
from blocks.rendition import Block, View
from blocks.views import modal
from blocks.words import preferences as words
from bot.domain.preferences import Preferences, QuietHours

PREFERENCES = "promo.preferences"
LETTERS, FROM, UNTIL = "letters", "quiet_from", "quiet_until"


def preferences(wishes: Preferences, zone: str) -> View:
    """The form, filled with what is wanted now."""
    quiet = wishes.quiet
    blocks = [
        _letters(wishes),
        _time(FROM, words.FROM, quiet.start if quiet else None),
        _time(UNTIL, words.UNTIL, quiet.end if quiet else None),
        pieces.context(words.zone(zone)),
    ]
    return modal(PREFERENCES, words.TITLE, blocks, submit=words.SAVE)


def chosen(letters: tuple[str, ...], quiet: QuietHours | None) -> Preferences:
    """What somebody wants, from what they ticked."""
    ticked = {one.name: one.name in letters for one in fields(Preferences) if one.name in words.CHOICES}
    return Preferences(**ticked, quiet=quiet)


def _letters(wishes: Preferences) -> Block:
    offered = {name: option(Option(name, *texts)) for name, texts in words.CHOICES.items()}
    ticked = [one for name, one in offered.items() if getattr(wishes, name)]
    element: Block = {"type": "checkboxes", "action_id": LETTERS, "options": list(offered.values())}
    element |= {"initial_options": ticked} if ticked else {}
    return _input(LETTERS, words.LETTERS, element)


def _time(name: str, label: str, minute: int | None) -> Block:
    element: Block = {"type": "timepicker", "action_id": name}
    element |= {"initial_time": clock(minute)} if minute is not None else {}
    return _input(name, label, element)


def clock(minute: int) -> str:
    """A time of day as Slack writes it: `22:00`."""
    return f"{minute // 60:02}:{minute % 60:02}"


def _input(name: str, label: str, element: Block) -> Block:
    shown = {"type": "input", "block_id": name, "label": pieces.plain(label, 100), "element": element}
    return shown | {"optional": True}
