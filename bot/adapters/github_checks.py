"""Check runs and commit statuses of a commit. One page that cannot be read makes the whole look fail."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Literal, TypeVar

from pydantic import BaseModel

from bot.adapters.github_http import GitHubHttp, quoted, repo_place
from bot.adapters.github_runs import Run
from bot.ports import Check, Unclear

Item = TypeVar("Item")
State = Literal["passed", "failed", "pending", "skipped"]

ACTIONS = "github-actions"  # the App whose check runs are jobs of workflow runs
SKIPPED = ("skipped", "neutral")


class App(BaseModel):
    """The GitHub App that reports a check."""

    slug: str | None = None


class Suite(BaseModel):
    """What a workflow run's check runs belong to."""

    id: int


class CheckRun(BaseModel):
    """One run of a check."""

    id: int
    name: str
    status: str
    conclusion: str | None = None
    started_at: str | None = None  # ISO 8601, UTC: compares as text
    html_url: str | None = None
    details_url: str | None = None
    app: App | None = None
    check_suite: Suite | None = None

    @property
    def age(self) -> tuple[str, int]:
        """Grows with every newer run."""
        return self.started_at or "", self.id


class SuiteOfRun(Run):
    """A workflow run and the suite that its check runs belong to."""

    check_suite_id: int | None = None


class SuitesOfRuns(BaseModel):
    """One page of workflow runs."""

    workflow_runs: list[SuiteOfRun]


class CheckRuns(BaseModel):
    """One page of check runs."""

    total_count: int
    check_runs: list[CheckRun]


class Status(BaseModel):
    """The newest status of one context."""

    context: str
    state: str
    target_url: str | None = None


class CombinedStatus(BaseModel):
    """One page of the newest statuses."""

    total_count: int
    statuses: list[Status]


async def checks(
    http: GitHubHttp, repo: str, sha: str, me: Callable[[], Awaitable[str]]
) -> tuple[Check, ...]:
    """The newest check of each name and app, and the newest status of each context, in the order of names.

    The jobs of the deploys that we started are check runs too, of the tip that their workflow ran on. They say nothing
    of the code: counted, a failed deploy of the tip would bar that commit for ever.
    """
    found = await _check_runs(http, repo, sha)
    if any(_slug(run) == ACTIONS for run in found):
        ours = await _own_suites(http, repo, sha, await me())
        found = [run for run in found if run.check_suite is None or run.check_suite.id not in ours]
    runs = [_check_of_run(run) for run in _newest(found)]
    statuses = [_check_of_status(status) for status in await _statuses(http, repo, sha)]
    return tuple(sorted([*runs, *statuses], key=lambda check: (check.name, check.app)))


async def _check_runs(http: GitHubHttp, repo: str, sha: str) -> list[CheckRun]:
    found: list[CheckRun] = []
    said = 0
    async for page in http.pages(
        repo_place(repo), f"commits/{quoted(sha)}/check-runs", CheckRuns, {"filter": "latest"}
    ):
        found += page.check_runs
        said = page.total_count
    return _complete(found, said, "check runs")


async def _own_suites(http: GitHubHttp, repo: str, sha: str, login: str) -> frozenset[int]:
    """The check suites of the workflow runs that we started on a commit."""
    asked = {"head_sha": sha, "event": "workflow_dispatch"}
    found: set[int] = set()
    async for page in http.pages(repo_place(repo), "actions/runs", SuitesOfRuns, asked):
        found |= {
            run.check_suite_id for run in page.workflow_runs if run.starter == login and run.check_suite_id
        }
    return frozenset(found)


async def _statuses(http: GitHubHttp, repo: str, sha: str) -> list[Status]:
    found: list[Status] = []
    said = 0
    async for page in http.pages(repo_place(repo), f"commits/{quoted(sha)}/status", CombinedStatus):
        found += page.statuses
        said = page.total_count
    return _complete(found, said, "statuses")


def _complete(found: list[Item], said: int, what: str) -> list[Item]:
    if len(found) < said:
        raise Unclear("github", f"GitHub listed {len(found)} of {said} {what}")
    return found


def _newest(runs: Iterable[CheckRun]) -> Iterable[CheckRun]:
    newest: dict[tuple[str, str], CheckRun] = {}
    for run in sorted(runs, key=lambda run: run.age):
        newest[run.name, _slug(run)] = run
    return newest.values()


def _check_of_run(run: CheckRun) -> Check:
    return Check(run.name, _state_of(run), run.html_url or run.details_url or "", _slug(run))


def _state_of(run: CheckRun) -> State:
    """A conclusion that is not known to be good is not good; one that says that nothing ran is neither."""
    if run.status != "completed":
        return "pending"
    if run.conclusion in SKIPPED:
        return "skipped"
    return "passed" if run.conclusion == "success" else "failed"


def _check_of_status(status: Status) -> Check:
    states: dict[str, State] = {"success": "passed", "pending": "pending"}
    return Check(status.context, states.get(status.state, "failed"), status.target_url or "")


def _slug(run: CheckRun) -> str:
    return (run.app.slug if run.app else None) or ""
