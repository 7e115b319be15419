"""Jobs and clicks that reach several replicas at one instant: each of them counts once, and one run comes of it."""

import asyncio
from pathlib import Path

import pytest

from bot.playground.slack.raw import Element
from bot.playground.slack.state import Message
from tests.replicas.crew import Crew, told
from tests.replicas.crowd import Crowd
from tests.replicas.instants import ClaimsTogether
from tests.replicas.judge import entered, said_twice, voters
from tests.stories.deploys import is_asked
from tests.stories.post import posted, signed
from tests.stories.said import heard, replies
from tests.stories.surfaces import button_on, presses

APPROVE = "approve"
MOST_KEPT = 20  # approvals of one promotion


async def test_f26_four_replicas_take_the_same_job_at_one_instant(tmp_path: Path, redis_url: str) -> None:
    """F26: all four claim whatever is due at the same instants: each job is one replica's, and there is one run."""
    together = ClaimsTogether(4)
    async with told(Crew(tmp_path, redis_url, 4, together)) as crew:
        crew.world.run.seconds = 2.0
        await is_asked(crew)
        for manager in (crew.bo, crew.cy):
            await manager.types("/promote approve P-1")
        await crew.until("P-1", "succeeded")
        await crew.settles()

        assert together.together.met > 4 * 3
        assert len(crew.dispatches()) == len(crew.runs) == 1
        assert (await entered(crew, "P-1")).count("dispatching") == 1
        assert said_twice(crew) == []
        print(f"F26: {together.together.met} claims at common instants, {len(together.taken)} turns, 1 run")


async def test_f27_a_double_click_on_two_replicas_is_one_vote(four: Crew) -> None:
    """F27: two clicks of one person at one instant, on two replicas: one vote, and the second is told so."""
    card, approve = await _asked(four)
    await asyncio.gather(presses(four.bo, card, approve), presses(four.bo, card, approve))
    await four.sees(lambda: heard(four.bo), "Bo is told")
    await four.rests()

    assert len(set(four.front.asked("/slack/events")[-2:])) == 2
    assert await voters(four, "P-1") == {"bo": 1}
    assert [one.by for one in (await four.stands("P-1")).approvals] == ["bo"]
    assert heard(four.bo) == [
        "You have approved P-1 already; it has 1 of 2. Somebody else’s approval is the next step."
    ]


async def test_f28_the_last_two_votes_on_two_replicas(four: Crew) -> None:
    """F28: Bo and Cy approve at one instant, each on another replica: both count, and approved it becomes once."""
    card, approve = await _asked(four)
    await asyncio.gather(presses(four.bo, card, approve), presses(four.cy, card, approve))
    ended = await four.until("P-1", "succeeded")
    await four.settles()

    assert len(set(four.front.asked("/slack/events")[-2:])) == 2
    assert ended.intent is not None
    assert ended.intent.approvers == ("bo", "cy")
    assert heard(four.bo) == heard(four.cy) == []
    assert (await entered(four, "P-1")).count("dispatching") == 1
    assert len(four.dispatches()) == 1


@pytest.mark.parametrize("first", ["yes", "no"])
async def test_f29_yes_and_no_at_one_instant_on_two_replicas(four: Crew, first: str) -> None:
    """F29: the last approval and a rejection at one instant, sent in either order: a no wins, and nothing runs."""
    await _asked(four)
    await four.bo.types("/promote approve P-1")
    await four.rests()
    card = four.card("P-1")
    yes = presses(four.cy, card, button_on(card, APPROVE))
    no = four.bo.types("/promote reject P-1 because wrong version")
    await asyncio.gather(*((yes, no) if first == "yes" else (no, yes)))
    await four.until("P-1", "rejected")
    await four.settles()

    assert not four.runs
    assert four.dispatches() == []
    assert (await entered(four, "P-1"))[-1] == "rejected"
    yes_counted = (await voters(four, "P-1"))["cy"] == 1
    assert yes_counted or any("rejected" in one for one in heard(four.cy))


async def test_f27_f28_fifty_people_approve_at_one_instant(tmp_path: Path, redis_url: str) -> None:
    """F27, F28: fifty people press Approve at one instant on four replicas: one transition, one dispatch, and each
    of them is recorded once or told why not."""
    async with told(Crowd(tmp_path, redis_url, 4, 50)) as crowd:
        card, approve = await _asked(crowd)
        await asyncio.gather(*(presses(crowd.somebody(name), card, approve) for name in crowd.many))
        ended = await crowd.until("P-1", "succeeded")
        await crowd.settles()

        recorded = await voters(crowd, "P-1")
        turned = {name for name in crowd.many if heard(crowd.somebody(name))}
        by_replica = [crowd.front.asked("/slack/events")[-50:].count(one.port) for one in crowd.replicas]
        transitions = (await entered(crowd, "P-1")).count("dispatching")
        print(
            f"F28: 50 people on 4 replicas {by_replica}: {len(recorded)} recorded, {len(turned)} told, "
            f"{transitions} transition, {len(crowd.dispatches())} dispatch"
        )
        assert min(by_replica) >= 10
        assert transitions == len(crowd.dispatches()) == len(crowd.runs) == 1
        assert set(recorded.values()) == {1}
        assert 2 <= len(ended.approvals) == len(recorded) <= MOST_KEPT
        assert set(recorded) | turned >= set(crowd.many)


async def test_f27_f28_fifty_clicks_of_two_people(four: Crew) -> None:
    """F27, F28: Bo and Cy press twenty-five times each at one instant on four replicas: two votes, one dispatch."""
    card, approve = await _asked(four)
    storm = (presses(who, card, approve) for _ in range(25) for who in (four.bo, four.cy))
    await asyncio.gather(*storm)
    await four.until("P-1", "succeeded")
    await four.settles()

    votes, transitions = await voters(four, "P-1"), (await entered(four, "P-1")).count("dispatching")
    by_replica = [four.front.asked("/slack/events")[-50:].count(one.port) for one in four.replicas]
    print(
        f"F27: 50 clicks of 2 people on 4 replicas {by_replica}: {votes.total()} votes, {transitions} transition, "
        f"{len(four.dispatches())} dispatch"
    )
    assert votes == {"bo": 1, "cy": 1}
    assert transitions == len(four.dispatches()) == len(four.runs) == 1


async def test_f69_fifty_redeliveries_of_one_click_have_one_effect(four: Crew) -> None:
    """F69: one click, the very same bytes and signature, reaches four replicas fifty times at one instant: one vote,
    every delivery acknowledged."""
    card, approve = await _asked(four)
    await presses(four.bo, card, approve)
    sent = four.playground.slack.requests.sent[-1]
    headers = signed(four, sent.content)
    statuses = await asyncio.gather(*(posted(four, sent.content, headers) for _ in range(50)))
    await four.rests()

    votes = await voters(four, "P-1")
    print(f"F69: 50 redeliveries on 4 replicas: {statuses.count(200)} acknowledged, {votes.total()} effect")
    assert set(statuses) == {200}
    assert votes == {"bo": 1}
    assert len([one for one in four.thread("P-1") if "approved" in one]) == 1
    assert said_twice(four) == []


async def test_f71_one_command_twice_on_two_replicas_is_one_promotion(four: Crew) -> None:
    """F71: Ana's line reaches two replicas at one instant, as after a time-out: one promotion, and a link to it."""
    line = "/promote checkout@v2.14.3 to production because fix refunds"
    answers = await asyncio.gather(four.ana.types(line), four.ana.types(line))
    await four.rests()

    promotions = {one.subject for one in await four.bot.store.audit(0, 1000) if one.action == "request"}
    assert len(promotions) == 1, [replies(answer) for answer in answers]
    assert len([one for one in four.messages() if not one.thread_ts]) == 1


async def _asked(crew: Crew) -> tuple[Message, Element]:
    """The card of a promotion that waits for approval, and its button as everybody sees it."""
    crew.world.run.seconds = 2.0
    await is_asked(crew)
    await crew.rests()
    card = crew.card("P-1")
    return card, button_on(card, APPROVE)
