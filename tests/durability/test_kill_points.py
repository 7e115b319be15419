"""SIGKILL after every commit and every outside call of a deploy that fails and is rolled back; then a restart.

The judge is what the vendors were asked: one run per promotion, one incident, and cards that tell the end.
"""

from collections import Counter
from pathlib import Path

import pytest

from bot.playground.server import DATABASE
from bot.store.sqlite import SqliteStore
from tests.durability.life import Life, Nursery

SHARDS = 8
SURE = 0.9  # the last points come in another number each time: up to here every life has to meet its death


@pytest.mark.timeout(600)
@pytest.mark.parametrize("shard", range(SHARDS))
async def test_a_kill_at_any_point_changes_nothing_about_the_end(tmp_path: Path, shard: int) -> None:
    """Every shard takes every eighth point: the end is as if nothing had happened."""
    nursery = await Nursery.open()
    try:
        points = await _points(tmp_path / "undisturbed", nursery)
        chosen = range(1 + shard, len(points) + 1, SHARDS)
        for point in chosen:
            life = Life(tmp_path / f"death-{point}", nursery, crash_at=point)
            await life.lives()
            assert life.deaths == 1 or point > SURE * len(points), f"{point} was never reached"
            await _end_is_right(life, f"killed at {point} ({points[point - 1]})")
        print(f"\nshard {shard}: {len(chosen)} kills of {len(points)} points")
    finally:
        await nursery.close()


async def _points(directory: Path, nursery: Nursery) -> list[str]:
    """The points of a life without death, which is judged by the same rules."""
    life = Life(directory, nursery, crash_at=0)
    await life.lives()
    assert life.deaths == 0
    await _end_is_right(life, "undisturbed")
    return life.points.read_text().splitlines()


async def _end_is_right(life: Life, how: str) -> None:
    playground = life.playground
    runs = playground.github.runs_state()
    by_promotion = Counter(run["correlation_id"] for run in runs)
    assert sorted(by_promotion.values()) == [1, 1], f"{how}: {runs}"
    assert sorted(str(run["workflow"]) for run in runs) == ["deploy.yml", "rollback.yml"], how
    incidents = playground.pagerduty.incidents_state()
    assert [one["status"] for one in incidents] == ["resolved"], f"{how}: {incidents}"
    promotions = life.promotions
    assert {one.phase.value for one in promotions.values()} == {"failed", "succeeded"}, how
    cards = [one for one in playground.slack.messages("deploys") if not one.thread_ts]
    live = {entry.ref for one in promotions.values() if (entry := one.ledger.get("card"))}
    texts = [one.text for one in cards if one.ts in live]
    assert len(cards) <= len(live) + 1, f"{how}: {[one.text for one in cards]}"
    assert any("Rolled back to v2.14.2" in text for text in texts), f"{how}: {texts}"
    assert any("is back on v2.14.2" in text for text in texts), f"{how}: {texts}"
    await _audit_is_whole(life, how)


async def _audit_is_whole(life: Life, how: str) -> None:
    store = SqliteStore(life.directory / DATABASE)
    await store.open()
    try:
        assert await store.verify_audit() is None, how
    finally:
        await store.close()
