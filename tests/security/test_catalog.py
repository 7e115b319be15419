"""promotions.yml as a weapon: bombs, patterns, rules that are met by nothing. The last good catalog stays."""

import re
import string
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from blocks.text import raw, untrusted, web_address
from bot.adapters.addresses import host_of
from bot.catalog import schema, schema_gates
from bot.domain import command_line
from bot.domain.line_words import Known
from bot.domain.opening import is_version
from bot.ports import Refused
from bot.signatures import github_signed, pagerduty_signed, slack_signed
from tests.security.sources import compiled_patterns
from tests.small_catalog import refusal_of, small
from tests.stories.deploys import is_asked
from tests.stories.moments import rests
from tests.stories.story import Story

BOMBS = {
    "aliases": "a: &a [x, x, x]\n" + "".join(f"{n}: &{n} [*{p}, *{p}, *{p}]\n" for p, n in zip("abcdefg", "bcdefgh", strict=True)),
    "50 MB": "x" * 50_000_000,
    "10,000 services": "services:\n" + "".join(f"  s{n}: {{repo: a/b}}\n" for n in range(10_000)),
    "deep": "a: " + "[" * 100_000,
    "doubled keys": "timezone: UTC\ntimezone: UTC\n",
    "python": "!!python/object/apply:os.system [id]\n",
    "python again": "a: !!python/name:os.system\n",
    "a merge of itself": "a: &a\n  <<: *a\n",
    "empty": "",
}  # fmt: skip
LONG = 100_000
ATTACKS = (
    "a" * LONG,
    "a." * LONG,
    "-" * LONG,
    "0" * LONG,
    " " * LONG,
    "<" * LONG,
    "/" * LONG,
    "a@" * LONG,
    ":a" * LONG,
)


def replaced(file: Path, text: str) -> None:
    """Somebody puts other words into a file."""
    file.write_text(text)


@pytest.mark.parametrize("bomb", BOMBS)
async def test_a54_a_bomb_leaves_the_last_good_catalog_in_force(story: Story, bomb: str) -> None:
    """The file is replaced while a promotion waits: told once, and people, rules and the deploy go on as before."""
    story.expected_complaints.append("catalog refused")
    story.world.run.seconds = 2.0
    await is_asked(story)
    before = story.bot.catalog.current.digest
    replaced(story.bot.settings.catalog, BOMBS[bomb])
    await story.sees(lambda: any("catalog refused" in one for one in story.complaints.said), "the refusal")
    for manager in (story.bo, story.cy):
        await manager.types("/promote approve P-1")
    await story.until("P-1", "succeeded")
    assert story.bot.catalog.current.digest == before
    assert len(story.complaints.said) == 1
    assert len(story.complaints.said[0]) < 2_000


def test_a55_no_key_of_the_catalog_is_a_pattern() -> None:
    """Nobody can bring a regular expression: no field of the schema is called one or compiled as one."""
    fields = [name for module in (schema, schema_gates) for model in _models(module) for name in model]
    assert len(fields) > 40
    assert [name for name in fields if re.search(r"pattern|regex|match|glob", name)] == []


@pytest.mark.parametrize("pattern", compiled_patterns(), ids=lambda pattern: pattern[:40])
def test_a55_no_pattern_of_ours_repeats_a_repetition(pattern: str) -> None:
    """What makes a pattern take for ever is a group with `+` or `*` inside that is itself repeated without an anchor."""
    assert not re.search(r"\((?:\?:)?[^()\[\]]*[+*]\)[+*]", pattern)


READERS: tuple[Callable[[str], object], ...] = (
    is_version,
    untrusted,
    raw,
    web_address,
    lambda text: command_line.parse(text, Known(("checkout",), ("production",))),
    lambda text: command_line.parse_rollback(text, Known(("checkout",), ("production",))),
    lambda text: slack_signed(b"s", b"", text, text, 0.0),
    lambda text: github_signed(b"s", b"", text),
    lambda text: pagerduty_signed(b"s", b"", text),
)


@pytest.mark.parametrize("text", ATTACKS, ids=lambda text: text[:2])
def test_a55_whoever_reads_strangers_words_is_done_with_long_ones(text: str) -> None:
    """A hundred thousand characters of one kind: each reader comes to an end (the suite's own deadline judges)."""
    for reader in READERS:
        reader(text)
        reader(text + "!")
    with pytest.raises(Refused):
        host_of("http://" + text)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("    health: https://shop.{environment}.acme.example/health\n", ""), "health` is missing"),
        (("health: {attempts: 3}", "health: {attempts: 0}"), "attempts"),
        (("{count: 2, from: releasers}", "{count: -1, from: releasers}"), "count"),
        (("wait: 10m", "wait: -1s"), "wait"),
    ],
)
def test_a63_a_rule_that_nothing_could_fail_is_no_rule(change: tuple[str, str], sentence: str) -> None:
    """A health gate without a URL, zero looks, fewer than no approvers: refused instead of being met at once."""
    assert any(sentence in told for told in refusal_of(small(change)))


async def test_a63_a_commit_without_any_check_does_not_pass(story: Story) -> None:
    """Staging asks for green checks and names none; nothing was ever run on the commit: it waits for ever."""
    story.world.run.seconds = 2.0
    sha = story.playground.github.adds_commit("checkout", "No checks on me")
    story.playground.github.forgets_checks("checkout", sha)
    await story.ana.types(f"/promote checkout@{sha} to dev because trying it out")
    await story.until("P-1", "succeeded")
    await story.ana.types(f"/promote checkout@{sha} to staging because trying it out")
    await rests(story)
    story.passes(3_600)
    await rests(story)
    assert len(story.dispatches()) == 1
    assert (await story.stands("P-2")).phase == "waiting"


def _models(module: object) -> Iterator[tuple[str, ...]]:
    for name in dir(module):
        found = getattr(module, name)
        if name[0] in string.ascii_uppercase and hasattr(found, "model_fields"):
            yield tuple(found.model_fields)
