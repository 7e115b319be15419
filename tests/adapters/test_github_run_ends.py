"""What a run's jobs tell: whether anything of it ran, who did not let it, and the steps of very many."""

import json
from collections.abc import Sequence

import pytest

from bot.adapters.github import GitHubRepository
from bot.adapters.github_steps import MOST_STEPS, NEXT, Job, JobStep, steps_of
from bot.ports import RunLook
from tests.adapters.github_place import REPO
from tests.adapters.scripted import Said, Vendor, vendor

RUN = 8801
STEP = {"name": "Roll out", "status": "completed", "conclusion": "success", "number": 2}
Document = dict[str, object]


def run_document(conclusion: str, status: str = "completed") -> Said:
    """A run that ended so."""
    fields = {"id": RUN, "status": status, "conclusion": conclusion, "created_at": "2026-11-21T04:00:00Z"}
    return Said(body=json.dumps(fields))


def job(conclusion: str, runner: int | None = None, steps: Sequence[Document] = ()) -> Document:
    """A job that ended so."""
    known = {"name": "deploy", "status": "completed", "conclusion": conclusion}
    return {**known, "runner_id": runner, "steps": list(steps)}


def jobs(*listed: Document, total: int | None = None) -> Said:
    """The list of a run's jobs."""
    return Said(body=json.dumps({"total_count": len(listed) if total is None else total, "jobs": listed}))


async def looked(*script: Said) -> tuple[RunLook, Vendor]:
    """A look at the run of a GitHub that answers so."""
    async with (
        vendor(*script) as github,
        GitHubRepository("ghs_playground", base_url=github.url) as repository,
    ):
        return await repository.run(REPO, RUN), github


@pytest.mark.parametrize(
    ("conclusion", "listed", "nothing_ran"),
    [
        ("startup_failure", (), True),
        ("cancelled", (), True),
        ("failure", (), False),  # its jobs may not be listed yet
        ("timed_out", (job("failure"),), True),
        ("cancelled", (job("cancelled"), job("skipped")), True),
        ("skipped", (job("skipped"),), True),
        ("cancelled", (job("cancelled", runner=7),), False),  # a runner had it
        ("cancelled", (job("skipped"), job("cancelled", steps=(STEP,))), False),
        ("success", (job("skipped"),), False),
    ],
)
async def test_nothing_ran_is_told_only_where_github_says_so(
    conclusion: str, listed: tuple[Document, ...], nothing_ran: bool
) -> None:
    """No job with a step or a runner; a list that is empty without a reason tells nothing."""
    look, _ = await looked(run_document(conclusion), jobs(*listed))
    assert look.nothing_ran is nothing_ran


@pytest.mark.parametrize(
    ("answer", "by"),
    [
        (Said(body='[{"state": "rejected", "user": {"login": "cy-dev"}}]'), "cy-dev"),
        (Said(body='[{"state": "approved", "user": {"login": "cy-dev"}}]'), ""),
        (Said(body="[]"), ""),
        (Said(403, '{"message": "Resource not accessible by integration"}'), ""),
    ],
)
async def test_who_rejected_a_run_is_asked_when_nothing_of_it_ran(answer: Said, by: str) -> None:
    """GitHub fails a run that a reviewer rejects, and names them among its reviews."""
    look, github = await looked(run_document("failure"), jobs(job("failure")), answer)
    assert (look.nothing_ran, look.rejected_by) == (True, by)
    assert github.heard[-1].path.endswith(f"/actions/runs/{RUN}/approvals")


async def test_who_rejected_is_not_asked_of_a_run_that_ran() -> None:
    """It failed by itself: two calls are enough."""
    _, github = await looked(run_document("failure"), jobs(job("failure", 7, (STEP,))))
    assert len(github.heard) == 2


async def test_more_jobs_than_anybody_reads_leave_the_run_without_steps() -> None:
    """Incident: 1,100 jobs, and every look failed, so that the run was never read to its end."""
    look, github = await looked(run_document("success"), jobs(job("success"), total=1100))
    assert (look.conclusion, look.steps, look.nothing_ran) == ("success", None, False)
    assert len(github.heard) == 2


def many(*statuses: str) -> list[Job]:
    """One job for each, with one step."""
    step = {
        "done": JobStep(name="x", status="completed", conclusion="success"),
        "failed": JobStep(name="x", status="completed", conclusion="failure"),
        "running": JobStep(name="x", status="in_progress"),
        "pending": JobStep(name="x", status="queued"),
    }
    return [Job(name=f"{place}", steps=[step[status]]) for place, status in enumerate(statuses)]


def test_of_many_steps_those_are_kept_that_matter() -> None:
    """Incident: with 41 of 300 jobs begun the card said "30 of 30 steps done"."""
    told = steps_of(many(*["done"] * 40, "running", *["pending"] * 200, "failed", *["pending"] * 58))
    assert (told.done, told.total, len(told.shown)) == (40, 300, MOST_STEPS)
    kept = [int(step.name.partition(" ")[0]) for step in told.shown]
    assert kept == [*range(40 - (MOST_STEPS - 2 - NEXT), 40 + 1 + NEXT), 241]


def test_of_few_steps_all_are_told() -> None:
    """No number stands beside a list that is whole."""
    told = steps_of(many(*["done"] * MOST_STEPS))
    assert (len(told.shown), told.done, told.total) == (MOST_STEPS, 0, 0)
