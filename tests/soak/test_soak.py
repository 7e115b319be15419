"""The soak of `make soak` in one minute: three replicas, one Redis, everybody dies, nothing is lost or doubled."""

from pathlib import Path

import pytest

from tests.soak.reaper import Pace
from tests.soak.soak import Size, soak
from tests.soak.table import table

SEED = 20261120
BRIEF = Size(35.0, 100.0, services=12, most=8, pace=Pace(bots=6.0, redis=10.0, stops=9.0, handovers=20.0))


@pytest.mark.timeout(240)
async def test_a_minute_of_everything_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    """Replicas and Redis are killed, vendors fail, people insist: no run twice, no click lost, nothing stuck."""
    async with soak(tmp_path, BRIEF, SEED) as one:
        await one.runs()
        counted = table(one)
        print(counted)

        assert one.verdict.is_good, counted
        assert one.fleet.kills >= 2, counted
        assert one.reaper.redis_kills >= 1, counted
        assert one.record is not None
        assert len(one.record.promotions) >= 10, counted
