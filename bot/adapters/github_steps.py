"""The steps of a run as people read them: no housekeeping, and the job's name when there are several."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel

from bot.domain.promotion import Step

StepStatus = Literal["pending", "running", "succeeded", "failed", "skipped"]

MOST_STEPS = 30
NEXT = 5  # steps ahead that are kept before any that is behind
DONE = ("succeeded", "skipped")
HOUSEKEEPING = ("Set up job", "Complete job")


@dataclass(frozen=True, slots=True)
class Told:
    """The steps of a run that are kept. Of more than those: how many are done, and how many there are."""

    shown: tuple[Step, ...]
    done: int = 0
    total: int = 0  # 0: they are all


class JobStep(BaseModel):
    """One step of a job."""

    name: str
    status: str | None = None
    conclusion: str | None = None
    number: int = 0

    @property
    def is_housekeeping(self) -> bool:
        """Whether the runner added it by itself."""
        return self.name in HOUSEKEEPING or self.name.startswith("Post ")


class Job(BaseModel):
    """One job of a run."""

    name: str
    status: str | None = None
    conclusion: str | None = None
    html_url: str | None = None
    runner_id: int | None = None
    steps: list[JobStep] | None = None

    @property
    def came_to_a_step(self) -> bool:
        """Whether a runner took it, as far as that can be seen."""
        return self.conclusion != "skipped" and bool(self.steps or self.runner_id)


def steps_of(jobs: Sequence[Job]) -> Told:
    """At most 30 steps in order; of more, those that tell most: what failed, runs, comes next and was done last."""
    steps = [step for job in jobs for step in _steps_of_job(job, alone=len(jobs) == 1)]
    if len(steps) <= MOST_STEPS:
        return Told(tuple(steps))
    done = sum(step.status in DONE for step in steps)
    kept = sorted(_by_weight(steps)[:MOST_STEPS])
    return Told(tuple(steps[place] for place in kept), done, len(steps))


def _by_weight(steps: Sequence[Step]) -> list[int]:
    """The places of steps, what matters more first: of what lies ahead the next ones, of what is behind the last."""
    places: dict[str, list[int]] = {"failed": [], "running": [], "pending": [], "done": []}
    for place, step in enumerate(steps):
        places["done" if step.status in DONE else step.status].append(place)
    soon, later = places["pending"][:NEXT], places["pending"][NEXT:]
    return [*places["failed"], *places["running"], *soon, *reversed(places["done"]), *later]


def _steps_of_job(job: Job, *, alone: bool) -> list[Step]:
    shown = [step for step in job.steps or [] if _is_shown(step)]
    if not shown:  # a job that no runner has picked up yet, or a call of another workflow
        return [Step(job.name, _word(job.status, job.conclusion), job.html_url or "")]
    return [
        Step(step.name if alone else f"{job.name} / {step.name}", _word(step.status, step.conclusion), at)
        for step in shown
        for at in [f"{job.html_url}#step:{step.number}:1" if job.html_url else ""]
    ]


def _is_shown(step: JobStep) -> bool:
    return not step.is_housekeeping or _word(step.status, step.conclusion) == "failed"


def _word(status: str | None, conclusion: str | None) -> StepStatus:
    if status == "in_progress":
        return "running"
    if status != "completed":
        return "pending"
    if conclusion in ("success", "neutral"):
        return "succeeded"
    return "skipped" if conclusion in ("skipped", "cancelled") else "failed"
