"""The choke points for text from outside, and the small words for times and lists."""

import pytest
from hypothesis import given

from blocks.text import (
    clip,
    date,
    duration,
    fit,
    lines_within,
    link,
    listed,
    raw,
    untrusted,
    utc,
    web_address,
)
from tests.blocks.markup import hidden
from tests.blocks.strategies import hostile

CASES = [
    ("fix refunds for EUR cards", "fix refunds for EUR cards"),
    ("<!channel> look", "&lt;!channel&gt; look"),
    ("<https://evil.example|Approve>", "&lt;https∶//evil.example|Approve&gt;"),
    ("a & b", "a &amp; b"),
    ("*bold* ~gone~ `code`", "∗bold∗ ∼gone∼ ˋcodeˋ"),
    ("_styled_ but snake_case", "ˍstyledˍ but snake_case"),
    (":white_check_mark: 12:30", "∶white_check_mark: 12:30"),
    ("@channel and @bo", "＠channel and @bo"),
    ("two\nlines\tand a tab", "two lines and a tab"),
    ("\u202egnp.exe", "\\u{202e}gnp.exe"),
    ("zero\u200bwidth", "zero\\u{200b}width"),
    ("\ud800", "\\u{d800}"),
    ("שלום", "שלום"),
    ("naïve 東京 🚀", "naïve 東京 🚀"),
]


@pytest.mark.parametrize(("typed", "shown"), CASES)
def test_what_people_type_is_shown_as_text(typed: str, shown: str) -> None:
    """P7: markup, mentions, links and invisible characters of a user are only ever characters."""
    assert untrusted(typed) == shown


@given(hostile)
def test_untrusted_text_is_clipped_and_visible(typed: str) -> None:
    """Nothing invisible, no bracket, and never much longer than it may be."""
    shown = untrusted(typed, 50)
    assert hidden(shown) == []
    assert not {"<", ">", "*", "`", "~"} & set(shown)
    assert len(raw(typed, 50)) <= 50
    assert not {"<", ">"} & set(raw(typed, 50))


def test_a_cut_never_leaves_half_a_link_or_half_a_character() -> None:
    """Half a mention would be shown as code."""
    assert fit("see <https://github.com/acme|acme> now", 20) == "see …"
    assert fit("a &lt;b", 5) == "a …"
    assert fit("short", 20) == "short"
    assert clip("a long word", 6) == "a lon…"


def test_lines_that_do_not_fit_are_counted() -> None:
    """Nothing is dropped in silence."""
    assert lines_within(["a" * 20, "b" * 20, "c" * 20], 60) == "a" * 20 + "\n… and 2 more"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (45, "45 s"),
        (372, "6 min 12 s"),
        (7_500, "2 h 5 min"),
        (86_400, "1 day"),
        (3 * 86_400 + 3_600, "3 days 1 h"),
        (-5, "0 s"),
        (float("nan"), "0 s"),
    ],
)
def test_a_span_is_said_in_its_two_greatest_units(seconds: float, words: str) -> None:
    """R11: durations are words."""
    assert duration(seconds) == words


def test_a_moment_is_shown_in_the_readers_zone_with_utc_as_fallback() -> None:
    """R11: the same card is right in Paris and in Austin."""
    assert date(1_795_190_400.5) == ("<!date^1795190400^{date_short_pretty} {time}|2026-11-20 16:00 UTC>")
    assert utc(float("inf")) == "1970-01-01 00:00 UTC"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "https://user@evil.example/",
        "https://a|b",
        "https://a>b",
        "http://[x",
        "https://evil.example/\u202e",
        "//evil.example",
        "https://x/" + "a" * 2_000,
        "",
    ],
)
def test_only_web_addresses_become_links(url: str) -> None:
    """Anything else stays words."""
    assert web_address(url) == ""
    assert link(url, "label") == "label"


def test_lists_read_like_sentences() -> None:
    """`a, b and c`."""
    assert [listed(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
    assert listed(["cy", "dee"], "or") == "cy or dee"
