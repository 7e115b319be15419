"""What time brings about, with three replicas that look at the clock at the same instants: each thing once."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.replicas.crew import Crew, told
from tests.replicas.instants import ClaimsTogether
from tests.replicas.judge import entered, said_twice, told_twice
from tests.stories.deploys import INCIDENT, broadcasts, fails, is_asked, members, room
from tests.stories.github import is_trying, the_run
from tests.stories.vendors import changes, events, notes

HOUR, DAY = 3600.0, 86_400.0


@pytest.fixture
async def crew(tmp_path: Path, redis_url: str) -> AsyncIterator[Crew]:
    """Three replicas that claim at the same instants."""
    async with told(Crew(tmp_path, redis_url, 3, ClaimsTogether(3))) as crew:
        yield crew


async def test_f36_the_wait_ends_for_all_and_one_dispatches(crew: Crew) -> None:
    """F36: the wait after the last approval ends for three replicas at one instant: one dispatch, one change event."""
    crew.world.run.seconds = 2.0
    await is_asked(crew)
    for who in (crew.bo, crew.cy):
        await who.types("/promote approve P-1")
    await crew.until("P-1", "succeeded")
    await crew.settles()

    assert (await entered(crew, "P-1")).count("dispatching") == 1
    assert len(crew.dispatches()) == len(changes(crew)) == 1
    assert said_twice(crew) == []


async def test_f36_an_expiry_is_told_once(crew: Crew) -> None:
    """F36: nobody decides for four hours: three replicas see the time come, and it expires once."""
    await is_asked(crew)
    await crew.rests()
    crew.passes(4 * HOUR)
    await crew.until("P-1", "expired")
    await crew.settles()

    assert (await entered(crew, "P-1")).count("expired") == 1
    assert said_twice(crew) == []
    assert len([one for one in crew.thread("P-1") if "is ready for review" in one]) == 1


async def test_f36_f55_each_reminder_comes_once(crew: Crew) -> None:
    """F36, F55: GitHub keeps the run waiting for a reviewer: a reminder after an hour and one after a day, once each."""
    crew.world.run.seconds = 60.0
    await is_trying(crew)
    await crew.until("P-1", "deploying")
    crew.playground.github.waits_for_review(the_run(crew).id)
    await crew.sees(lambda: "waits in GitHub" in str(crew.card("P-1").blocks), "the wait")
    for more, count in ((HOUR, 1), (DAY, 2)):
        crew.passes(more)
        await _is_reminded(crew, count)
        await _looks_again(crew)
        assert len(_reminders(crew)) == count
    crew.playground.github.is_reviewed(the_run(crew).id)
    crew.passes(60.0)
    await crew.until("P-1", "succeeded")
    await crew.settles()
    assert len(_reminders(crew)) == 2


async def test_f36_f89_a_failure_and_its_way_back_are_told_once(crew: Crew) -> None:
    """F36, F89: every webhook comes twice, to two replicas: one page, one incident, one channel, one broadcast, one
    invitation each, and after the rollback one note and one resolve."""
    crew.world.webhooks = "doubled"
    await fails(crew)
    await crew.settles()
    assert len(events(crew, "trigger")) == len(crew.incidents) == 1
    assert len(crew.asked("slack", "conversations.create")) == 1
    assert len(crew.asked("slack", "conversations.invite")) == 1
    assert members(crew) == {"ana", "bo", "cy", "dee"}
    assert len(room(crew).pins) == 1
    assert len(broadcasts(crew)) == 1

    await crew.dee.types("/rollback because refunds are failing", channel=INCIDENT)
    await crew.until("P-2", "succeeded")
    await crew.settles()
    assert len(crew.dispatches()) == len(crew.runs) == 2
    assert (len(events(crew, "trigger")), len(events(crew, "resolve")), len(notes(crew))) == (1, 1, 1)
    assert said_twice(crew, INCIDENT) == told_twice(crew) == []
    print(
        f"F36: {len(crew.asked('slack', 'chat.postMessage'))} messages, "
        f"{len(crew.asked('slack', 'chat.update'))} edits, 1 page, 1 resolve, 1 note, 2 runs"
    )


async def _is_reminded(crew: Crew, times: int) -> None:
    await crew.sees(lambda: len(_reminders(crew)) >= times, f"{times} reminders")


async def _looks_again(crew: Crew) -> None:
    """Somebody has had another turn: what was to be said a second time would have been said."""
    known = (await crew.stands("P-1")).run.heard
    crew.passes(HOUR / 4)

    async def later() -> bool:
        return (await crew.stands("P-1")).run.heard > known

    await crew.sees(later, "another look")


def _reminders(crew: Crew) -> list[str]:
    return [one for one in crew.thread("P-1") if "has waited in GitHub" in one]
