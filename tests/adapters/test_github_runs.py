"""GitHub: a dispatch leaves once, and a run is ours by its correlation id."""

import time
from collections.abc import AsyncIterator

import pytest

from bot.playground.world import RunMode
from bot.ports import Dispatched, Refused, Unclear
from tests.adapters.github_place import INPUTS, NONCE, REPO, Place, github_place


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    async with github_place() as found:
        yield found


async def test_dispatch_tells_the_run(place: Place) -> None:
    """One POST starts one run with the inputs, and GitHub's answer names it."""
    dispatched = await place.dispatches()
    (run,) = place.github.runs.all
    assert dispatched == Dispatched(run.id, dispatched.url)
    assert dispatched.url.endswith(f"/actions/runs/{run.id}")
    assert (dict(run.inputs), run.ref, place.posts()) == (INPUTS, "main", 1)


async def test_f43_dispatch_without_a_run_id_is_a_yes_all_the_same(place: Place) -> None:
    """A 204 of an older server started the run; which one is found by the correlation id."""
    assert await place.dispatches("204") == Dispatched(None, "")
    found = await place.repository.find_run(REPO, "deploy.yml", "main", NONCE, time.time())
    assert found is not None
    assert found.run_id == place.github.runs.all[0].id


async def test_f43_an_older_server_is_asked_in_the_version_that_it_knows(place: Place) -> None:
    """An Enterprise Server refuses the newer API version: the same call goes once more in the older one, which is kept."""
    place.github.door.versions = ("2022-11-28",)
    assert await place.dispatches() == Dispatched(None, "")
    found = await place.repository.find_run(REPO, "deploy.yml", "main", NONCE, time.time())

    assert found is not None
    assert len(place.github.runs.all) == 1
    refused = [call for call in place.github.world.ledger if call.status == 400]
    assert len(refused) == 1


@pytest.mark.parametrize("mode", ["accept-then-502", "accept-then-hang", "accept-then-reset", "502"])
async def test_f38_f39_f40_unclear_dispatch_is_sent_once(place: Place, mode: RunMode) -> None:
    """A 502, a silence or a reset after sending is nobody's answer: it is said so, and not sent again."""
    with pytest.raises(Unclear):
        await place.dispatches(mode)
    assert place.posts() == 1


@pytest.mark.parametrize(("mode", "code"), [("422", "422"), ("404", "404"), ("403", "403")])
async def test_f41_f42_refused_dispatch_carries_githubs_sentence(
    place: Place, mode: RunMode, code: str
) -> None:
    """A definite no is told in GitHub's words."""
    with pytest.raises(Refused) as refused:
        await place.dispatches(mode)
    assert (refused.value.code, place.posts()) == (code, 1)
    assert refused.value.sentence in (
        'Unexpected inputs provided: ["version"]',
        "Not Found",
        "Resource not accessible by integration",
    )


async def test_find_run_takes_the_correlation_id_and_never_the_latest(place: Place) -> None:
    """Another run of the same workflow, however new, is not ours; the oldest that carries the id is."""
    await place.dispatches()
    mine = place.github.runs.all[0]
    place.github.starts_run("checkout", "deploy.yml", "eli-dev", {**INPUTS, "correlation_id": "other"})
    place.github.starts_run("checkout", "deploy.yml", "eli-dev", INPUTS)
    found = await place.repository.find_run(REPO, "deploy.yml", "main", NONCE, mine.created_at)
    assert found is not None
    assert (found.run_id, found.event, found.branch, found.path) == (
        mine.id,
        "workflow_dispatch",
        "main",
        ".github/workflows/deploy.yml",
    )
    assert NONCE in found.title
    assert found.actor == mine.actor
    assert await place.repository.find_run(REPO, "deploy.yml", "main", "0" * 32, mine.created_at) is None
    assert await place.repository.find_run(REPO, "rollback.yml", "main", NONCE, mine.created_at) is None
    assert await place.repository.find_run(REPO, "deploy.yml", "main", NONCE, mine.created_at + 3600) is None


async def test_find_run_does_not_say_none_of_a_list_that_was_cut(place: Place) -> None:
    """P8: behind five hundred newer runs ours is not in the list, which does not mean that it was never started."""
    await place.dispatches()
    mine = place.github.runs.all[0]
    others = {**INPUTS, "correlation_id": "other"}
    for _ in range(499):
        place.github.starts_run("checkout", "deploy.yml", "eli-dev", others)
    found = await place.repository.find_run(REPO, "deploy.yml", "main", NONCE, mine.created_at)
    assert found is not None
    assert found.run_id == mine.id
    place.github.starts_run("checkout", "deploy.yml", "eli-dev", others)
    with pytest.raises(Unclear):
        await place.repository.find_run(REPO, "deploy.yml", "main", NONCE, mine.created_at)


async def test_find_run_refuses_an_empty_correlation_id(place: Place) -> None:
    """Nothing is in every title, so looking for nothing would find somebody's run."""
    with pytest.raises(ValueError):
        await place.repository.find_run(REPO, "deploy.yml", "main", "", time.time())


async def test_f44_run_that_is_listed_late_is_not_there_yet(place: Place) -> None:
    """Before GitHub lists a run it is not found, which is no error."""
    place.github.lists_run_late(3600)
    await place.dispatches()
    assert await place.repository.find_run(REPO, "deploy.yml", "main", NONCE, time.time()) is None


async def test_run_shows_the_steps_that_people_know(place: Place) -> None:
    """The runner's own steps are left out, and the one that failed is named with its address."""
    run_id = (await place.dispatches()).run_id
    assert run_id is not None
    place.github.finishes(run_id, "failure", "Roll out")
    look = await place.repository.run(REPO, run_id)
    assert (look.status, look.conclusion, look.attempt) == ("completed", "failure", 1)
    assert look.steps is not None
    assert [(step.name, step.status) for step in look.steps] == [
        ("Check the SHA", "succeeded"),
        ("Roll out", "failed"),
        ("Smoke tests", "skipped"),
    ]
    assert all("#step:" in step.url for step in look.steps)
    place.github.reruns(run_id, "eli-dev")
    again = await place.repository.run(REPO, run_id)
    assert (again.attempt, again.actor) == (2, "eli-dev")
    first = await place.repository.run(REPO, run_id, 1)
    assert (first.attempt, first.conclusion, first.steps) == (1, "failure", look.steps)


async def test_cancel_is_asked_and_a_finished_run_is_fine(place: Place) -> None:
    """A cancel is accepted; one that comes too late changes nothing and is no error; a missing run is one."""
    run_id = (await place.dispatches()).run_id
    assert run_id is not None
    await place.repository.cancel(REPO, run_id)
    place.github.world.clock.forward(5)
    assert (await place.repository.run(REPO, run_id)).conclusion == "cancelled"
    await place.repository.cancel(REPO, run_id, force=True)
    assert place.posts("force-cancel") == 1
    with pytest.raises(Refused):
        await place.repository.cancel(REPO, 1)
