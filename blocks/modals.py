"""The small forms: reject, an unknown run, and the one that only says something."""

import json

from blocks import pieces
from blocks.inputs import choice, line
from blocks.rendition import Rendition, View
from blocks.views import modal
from blocks.words import forms, receipts
from bot.domain.face import Face

REJECT = "promo.reject"
ADOPT_RUN = "promo.adopt_run"
MESSAGE = "promo.message"
OPEN_CARD = "open_card"  # a link


def message(title: str, text: str) -> View:
    """A form that only says something: safe mrkdwn, as the words make it."""
    return modal(MESSAGE, title, [pieces.section(text)])


def turned_away(title: str, said: Rendition) -> View:
    """A form that says no with its code in small letters, as a private reply does."""
    return modal(MESSAGE, title, said.blocks or [pieces.section(said.text)])


def posted(title: str, face: Face, room: str, address: str) -> View:
    """Where the card of what was asked for is, with a button that leads there."""
    label, accessible = receipts.OPEN_CARD, receipts.open_card(face)
    button = pieces.link_button(label, OPEN_CARD, address, json.dumps({"id": face.id}), accessible)
    row = pieces.actions("receipt", [button]) if button is not None else []
    return modal(MESSAGE, title, [pieces.section(receipts.posted(face, room)), *row])


def reject(face: Face) -> View:
    """Ask why not."""
    blocks = [
        pieces.section(forms.question(face)),
        choice("why", forms.WHY, forms.WHYS, forms.OTHER),
        line("reason", "Reason", "", forms.REASON_EXAMPLE, forms.REASON_HINT, least=1),
    ]
    return modal(REJECT, forms.REJECT, blocks, id=face.id, rev=face.digest, submit="Reject")


def adopt_run(face: Face) -> View:
    """Ask an admin which run is this promotion's."""
    blocks = [
        pieces.section(forms.question(face)),
        line("run", "Run number", "", "8840", forms.RUN_HINT, least=1),
    ]
    return modal(ADOPT_RUN, forms.ADOPT_RUN, blocks, id=face.id, rev=face.digest, submit=forms.THIS_RUN)
