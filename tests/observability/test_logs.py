"""A line in the log says what it belongs to; what a person is told leads to it."""

import io
import json
import logging
import re
from collections.abc import Iterator
from typing import Any, cast

import pytest

from bot.app import T
from bot.logs import about, configure
from tests.stories.deploys import is_asked
from tests.stories.parts import Beside
from tests.stories.said import replies
from tests.stories.story import Story

HANDLER_BROKE = "handler broke"


class BrokenStore(Beside):
    """A store with a bug: reserving a number divides by nothing."""

    async def reserve(self, sequence: str) -> int:
        """Break for promotions; readiness has a sequence of its own."""
        if sequence == "promotion":
            raise ZeroDivisionError
        return cast(int, await self.part.reserve(sequence))


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the process logs, in the format of production."""
    root = logging.getLogger()
    before, level = root.handlers, root.level
    try:
        configure("INFO")
        written = io.StringIO()
        handler = cast("logging.StreamHandler[io.StringIO]", root.handlers[0])
        handler.setStream(written)
        root.handlers = [*before, handler]
        yield written
    finally:
        logging.captureWarnings(capture=False)
        root.handlers = before
        root.setLevel(level)


async def test_what_a_person_is_told_finds_the_line(story: Story, lines: io.StringIO) -> None:
    """The reference in Slack is the request's id, on the line with the traceback."""
    story.expected_complaints.append(HANDLER_BROKE)
    await _with(story, "store", BrokenStore)
    answer = await story.ana.types("/promote checkout@v2.14.3 to production because fix refunds")
    told = re.search(r"ref `([0-9a-f]{8})`", replies(answer)[0])
    assert told is not None
    (line,) = [one for one in _read(lines) if one["event"] == HANDLER_BROKE]
    assert line["ref"] == line["request"] == told[1]
    assert "ZeroDivisionError" in line["exception"]


async def test_two_requests_have_two_ids(story: Story, lines: io.StringIO) -> None:
    """Each request's lines are told apart from every other's."""
    story.expected_complaints.append(HANDLER_BROKE)
    await _with(story, "store", BrokenStore)
    for _ in range(2):
        await story.ana.types("/promote checkout@v2.14.3 to production because fix refunds")
    ids = [one["request"] for one in _read(lines) if one["event"] == HANDLER_BROKE]
    assert len(set(ids)) == 2


async def test_lines_of_a_turn_name_its_promotion(story: Story, lines: io.StringIO) -> None:
    """A fault in the work on P-1 says so, also where the code that logs does not know it."""
    story.expected_complaints.append("effect failed")
    await _with(story, "chat", BrokenSlack)
    await story.ana.types("/promote checkout@v2.14.3 to production because fix refunds")
    await story.sees(lambda: [one for one in _read(lines) if one["event"] == "effect failed"], "the fault")
    assert {one["promotion"] for one in _read(lines) if one["event"] == "effect failed"} == {"P-1"}


async def test_a48_one_event_is_one_line(story: Story, lines: io.StringIO) -> None:
    """Whatever stands in what is logged, each line is one JSON object with its time and level."""
    await is_asked(story)
    with about(promotion="P-1\n\x1b[31m"):
        logging.getLogger("bot").warning("first\nsecond", extra={"why": "\x1b[2J\r\n{}"})
    read = _read(lines)
    assert all({"event", "level", "logger", "timestamp"} <= one.keys() for one in read)
    assert read[-1]["event"] == "first\nsecond"
    assert "\x1b" not in lines.getvalue()


class BrokenSlack(Beside):
    """A Slack adapter with a bug."""

    async def post(self, *what: Any, **how: Any) -> Any:
        """Break."""
        raise ZeroDivisionError


async def _with(story: Story, which: str, kind: type[Beside]) -> None:
    """Start the bot again with one part in other clothes."""

    def around(name: str, part: T) -> T:
        return cast(T, kind(part)) if name == which else part

    story.around = around
    await story.bot_stops()
    await story.bot_starts()


def _read(lines: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines.getvalue().splitlines()]
