"""The icon and the word of every state, and the path that a version takes."""

from collections.abc import Callable, Mapping

from blocks.text import date, duration
from blocks.words import approvals, endings, evidence, names
from bot.domain.face import Face, State
from bot.domain.policy import Kind

ICONS: Mapping[State, str] = {
    State.CHECKING: "hourglass_flowing_sand",
    State.AWAITING_APPROVAL: "raised_hand",
    State.TIMER: "timer_clock",
    State.QUEUED: "lock",
    State.BLOCKED: "warning",
    State.STARTING: "satellite_antenna",
    State.DEPLOYING: "rocket",
    State.CANCELLING: "no_entry",
    State.VERIFYING: "mag",
    State.SUCCEEDED: "white_check_mark",
    State.REPLACED: "white_check_mark",
    State.ROLLED_BACK: "leftwards_arrow_with_hook",
    State.FAILED: "x",
    State.UNKNOWN: "grey_question",
    State.ERRORED: "boom",
    State.REJECTED: "no_entry",
    State.CANCELLED: "no_entry",
    State.EXPIRED: "no_entry",
    State.SUPERSEDED: "no_entry",
}
_MARKS = {"passed": " ✓", "here": "", "failed": " ✗", "ahead": "", "unknown": " ?"}


def icon(face: Face) -> str:
    """The emoji of a state; a rollback that succeeded shows where it went."""
    if face.state in (State.SUCCEEDED, State.REPLACED) and face.kind is Kind.ROLLBACK:
        return f":{ICONS[State.ROLLED_BACK]}:"
    return f":{ICONS[face.state]}:"


def phrase(face: Face) -> str:
    """The state in a few words, for the head of a card and for lists."""
    return _PHRASES[face.state](face)


def _checking(face: Face) -> str:
    if face.last_look:
        return f"Its turn: checking {evidence.what(face)} once more"
    done, count = evidence.gates_done(face), evidence.gate_count(face)
    return f"Checking gates ({done} of {count})" if done < count else "Checking the rules"


def _approval(face: Face) -> str:
    return f"Waiting for approval: {approvals.tally(face)}"


def _timer(face: Face) -> str:
    when = f"Starts {date(face.starts)}" if face.starts is not None else "Starts after the wait"
    return f"{when} ({duration(face.wait)} wait)" if face.wait > 0 else when


def _queued(face: Face) -> str:
    place = f", number {face.position} in line" if face.position > 1 else ""
    return f"Queued behind {names.promotion(face.behind)}{place}"


def _blocked(face: Face) -> str:
    return f"Blocked: {evidence.blocking(face)}"


def _took(word: str) -> Callable[[Face], str]:
    return lambda face: word if face.took is None else f"{word} · {duration(face.took)}"


def _failed(face: Face) -> str:
    after = f" after {duration(face.took)}" if face.took is not None else ""
    return f"Failed {endings.where(face)}{after}"


def _by(word: str) -> Callable[[Face], str]:
    return lambda face: f"{word}{endings.by(face)}"


_PHRASES: Mapping[State, Callable[[Face], str]] = {
    State.CHECKING: _checking,
    State.AWAITING_APPROVAL: _approval,
    State.TIMER: _timer,
    State.QUEUED: _queued,
    State.BLOCKED: _blocked,
    State.STARTING: lambda face: "Starting the deploy",
    State.DEPLOYING: lambda face: "Deploying (blind)" if face.blind else "Deploying",
    State.CANCELLING: lambda face: "Could not cancel the run" if face.unstopped else "Cancelling the run",
    State.VERIFYING: lambda face: "Verifying",
    State.SUCCEEDED: _took("Live"),
    State.REPLACED: lambda face: "Was live",
    State.ROLLED_BACK: lambda face: "Rolled back",
    State.FAILED: _failed,
    State.UNKNOWN: lambda face: "Outcome unknown",
    State.ERRORED: lambda face: "Could not start",
    State.REJECTED: _by("Rejected"),
    State.CANCELLED: _by("Cancelled"),
    State.EXPIRED: lambda face: "Expired",
    State.SUPERSEDED: _by("Superseded"),
}


def headline(face: Face) -> str:
    """The first line of a card: icon, what, the state, and the id to copy."""
    return f"{icon(face)} {_claim(face)} · `{names.promotion(face.id)}`"


def _claim(face: Face) -> str:
    place = f"{names.service(face.service)} {names.environment(face.environment)}"
    if face.state is State.SUCCEEDED and face.kind is Kind.ROLLBACK:
        return f"*{place} is back on {names.version(face.version)}*{_after(face)}"
    if face.state is State.SUCCEEDED:
        live = f"{names.service(face.service)} {names.version(face.version)} is live"
        return f"*{live} in {names.environment(face.environment)}*{_after(face)}"
    if face.state is State.ROLLED_BACK:
        back = f" back to {names.version(face.undone_to)}" if face.undone_to else " back"
        return f"*{names.title(face)}* · *Rolled{back}*"
    return f"*{names.title(face)}* · *{phrase(face)}*"


def _after(face: Face) -> str:
    return f" · {duration(face.took)}" if face.took is not None else ""


def path(face: Face) -> str:
    """The promotion path with where this version stands: `dev ✓ › staging ✓ › *production*`."""
    words = []
    for mark in face.path[:8]:
        name = names.environment(mark.environment) + _MARKS[mark.mark]
        words.append(f"*{name}*" if mark.environment == face.environment else name)
    return " › ".join(words)
