"""Every code that may stand below a sentence is in one table, and each of them has a story of its own."""

import logging
import re
from pathlib import Path
from typing import get_args

import pytest

from blocks.words import code
from blocks.words.codes import CODES
from bot.domain.errors import Refusal
from tests.blocks.test_refusals import REFUSED
from tests.experience.noes import CODE, codes_with_a_story
from tests.stories.story import Story

WORDS = Path(__file__).parents[2] / "blocks"
LATER = {"E06", "E13", "E14", "E21", "E24"}  # of rules that are not built yet


def test_each_code_has_a_story_and_each_story_a_code() -> None:
    """What can be shown has been shown by the real bot, with its rule and a next step."""
    assert codes_with_a_story() == set(CODES)


def test_each_refusal_has_a_code_of_its_own() -> None:
    """A code in a screenshot leads to one rule of the domain."""
    assert {type(one) for one in REFUSED} == set(get_args(Refusal))
    assert len({code(one) for one in REFUSED}) == len(get_args(Refusal))
    assert {code(one) for one in REFUSED} <= set(CODES)


def test_what_slack_shows_has_no_code_that_is_not_in_the_table() -> None:
    """Every code that a file of blocks/ writes is in the table, and no number is used up by what is to come."""
    written = {
        one for file in WORDS.rglob("*.py") for one in re.findall(r'"[^"\n]*\b(E\d\d)\b', file.read_text())
    }
    assert written == set(CODES)
    assert not written & LATER


def test_the_table_says_in_one_sentence_when_a_code_is_shown() -> None:
    """The table is what the documentation is made from."""
    assert list(CODES) == sorted(CODES)
    assert [words for words in CODES.values() if words.count(". ") or not words.endswith(".")] == []
    assert [key for key in CODES if not CODE.fullmatch(key)] == []


async def test_the_code_is_in_the_log_too(story: Story, caplog: pytest.LogCaptureFixture) -> None:
    """Whoever is asked for help finds the moment by the code, without the person's screen."""
    caplog.set_level(logging.INFO, "bot.courier")
    await story.ana.types("/promote chekout@v2.14.3 to production because fix refunds")
    await story.ana.types("/promote checkout@v2.14.9 to production because fix refunds")
    await story.sees(lambda: len(_logged(caplog)) > 1, "both in the log")
    assert _logged(caplog) == ["E01", "E05"]


def _logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [vars(one)["code"] for one in caplog.records if one.name == "bot.courier" and "code" in vars(one)]
