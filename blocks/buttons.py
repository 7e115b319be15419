"""The buttons of a promotion: the order of the face, and the two values that each carries.

A button carries the promotion's id and the digest of the evidence that was shown, nothing else: the record
decides what a click does. Rolling back has no dialog here because its form is one.
"""

import json

from blocks import pieces
from blocks.rendition import Block, Blocks
from blocks.words import buttons as words
from blocks.words.buttons import label as label
from bot.domain.face import Button, Face, State


def row(face: Face, *, block_id: str = "actions", without: frozenset[Button] = frozenset()) -> Blocks:
    """The face's buttons in their order, as one row; a link without an address is left out."""
    wanted = dict.fromkeys(one for one in face.buttons if one not in without)
    made = [_button(face, one) for one in wanted]
    return pieces.actions(block_id, [one for one in made if one is not None])


def one(face: Face, button: Button) -> Block | None:
    """One button of the face, for the side of a line; None: it has no such button."""
    return _button(face, button) if button in face.buttons else None


def value(face: Face) -> str:
    """What a button carries: the id and the evidence digest that the card showed."""
    return json.dumps({"id": face.id, "rev": face.digest})


def _button(face: Face, button: Button) -> Block | None:
    text, accessible = words.label(face, button), words.accessible(face, button)
    if button in (Button.VIEW_RUN, Button.OPEN_INCIDENT):
        url = face.run_url if button is Button.VIEW_RUN else (face.incident.url if face.incident else "")
        return pieces.link_button(text, button.value, url, value(face), accessible)
    style, ask = _style(face, button), _ask(face, button)
    return pieces.button(text, button.value, value(face), accessible, style=style, ask=ask)


def _style(face: Face, button: Button) -> pieces.Style | None:
    if button is Button.APPROVE:
        return "primary"
    if button is Button.ROLL_BACK and face.state is State.FAILED:
        return "danger"
    return None


def _ask(face: Face, button: Button) -> Block | None:
    asked = words.question(face, button)
    return pieces.confirm(asked.title, asked.text, asked.yes, asked.no, "danger") if asked else None
