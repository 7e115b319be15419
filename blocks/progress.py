"""A deploy as it goes: a plan where Slack draws one, short lines where it does not."""

from collections.abc import Mapping

from blocks import pieces
from blocks.rendition import Block, Blocks
from blocks.text import lines_within, raw, untrusted
from blocks.words import evidence, steps
from bot.domain.face import Face, RequirementFace, State
from bot.domain.policy import Verdict

MOST_STEPS = 12
_DONE = ("succeeded", "skipped")
_STATUS: Mapping[str, pieces.TaskStatus] = {
    "pending": "pending",
    "running": "in_progress",
    "succeeded": "complete",
    "failed": "error",
    "skipped": "complete",
}
_VERIFY: Mapping[Verdict, str] = {
    Verdict.MET: "succeeded",
    Verdict.PENDING: "running",
    Verdict.UNMET: "failed",
    Verdict.WAIVED: "skipped",
}


def rich_progress(face: Face) -> Blocks:
    """The steps as a plan: the dispatch, the run's steps, and the verification once it has begun."""
    tasks = [_task(place, title, status, seen) for place, (title, status, seen) in enumerate(_steps(face))]
    return [pieces.plan(steps.plan_title(face), tasks)]


def _task(place: int, title: str, status: str, seen: str) -> Block:
    return pieces.task(f"step-{place}", raw(title, 100), _STATUS[status], raw(seen, 120))


def classic_progress(face: Face) -> Blocks:
    """The steps as lines; those that are done share one."""
    listed = _steps(face)
    done = [title for title, status, _ in listed if status in _DONE]
    ahead = [one for one in listed if one[1] not in _DONE]
    first = [steps.done(done, _not_listed(face))] if done else []
    rest = [f"{steps.MARKS[status]} {untrusted(title, 80)}{_seen(seen)}" for title, status, seen in ahead]
    return [pieces.section(lines_within([*first, *rest], 3_000))]


def _not_listed(face: Face) -> int:
    """How many of a run's steps are behind without being listed."""
    if face.state is State.VERIFYING:
        return 0
    kept = sum(step.status in _DONE for step in face.steps)
    listed = sum(status in _DONE for _, status, _ in _window(_run(face)))
    return (face.steps_done if face.steps_total else kept) - listed


def _seen(seen: str) -> str:
    return f" · {untrusted(seen, 120)}" if seen else ""


def _steps(face: Face) -> list[tuple[str, str, str]]:
    """Title, status and evidence of each step; a long run keeps those around the one that runs."""
    dispatched = (steps.started(face), "succeeded", "")
    run = _window(_run(face))
    if face.state is State.VERIFYING:
        run = [(steps.run_done(face), "succeeded", "")] if face.steps else []
    verify = [_verifying(one) for one in face.requirements if one.kind == "verify"][:MOST_STEPS]
    return [dispatched, *run, *verify]


def _run(face: Face) -> list[tuple[str, str, str]]:
    return [(step.name, step.status, "") for step in face.steps]


def _window(run: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    if len(run) <= MOST_STEPS:
        return run
    at = next((place for place, step in enumerate(run) if step[1] in ("running", "failed")), 0)
    first = max(0, min(at - MOST_STEPS // 2, len(run) - MOST_STEPS))
    return run[first : first + MOST_STEPS]


def _verifying(one: RequirementFace) -> tuple[str, str, str]:
    waits = one.reading is None and one.verdict is Verdict.PENDING
    status = "pending" if waits else _VERIFY[one.verdict]
    return steps.verify(evidence.label(one)), status, "" if waits else evidence.seen(one)
