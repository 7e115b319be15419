"""SIGKILL on either side of every commit, every outside call and every request, on both stores; then a restart.

The judge is what the vendors were asked and what is stored: the end is as if nothing had happened. A life has several
deaths, far apart from each other; a point that it did not come by after the others is died at in a later one.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

import pytest

from tests.durability.births import Nursery
from tests.durability.conftest import Lay
from tests.durability.judge import judge, tally_of
from tests.durability.life import Life
from tests.durability.registry import ONLY_AFTER, deaths_at, declared, points_of
from tests.durability.stories import STORIES
from tests.durability.tally import PROPERTY, Tally

SHARDS = {"rolled back": 3}  # a story with many points is told by several workers
AT_ONCE = 4  # lives side by side: most of a life is waiting
DEATHS = 4  # of one life
TRIES = 3  # lives in which nobody comes by, after which it is a fault


def shards() -> list[tuple[str, int]]:
    """Every story, in as many parts as it is told in."""
    return [(story, shard) for story in STORIES for shard in range(SHARDS.get(story, 1))]


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("story", "shard"), shards(), ids=lambda one: str(one).replace(" ", "-"))
async def test_a_kill_at_any_point_changes_nothing_about_the_end(
    tmp_path: Path,
    bots: Nursery,
    lay: Lay,
    store: str,
    record_property: Callable[[str, object], None],
    story: str,
    shard: int,
) -> None:
    """Nobody meets an undeclared point, and whoever dies at a declared one ends as if nothing had happened."""
    chosen = points_of(story)[shard :: SHARDS.get(story, 1)]
    told = Tellings(tmp_path, bots, lay, story)
    try:
        if shard == 0:
            await told.undisturbed()
        await told.killed_at(chosen)
        told.tally["points"] = len(chosen)
    finally:
        record_property(PROPERTY, [store, dict(told.tally)])


class Tellings:
    """One story, told again and again to bots that die at other points of it."""

    def __init__(self, directory: Path, bots: Nursery, lay: Lay, story: str) -> None:
        self.tally: Tally = Counter()
        self._directory = directory
        self._bots = bots
        self._lay = lay
        self._story = story
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def undisturbed(self) -> None:
        """A life without death is judged by the same rules, and comes by everything that its story stands for."""
        missed = {point for point in points_of(self._story) if point.partition(" ")[2] not in ONLY_AFTER}
        for number in range(TRIES):
            life = await self._told(f"undisturbed-{number}", ())
            missed -= set(life.reached)
            if not missed:
                break
        assert missed == set(), f"{self._story} does not come by {sorted(missed)}"

    async def killed_at(self, points: Collection[str]) -> None:
        """Every point is died at, in as few lives as it takes."""
        async with asyncio.TaskGroup() as lives:
            for name, fatal in enumerate(_far_apart(list(points))):
                lives.create_task(self._until_all_were_met(f"life-{name}", fatal))

    async def _until_all_were_met(self, name: str, fatal: Iterable[str]) -> None:
        """Whatever the first deaths, or a webhook that was quicker, kept it from coming by is met in another life."""
        async with self._turns:
            left, vain = set(fatal), 0
            while left:
                name = f"{name}+"
                life = await self._told(name, {death for point in left for death in deaths_at(point)})
                vain = 0 if left & set(life.deaths) else vain + 1
                assert vain < TRIES, f"{self._story} did not come by {left}: {life.where()}"
                left -= set(life.deaths)

    async def _told(self, name: str, deaths: Iterable[str]) -> Life:
        directory, story = self._directory / name, STORIES[self._story]
        directory.mkdir()
        async with self._lay(directory) as ground:
            life = Life(directory, self._bots, ground, deaths)
            await life.lives(story.tell, story.edits)
            self.tally.update(tally_of(life))
            await judge(life, story)
        strange = {point.partition(" ")[2] for point in life.reached} - declared()
        assert strange == set(), f"{sorted(strange)} is not declared in tests/durability/registry.py"
        return life


def _far_apart(points: list[str]) -> list[list[str]]:
    """As many lives as are needed when each dies so often, its deaths as far from each other as can be."""
    lives = -(-len(points) // DEATHS)
    return [points[first::lives] for first in range(lives)]
