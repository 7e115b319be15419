"""The same life on the shared store: nothing is different for people, and nothing is left over in Redis."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from bot.domain.face import Button
from bot.domain.promotion import Phase
from bot.store.protocol import Query
from bot.store.redis_link import connect
from tests.redis_place import RedisServer
from tests.store.redis_keys import leaked
from tests.stories.deploys import INCIDENT, fails, is_asked
from tests.stories.filling import on_screen
from tests.stories.story import Story
from tests.stories.test_details import lines, waits_for_hours


@pytest.fixture
async def story(tmp_path: Path, redis_server: RedisServer) -> AsyncIterator[Story]:
    """A world in which the bot runs on Redis; at its end no key leaked."""
    told = Story(tmp_path)
    told.environment["STORE_URL"] = await redis_server.created()
    try:
        await told.begins()
        yield told
    finally:
        await told.ends()
    link = await connect(told.environment["STORE_URL"], now=float)
    await link.open()
    assert await leaked(link) == []
    await link.close()


async def test_a_failure_and_its_rollback_leave_only_their_history(
    story: Story, redis_server: RedisServer
) -> None:
    """Asked, approved, failed, paged, rolled back, tried again and rejected: at the end Redis holds no work any more."""
    await fails(story)
    await story.settles()
    form = (await story.dee.clicks("Roll back", channel=INCIDENT))["view"]
    await story.dee.submits(form, reason="refunds are failing")
    await story.until("P-2", "succeeded")
    await is_asked(story, "v2.14.3", "P-3")
    await story.bo.types("/promote reject P-3 because not again")
    await story.until("P-3", "rejected")
    await story.settles()

    store = story.bot.store
    ends = [Phase.REJECTED, Phase.SUCCEEDED, Phase.FAILED]
    assert [one.phase for one in await store.find(Query())] == ends
    assert await store.slots_held() == []
    assert await store.verify_audit() is None
    for key in ("due:rollbacks", "due:others", "held", "leased", "tokens", "touched", "woken", "owed"):
        assert await redis_server.ask("EXISTS", f"{{greenlight}}:{key}") == 0, key


async def test_an_early_approval_stays_in_a_long_timeline(story: Story) -> None:
    """Redis finds fifty rows of a promotion: what it tells of itself stands before them, and that rows are missing."""
    await waits_for_hours(story)
    assert len(await story.bot.store.audit_of("P-1", 500)) == 50
    await story.eli.clicks(Button.DETAILS)

    assert [line.split(" · ", 1)[-1] for line in lines(on_screen(story.eli))] == snapshot(
        [
            "ana asked for it: “fix refunds”",
            "bo approved: “checked the graphs”",
            "_Rows of the audit log from before <time> are not shown here: `greenlight audit export` has them all._",
            "cy approved",
            "All requirements hold, and it is being started",
            "Greenlight started the workflow; the deploy is under way",
            "The run succeeded, and it is being verified",
            "It succeeded",
        ]
    )
