"""F33: a replica that holds a lease is stopped, another takes over, and the first wakes up and knows nothing of it."""

from pathlib import Path
from typing import cast

import pytest

from bot.domain.promotion import Phase
from tests.durability.births import Nursery
from tests.durability.conftest import Lay
from tests.durability.judge import judge
from tests.durability.life import Life
from tests.durability.pair import Pair
from tests.durability.points import point
from tests.durability.stories import Story
from tests.durability.verbs import TRY, a_while_passes, asks

DISPATCH = "call:Dispatch:repository.dispatch"
POSTING = "call:ShowCard:chat.post"
STOPS = (
    point("before", "commit:intent"),
    point("after", "commit:intent"),
    point("after", DISPATCH),
    point("before", POSTING),
    point("after", POSTING),
)
SUCCEEDED = ("succeeded",)


async def is_taken_over(life: Life) -> None:
    """Ana tries a version, the first bot stops, the second brings it to its end, and the first wakes up."""
    pair = cast(Pair, life)
    pair.world.run.seconds = 2.0
    one = await asks(pair, "ana", TRY)
    await pair.stops()
    await pair.is_followed()
    await pair.insists(lambda: a_while_passes(pair), lambda: pair.promotions[one].phase is Phase.SUCCEEDED)
    await pair.wakes()


@pytest.mark.timeout(120)
@pytest.mark.parametrize("stopped_at", STOPS, ids=lambda name: name.replace(" ", "-"))
async def test_f33_a_sender_that_was_stopped_does_nothing_twice(
    tmp_path: Path, bots: Nursery, shared: Lay, stopped_at: str
) -> None:
    """Stopped between intent and dispatch, or around a card: one run, one record of it, one card more at most."""
    story = Story(is_taken_over, SUCCEEDED, ("deploy.yml",))
    async with shared(tmp_path) as ground:
        pair = Pair(tmp_path, bots, ground, stopped_at)
        await pair.lives(story.tell, story.edits)
        await judge(pair, story)


@pytest.mark.timeout(120)
async def test_f33_a_sender_that_was_stopped_with_the_request_in_hand_deploys_once(
    tmp_path: Path, bots: Nursery, shared: Lay
) -> None:
    """No clock can be looked at after the last look: what leaves then is told by its correlation id, and exits.

    The workflow's first step is the second guard (examples/), which the simulator's workflows have as well.
    """
    async with shared(tmp_path) as ground:
        pair = Pair(tmp_path, bots, ground, point("before", DISPATCH))
        await pair.lives(is_taken_over, {})
        await pair.until(
            lambda: all(run.attempt.conclusion for run in pair.playground.github.runs.all), "ends"
        )
    runs = pair.playground.github.runs.all
    assert [run.attempt.rolled_out for run in runs].count(True) == 1
    assert len({run.inputs["correlation_id"] for run in runs}) == 1
