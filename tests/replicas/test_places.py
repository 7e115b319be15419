"""One deploy at a time in one place, whichever replicas were asked, and whichever of them dies."""

import asyncio
from collections.abc import Callable, Coroutine

import pytest

from tests.replicas.crew import Crew
from tests.replicas.judge import at_once, entered, said_twice
from tests.stories.deploys import is_asked, is_running, succeeds
from tests.stories.github import DISPATCHES, before
from tests.stories.said import replies
from tests.stories.story import Answer

Typing = Coroutine[None, None, Answer]
WHY = "because refunds are failing"
CANCEL = "/promote cancel P-1 because never mind"


async def test_f30_a_cancel_and_the_last_vote_at_one_instant(three: Crew) -> None:
    """F30: Ana cancels on one replica while the last vote is recorded on another: cancelled, and nothing runs."""
    await is_asked(three)
    await three.bo.types("/promote approve P-1")
    await three.rests()
    await asyncio.gather(three.cy.types("/promote approve P-1"), three.ana.types(CANCEL))
    await three.until("P-1", "cancelled")
    three.passes(60.0)
    await three.settles()

    assert not three.runs
    assert three.dispatches() == []
    assert said_twice(three) == []


@pytest.mark.parametrize(
    ("path", "method"),
    [
        pytest.param("/check-runs", "GET", id="while the gates are looked at again"),
        pytest.param(DISPATCHES, "POST", id="while GitHub takes the dispatch"),
        pytest.param("/actions/runs/8801", "GET", id="while the run is looked at"),
    ],
)
async def test_f30_a_cancel_in_the_middle_of_the_dispatch(three: Crew, path: str, method: str) -> None:
    """F30: Ana cancels on another replica at one step of the dispatch: no run, or one that was cancelled in GitHub."""
    three.world.run.seconds = 300.0
    await is_asked(three)
    await three.bo.types("/promote approve P-1")
    await three.rests()
    cancelling: list[asyncio.Task[Answer]] = []
    await three.cy.types("/promote approve P-1")
    before(three, path, _at_once(cancelling, lambda: three.ana.types(CANCEL)), method=method)
    await three.sees(lambda: cancelling, "the step")
    await three.meanwhile(cancelling[0])
    await three.until("P-1", "cancelled")
    await three.settles()

    assert len(three.dispatches()) == len(three.runs) <= 1
    assert [run["conclusion"] for run in three.runs] == ["cancelled"] * len(three.runs)
    assert (await entered(three, "P-1"))[-1] == "cancelled"
    assert said_twice(three) == []


async def test_f31_two_approved_at_one_instant_run_one_after_the_other(three: Crew) -> None:
    """F31: two versions for one place are approved at one instant on all replicas: both run, never at once."""
    await _two_are_asked(three)
    three.world.run.seconds = 30.0
    votes = (
        who.types(f"/promote approve {promotion}")
        for promotion in ("P-1", "P-2")
        for who in (three.bo, three.cy)
    )
    await asyncio.gather(*votes)
    for promotion in ("P-1", "P-2"):
        await three.until(promotion, "succeeded")
    await three.settles()

    assert len(three.dispatches()) == len(three.runs) == 2
    assert at_once(three) == []
    assert said_twice(three) == []


async def test_f32_a_rollback_while_the_deploy_runs(three: Crew) -> None:
    """F32: the rollback is asked of another replica: the deploy is cancelled, its end awaited, and then it runs."""
    await is_running(three)
    three.world.run.seconds = 2.0
    await three.bo.types(f"/promote rollback checkout {WHY}")
    await three.until("P-2", "succeeded")
    await three.settles()

    assert [run["conclusion"] for run in three.runs] == ["cancelled", "success"]
    assert at_once(three) == []
    assert (await three.stands("P-1")).phase == "cancelled"
    assert said_twice(three) == []


async def test_f32_two_rollbacks_at_one_instant(three: Crew) -> None:
    """F32: Bo and Dee roll back at one instant, on two replicas: one rollback, and a link to it for the other one."""
    await succeeds(three)
    await three.settles()
    answers = await asyncio.gather(
        three.bo.types(f"/promote rollback checkout {WHY}"),
        three.dee.types(f"/promote rollback checkout {WHY}"),
    )
    await three.settles()

    said = [text for answer in answers for text in replies(answer)]
    assert len([text for text in said if "asks for the same thing already" in text]) == 1, said
    assert [run["workflow"] for run in three.runs] == ["deploy.yml", "rollback.yml"]


async def test_f34_a_dead_replicas_slot_is_free_when_github_says_so(three: Crew) -> None:
    """F34: the replica that dispatches dies at that moment: another finds its run, and until that has ended the next
    in line waits."""
    three.world.webhooks = "lost"
    await _two_are_asked(three)
    three.world.run.seconds = 600.0
    three.dies_when("P-1", lambda: bool(three.runs))
    for who in (three.bo, three.cy):
        await who.types("/promote approve P-1")
    await three.sees(lambda: len(three.alive) == 2, "the death")
    for who in (three.bo, three.cy):
        await who.types("/promote approve P-2")
    await three.until("P-1", "deploying")

    async def is_next() -> bool:
        slot = await three.bot.store.slot("checkout", "production")
        assert slot.holder == "P-1"
        return slot.queue == ("P-2",)

    await three.sees(is_next, "P-2 in the queue")
    assert len(three.dispatches()) == 1
    three.passes(600.0)
    await three.until("P-1", "succeeded")
    await three.until("P-2", "deploying")
    three.passes(600.0)
    await three.until("P-2", "succeeded")
    await three.settles()
    assert len(three.dispatches()) == 2
    assert at_once(three) == []


def _at_once(tasks: list[asyncio.Task[Answer]], typed: Callable[[], Typing]) -> Callable[[], None]:
    """Begin something without waiting for it."""

    def begin() -> None:
        tasks.append(asyncio.create_task(typed()))

    return begin


async def _two_are_asked(crew: Crew) -> None:
    """v2.14.3 and v2.15.0 of checkout wait for approval of production."""
    await crew.bo.types("/promote adopt checkout@v2.15.0 in staging because it was tested there")
    await crew.rests()
    await is_asked(crew)
    await is_asked(crew, version="v2.15.0", promotion="P-2")
    await crew.rests()
