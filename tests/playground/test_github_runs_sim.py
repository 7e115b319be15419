"""Simulated workflow runs move with the world's clock, end as GitHub's do, and decide what serves."""

from collections.abc import AsyncIterator

import pytest

from bot.playground.world import Release
from tests.playground.github_place import INPUTS, Place, github_place


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    async with github_place() as made:
        yield made


async def test_run_goes_through_its_steps_and_serves_after_the_roll_out(place: Place) -> None:
    """Queued, in progress, rolled out before the smoke tests, completed: each at its world time."""
    await place.dispatches()
    await place.passes(3)
    assert (place.run().attempt.status, place.serves()) == ("in_progress", "v2.14.2")
    jobs = await place.repo(f"/actions/runs/{place.run().id}/jobs")
    steps = jobs.listed("jobs")[0]["steps"]
    assert isinstance(steps, list)
    assert [step["status"] for step in steps] == ["completed", "in_progress", "queued", "queued", "queued"]
    await place.passes(8)
    assert (place.run().attempt.status, place.serves()) == ("in_progress", "v2.14.3")
    await place.passes(4.1)
    run = await place.repo(f"/actions/runs/{place.run().id}")
    assert (run["status"], run["conclusion"]) == ("completed", "success")
    assert place.world.serving["checkout", "production"] == Release("v2.14.3", INPUTS["sha"])


@pytest.mark.parametrize(
    ("step", "serves", "outcomes"),
    [
        ("sha", "v2.14.2", ["success", "failure", "skipped", "skipped", "success"]),
        ("Roll out", "v2.14.2", ["success", "success", "failure", "skipped", "success"]),
        ("smoke", "v2.14.3", ["success", "success", "success", "failure", "success"]),
    ],
)
async def test_failing_step_decides_what_serves(
    place: Place, step: str, serves: str, outcomes: list[str]
) -> None:
    """What fails after the roll-out leaves the new version serving; what fails before does not."""
    place.world.run.conclusion, place.world.run.step = "failure", step
    await place.dispatches()
    await place.passes(16)
    assert (place.run().attempt.conclusion, place.serves()) == ("failure", serves)
    steps = (await place.repo(f"/actions/runs/{place.run().id}/jobs")).listed("jobs")[0]["steps"]
    assert isinstance(steps, list)
    assert [said["conclusion"] for said in steps] == outcomes


@pytest.mark.parametrize(
    "conclusion",
    ["timed_out", "cancelled", "skipped", "neutral", "action_required", "startup_failure", "stale"],
)
async def test_every_other_conclusion_deploys_nothing(place: Place, conclusion: str) -> None:
    """Each end that is not success comes as GitHub names it, with the old version still serving."""
    place.world.run.conclusion = conclusion
    await place.dispatches()
    await place.passes(16)
    assert (place.run().attempt.conclusion, place.serves()) == (conclusion, "v2.14.2")


async def test_run_without_a_job_can_be_cancelled(place: Place) -> None:
    """A run that will never get a job has no step to stop in, and still ends."""
    place.world.run.conclusion = "startup_failure"
    await place.dispatches()
    assert (await place.repo(f"/actions/runs/{place.run().id}/jobs"))["jobs"] == []
    place.github.cancels(None, "bo-dev")
    await place.passes(2)
    assert place.run().attempt.conclusion == "cancelled"


async def test_pending_run_can_be_cancelled(place: Place) -> None:
    """Cancelling the one in the line leaves the running one alone."""
    await place.dispatches(correlation_id="one")
    await place.dispatches(correlation_id="two")
    place.github.cancels(place.run().id, "bo-dev")
    assert [run.attempt.status for run in place.github.runs.all] == ["queued", "completed"]
    await place.passes(16)
    assert [run.attempt.conclusion for run in place.github.runs.all] == ["success", "cancelled"]


async def test_bent_runs_can_be_only_those_of_one_workflow(place: Place) -> None:
    """With a workflow in the plan, the rollback goes well while deploys fail."""
    place.world.run.conclusion, place.world.run.workflow = "failure", "deploy.yml"
    await place.dispatches(workflow="rollback.yml")
    await place.passes(16)
    assert place.run().attempt.conclusion == "success"


async def test_finishes_ends_the_run_now(place: Place) -> None:
    """The verb ends a run at once, with the step that failed; a second time there is nothing to end."""
    await place.dispatches()
    place.github.finishes(conclusion="failure", step="smoke")
    assert (place.run().attempt.conclusion, place.serves()) == ("failure", "v2.14.3")
    with pytest.raises(LookupError):
        place.github.finishes()


async def test_second_run_of_the_same_promotion_stops_itself(place: Place) -> None:
    """The workflow's first step fails when an older run carries its correlation id."""
    await place.dispatches()
    place.github.finishes()
    await place.dispatches()
    await place.passes(16)
    assert [run.attempt.conclusion for run in place.github.runs.all] == ["success", "failure"]


async def test_smoke_run_of_a_promotion_does_not_stop_its_deploy(place: Place) -> None:
    """Only an older run of the same workflow counts, whatever else carries the correlation id."""
    smoke = {"target": "staging", "correlation_id": "c0ffee"}
    assert place.github.starts_run("checkout", "smoke.yml", "ana-dev", smoke).group is None
    await place.dispatches()
    await place.passes(16)
    assert [run.attempt.conclusion for run in place.github.runs.all] == ["success", "success"]


async def test_unknown_sha_stops_at_the_first_step(place: Place) -> None:
    """The workflow checks that the SHA is a commit of the repository before it rolls anything out."""
    await place.dispatches(sha="f" * 40)
    await place.passes(16)
    assert (place.run().attempt.conclusion, place.serves()) == ("failure", "v2.14.2")


async def test_concurrency_keeps_one_pending_run(place: Place) -> None:
    """A third run cancels the pending second; when the first ends, the third runs."""
    for nonce in ("one", "two", "three"):
        await place.dispatches(correlation_id=nonce)
    first, second, third = place.github.runs.all
    assert [run.attempt.status for run in (first, second, third)] == ["queued", "completed", "pending"]
    assert second.attempt.conclusion == "cancelled"
    await place.passes(16)
    assert (first.attempt.conclusion, third.attempt.status) == ("success", "in_progress")
    await place.passes(15)
    assert third.attempt.conclusion == "success"


async def test_other_environments_run_side_by_side(place: Place) -> None:
    """A concurrency group is one service in one environment."""
    await place.dispatches(correlation_id="one")
    await place.dispatches(correlation_id="two", environment="staging")
    await place.passes(16)
    assert [run.attempt.conclusion for run in place.github.runs.all] == ["success", "success"]


async def test_cancel_is_202_then_409(place: Place) -> None:
    """A cancel is accepted, takes a moment, and is a conflict afterwards."""
    await place.dispatches()
    at = f"/repos/acme/checkout/actions/runs/{place.run().id}"
    await place.passes(3)
    assert (await place.asks(at + "/cancel", method="POST")).status == 202
    assert place.run().attempt.status == "in_progress"
    await place.passes(2)
    assert (place.run().attempt.conclusion, place.serves()) == ("cancelled", "v2.14.2")
    refused = await place.asks(at + "/cancel", method="POST")
    assert (refused.status, refused["message"]) == (409, "Cannot cancel a workflow run that is completed.")


async def test_force_cancel_ends_at_once(place: Place) -> None:
    """The forced cancel does not wait for the runner."""
    await place.dispatches()
    await place.passes(3)
    at = f"/repos/acme/checkout/actions/runs/{place.run().id}/force-cancel"
    assert (await place.asks(at, method="POST")).status == 202
    assert place.run().attempt.conclusion == "cancelled"


async def test_rerun_is_another_attempt_of_the_same_run(place: Place) -> None:
    """A re-run keeps id and inputs, counts up the attempt and leaves the old one readable."""
    place.world.run.conclusion = "failure"
    await place.dispatches()
    at = f"/actions/runs/{place.run().id}"
    assert (await place.asks(f"/repos/acme/checkout{at}/rerun", method="POST")).status == 403
    await place.passes(16)
    place.world.run.conclusion = "success"
    place.github.reruns(place.run().id, "eli-dev")
    await place.passes(16)
    newest, first = await place.repo(at), await place.repo(at + "/attempts/1")
    assert (newest["run_attempt"], newest["conclusion"], first["conclusion"]) == (2, "success", "failure")
    triggered_by = newest["triggering_actor"]
    assert isinstance(triggered_by, dict)
    assert triggered_by["login"] == "eli-dev"
    assert (await place.repo(at + "/attempts/3")).status == 404


async def test_run_waits_for_reviewers(place: Place) -> None:
    """A run held by the environment stands still however long it takes, and goes on from there."""
    await place.dispatches()
    await place.passes(3)
    place.github.waits_for_review()
    await place.passes(86_400)
    assert place.run().attempt.status == "waiting"
    place.github.is_reviewed(place.run().id)
    await place.passes(2)
    assert place.run().attempt.status == "in_progress"
    await place.passes(11)
    assert place.run().attempt.conclusion == "success"


async def test_new_runs_are_listed_late(place: Place) -> None:
    """During the list's lag a run has an address but is in no list."""
    place.github.lists_run_late(30)
    run_id = (await place.dispatches())["workflow_run_id"]
    assert (await place.repo(f"/actions/runs/{run_id}")).status == 200
    assert (await place.repo("/actions/runs"))["total_count"] == 0
    await place.passes(31)
    assert (await place.repo("/actions/workflows/deploy.yml/runs"))["total_count"] == 1


async def test_runs_are_filtered_and_paged(place: Place) -> None:
    """Newest first, by event, branch, day and status, with Link headers that lead to the rest."""
    for number in range(5):
        await place.dispatches(correlation_id=str(number), environment=f"e{number}")
    today = (await place.repo("/actions/runs")).listed("workflow_runs")[0]["created_at"]
    assert (await place.repo("/actions/runs?event=push"))["total_count"] == 0
    assert (await place.repo(f"/actions/runs?branch=main&created=>={today}"))["total_count"] == 5
    assert (await place.repo("/actions/runs?created=2001-01-01..2002-01-01"))["total_count"] == 0
    assert (await place.repo("/actions/runs?created=yesterday")).status == 422
    assert (await place.repo("/actions/runs?status=completed"))["total_count"] == 0
    seen, path = [], "/repos/acme/checkout/actions/runs?per_page=2"
    while path:
        page = await place.asks(path)
        seen += [run["id"] for run in page.listed("workflow_runs")]
        links = [part for part in page.headers["Link"].split(", ") if 'rel="next"' in part]
        path = links[0].split(">")[0].removeprefix(f"<{place.base}") if links else ""
    assert seen == [run.id for run in reversed(place.github.runs.all)]


async def test_run_has_a_page_and_shows_nothing_unescaped(place: Place) -> None:
    """The link that people press shows the run; what came in as input stays text."""
    await place.dispatches(triggered_by="<b>ana</b>")
    address = str((await place.repo(f"/actions/runs/{place.run().id}"))["html_url"])
    async with place.http.get(address) as page:
        text = await page.text()
    assert "Deploy v2.14.3 to production" in text
    assert "&lt;b&gt;ana&lt;/b&gt;" in text
