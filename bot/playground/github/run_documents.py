"""GitHub's JSON documents for workflows, runs and jobs."""

from bot.playground.github.documents import Document, Documents
from bot.playground.github.plans import Step
from bot.playground.github.repos import CheckRun, Repository
from bot.playground.github.runs import Attempt, Review, Run
from bot.playground.github.seed import ACTIONS_APP
from bot.playground.github.workflows import Workflow
from bot.playground.stamps import iso, iso_or_none, number_for


class RunDocuments:
    """Writes runs as GitHub does; times come from the attempt's plan, states from `now`."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def workflow(self, repository: Repository, workflow: Workflow, state: str) -> Document:
        """A workflow file."""
        name = repository.full_name
        number = workflow_id(repository, workflow)
        return {
            "id": number,
            "node_id": f"W_{number}",
            "name": workflow.name,
            "path": workflow.path,
            "state": state,
            "created_at": iso(0),
            "updated_at": iso(0),
            "url": self._documents.api("repos", name, "actions/workflows", number),
            "html_url": self._documents.web(name, "blob", repository.default_branch, workflow.path),
            "badge_url": self._documents.web(name, "workflows", workflow.name, "badge.svg"),
        }

    def run(self, run: Run, attempt: Attempt) -> Document:
        """One attempt of a run."""
        at = self._documents.api("repos", run.repository.full_name, "actions/runs", run.id)
        suite = suite_of(run)
        repository = self._documents.repository(run.repository)
        title = run.workflow.title(run.inputs)
        return {
            "id": run.id,
            "name": title,
            "node_id": f"WFR_{run.id}",
            "head_branch": run.ref,
            "head_sha": run.head_sha,
            "path": run.workflow.path,
            "display_title": title,
            "run_number": run.number,
            "run_attempt": attempt.number,
            "event": run.event,
            "status": attempt.status,
            "conclusion": attempt.conclusion,
            "workflow_id": workflow_id(run.repository, run.workflow),
            "check_suite_id": suite,
            "check_suite_node_id": f"CS_{suite}",
            "url": at,
            "html_url": self.web_address(run),
            "pull_requests": [],
            "created_at": iso(run.created_at),
            "updated_at": iso(attempt.updated_at),
            "run_started_at": iso(attempt.created_at),
            "actor": self._documents.user(run.actor),
            "triggering_actor": self._documents.user(attempt.actor),
            "referenced_workflows": [],
            "jobs_url": at + "/jobs",
            "logs_url": at + "/logs",
            "artifacts_url": at + "/artifacts",
            "cancel_url": at + "/cancel",
            "rerun_url": at + "/rerun",
            "previous_attempt_url": f"{at}/attempts/{attempt.number - 1}" if attempt.number > 1 else None,
            "check_suite_url": self._documents.api("repos", run.repository.full_name, "check-suites", suite),
            "workflow_url": self._documents.api(
                "repos",
                run.repository.full_name,
                "actions/workflows",
                workflow_id(run.repository, run.workflow),
            ),
            "head_commit": _head_commit(run),
            "repository": repository,
            "head_repository": repository,
        }

    def web_address(self, run: Run) -> str:
        """Where people look at a run."""
        return self._documents.web(run.repository.full_name, "actions/runs", run.id)

    def job(self, run: Run, attempt: Attempt, now: float) -> Document:
        """The one job of an attempt, with its steps as they stand."""
        number = job_id(run, attempt)
        at = self._documents.api("repos", run.repository.full_name, "actions/jobs", number)
        return {
            "id": number,
            "run_id": run.id,
            "run_url": self._documents.api("repos", run.repository.full_name, "actions/runs", run.id),
            "run_attempt": attempt.number,
            "node_id": f"CR_{number}",
            "head_sha": run.head_sha,
            "head_branch": run.ref,
            "url": at,
            "html_url": f"{self.web_address(run)}/job/{number}",
            "status": attempt.status,
            "conclusion": attempt.conclusion,
            "created_at": iso(attempt.created_at),
            "started_at": iso(_begun(attempt) + attempt.plan.picked_up),
            "completed_at": iso(attempt.updated_at) if attempt.conclusion else None,
            "name": run.workflow.job,
            "workflow_name": run.workflow.name,
            "steps": [self._step(index, step, attempt, now) for index, step in _shown_steps(attempt)],
            "check_run_url": self._documents.api("repos", run.repository.full_name, "check-runs", number),
            "labels": ["ubuntu-latest"],
            "runner_id": 1 if _is_taken(attempt) else None,
            "runner_name": "GitHub Actions 1" if _is_taken(attempt) else None,
            "runner_group_id": 0,
            "runner_group_name": "GitHub Actions",
        }

    def review(self, run: Run, review: Review) -> Document:
        """What one reviewer said."""
        environment = run.inputs.get("environment", "")
        return {
            "state": review.state,
            "comment": review.comment,
            "environments": [{"id": number_for("environment", environment), "name": environment}],
            "user": self._documents.user(review.reviewer),
        }

    def _step(self, number: int, step: Step, attempt: Attempt, now: float) -> Document:
        elapsed = attempt.elapsed(now)
        status = step.status_at(elapsed)
        begun = _begun(attempt)
        return {
            "name": step.name,
            "status": status,
            "conclusion": step.conclusion if status == "completed" else None,
            "number": number,
            "started_at": iso_or_none(begun + step.start if status != "queued" else None),
            "completed_at": iso_or_none(begun + step.end if status == "completed" else None),
        }


def workflow_id(repository: Repository, workflow: Workflow) -> int:
    """The number of a workflow file."""
    return number_for("workflow", repository.full_name, workflow.file)


def check_of(run: Run) -> CheckRun:
    """The check run that the newest attempt's job is, on the commit that the workflow ran on."""
    attempt = run.attempt
    app, slug = ACTIONS_APP
    return CheckRun(
        id=job_id(run, attempt),
        name=run.workflow.job,
        sha=run.head_sha,
        status=attempt.status if attempt.status in ("in_progress", "completed") else "queued",
        conclusion=attempt.conclusion,
        started_at=_begun(attempt),
        completed_at=attempt.updated_at if attempt.conclusion else None,
        app_id=app,
        app_slug=slug,
        suite=suite_of(run),
    )


def suite_of(run: Run) -> int:
    """The number of a run's check suite."""
    return number_for("suite", str(run.id))


def job_id(run: Run, attempt: Attempt) -> int:
    """The number of an attempt's job."""
    return run.id * 100 + attempt.number


def _begun(attempt: Attempt) -> float:
    return attempt.created_at if attempt.begun_at is None else attempt.begun_at


def _shown_steps(attempt: Attempt) -> list[tuple[int, Step]]:
    """No steps are known until a runner has picked the job up."""
    return list(enumerate(attempt.plan.steps, start=1)) if _is_taken(attempt) else []


def _is_taken(attempt: Attempt) -> bool:
    return attempt.taken and attempt.status in ("in_progress", "completed")


def _head_commit(run: Run) -> Document:
    commit = run.repository.commits[run.head_sha]
    person = {"name": commit.login, "email": f"{commit.login}@acme.example"}
    return {
        "id": commit.sha,
        "tree_id": commit.sha[::-1],
        "message": commit.message,
        "timestamp": iso(commit.at),
        "author": person,
        "committer": person,
    }
