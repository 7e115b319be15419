"""Workflow runs: started once, found again by their correlation id, read, cancelled."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from pydantic import BaseModel, RootModel

from bot.adapters.github_http import GitHubHttp, quoted, repo_place
from bot.adapters.github_steps import Job, steps_of
from bot.adapters.wire import read
from bot.ports import Dispatched, Refused, RunLook, Unclear

LOOK_BACK = 60.0  # seconds that GitHub's clock may be behind ours
MOST_PAGES = 5
MOST_JOBS = 1000  # of which the steps are told
NO_JOBS = ("startup_failure", "action_required", "cancelled")  # ends of runs that may never have had a job


class Receipt(BaseModel):
    """GitHub's answer to a dispatch."""

    workflow_run_id: int | None = None
    html_url: str | None = None


class Actor(BaseModel):
    """Who started something."""

    login: str = ""


class Run(BaseModel):
    """One workflow run as its newest attempt stands."""

    id: int
    html_url: str = ""
    status: str | None = None
    conclusion: str | None = None
    run_attempt: int = 1
    path: str = ""
    event: str = ""
    head_branch: str | None = None
    display_title: str | None = None
    name: str | None = None
    actor: Actor | None = None
    triggering_actor: Actor | None = None
    created_at: datetime

    @property
    def starter(self) -> str:
        """Who started its first attempt."""
        return self.actor.login if self.actor else ""

    def carries(self, correlation: str) -> bool:
        """Whether the correlation id is in the run's name; older servers know the run-name as `name`."""
        return correlation in (self.display_title or "") or correlation in (self.name or "")


class Runs(BaseModel):
    """One page of runs, newest first, and how many there are on all pages."""

    total_count: int
    workflow_runs: list[Run]


class Jobs(BaseModel):
    """One page of a run's jobs, and how many there are on all pages."""

    total_count: int = 0
    jobs: list[Job]


class Review(BaseModel):
    """One reviewer's word on whether a run may go on."""

    state: str = ""  # approved, rejected
    user: Actor | None = None


class Reviews(RootModel[list[Review]]):
    """What reviewers said of a run, newest first."""


async def dispatch(
    http: GitHubHttp, repo: str, workflow: str, ref: str, inputs: Mapping[str, str]
) -> Dispatched:
    """Start a workflow by one POST, never repeated. Raises Unclear when it may have started all the same."""
    path = f"actions/workflows/{quoted(workflow)}/dispatches"
    body = {"ref": ref, "inputs": dict(inputs)}
    reply = await http.send("POST", repo_place(repo), path, body=body)
    if not reply.body.strip():  # 204 of an older server: a yes that does not tell the run
        return Dispatched(None, "")
    receipt = read("github", Receipt, reply.body)
    return Dispatched(receipt.workflow_run_id, receipt.html_url or "")


async def find_run(
    http: GitHubHttp,
    repo: str,
    workflow: str,
    ref: str,
    correlation: str,
    since: float,
    me: Callable[[], Awaitable[str]],
) -> RunLook | None:
    """The oldest run dispatched on `ref` after `since` whose name carries the correlation id, ours before others'.

    Raises Unclear when none is found in a list that is not whole: that is not the answer "none".
    """
    if not correlation:
        raise ValueError("an empty correlation id would be found in every run")
    begin = datetime.fromtimestamp(since - LOOK_BACK, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    asked = {"event": "workflow_dispatch", "branch": ref, "created": f">={begin}"}
    path = f"actions/workflows/{quoted(workflow)}/runs"
    listed: list[Run] = []
    total = 0
    async for page in http.pages(repo_place(repo), path, Runs, asked, most=MOST_PAGES, whole=False):
        listed += page.workflow_runs
        total = max(total, page.total_count)
    found = [run for run in listed if run.carries(correlation)]
    if not found and len(listed) < total:
        raise Unclear("github", f"only {len(listed)} of {total} runs are listed")
    if not found:
        return None
    login = await me()
    own = [run for run in found if run.starter == login]
    oldest = min(own or found, key=lambda run: (run.created_at, run.id))
    return await _with_jobs(http, repo, oldest, correlation)


async def run(http: GitHubHttp, repo: str, run_id: int, attempt: int | None = None) -> RunLook:
    """One attempt of a run, or the newest, and its jobs as they are now."""
    place = f"actions/runs/{run_id}" if attempt is None else f"actions/runs/{run_id}/attempts/{attempt}"
    return await _with_jobs(http, repo, await http.get(repo_place(repo), place, Run))


async def cancel(http: GitHubHttp, repo: str, run_id: int, *, force: bool) -> None:
    """Ask a run to stop. One that has ended already is fine; whether it stops is for the next look to say."""
    verb = "force-cancel" if force else "cancel"
    try:
        await http.send("POST", repo_place(repo), f"actions/runs/{run_id}/{verb}")
    except Refused as refused:
        if refused.code != "409":
            raise


async def _with_jobs(http: GitHubHttp, repo: str, found: Run, correlation: str = "") -> RunLook:
    """The jobs of that very attempt: a re-run that began meanwhile has others."""
    jobs = await _jobs(http, repo, f"actions/runs/{found.id}/attempts/{found.run_attempt}/jobs")
    look = _look(found, jobs, correlation)
    if not look.nothing_ran or look.conclusion != "failure":
        return look
    return replace(look, rejected_by=await _rejecter(http, repo, found.id))


async def _jobs(http: GitHubHttp, repo: str, path: str) -> list[Job] | None:
    """All jobs; None: there are more than anybody reads, and a part of them would tell something else."""
    jobs: list[Job] = []
    async for page in http.pages(repo_place(repo), path, Jobs, whole=False):
        if page.total_count > MOST_JOBS:
            return None
        jobs += page.jobs
    return jobs


async def _rejecter(http: GitHubHttp, repo: str, run_id: int) -> str:
    """The reviewer who did not let the run go on; empty: none did, or GitHub does not tell."""
    try:
        reply = await http.send("GET", repo_place(repo), f"actions/runs/{run_id}/approvals")
    except Refused:
        return ""
    reviews = read("github", Reviews, reply.body).root
    return next((one.user.login for one in reviews if one.state == "rejected" and one.user), "")


def _look(found: Run, jobs: Sequence[Job] | None, correlation: str) -> RunLook:
    titles = [title for title in (found.display_title, found.name) if title]
    actor = found.triggering_actor or found.actor
    told = steps_of(jobs) if jobs is not None else None
    return RunLook(
        run_id=found.id,
        url=found.html_url,
        status=found.status or "",
        conclusion=found.conclusion or "",
        attempt=found.run_attempt,
        path=found.path.partition("@")[0],
        event=found.event,
        branch=found.head_branch or "",
        title=next((title for title in titles if correlation in title), ""),
        actor=actor.login if actor else "",
        starter=found.starter,
        created=found.created_at.timestamp(),
        steps=told.shown if told else None,
        steps_done=told.done if told else 0,
        steps_total=told.total if told else 0,
        nothing_ran=_nothing_ran(found, jobs),
    )


def _nothing_ran(found: Run, jobs: Sequence[Job] | None) -> bool:
    """Whether a run ended without a step: only where GitHub says so, never because its jobs were not to be seen."""
    if found.status != "completed" or found.conclusion == "success" or jobs is None:
        return False
    if not jobs:
        return found.conclusion in NO_JOBS
    return not any(job.came_to_a_step for job in jobs)
