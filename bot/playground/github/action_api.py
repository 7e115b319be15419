"""The part of GitHub's REST API that starts, lists, shows and cancels workflow runs."""

import operator
from collections.abc import Callable

from aiohttp import web

from bot.playground.door import Answer, Call
from bot.playground.github.door import GitHubDoor, actor_of, api_version, error, page_of, refusal
from bot.playground.github.repo_api import Shelf
from bot.playground.github.repos import Repository
from bot.playground.github.run_documents import RunDocuments, workflow_id
from bot.playground.github.runs import CANCEL_TAKES, Attempt, Run, Runs
from bot.playground.github.workflows import WORKFLOWS, Workflow, complaint_about, workflow_named
from bot.playground.stamps import seconds_of

REFUSING_MODES = {
    "502": (502, "Server Error"),
    "422": (422, 'Unexpected inputs provided: ["version"]'),
    "404": (404, "Not Found"),
    "403": (403, "Resource not accessible by integration"),
}
COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}


class ActionsApi:
    """Answers calls on workflows and their runs; `disabled` holds the files that someone switched off."""

    def __init__(self, door: GitHubDoor, shelf: Shelf, runs: Runs, documents: RunDocuments) -> None:
        self.disabled: set[tuple[str, str]] = set()
        self.is_deaf = False  # takes every cancel and does nothing
        self._door = door
        self._shelf = shelf
        self._runs = runs
        self._documents = documents

    def routes(self) -> list[web.RouteDef]:
        """The routes of this part."""
        actions = "/repos/{owner}/{repo}/actions"
        run = actions + r"/runs/{run_id:\d+}"
        on = self._door.on
        return [
            on("POST", actions + "/workflows/{workflow}/dispatches", self.dispatch),
            on("GET", actions + "/workflows/{workflow}/runs", self.list_runs_of_workflow),
            on("GET", actions + "/workflows/{workflow}", self.show_workflow),
            on("GET", actions + "/runs", self.list_runs),
            on("GET", run + r"/attempts/{attempt:\d+}", self.show_attempt),
            on("GET", run + r"/attempts/{attempt:\d+}/jobs", self.list_jobs_of_attempt),
            on("GET", run + "/approvals", self.list_reviews),
            on("GET", run + "/jobs", self.list_jobs),
            on("POST", run + "/cancel", self.cancel),
            on("POST", run + "/force-cancel", self.force_cancel),
            on("POST", run + "/rerun", self.rerun),
            on("GET", run, self.show_run),
        ]

    async def dispatch(self, call: Call) -> Answer:
        """Start a run; 200 with its id in the new API version, 204 without in the old one."""
        repository, workflow = self._workflow(call)
        if not repository.may_push:
            return error(403, "Must have admin rights to Repository.")
        ref, inputs = self._checked(call, repository, workflow)
        mode = self._door.world.run.mode
        if mode in REFUSING_MODES:
            return error(*REFUSING_MODES[mode])
        run = self._runs.start(repository, workflow, ref, actor_of(call), inputs)
        if mode == "accept-then-502":
            return error(502, "Server Error")
        if mode in ("accept-then-hang", "accept-then-reset"):
            return Answer(0, end="hang" if mode == "accept-then-hang" else "reset")
        if mode == "204" or (api_version(call) == "2022-11-28" and not call.fields.get("return_run_details")):
            return Answer(204)
        return Answer(200, self._receipt(run))

    async def show_workflow(self, call: Call) -> Answer:
        """One workflow by file name or number."""
        repository, workflow = self._workflow(call)
        state = "disabled_manually" if self._is_disabled(repository, workflow) else "active"
        return Answer(200, self._documents.workflow(repository, workflow, state))

    async def list_runs_of_workflow(self, call: Call) -> Answer:
        """The runs of one workflow, newest first."""
        _, workflow = self._workflow(call)
        return self._list(call, lambda run: run.workflow is workflow)

    async def list_runs(self, call: Call) -> Answer:
        """The runs of a repository, newest first."""
        return self._list(call, lambda _: True)

    async def show_run(self, call: Call) -> Answer:
        """A run as its newest attempt stands."""
        run = self._run(call)
        return Answer(200, self._documents.run(run, run.attempt))

    async def show_attempt(self, call: Call) -> Answer:
        """One attempt of a run."""
        run = self._run(call)
        return Answer(200, self._documents.run(run, _attempt(run, int(call.part("attempt")))))

    async def list_jobs(self, call: Call) -> Answer:
        """The job of the newest attempt, of every one with `filter=all`."""
        run, now = self._run(call), self._door.world.clock.now()
        attempts = run.attempts if call.asked("filter") == "all" else run.attempts[-1:]
        jobs = [self._documents.job(run, attempt, now) for attempt in attempts if attempt.plan.steps]
        shown, headers = page_of(call, jobs)
        return Answer(200, {"total_count": len(jobs), "jobs": shown}, headers)

    async def list_jobs_of_attempt(self, call: Call) -> Answer:
        """The job of one attempt."""
        run, now = self._run(call), self._door.world.clock.now()
        attempt = _attempt(run, int(call.part("attempt")))
        jobs = [self._documents.job(run, attempt, now)] if attempt.plan.steps else []
        shown, headers = page_of(call, jobs)
        return Answer(200, {"total_count": len(jobs), "jobs": shown}, headers)

    async def list_reviews(self, call: Call) -> Answer:
        """What the environment's reviewers said of a run."""
        run = self._run(call)
        return Answer(200, [self._documents.review(run, one) for one in run.reviews])

    async def cancel(self, call: Call) -> Answer:
        """Ask a run to stop; it ends a moment later."""
        return self._cancel(call, grace=CANCEL_TAKES)

    async def force_cancel(self, call: Call) -> Answer:
        """Stop a run now."""
        return self._cancel(call, grace=0.0)

    async def rerun(self, call: Call) -> Answer:
        """Begin another attempt of a finished run."""
        run = self._run(call)
        if run.attempt.status != "completed":
            return error(403, "This workflow is already running")
        self._runs.rerun(run, actor_of(call))
        return Answer(201, {})

    def _cancel(self, call: Call, *, grace: float) -> Answer:
        run = self._run(call)
        if run.attempt.status == "completed":
            return error(409, "Cannot cancel a workflow run that is completed.")
        if not self.is_deaf:
            self._runs.end(run, "cancelled", None, grace=grace)
        return Answer(202, {})

    def _checked(self, call: Call, repository: Repository, workflow: Workflow) -> tuple[str, dict[str, str]]:
        ref, inputs = call.fields.get("ref"), call.fields.get("inputs") or {}
        if not isinstance(ref, str) or not ref:
            raise refusal(422, 'Invalid request.\n\n"ref" wasn\'t supplied.')
        if not isinstance(inputs, dict):
            raise refusal(422, "Invalid request.\n\nFor 'properties/inputs', this is not an object.")
        if repository.sha_of_ref(ref) is None:
            raise refusal(422, f"No ref found for: {ref}")
        if not workflow.dispatchable:
            raise refusal(422, "Workflow does not have 'workflow_dispatch' trigger")
        if self._is_disabled(repository, workflow):
            raise refusal(422, "Cannot trigger a 'workflow_dispatch' on a disabled workflow")
        complaint = complaint_about(workflow, inputs)
        if complaint:
            raise refusal(422, complaint)
        return ref, {name: str(value) for name, value in inputs.items()}

    def _workflow(self, call: Call) -> tuple[Repository, Workflow]:
        repository, asked = self._shelf.repository(call), call.part("workflow")
        by_number = next((flow for flow in WORKFLOWS if str(workflow_id(repository, flow)) == asked), None)
        workflow = workflow_named(asked) or by_number
        if workflow is None or workflow.path not in repository.files:
            raise refusal(404, "Not Found")
        return repository, workflow

    def _is_disabled(self, repository: Repository, workflow: Workflow) -> bool:
        return (repository.full_name, workflow.file) in self.disabled

    def _run(self, call: Call) -> Run:
        repository = self._shelf.repository(call)
        self._runs.advance()
        run = self._runs.find(int(call.part("run_id")))
        if run is None or run.repository is not repository:
            raise refusal(404, "Not Found")
        return run

    def _list(self, call: Call, wanted: Callable[[Run], bool]) -> Answer:
        repository = self._shelf.repository(call)
        self._runs.advance()
        now = self._door.world.clock.now()
        found = [
            run for run in reversed(self._runs.all)
            if run.repository is repository and run.listed_at <= now and wanted(run) and _asked_for(call, run)
        ]  # fmt: skip
        shown, headers = page_of(call, found)
        listed = [self._documents.run(run, run.attempt) for run in shown]
        return Answer(200, {"total_count": len(found), "workflow_runs": listed}, headers)

    def _receipt(self, run: Run) -> dict[str, object]:
        at = self._door.url + f"/repos/{run.repository.full_name}/actions/runs/{run.id}"
        return {"workflow_run_id": run.id, "run_url": at, "html_url": self._documents.web_address(run)}


def _attempt(run: Run, number: int) -> Attempt:
    if not 1 <= number <= len(run.attempts):
        raise refusal(404, "Not Found")
    return run.attempts[number - 1]


def _asked_for(call: Call, run: Run) -> bool:
    """Whether a run passes the filters of a list."""
    state = call.asked("status")
    if state and state not in (run.attempt.status, run.attempt.conclusion):
        return False
    facts = {"event": run.event, "branch": run.ref, "actor": run.actor, "head_sha": run.head_sha}
    if any(call.asked(name) not in ("", fact) for name, fact in facts.items()):
        return False
    try:
        return _created_in(call.asked("created"), run.created_at)
    except ValueError:
        raise refusal(422, "Validation Failed: created is not a date") from None


def _created_in(span: str, at: float) -> bool:
    """GitHub's search syntax for dates: `>=A`, `>A`, `<=A`, `<A`, `A..B`, `A..*`, `*..B` or one day."""
    if not span:
        return True
    at = float(int(at))  # GitHub's times have whole seconds
    for sign, holds in COMPARISONS.items():
        if span.startswith(sign):
            return holds(at, seconds_of(span[len(sign) :]))
    start, dots, end = span.partition("..")
    if not dots:
        return seconds_of(start) <= at < seconds_of(start) + (86_400 if len(start) == 10 else 1)
    return (start == "*" or at >= seconds_of(start)) and (end == "*" or at <= seconds_of(end))
