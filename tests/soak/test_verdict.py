"""The soak's judge convicts each thing that must not be: what cannot fail proves nothing."""

import random
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.domain.promotion import Entry, Phase
from bot.playground.github.door import APP_LOGIN
from bot.playground.pagerduty.state import SERVICES, Alert
from bot.playground.server import Playground
from bot.playground.slack.state import Message
from bot.store.protocol import AuditRow
from tests.soak.catalog import services
from tests.soak.crowd import Crowd, Word
from tests.soak.verdict import Record, judge
from tests.store.builders import promotion

INPUTS = {"correlation_id": "c0ffee", "promotion_id": "P-1", "environment": "production"}
INTENT = AuditRow(2.0, "greenlight", "woken", "P-1", '{"phase":"dispatching"}')
NO = AuditRow(3.0, "bo", "reject", "P-1", '{"phase":"rejected"}')
PRESSED = Word("approve", "P-1", "bo", "1.000001")


@dataclass(slots=True)
class Scene:
    """A world that ended well: P-1 succeeded with one run."""

    playground: Playground
    crowd: Crowd
    record: Record

    def convicted(self, deaths: int = 0) -> list[str]:
        """The names of what was found."""
        verdict = judge(self.record, self.playground, self.crowd, deaths=deaths)
        return [name for name, found in verdict.bad.items() if found]

    def has(self, *rows: AuditRow) -> None:
        """The audit log says this of P-1."""
        self.record = replace(self.record, rows={"P-1": rows})

    def runs(self) -> None:
        """GitHub runs P-1 for the bot."""
        self.playground.github.starts_run("checkout", "deploy.yml", APP_LOGIN, dict(INPUTS))

    def posts(self, ts: str, **more: object) -> None:
        """The bot says something about P-1 in the channel."""
        slack = self.playground.slack
        channel, payload = slack.workspace.channel("deploys"), {"event_payload": {"promotion": "P-1"}}
        message = Message(channel.id, ts, "P-1: checkout", slack.world.bot_user, metadata=payload)
        for name, value in more.items():
            setattr(message, name, value)
        slack.workspace.put(message)


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    """The world, without a bot."""
    playground = Playground(tmp_path)
    crowd = Crowd(playground.slack, services(3), random.Random(1), most=1)
    ended = replace(promotion(1), phase=Phase.SUCCEEDED, revision=1)
    ended = replace(ended, ledger={**ended.ledger, "card": Entry(ref="1.000001")})
    scene = Scene(playground, crowd, Record({"P-1": ended}, {"P-1": (INTENT,)}, (), None, None, 1))
    scene.runs()
    scene.posts("1.000001")
    crowd.promised.append("P-1")
    try:
        assert scene.convicted() == []
        yield scene
    finally:
        playground.github.runs.all.clear()
        await playground.stop()


async def test_two_runs_with_one_correlation_id(scene: Scene) -> None:
    """A second run of the same promotion is a double dispatch."""
    scene.runs()
    assert scene.convicted() == ["double dispatches"]


async def test_a_run_after_a_no(scene: Scene) -> None:
    """Somebody's no was recorded first, and the run was started all the same; the other way round is no fault."""
    scene.has(NO, INTENT)
    assert scene.convicted() == ["started after a no"]
    scene.has(INTENT, NO)
    assert scene.convicted() == []


@pytest.mark.parametrize(
    ("said", "rows", "is_lost"),
    [
        (Word("reject", "P-1", "bo"), (), True),
        (Word("reject", "P-1", "bo"), (NO,), False),
        (Word("reject", "P-1", "cy"), (NO,), False),  # a second no changes nothing
        (Word("approve", "P-1", "cy"), (AuditRow(1.0, "bo", "approve", "P-1"),), True),
        (Word("cancel", "P-1", "bo"), (), True),
        (PRESSED, (), True),
        (PRESSED, (AuditRow(1.0, "bo", "refused", "P-1"),), False),
        (replace(PRESSED, card="9.000009"), (), False),
    ],
)
async def test_an_acknowledged_word_has_its_row(
    scene: Scene, said: Word, rows: Sequence[AuditRow], is_lost: bool
) -> None:
    """What was acknowledged is in the audit log in the name of who said it; an orphan's button leaves no row."""
    scene.crowd.told.append(said)
    scene.has(INTENT, *rows)
    assert scene.convicted() == (["lost clicks"] if is_lost else [])


async def test_two_presses_leave_two_rows(scene: Scene) -> None:
    """One row for two acknowledged presses is one press too few."""
    scene.crowd.told += [PRESSED, PRESSED]
    scene.has(INTENT, AuditRow(1.0, "bo", "approve", "P-1"))
    assert scene.convicted() == ["lost clicks"]


async def test_a_promised_promotion_that_is_not_there(scene: Scene) -> None:
    """Somebody was told of P-2, and nothing is stored."""
    scene.crowd.promised.append("P-2")
    assert scene.convicted() == ["lost clicks"]


async def test_what_has_not_ended(scene: Scene) -> None:
    """An open promotion is stuck; so is a due index that is not empty when all has ended, and a slot that is held."""
    ended = scene.record.promotions["P-1"]
    waiting = {"P-1": replace(ended, phase=Phase.WAITING)}
    scene.record = replace(scene.record, promotions=waiting)
    assert scene.convicted() == ["stuck"]
    scene.record = replace(scene.record, promotions={"P-1": ended}, due=1.0)
    assert scene.convicted() == ["stuck"]
    scene.record = replace(scene.record, due=None, held=("checkout production: P-1",))
    assert scene.convicted() == ["slots still held"]


async def test_two_incidents_for_one_key(scene: Scene) -> None:
    """One failure is one incident."""
    pagerduty = scene.playground.pagerduty
    for _ in range(2):
        alert = Alert("PALERT1", 1.0, "checkout failed", "greenlight", "critical")
        found = pagerduty.incidents.trigger(SERVICES["checkout"], "greenlight/P-1", alert)
        found.status = "resolved"
    assert scene.convicted() == ["incidents twice"]


async def test_messages_said_twice_need_an_excuse(scene: Scene) -> None:
    """A second card, or a second broadcast of a kind, is excused by a death or by an answer of Slack that was lost."""
    scene.posts("1.000002")
    assert scene.convicted() == ["messages twice without an excuse"]
    for ts in ("1.000003", "1.000004"):
        scene.posts(ts, broadcast=True, thread_ts="1.000001")
    assert scene.convicted(deaths=1) == ["messages twice without an excuse"]
    assert scene.convicted(deaths=2) == []


async def test_a_change_without_a_row_and_a_broken_chain(scene: Scene) -> None:
    """Fewer rows than changes, or a chain that does not hold."""
    scene.has()
    assert scene.convicted() == ["changes without an audit row"]
    scene.has(INTENT)
    scene.record = replace(scene.record, broken=1)
    assert scene.convicted() == ["audit chain broken"]


async def test_a_fault_of_ours(scene: Scene) -> None:
    """A turn that failed by itself is nobody's fault but ours."""
    verdict = judge(scene.record, scene.playground, scene.crowd, deaths=0, faults=["turn failed"])
    assert not verdict.is_good
