"""GitHub: who we are, asked once, and whose run is found."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from bot.adapters.github import GitHubRepository
from bot.playground.github.door import APP_LOGIN
from bot.ports import Unclear
from tests.adapters.github_place import INPUTS, NONCE, REPO, Place, github_place


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    async with github_place() as found:
        yield found


async def test_f61_a_persons_token_is_that_person(place: Place) -> None:
    """`GET /user` says so, once, however many ask."""
    async with GitHubRepository("ghp_playground_ana-dev", base_url=place.base) as repository:
        assert repository.login == ""
        assert set(await asyncio.gather(*(repository.me() for _ in range(5)))) == {"ana-dev"}
        assert repository.login == "ana-dev"
    assert [call.path for call in place.github.world.ledger] == ["/user"]


async def test_f61_a_token_of_an_installation_is_named_by_graphql(place: Place) -> None:
    """Such a token has no user; who it is stands in the viewer."""
    assert await place.repository.me() == APP_LOGIN
    assert [(call.path, call.status) for call in place.github.world.ledger] == [
        ("/user", 403),
        ("/graphql", 200),
    ]


async def test_f61_an_answer_that_does_not_come_is_asked_for_again(place: Place) -> None:
    """Nothing is made up meanwhile: the look fails, and the next one asks."""
    place.github.world.vendor["github"] = [500]
    with pytest.raises(Unclear):
        await place.repository.me()
    assert place.repository.login == ""
    assert await place.repository.me() == APP_LOGIN


async def test_f61_a_run_of_ours_comes_before_an_older_one_of_somebody_else(place: Place) -> None:
    """A copy was there first; the search names ours, and says who started it."""
    copy = place.github.starts_run("checkout", "deploy.yml", "eli-dev", INPUTS)
    found = await place.repository.find_run(REPO, "deploy.yml", "main", NONCE, time.time())
    assert found is not None
    assert (found.run_id, found.starter) == (copy.id, "eli-dev")
    await place.dispatches()
    found = await place.repository.find_run(REPO, "deploy.yml", "main", NONCE, time.time())
    assert found is not None
    assert (found.run_id, found.starter) == (place.github.runs.all[1].id, APP_LOGIN)


async def test_f51_who_started_a_run_stays_when_somebody_runs_it_again(place: Place) -> None:
    """The second attempt is Cy's, the run is still ours."""
    await place.dispatches()
    run = place.github.finishes()
    place.github.reruns(run.id, "cy-dev")
    look = await place.repository.run(REPO, run.id)
    assert (look.attempt, look.actor, look.starter) == (2, "cy-dev", APP_LOGIN)


async def test_nobody_is_asked_who_we_are_when_no_run_is_found(place: Place) -> None:
    """A look that finds nothing needs no answer."""
    assert await place.repository.find_run(REPO, "deploy.yml", "main", NONCE, time.time()) is None
    assert [call.path for call in place.github.world.ledger if call.path in ("/user", "/graphql")] == []
