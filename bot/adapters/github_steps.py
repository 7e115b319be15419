"""The steps of a run as people read them: no housekeeping, and the job's name when there are several."""

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel

from bot.domain.promotion import Step

StepStatus = Literal["pending", "running", "succeeded", "failed", "skipped"]

MOST_STEPS = 30
HOUSEKEEPING = ("Set up job", "Complete job")


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
    steps: list[JobStep] | None = None


def steps_of(jobs: Sequence[Job]) -> tuple[Step, ...]:
    """At most 30 steps in order; one that failed is never among those left out."""
    steps = [step for job in jobs for step in _steps_of_job(job, alone=len(jobs) == 1)]
    if len(steps) <= MOST_STEPS:
        return tuple(steps)
    failed = [step for step in steps[MOST_STEPS:] if step.status == "failed"][:MOST_STEPS]
    return (*steps[: MOST_STEPS - len(failed)], *failed)


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
