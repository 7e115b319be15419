"""What GitHub and PagerDuty tell by webhook, as small tolerant types: fields that are not used are not read."""

from dataclasses import dataclass
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.domain.promotion import Step
from handlers.payloads import Malformed

MOST_STEPS = 40
M = TypeVar("M", bound=BaseModel)


class _Tolerant(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Repository(_Tolerant):
    id: int
    full_name: str


class _Login(_Tolerant):
    login: str = ""


class _Run(_Tolerant):
    id: int
    html_url: str = ""
    status: str = ""
    conclusion: str | None = None
    run_attempt: int = 1
    path: str = ""
    event: str = ""
    head_branch: str | None = None
    display_title: str = ""
    name: str | None = None
    triggering_actor: _Login | None = None
    actor: _Login | None = None


class _Step(_Tolerant):
    name: str
    status: str
    conclusion: str | None = None


class _Job(_Tolerant):
    run_id: int
    run_attempt: int = 1
    name: str = ""
    status: str = ""
    html_url: str = ""
    steps: list[_Step] = Field(default_factory=list)


class _RunEvent(_Tolerant):
    workflow_run: _Run
    repository: _Repository
    sender: _Login = Field(default_factory=_Login)

    @property
    def acting(self) -> str:
        """Who started the attempt; of one that was cancelled, who did that."""
        run = self.workflow_run
        if run.conclusion == "cancelled" and self.sender.login:
            return self.sender.login
        return (run.triggering_actor or run.actor or _Login()).login


class _JobEvent(_Tolerant):
    workflow_job: _Job
    repository: _Repository


@dataclass(frozen=True, slots=True)
class RunNews:
    """What a workflow_run webhook tells."""

    repo: str
    run_id: int
    url: str
    status: str
    conclusion: str
    attempt: int
    path: str
    event: str
    branch: str
    title: str
    actor: str  # who started the attempt; of one that was cancelled, who did that
    starter: str  # who started the first attempt


@dataclass(frozen=True, slots=True)
class JobNews:
    """What a workflow_job webhook tells: the steps of one job."""

    repo: str
    run_id: int
    attempt: int
    status: str
    job: str
    steps: tuple[Step, ...]


def run_news(body: bytes) -> RunNews:
    """A workflow_run webhook."""
    news = _webhook(_RunEvent, body)
    run = news.workflow_run
    return RunNews(
        repo=news.repository.full_name,
        run_id=run.id,
        url=run.html_url,
        status=run.status,
        conclusion=run.conclusion or "",
        attempt=run.run_attempt,
        path=run.path,
        event=run.event,
        branch=run.head_branch or "",
        title=f"{run.display_title} {run.name or ''}",
        actor=news.acting,
        starter=run.actor.login if run.actor else "",
    )


def job_news(body: bytes) -> JobNews:
    """A workflow_job webhook."""
    news = _webhook(_JobEvent, body)
    job = news.workflow_job
    return JobNews(
        repo=news.repository.full_name,
        run_id=job.run_id,
        attempt=job.run_attempt,
        status=job.status,
        job=job.name,
        steps=tuple(_step(step, job.html_url) for step in job.steps[:MOST_STEPS] if not _is_frame(step)),
    )


STATUS_CHANGES = frozenset(
    {"incident.acknowledged", "incident.unacknowledged", "incident.resolved", "incident.reopened"}
)


@dataclass(frozen=True, slots=True)
class IncidentNews:
    """What a PagerDuty v3 webhook tells of an incident."""

    kind: str  # incident.resolved
    incident: str
    key: str

    @property
    def changes_status(self) -> bool:
        """Whether it tells that the status is another one; that it was opened is read at the page already."""
        return self.kind in STATUS_CHANGES


class _IncidentBody(_Tolerant):
    id: str = ""  # PagerDuty's test event and news of responders have none
    incident_key: str | None = None


class _PagerEvent(_Tolerant):
    event_type: str
    data: _IncidentBody


class _PagerMessage(_Tolerant):
    event: _PagerEvent


def incident_news(body: bytes) -> IncidentNews:
    """A PagerDuty v3 webhook about an incident."""
    event = _webhook(_PagerMessage, body).event
    return IncidentNews(event.event_type, event.data.id, event.data.incident_key or "")


def _webhook(model: type[M], body: bytes) -> M:
    try:
        return model.model_validate_json(body)
    except ValidationError as wrong:
        raise Malformed(f"{wrong.error_count()} fields do not fit") from None


FRAMES = ("Set up job", "Complete job", "Post ")
Progress = Literal["pending", "running", "succeeded", "failed", "skipped"]


def _is_frame(step: _Step) -> bool:
    return step.name.startswith(FRAMES)


def _step(step: _Step, url: str) -> Step:
    return Step(name=step.name[:80], status=_progress(step), url=url)


def _progress(step: _Step) -> Progress:
    if step.status != "completed":
        return "running" if step.status == "in_progress" else "pending"
    if step.conclusion == "success":
        return "succeeded"
    return "skipped" if step.conclusion in {"skipped", "cancelled", None} else "failed"
