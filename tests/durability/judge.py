"""How a life has to end, whatever it died of: judged by what the vendors were asked and by what is stored.

A death may cost one message twice (the one whose posting nobody can prove), and nothing else.
"""

from collections import Counter
from collections.abc import Sequence

from bot.domain.promotion import Promotion
from bot.playground.github.door import APP_LOGIN
from bot.store.protocol import AuditRow, Query, Store
from tests.durability.life import Life
from tests.durability.stories import Story
from tests.durability.tally import Tally
from tests.durability.told import orphans, told_once

EVERYTHING = Query(limit=1000)
# What is recorded of a promotion once and never again, whoever dies.
ONCE = frozenset(
    {
        *(
            "request",
            "reject",
            "supersede",
            "is_live",
            "never_started",
            "dispatch_accepted",
            "dispatch_refused",
        ),
        *("version_not_found", "version_refused", "on_call_seen", "channel_opened", "undone", "serving_seen"),
    }
)


async def judge(life: Life, story: Story) -> None:
    """Everything is as if nothing had happened."""
    how = f"killed at {life.deaths}"
    async with life.ground.store() as store:
        promotions = await store.find(EVERYTHING)
        assert tuple(sorted(one.phase.value for one in promotions)) == story.ends, how
        await _store_is_whole(life, store, how)
        await _recorded_once(store, promotions, how)
    _ran_once(life, story, how)
    _paged_once(life, story, how)
    told_once(life, promotions, how)


def _ran_once(life: Life, story: Story, how: str) -> None:
    """P1: one run for each promotion that has one, of the workflow that was wanted."""
    ours = [run for run in life.playground.github.runs.all if run.actor == APP_LOGIN]
    assert tuple(sorted(run.workflow.file for run in ours)) == story.runs, how
    started = Counter(run.inputs["correlation_id"] for run in ours)
    assert set(started.values()) <= {1}, f"{how}: {started}"


def tally_of(life: Life) -> Tally:
    """What one life came to, by the vendors' ledgers."""
    runs = Counter(
        run.inputs["correlation_id"] for run in life.playground.github.runs.all if run.actor == APP_LOGIN
    )
    return Counter(
        lives=1,
        deaths=len(life.deaths),
        runs=runs.total(),
        second_runs=runs.total() - len(runs),
        incidents=len(life.playground.pagerduty.incidents.all),
        again=len(orphans(life, life.promotions.values())),
    )


def _paged_once(life: Life, story: Story, how: str) -> None:
    incidents = life.playground.pagerduty.incidents_state()
    assert tuple(str(one["status"]) for one in incidents) == story.incidents, f"{how}: {incidents}"
    notes = [note.text for one in life.playground.pagerduty.incidents.all for note in one.notes]
    assert len(notes) == len(set(notes)), f"{how}: {notes}"
    changes = [change.summary for change in life.playground.pagerduty.changes]
    assert len(changes) == len(set(changes)), f"{how}: {changes}"


async def _recorded_once(store: Store, promotions: Sequence[Promotion], how: str) -> None:
    rows = await _rows(store)
    for one in promotions:
        own = [row for row in rows if row.subject == one.id]
        counted = Counter(_key(row) for row in own if row.action in ONCE or row.action == "approve")
        assert set(counted.values()) <= {1}, f"{how}: {one.id} {counted}"
        assert counted["request"] == 1, f"{how}: {one.id} was not recorded"


async def _rows(store: Store) -> list[AuditRow]:
    """The whole chain."""
    rows: list[AuditRow] = []
    while page := await store.audit(rows[-1].number if rows else 0):
        rows.extend(page)
    return rows


def _key(row: AuditRow) -> str:
    return f"approve by {row.actor}" if row.action == "approve" else row.action


async def _store_is_whole(life: Life, store: Store, how: str) -> None:
    """P6, and nothing left over: no slot held, nothing due."""
    assert await store.verify_audit() is None, how
    assert list(await store.slots_held()) == [], how
    assert await store.next_due(life.world.clock.now()) is None, how
