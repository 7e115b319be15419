"""Redis dies, is away, or is too slow: nobody is told a falsehood, nothing is lost, and nothing runs twice."""

from pathlib import Path

from bot.domain.promotion import Phase
from bot.store.redis_scripts import COMMIT
from tests.faults.redis_story import NOT_RECORDED, UNCLEAR, is_told, on_redis
from tests.stories.deploys import is_asked, is_running


async def test_f13_what_was_acknowledged_survives_kill_9_of_redis(tmp_path: Path) -> None:
    """F13: with the append-only file, kill -9 of Redis in the middle of a deploy loses nothing; one run."""
    async with on_redis(tmp_path) as shared:
        story = shared.story
        running = await is_running(story)
        rows = await story.bot.store.audit(0)
        await shared.server.restart()

        assert (await story.stands("P-1")).approvals == running.approvals
        assert list(await story.bot.store.audit(0))[: len(rows)] == list(rows)
        assert await story.bot.store.verify_audit() is None
        story.world.clock.forward(300)
        await story.until("P-1", "succeeded")
        assert len(story.runs) == 1


async def test_f17_redis_is_down_for_a_minute(tmp_path: Path) -> None:
    """F17: commands are answered that nothing was done; the run goes on in GitHub and is caught up with."""
    async with on_redis(tmp_path) as shared:
        story = shared.story
        await is_running(story)
        before = story.asked("github", method="POST")
        shared.server.kill()
        for line in (
            "/promote storefront@v1.2.0 to production because fix refunds",
            "/promote cancel P-1 because not today",
            "/promote status",
        ):
            assert (await is_told(story.ana, line)).startswith(NOT_RECORDED)
        await shared.turns("red")
        story.passes(60)
        assert story.asked("github", method="POST") == before

        await shared.server.start()
        story.passes(300)
        await story.until("P-1", "succeeded")
        await story.settles()
        await shared.turns("green")
        assert len(story.runs) == 1


async def test_f18_slow_reads_are_an_honest_no(tmp_path: Path) -> None:
    """F18: every answer of Redis 2 s late: the approver hears in time that nothing was recorded, and that is so."""
    async with on_redis(tmp_path) as shared:
        story = shared.story
        await is_asked(story)
        shared.between.latency = 2.0
        assert (await is_told(story.bo, "/promote approve P-1")).startswith(NOT_RECORDED)
        shared.between.latency = 0.0

        assert (await story.stands("P-1")).approvals == ()
        for manager in (story.bo, story.cy):
            await manager.types("/promote approve P-1")
        await story.until("P-1", "succeeded")
        assert len(story.runs) == 1


async def test_f18_what_cannot_be_known_is_not_claimed(tmp_path: Path) -> None:
    """F18: the change arrives and its answer is late: neither recorded nor not recorded is said; it was, and holds."""
    async with on_redis(tmp_path) as shared:
        story = shared.story
        await is_asked(story)
        shared.between.late, shared.between.latency = COMMIT.sha.encode(), 2.0
        assert (await is_told(story.bo, "/promote approve P-1")).startswith(UNCLEAR)
        shared.between.latency = 0.0

        stored = await story.stands("P-1")
        assert [approval.by for approval in stored.approvals] == ["bo"]
        assert stored.phase is Phase.WAITING
        await story.cy.types("/promote approve P-1")
        await story.until("P-1", "succeeded")
        assert len(story.runs) == 1


async def test_f18_a_lost_answer_is_asked_for_again(tmp_path: Path) -> None:
    """F18: the connection breaks under the answer: the same change is sent again, counts once, and is confirmed."""
    async with on_redis(tmp_path) as shared:
        story = shared.story
        await is_asked(story)
        shared.between.drop_reply(COMMIT.sha.encode())
        said = await is_told(story.bo, "/promote approve P-1")
        await shared.between.dropped()

        assert said.startswith("Done.")
        assert [approval.by for approval in (await story.stands("P-1")).approvals] == ["bo"]
