"""The buttons of a promotion: what each says, whom it warns, and the two values it carries.

A button carries the promotion's id and the digest of the evidence that was shown, nothing else: the record
decides what a click does. Rolling back has no dialog here because its form is one.
"""

import json
from collections.abc import Mapping

from blocks import pieces
from blocks.rendition import Block, Blocks
from blocks.text import raw
from blocks.words import serving
from bot.domain.face import Button, Face, State
from bot.domain.policy import Kind, Verdict

_LABELS: Mapping[Button, str] = {
    Button.APPROVE: "Approve",
    Button.REJECT: "Reject",
    Button.CANCEL: "Cancel",
    Button.CANCEL_RUN: "Cancel run",
    Button.SKIP_WAIT: "Deploy now",
    Button.RETRY: "Retry",
    Button.VIEW_RUN: "View run",
    Button.OPEN_INCIDENT: "Open incident",
    Button.DETAILS: "Details",
    Button.ADOPT_RUN: "I see run…",
    Button.NEVER_STARTED: "It never started",
    Button.IS_LIVE: "It is live",
    Button.REQUEST_AGAIN: "Request again",
}
_VERBS = frozenset(
    {Button.APPROVE, Button.REJECT, Button.CANCEL, Button.RETRY}
)  # `Approve promotion P-142 of …`


def row(face: Face, *, block_id: str = "actions", without: frozenset[Button] = frozenset()) -> Blocks:
    """The face's buttons in their order, as one row; a link without an address is left out."""
    wanted = dict.fromkeys(one for one in face.buttons if one not in without)
    made = [_button(face, one) for one in wanted]
    return pieces.actions(block_id, [one for one in made if one is not None])


def value(face: Face) -> str:
    """What a button carries: the id and the evidence digest that the card showed."""
    return json.dumps({"id": face.id, "rev": face.digest})


def _button(face: Face, button: Button) -> Block | None:
    text = label(face, button)
    if button in (Button.VIEW_RUN, Button.OPEN_INCIDENT):
        url = face.run_url if button is Button.VIEW_RUN else (face.incident.url if face.incident else "")
        return pieces.link_button(text, button.value, url, value(face), _accessible(face, button, text))
    accessible = _accessible(face, button, text)
    style = _style(face, button)
    return pieces.button(text, button.value, value(face), accessible, style=style, ask=_ask(face, button))


def label(face: Face, button: Button) -> str:
    """What a button says, as plain text."""
    if button is Button.ROLL_BACK:
        target = raw(serving.target(face), 40)
        return f"Roll back to {target}" if target else "Roll back"
    if button is Button.REPLACE:
        return f"Replace {raw(face.replaces, 20)}" if face.replaces else "Replace the older one"
    return _LABELS[button]


def _accessible(face: Face, button: Button, text: str) -> str:
    act = text if button in _VERBS else f"{raw(text, 30)}:"
    head, tail = f"{act} promotion {raw(face.id, 12)} of ", f" to {raw(face.environment, 15)}"
    return f"{head}{raw(face.service, max(10, 75 - len(head) - len(tail)))}{tail}"


def _style(face: Face, button: Button) -> pieces.Style | None:
    if button is Button.APPROVE:
        return "primary"
    if button is Button.ROLL_BACK and face.state is State.FAILED:
        return "danger"
    return None


def _ask(face: Face, button: Button) -> Block | None:
    if button is Button.APPROVE and face.kind is Kind.EMERGENCY:
        return pieces.confirm(
            "Approve an emergency?", f"{_what(face)} skips rules.", "Approve", style="danger"
        )
    if button is Button.APPROVE and _warnings(face):
        words = f"{_warnings(face)}. {_what(face)}."
        return pieces.confirm("Approve with warnings?", words, "Approve anyway", "Look again", "danger")
    if button is Button.CANCEL_RUN:
        after = "What serves after that is unknown until it is checked"
        words = f"GitHub is asked to stop the run of {_what(face)}. {after}."
        return pieces.confirm("Cancel the run?", words, "Cancel run", "Let it run", "danger")
    if button is Button.NEVER_STARTED:
        words = (
            f"Everything is checked again, and the run looked for once more, before {_what(face)} is started"
        )
        return pieces.confirm("Did it never start?", f"{words}.", "It never started", style="danger")
    if button is Button.IS_LIVE:
        words = f"{_what(face)} is then verified and recorded as live, on your word"
        return pieces.confirm("Is it live?", f"{words}.", "It is live", style="danger")
    return None


def _warnings(face: Face) -> str:
    skipped = [raw(one.name, 30) for one in face.requirements if one.verdict is Verdict.WAIVED]
    behind = face.changes.behind if face.changes else 0
    parts = [f"Skipped: {', '.join(skipped[:4])}"] if skipped else []
    parts += [f"{behind} commits that are live are not in it"] if behind else []
    return "; ".join(parts)


def _what(face: Face) -> str:
    return f"{raw(face.service, 40)} {raw(face.version, 40)} to {raw(face.environment, 30)}"
