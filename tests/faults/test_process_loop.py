"""The event loop that does not turn: the stack is logged from beside it, and no handler of ours stops it (F99)."""

import asyncio
import logging
import threading
from collections.abc import Iterator
from typing import Any, cast

import pytest

from bot import watchdog
from bot.app import T
from tests.observability.scrapes import scraped
from tests.stories.deploys import fails, has_room
from tests.stories.moments import rests
from tests.stories.parts import Beside
from tests.stories.story import Story

AT_MOST = 30.0  # real seconds that a call blocks when nobody notices it
BLOCKED = "the event loop is blocked"


class Bark(logging.Handler):
    """Hears the watchdog, from whichever thread it speaks."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.heard = threading.Event()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the record and wake whoever waits for it."""
        self.records.append(record)
        self.heard.set()


class BlockingSlack(Beside):
    """A Slack whose next post blocks the whole loop until the watchdog has barked."""

    def __init__(self, part: Any, bark: Bark) -> None:
        super().__init__(part)
        self.bark = bark
        self.blocks_next = False
        self.was_noticed = False

    async def post(self, *what: Any, **how: Any) -> Any:
        """Post, after a call that nobody should make in a coroutine."""
        if self.blocks_next:
            self.blocks_next = False
            self.was_noticed = self.bark.heard.wait(AT_MOST)
        return await self.part.post(*what, **how)


@pytest.fixture
def bark() -> Iterator[Bark]:
    """Listens to the watchdog for the time of a test."""
    handler = Bark()
    watchdog.log.addHandler(handler)
    yield handler
    watchdog.log.removeHandler(handler)


async def test_f99_a_blocked_loop_shows_where_it_stands(story: Story, bark: Bark) -> None:
    """One line with the stack while it is still blocked, counted, and the deploy goes on afterwards."""
    story.expected_complaints.append(BLOCKED)
    slack = await _blocking_slack(story, bark)
    slack.blocks_next = True
    await story.ana.types("/promote checkout@v2.14.3 to production because fix refunds")
    await story.sees(lambda: "Approve" in str([one.blocks for one in story.messages()]), "the card")

    assert slack.was_noticed
    assert [one.message for one in bark.records] == [BLOCKED]
    assert "self.bark.heard.wait(AT_MOST)" in vars(bark.records[0])["at"]
    assert (await scraped(story)).value("greenlight_loop_blocked_total") == 1


async def test_f99_nothing_of_ours_blocks_the_loop(story: Story, bark: Bark) -> None:
    """A deploy that fails, pages, opens a channel and is rolled back, with forms and questions: the watchdog is silent."""
    await fails(story)
    await story.sees(lambda: has_room(story), "the incident channel")
    for question in ("/promote status", "/promote why P-1", "/promote history checkout", "/promote"):
        await story.ana.types(question)
    await story.dee.types("/promote rollback checkout in production because refunds are failing")
    await story.until("P-2", "succeeded")
    await rests(story)

    assert bark.records == []
    assert (await scraped(story)).value("greenlight_loop_blocked_total") == 0


async def test_f99_the_watchdog_ends_with_the_bot(story: Story) -> None:
    """No thread of it is left behind, and no beat."""
    assert "watchdog" in {one.name for one in threading.enumerate()}
    await story.bot_stops()
    assert "watchdog" not in {one.name for one in threading.enumerate()}
    await asyncio.sleep(0)


async def _blocking_slack(story: Story, bark: Bark) -> BlockingSlack:
    made: list[BlockingSlack] = []

    def around(name: str, part: T) -> T:
        if name != "chat":
            return part
        made.append(BlockingSlack(part, bark))
        return cast(T, made[-1])

    story.around = around
    await story.bot_stops()
    await story.bot_starts()
    return made[-1]
