"""How one attempt of a run goes, as plain arithmetic: steps with times relative to when it was picked up."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.playground.github.workflows import COMPLETE, ROLL_OUT, SET_UP, Workflow

QUEUE_SHARE = 0.06  # of a run's time passes before a runner picks it up
NO_JOBS = ("startup_failure", "action_required", "stale")  # conclusions of runs that never had a job


@dataclass(frozen=True, slots=True)
class Step:
    """One step, in seconds after the run left the line; its conclusion holds from `end` on."""

    name: str
    start: float
    end: float
    conclusion: str

    def status_at(self, elapsed: float) -> str:
        """queued, in_progress or completed, at that time."""
        if elapsed >= self.end:
            return "completed"
        return "in_progress" if elapsed >= self.start and self.conclusion != "skipped" else "queued"


@dataclass(frozen=True, slots=True)
class Plan:
    """What will happen to an attempt unless someone interferes."""

    steps: tuple[Step, ...]
    conclusion: str
    picked_up: float  # seconds until a runner takes it
    end: float

    def rolled_out_at(self) -> float | None:
        """When the new version starts to serve; None when this plan never gets so far."""
        step = next((step for step in self.steps if step.name == ROLL_OUT), None)
        return step.end if step is not None and step.conclusion == "success" else None

    def running_at(self, elapsed: float) -> str | None:
        """The step that runs at that time."""
        return next((step.name for step in self.steps if step.end > elapsed), None)


def plan_run(workflow: Workflow, seconds: float, conclusion: str, failing: str | None) -> Plan:
    """The plan of a new attempt that takes `seconds`; `failing` names (a part of) the step that ends it."""
    if conclusion in NO_JOBS:
        return Plan((), conclusion, 0.0, seconds)
    names = [name for name, _ in workflow.steps]
    outcomes = _outcomes(names, conclusion, _failing_step(names, failing))
    picked_up = seconds * QUEUE_SHARE
    return Plan(_spread(workflow, seconds, picked_up, outcomes), conclusion, picked_up, seconds)


def cut(plan: Plan, at: float, conclusion: str, failing: str | None, *, grace: float = 0.0) -> Plan:
    """The plan once someone ended it at `at`: what is done stays, the rest ends `grace` seconds later."""
    names = [step.name for step in plan.steps]
    stopped_in = failing or plan.running_at(at)
    outcomes = _outcomes(names, conclusion, _failing_step(names, stopped_in))
    end = at + grace
    steps = [_clipped(step, at, end, outcome) for step, outcome in zip(plan.steps, outcomes, strict=True)]
    return Plan(tuple(steps), conclusion, min(plan.picked_up, at), end)


def _clipped(step: Step, at: float, end: float, outcome: str) -> Step:
    if step.end <= at:
        return replace(step, conclusion=step.conclusion if outcome == "skipped" else outcome)
    return Step(step.name, min(step.start, end), end, outcome)


def _spread(flow: Workflow, seconds: float, picked_up: float, outcomes: Sequence[str]) -> tuple[Step, ...]:
    shares = sum(share for _, share in flow.steps)
    steps, start = [], picked_up
    for (name, share), outcome in zip(flow.steps, outcomes, strict=True):
        end = start + (seconds - picked_up) * share / shares
        steps.append(Step(name, start, end, outcome))
        start = end
    steps[-1] = replace(steps[-1], end=seconds)
    return _without_skipped_time(tuple(steps))


def _without_skipped_time(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Skipped steps take no time, but the run keeps its length: the last step starts late."""
    kept, now = [], 0.0
    for step in steps:
        if step.conclusion == "skipped":
            step = replace(step, start=now, end=now)
        kept.append(step)
        now = step.end
    return tuple(kept)


def _outcomes(names: Sequence[str], conclusion: str, failing: int) -> list[str]:
    """The conclusion of each step of a run that concludes so; the last step always gets to clean up."""
    if conclusion == "success" or not names:
        return ["success"] * len(names)
    if conclusion in ("skipped", "neutral"):
        return ["skipped"] * len(names)
    stopped = "failure" if conclusion == "failure" else "cancelled"
    outcomes = ["success"] * failing + [stopped] + ["skipped"] * len(names[failing + 1 :])
    if names and names[-1] == COMPLETE and failing < len(names) - 1:
        outcomes[-1] = "success"
    return outcomes


def _failing_step(names: Sequence[str], failing: str | None) -> int:
    """The step whose name contains `failing`; else the roll-out, else the first real one."""
    wanted = (failing or ROLL_OUT).casefold()
    found = next((index for index, name in enumerate(names) if wanted in name.casefold()), None)
    if found is not None:
        return found
    return min(len([name for name in names if name == SET_UP]), len(names) - 1)
