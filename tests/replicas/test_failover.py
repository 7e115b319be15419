"""Another Redis takes over: what the old one had not passed on is forgotten, and nothing runs twice for it."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.domain.context import CLOCKS_APART
from bot.domain.intent import SETTLE
from tests.proxy import Proxy, proxy
from tests.redis_formations import Replicated, cluster, guarded, replicated
from tests.replicas.crew import Crew, told
from tests.replicas.judge import at_once, entered, said_twice, told_twice, voters
from tests.stories.deploys import is_approved, is_asked, is_running, succeeds
from tests.stories.github import looks
from tests.stories.said import card_words, heard, replies
from tests.stories.surfaces import button_on, presses

LINE = "/promote checkout@v2.14.3 to production because fix refunds"
ASKED = "/promote storefront@v1.2.0 to production because it is time"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two replicas of the bot on a pair of servers, reached through one address that can be moved."""

    crew: Crew
    servers: Replicated
    address: Proxy

    async def parts(self) -> None:
        """The replica has everything until now, and nothing that comes after: it is cut off."""
        await self.servers.level()
        await self.servers.promote()

    def moves(self) -> None:
        """The old server is gone, and the address leads to the other one."""
        self.servers.master.kill()
        self.address.target = self.servers.replica.port
        self.address.reset()

    async def fails_over(self) -> None:
        """The old server is gone, and the one that was cut off stands in its place."""
        self.moves()

        async def has_switched() -> bool:
            readings = [await one.bot.store.load("P-1") for one in self.crew.alive]
            return all(readings) and all(one.bot.store.switched for one in self.crew.alive)

        await self.crew.sees(has_switched, "the other server")


@pytest.fixture
async def pair(tmp_path: Path) -> AsyncIterator[Pair]:
    """Everything is up, on an empty store."""
    async with replicated(tmp_path / "redis") as servers, proxy(servers.master.port) as address:
        await servers.master.created()
        await servers.level()
        url = f"redis://127.0.0.1:{address.port}/0"
        async with told(Crew(tmp_path / "world", url, 2)) as crew:
            yield Pair(crew, servers, address)


async def test_f15_an_intent_that_a_failover_lost_is_one_run(pair: Pair) -> None:
    """F15: the intent was committed, its POST sent, and the server that took over knows of neither: nothing starts
    until the run would be listed, then it is looked for, found and followed. One run."""
    crew = pair.crew
    crew.world.webhooks, crew.world.run.seconds = "lost", 1200.0
    await is_approved(crew)
    await pair.parts()
    await crew.until("P-1", "deploying")
    before = looks(crew)
    await pair.fails_over()
    forgotten = await crew.stands("P-1")
    assert (forgotten.phase, forgotten.intent) == ("waiting", None)
    assert sorted(one.by for one in forgotten.approvals) == ["bo", "cy"]
    switched = {one.bot.store.switched for one in crew.replicas}
    assert len(switched) == 1

    crew.passes(SETTLE - 10.0)
    found = await crew.until("P-1", "deploying")
    assert found.intent is not None
    assert found.intent.at >= switched.pop() + SETTLE
    assert looks(crew) > before
    crew.passes(1200.0)
    await crew.until("P-1", "succeeded")
    await crew.settles()
    assert found.run.run_id == crew.runs[0]["id"]
    assert len(crew.dispatches()) == len(crew.runs) == 1
    assert await crew.bot.store.verify_audit() is None
    print(f"F15: an intent lost by a failover: {len(crew.dispatches())} dispatch, {len(crew.runs)} run")


async def test_f15_an_approval_that_a_failover_lost_is_asked_for_again(pair: Pair) -> None:
    """F15: Cy's approval was acknowledged and is forgotten, the documented window: the card asks for it again, nothing
    starts without it, and his second click counts."""
    crew = pair.crew
    crew.world.run.seconds = 2.0
    await is_asked(crew)
    await crew.bo.types("/promote approve P-1")
    await crew.rests()
    await pair.parts()
    answer = await crew.cy.types("/promote approve P-1")
    assert replies(answer)[0].startswith("Done.")
    await pair.fails_over()

    crew.passes(SETTLE + 60.0)
    await crew.sees(lambda: "1 of 2" in crew.card("P-1").text, "the card that asks again")
    await crew.rests()
    assert crew.dispatches() == []
    assert await voters(crew, "P-1") == {"bo": 1}
    assert "Approve" in card_words(crew, "P-1")

    await crew.cy.clicks("Approve")
    ended = await crew.until("P-1", "succeeded")
    await crew.settles()
    assert sorted(one.by for one in ended.approvals) == ["bo", "cy"]
    assert len(crew.dispatches()) == len(crew.runs) == 1


async def test_f15_what_is_asked_of_the_new_server_does_not_wait(pair: Pair) -> None:
    """F15: the way back is asked for once the clocks of all replicas are past the failover: it cannot have been
    forgotten, and starts at once."""
    crew = pair.crew
    await succeeds(crew)
    await crew.settles()
    await pair.parts()
    await pair.fails_over()
    switched = crew.bot.store.switched

    crew.passes(CLOCKS_APART + 1.0)
    (said,) = replies(await crew.bo.types("/promote rollback checkout because refunds are failing"))
    gone_back = await crew.until(_named(said), "succeeded")
    await crew.settles()
    assert gone_back.intent is not None
    assert gone_back.intent.at < switched + SETTLE
    assert [run["workflow"] for run in crew.runs] == ["deploy.yml", "rollback.yml"]


async def test_f15_a_request_that_a_failover_lost_leaves_a_card_that_starts_nothing(pair: Pair) -> None:
    """F15: the promotion itself, the first one ever, is forgotten, and the same is asked for again under another id; the
    card that is left in Slack is nobody's: a click on it approves nothing of the new one, and is told so."""
    crew = pair.crew
    crew.world.run.seconds = 2.0
    await pair.parts()
    await is_asked(crew)
    await crew.rests()
    orphan = crew.card("P-1")
    approve = button_on(orphan, "approve")
    pair.moves()

    async def is_forgotten() -> bool:
        return await crew.bot.store.load("P-1") is None

    await crew.sees(is_forgotten, "the other server")
    crew.passes(CLOCKS_APART + 1.0)
    (said,) = replies(await crew.ana.types(LINE))
    again = _named(said)
    await crew.sees(lambda: _cards(crew) > 1, "the new card")
    await crew.rests()
    await presses(crew.bo, orphan, approve)
    await crew.sees(lambda: "I know no promotion “P-1”" in "".join(heard(crew.bo)), "that it is not known")
    await crew.rests()
    assert not await voters(crew, again)

    new = next(one for one in crew.messages() if not one.thread_ts and one.ts != orphan.ts)
    for who in (crew.bo, crew.cy):
        await presses(who, new, button_on(new, "approve"))
        await crew.rests()
    await crew.until(again, "succeeded")
    await crew.settles()
    assert len(crew.dispatches()) == len(crew.runs) == 1


async def test_f15_f19_sentinels_put_another_master_in_place(tmp_path: Path) -> None:
    """F15, F19: the master dies in the middle of a deploy: the replicas find the new one, take commands again, and
    everything ends once."""
    async with guarded(tmp_path / "redis") as formation:
        await formation.servers.master.created()
        await formation.servers.level()
        async with told(Crew(tmp_path / "world", formation.url, 2)) as crew:
            await is_running(crew)
            await formation.servers.level()
            formation.servers.master.kill()
            await formation.failed_over()
            await _is_taken(crew)
            crew.passes(600.0)
            await crew.until("P-1", "succeeded")
            await crew.rests()

            assert len(crew.dispatches()) == len(crew.runs) == 1
            assert said_twice(crew) == told_twice(crew) == []
            assert all(one.bot.store.switched for one in crew.replicas)
            assert await crew.bot.store.verify_audit() is None


async def test_f15_f19_everything_works_on_a_cluster_of_one_node(tmp_path: Path) -> None:
    """F15: on a cluster, which is a topology and no more to us, two replicas bring a version out and back, once each."""
    async with cluster(tmp_path / "redis") as node:
        url = await node.created("?cluster=true")
        async with told(Crew(tmp_path / "world", url, 2)) as crew:
            await succeeds(crew)
            await crew.bo.types("/promote rollback checkout because refunds are failing")
            await crew.until("P-2", "succeeded")
            await crew.settles()

            assert (await entered(crew, "P-1"))[-1] == "succeeded"
            assert [run["workflow"] for run in crew.runs] == ["deploy.yml", "rollback.yml"]
            assert at_once(crew) == []
            assert said_twice(crew) == []


def _named(said: str) -> str:
    """The promotion that a sentence speaks of: after a failover its number is not the next one."""
    return str(re.findall(r"P-\d+", said)[0])


def _cards(crew: Crew) -> int:
    return len([one for one in crew.messages() if not one.thread_ts])


async def _is_taken(crew: Crew) -> None:
    """A command is recorded again, by whichever replica it reaches."""
    for _ in crew.replicas:

        async def is_recorded() -> bool:
            said = replies(await crew.ana.types(ASKED))
            return "database" not in said[-1]

        await crew.sees(is_recorded, "a command that is recorded")
