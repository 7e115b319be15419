"""The judge of the kills sees what was done twice: without that, a thousand kills would prove nothing."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.promotion import Phase
from bot.playground.github.door import APP_LOGIN
from tests.durability.births import Nursery
from tests.durability.grounds import on_sqlite
from tests.durability.judge import judge
from tests.durability.life import Life
from tests.durability.stories import Story
from tests.durability.verbs import TRY, asks, ends


async def is_tried(life: Life) -> None:
    """Ana tries a version in dev, and it is deployed."""
    life.world.run.seconds = 2.0
    await ends(life, await asks(life, "ana", TRY), Phase.SUCCEEDED)


def a_card_more(life: Life) -> None:
    """The card stands there twice, and nobody died."""
    workspace = life.playground.slack.workspace
    card = next(one for one in life.playground.slack.messages("deploys") if one.metadata)
    workspace.put(replace(card, ts=workspace.next_ts()))


def a_run_more(life: Life) -> None:
    """The bot starts the run again."""
    inputs = dict(life.playground.github.runs.all[0].inputs)
    life.playground.github.starts_run("checkout", "deploy.yml", APP_LOGIN, inputs)


@pytest.mark.parametrize(
    ("happens", "complaint"), [(a_card_more, "said too often"), (a_run_more, "killed at")]
)
async def test_the_judge_sees_what_was_done_twice(
    tmp_path: Path, bots: Nursery, happens: Callable[[Life], None], complaint: str
) -> None:
    """An end that is as it should be passes; one card or one run more does not."""
    story = Story(is_tried, ("succeeded",), ("deploy.yml",))
    async with on_sqlite(tmp_path) as ground:
        life = Life(tmp_path, bots, ground)
        await life.lives(story.tell, story.edits)
        await judge(life, story)
        happens(life)
        with pytest.raises(AssertionError, match=complaint):
            await judge(life, story)
