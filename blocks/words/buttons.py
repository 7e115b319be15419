"""What buttons say, and what a dialog asks before one acts. All of it is plain text."""

from collections.abc import Mapping
from dataclasses import dataclass

from blocks.text import count_of, raw
from blocks.words import serving
from bot.domain.face import Button, Face
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
    Button.ACKNOWLEDGE: "Acknowledge",
    Button.TAKE_LEAD: "I am lead",
    Button.ADD_NOTE: "Add note",
    Button.RESOLVE: "Resolve",
}
_VERBS = frozenset(
    {Button.APPROVE, Button.REJECT, Button.CANCEL, Button.RETRY}
)  # `Approve promotion P-142 of …`
_OF_INCIDENT = frozenset({Button.ACKNOWLEDGE, Button.TAKE_LEAD, Button.ADD_NOTE, Button.RESOLVE})


@dataclass(frozen=True, slots=True)
class Question:
    """What a dialog asks: a title, what will happen, and its two answers."""

    title: str
    text: str
    yes: str
    no: str = "Not now"


def label(face: Face, button: Button) -> str:
    """What a button says."""
    if button is Button.ROLL_BACK:
        target = raw(serving.target(face), 40)
        return f"Roll back to {target}" if target else "Roll back"
    if button is Button.REPLACE:
        return f"Replace {raw(face.replaces, 20)}" if face.replaces else "Replace the older one"
    if button is Button.NEVER_STARTED and face.lost:
        return "It is over"
    return _LABELS[button]


def accessible(face: Face, button: Button) -> str:
    """The same for those who cannot see where the button stands: it names the object, in at most 75 characters."""
    words = label(face, button)
    if button in _OF_INCIDENT:
        return _of_incident(face, words)
    act = words if button in _VERBS else f"{raw(words, 30)}:"
    head, tail = f"{act} promotion {raw(face.id, 12)} of ", f" to {raw(face.environment, 15)}"
    return f"{head}{raw(face.service, max(10, 75 - len(head) - len(tail)))}{tail}"


def _of_incident(face: Face, act: str) -> str:
    """`Acknowledge: incident PD-4411 of checkout in production`."""
    number = serving.incident_name(face) or f"of {raw(face.id, 12)}"
    head, tail = f"{act}: incident {number}, ", f" in {raw(face.environment, 15)}"
    return f"{head}{raw(face.service, max(10, 75 - len(head) - len(tail)))}{tail}"


def question(face: Face, button: Button) -> Question | None:
    """What is asked before a button acts; None where nobody is likely to regret it."""
    match button:
        case Button.APPROVE:
            return _approve(face)
        case Button.CANCEL_RUN:
            after = "What serves after that is unknown until it is checked"
            words = f"GitHub is asked to stop the run of {_what(face)}. {after}."
            return Question("Cancel the run?", words, "Cancel run", "Let it run")
        case Button.NEVER_STARTED if face.lost:
            words = f"{_what(face)} then ends as cancelled, on your word, and the next in line may start."
            return Question("Is the run over?", words, "It is over")
        case Button.NEVER_STARTED:
            first = "Everything is checked again, and the run looked for once more"
            words = f"{first}, before {_what(face)} is started."
            return Question("Did it never start?", words, "It never started")
        case Button.IS_LIVE:
            words = f"{_what(face)} is then verified and recorded as live, on your word."
            return Question("Is it live?", words, "It is live")
        case _:
            return None


def _approve(face: Face) -> Question | None:
    if face.kind is Kind.EMERGENCY:
        return Question("Approve an emergency?", f"{_what(face)} skips rules.", "Approve")
    warnings = _warnings(face)
    if not warnings:
        return None
    words = f"{warnings}. {_what(face)}."
    return Question("Approve with warnings?", words, "Approve anyway", "Look again")


def _warnings(face: Face) -> str:
    skipped = [raw(one.name, 30) for one in face.requirements if one.verdict is Verdict.WAIVED]
    behind = face.changes.behind if face.changes else 0
    parts = [f"Skipped: {', '.join(skipped[:4])}"] if skipped else []
    is_or_are = "is" if behind == 1 else "are"
    parts += [f"{count_of(behind, 'commit')} of what is live {is_or_are} not in it"] if behind else []
    return "; ".join(parts)


def _what(face: Face) -> str:
    return f"{raw(face.service, 40)} {raw(face.version, 40)} to {raw(face.environment, 30)}"
