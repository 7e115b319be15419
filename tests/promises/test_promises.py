"""P1 to P10 over whole stories that nobody wrote, on both stores.

`PROMISES_EXAMPLES=500` plays more of them, `PROMISES_STEPS=60` longer ones. The same story may go another way when
it is told again, because real time is part of it: what is shown is the first telling that broke a promise.
"""

import asyncio
import os
from collections import Counter
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.promises.people_rules import PeopleRules
from tests.promises.scene_rules import SceneRules
from tests.promises.stage import POSSIBLE, Stage
from tests.promises.witness import MOMENTS
from tests.promises.world_rules import WorldRules
from tests.redis_place import RedisServer
from tests.stories.story import Story

EXAMPLES = int(os.environ.get("PROMISES_EXAMPLES", "12"))
STEPS = int(os.environ.get("PROMISES_STEPS", "25"))
SECONDS = 60 + 25 * EXAMPLES  # after which it hangs
LEASE = 2.0  # real seconds that a dead bot's promotions rest on a shared store


class OnSqlite(PeopleRules, WorldRules, SceneRules):
    """People, the world and whole scenes; the bot on its embedded store."""


class OnRedis(PeopleRules, WorldRules, SceneRules):
    """The same, the bot on a store of its own in the test's Redis."""

    server: ClassVar[RedisServer]

    def new_story(self, directory: Path) -> Story:
        """The world of one example, on an empty Redis."""
        story = Story(directory)
        story.environment["STORE_URL"] = self.loop.run_until_complete(self.server.created())
        story.lease = LEASE
        return story


@pytest.mark.timeout(SECONDS)
def test_the_promises_hold_whatever_happens_on_sqlite() -> None:
    """P1 to P10 hold after each step of stories that nobody wrote, and in the end everything settles."""
    plays(OnSqlite, EXAMPLES)


@pytest.mark.timeout(SECONDS)
def test_the_promises_hold_whatever_happens_on_redis(tmp_path: Path) -> None:
    """The same on the store of several replicas, with fewer stories."""
    OnRedis.server = server = RedisServer(tmp_path / "redis")
    try:
        asyncio.run(server.start())
        plays(OnRedis, max(1, EXAMPLES // 2))
    finally:
        server.kill()


def plays(machine: type[Stage], examples: int) -> None:
    """Play stories; the first that breaks a promise is told, even when it goes well the second time."""
    machine.broken, machine.reached = [], Counter()
    how = settings(
        max_examples=examples,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        print_blob=True,
        report_multiple_bugs=False,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    try:
        run_state_machine_as_test(machine, settings=how)
    finally:
        if machine.broken:
            raise machine.broken[0] from None
    print(f"reached: {dict(sorted(machine.reached.items()))}")
    assert machine.reached["dispatches"], "no story came to a dispatch"


@pytest.mark.parametrize("moment", sorted(MOMENTS))
def test_p1_p4_p5_a_death_at_each_moment(moment: str) -> None:
    """P1, P4 and P5: cut off at the first such moment of a deploy and started again, nothing is lost or doubled."""
    told = OnSqlite()
    try:
        told.begins()
        told.is_cut_off(POSSIBLE[0], moment, 1, 80)
        told.promises_hold()
    finally:
        told.teardown()
