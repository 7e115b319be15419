"""GitHub as the bot sees it, on loopback: repositories, workflow runs and their webhooks.

`GitHub` is the whole simulator: its routes speak the vendor's REST API, its verbs are what people and
machines do on the other side (a run ends, a tag moves, someone cancels).
"""

import hashlib
from collections.abc import Iterable
from typing import Literal

from aiohttp import web

from bot.playground.github.action_api import ActionsApi
from bot.playground.github.documents import Documents
from bot.playground.github.door import GitHubDoor
from bot.playground.github.events import RunEvents
from bot.playground.github.hook_api import HookApi
from bot.playground.github.pages import Pages
from bot.playground.github.repo_api import RepositoryApi, Shelf
from bot.playground.github.repos import CheckRun, Commit, CommitStatus, Repository
from bot.playground.github.run_documents import RunDocuments
from bot.playground.github.runs import CANCEL_TAKES, Run, Runs
from bot.playground.github.seed import ACTIONS_APP, add_green_checks, build_repository
from bot.playground.github.workflows import workflow_named
from bot.playground.webhooks import Courier, Delivery
from bot.playground.world import World

OWNER = "acme"
SERVICES = ("checkout", "storefront", "inventory")
TEAMS = {"sre": ["dee-dev"], "release-managers": ["bo-dev", "cy-dev"], "payments": ["ana-dev", "dee-dev"]}
UNFINISHED = ("queued", "in_progress", "pending", "waiting")


class GitHub:
    """The simulator; `await tick()` moves it with the world's clock."""

    def __init__(self, world: World, services: Iterable[str] = SERVICES) -> None:
        self.world = world
        self.door = GitHubDoor(world)
        self.courier = Courier(world, "github", "/github/webhooks")
        made = [build_repository(world, OWNER, service) for service in services]
        teams = {slug: list(logins) for slug, logins in TEAMS.items()}
        self.shelf = Shelf(OWNER, {repository.full_name: repository for repository in made}, {}, teams)
        documents = Documents(self.door)
        self._documents = RunDocuments(documents)
        self.runs = Runs(world, RunEvents(world, self.courier, documents, self._documents).tell)
        self._repositories = RepositoryApi(self.door, self.shelf, self.runs, documents)
        self._actions = ActionsApi(self.door, self.shelf, self.runs, self._documents)
        self.hooks = HookApi(self.door, self.shelf, self.courier, documents)
        self.permissions = documents.permissions  # of the App, where it is installed
        self._pages = Pages(world, self.shelf, self.runs)

    def routes(self) -> list[web.RouteDef]:
        """Every route, all below /sim/github."""
        parts = (self._actions, self.hooks, self._repositories, self._pages)
        return [route for part in parts for route in part.routes()]

    async def tick(self) -> None:
        """Bring the runs to the world's time and send the webhooks that are due."""
        self.runs.advance()
        await self.courier.tick()

    async def close(self) -> None:
        """Let go of hanging calls and of deliveries."""
        self.door.close()
        await self.courier.close()

    @property
    def deliveries(self) -> list[Delivery]:
        """The webhooks sent, lost or waiting, oldest first."""
        return list(self.courier.deliveries)

    def runs_state(self) -> list[dict[str, object]]:
        """The runs for `GET /play/state`, oldest first."""
        return [self._state_of(run) for run in self.runs.all]

    def repository(self, service: str) -> Repository:
        """The repository of a service."""
        return self.shelf.repositories[f"{OWNER}/{service}"]

    def sha_of(self, service: str, version: str) -> str:
        """The commit that a version means now; LookupError when there is none."""
        sha = self.repository(service).resolve(version)
        if sha is None:
            raise LookupError(f"{service} has no {version}")
        return sha

    def finishes(
        self, run_id: int | None = None, conclusion: str = "success", step: str | None = None
    ) -> Run:
        """End a run now (the oldest unfinished one without an id); `step` names the one that failed."""
        run = self._unfinished(run_id)
        self.runs.end(run, conclusion, step)
        return run

    def cancels(self, run_id: int | None, actor: str) -> Run:
        """Someone presses *Cancel run*; it ends a second later."""
        run = self._unfinished(run_id)
        run.attempt.sender = actor
        self.runs.end(run, "cancelled", None, grace=CANCEL_TAKES)
        return run

    def reruns(self, run_id: int, actor: str) -> Run:
        """Someone presses *Re-run all jobs* on a finished run."""
        run = self._run(run_id)
        if run.attempt.status != "completed":
            raise ValueError(f"run {run_id} is {run.attempt.status}")
        self.runs.rerun(run, actor)
        return run

    def waits_for_review(self, run_id: int | None = None) -> Run:
        """A run stops at the environment's required reviewers."""
        run = self._unfinished(run_id)
        self.runs.hold(run)
        return run

    def is_reviewed(self, run_id: int) -> Run:
        """A reviewer lets such a run go on."""
        run = self._run(run_id)
        self.runs.let_go(run)
        return run

    def rejects_review(self, run_id: int, reviewer: str, comment: str = "") -> Run:
        """A reviewer presses *Reject*: the run fails, and nothing of it ran."""
        run = self._run(run_id)
        self.runs.reject(run, reviewer, comment)
        return run

    def deletes_run(self, run_id: int) -> None:
        """Someone deletes a finished run; nothing of it can be read any more."""
        self.runs.forget(self._run(run_id))

    def starts_run(self, service: str, workflow: str, actor: str, inputs: dict[str, str]) -> Run:
        """Someone starts a workflow in GitHub's own page."""
        flow = workflow_named(workflow)
        if flow is None:
            raise LookupError(f"there is no {workflow}")
        repository = self.repository(service)
        return self.runs.start(repository, flow, repository.default_branch, actor, inputs)

    def moves_tag(self, service: str, tag: str, sha: str) -> None:
        """Point a tag (new or old) at another commit."""
        self.repository(service).tags[tag] = sha
        self.world.touch()

    def moves_branch(self, service: str, branch: str, sha: str) -> None:
        """Push a branch to a commit."""
        self.repository(service).branches[branch] = sha
        self.world.touch()

    def adds_commit(
        self,
        service: str,
        message: str,
        *,
        branch: str | None = "main",
        login: str = "ana-dev",
        tag: str = "",
    ) -> str:
        """Commit on top of a branch (or of main, on no branch, with None) with green checks; its SHA."""
        repository, now = self.repository(service), self.world.clock.now()
        parent = repository.branches.get(branch or "") or repository.branches[repository.default_branch]
        sha = hashlib.sha1(f"{parent}{message}{login}".encode(), usedforsecurity=False).hexdigest()
        repository.commits[sha] = Commit(sha, (parent,), message, login, now, ("src/app.py",))
        add_green_checks(repository, sha, now)
        if branch is not None:
            repository.branches[branch] = sha
        if tag:
            repository.tags[tag] = sha
        self.world.touch()
        return sha

    def sets_check(
        self, service: str, sha: str, name: str, conclusion: str | None, *, app: tuple[int, str] = ACTIONS_APP
    ) -> None:
        """Add a further run of a check on a commit; a conclusion of None means that it still runs."""
        repository, now = self.repository(service), self.world.clock.now()
        number = 1_000 + len(repository.checks)
        status = "in_progress" if conclusion is None else "completed"
        ended = None if conclusion is None else now
        repository.checks.append(CheckRun(number, name, sha, status, conclusion, now, ended, *app))
        self.world.touch()

    def sets_status(
        self, service: str, sha: str, context: str, state: Literal["error", "failure", "pending", "success"]
    ) -> None:
        """Say a further commit status of a context."""
        repository, now = self.repository(service), self.world.clock.now()
        number = 5_000 + len(repository.statuses)
        repository.statuses.append(CommitStatus(number, context, sha, state, state, now, "ci-bot"))
        self.world.touch()

    def forgets_checks(self, service: str, sha: str) -> None:
        """Take every check and status off a commit."""
        repository = self.repository(service)
        repository.checks = [run for run in repository.checks if run.sha != sha]
        repository.statuses = [said for said in repository.statuses if said.sha != sha]

    def lists_run_late(self, seconds: float) -> None:
        """Let new runs show in lists only after that long."""
        self.world.run.lag = seconds

    def disables_workflow(self, service: str, file: str) -> None:
        """Switch a workflow off."""
        self._actions.disabled.add((f"{OWNER}/{service}", file))

    def ignores_cancels(self, *, ignores: bool = True) -> None:
        """Take every cancel with 202 and let the runs go on."""
        self._actions.is_deaf = ignores

    def renames(self, service: str, name: str) -> None:
        """Rename a service's repository; the old name answers 301 with the new address."""
        repository = self.shelf.repositories.pop(f"{OWNER}/{service}")
        repository.name = name
        self.shelf.repositories[repository.full_name] = repository
        self.shelf.renamed[f"{OWNER}/{service}"] = repository.full_name

    def exhausts_rate_limit(self, seconds: float) -> None:
        """Answer 403 with `X-RateLimit-Remaining: 0` for that long."""
        self.door.exhaust(seconds)

    def _run(self, run_id: int) -> Run:
        run = self.runs.find(run_id)
        if run is None:
            raise LookupError(f"there is no run {run_id}")
        return run

    def _unfinished(self, run_id: int | None) -> Run:
        self.runs.advance()
        asked = self.runs.all if run_id is None else [self._run(run_id)]
        run = next((run for run in asked if run.attempt.status in UNFINISHED), None)
        if run is None:
            raise LookupError("no run is under way" if run_id is None else f"run {run_id} has ended")
        return run

    def _state_of(self, run: Run) -> dict[str, object]:
        return {
            "id": run.id,
            "workflow": run.workflow.file,
            "repository": run.repository.full_name,
            "status": run.attempt.status,
            "conclusion": run.attempt.conclusion,
            "attempt": run.attempt.number,
            "inputs": dict(run.inputs),
            "correlation_id": run.inputs.get("correlation_id"),
            "actor": run.attempt.actor,
            "created_at": run.created_at,
            "html_url": self._documents.web_address(run),
        }
