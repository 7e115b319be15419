"""What to do when a promotion has ended: the next step as a command, for `why`."""

from collections.abc import Callable, Mapping

from blocks.words import names, serving
from blocks.words.commands import typed
from bot.domain.face import Button, Face, State
from bot.domain.policy import Kind

_NOTHING = "nothing is left to do here"


def has_ended(face: Face) -> bool:
    """Whether nothing more is required of it: only what comes after can be told."""
    return face.state in _NEXT


def after(face: Face) -> str:
    """The next step after an end; only what the card offers as a button too."""
    return f"*Next:* {_NEXT[face.state](face)}."


def _succeeded(face: Face) -> str:
    if Button.ROLL_BACK not in face.buttons:
        return _NOTHING
    return f"{_NOTHING}. {_back(face)} undoes it"


def _replaced(face: Face) -> str:
    return f"it was live once, {_NOTHING}"


def _rolled_back(face: Face) -> str:
    by = f"{names.promotion(face.undone_by)} undid it" if face.undone_by else "it was undone"
    return f"{by}, {_NOTHING}"


def _failed(face: Face) -> str:
    if face.undone_by:
        return _rolled_back(face)
    to = names.version(serving.target(face)) or "the release before"
    steps = [
        f"{_back(face)} goes back to {to}" if Button.ROLL_BACK in face.buttons else "",
        _retry(face) if Button.RETRY in face.buttons else "",
    ]
    return (
        ", or ".join(step for step in steps if step) or "look at the run, then ask for a version that works"
    )


def _errored(face: Face) -> str:
    return _retry(face) if Button.RETRY in face.buttons else f"mend that, then {_again(face)}"


def _retry(face: Face) -> str:
    return f"mend the cause, then {typed(f'/promote retry {face.id}')} asks for it again"


def _again(face: Face) -> str:
    if face.kind is Kind.ROLLBACK:
        return f"{_back(face, face.version)} asks for it again"
    asked = typed(f"/promote {face.service}@{face.version} to {face.environment} because …")
    return f"{asked} asks for it again"


def _back(face: Face, to: str = "") -> str:
    named = f" to {to}" if to else ""
    return typed(f"/promote rollback {face.service} in {face.environment}{named} because …")


_NEXT: Mapping[State, Callable[[Face], str]] = {
    State.SUCCEEDED: _succeeded,
    State.REPLACED: _replaced,
    State.ROLLED_BACK: _rolled_back,
    State.FAILED: _failed,
    State.ERRORED: _errored,
    State.REJECTED: _again,
    State.CANCELLED: _again,
    State.EXPIRED: _again,
    State.SUPERSEDED: _again,
}
