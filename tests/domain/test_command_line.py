"""What people type: a table of lines and their meaning, and nothing that they type is ever an exception."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.command_line import (
    COMMANDS,
    Again,
    Ask,
    AskHelp,
    AskHistory,
    AskStatus,
    AskWhy,
    Known,
    Line,
    Record,
    SayNo,
    SayYes,
    Stop,
    Undo,
    parse,
    parse_rollback,
    promotion_id,
)
from bot.domain.errors import CannotParse

KNOWN = Known(("checkout", "storefront", "promote-api"), ("dev", "staging", "production"))
LINES: list[tuple[str, Line]] = [
    ("", Ask()),
    ("checkout", Ask("checkout")),
    ("checkout@v2.14.3", Ask("checkout", "v2.14.3")),
    ("checkout production", Ask("checkout", "", "production")),
    ("checkout@v2 to production because fix refunds", Ask("checkout", "v2", "production", "fix refunds")),
    ("checkout@v2 production fix refunds", Ask("checkout", "v2", "production", "fix refunds")),
    ("checkout@v2 IN Production BECAUSE Fix", Ask("checkout", "v2", "production", "Fix")),
    ("  checkout@v2   on  staging  ", Ask("checkout", "v2", "staging")),
    ("checkout@v2 to nowhere because x", Ask("checkout", "v2", "nowhere", "x")),
    ("checkout@v2 to", Ask("checkout", "v2")),
    ("checkout because to production because", Ask("checkout", "", "", "to production because")),
    ("chekout@v2", Ask("chekout", "v2")),
    ("service:status@v1 to staging", Ask("status", "v1", "staging")),
    ("service:checkout", Ask("checkout")),
    ("because I want to", Ask(reason="I want to")),
    ("checkout@feature/x@y", Ask("checkout", "feature/x@y")),
    ("status", AskStatus()),
    ("STATUS checkout", AskStatus("checkout")),
    ("status of", AskStatus("of")),
    ("status in production", AskStatus("production")),
    ("status p142", AskStatus("P-142")),
    ("status service:status", AskStatus("status")),
    ("why", AskWhy()),
    ("why P-142", AskWhy("P-142")),
    ("why checkout in production", AskWhy("", "checkout", "production")),
    ("why service:status production", AskWhy("", "status", "production")),
    ("approve P-142", SayYes("P-142")),
    ("approve p-0142 checked the graphs", SayYes("P-142", "checked the graphs")),
    ("reject P-142 too risky", SayNo("P-142", "too risky")),
    ("reject P-142 because too risky", SayNo("P-142", "too risky")),
    ("cancel P-142", Stop("P-142")),
    ("cancel P-142 wrong version", Stop("P-142", "wrong version")),
    ("retry P-142", Again("P-142")),
    ("retry P-142 p99", Again("P-142", "p99")),
    ("rollback", Undo()),
    ("rollback P-142 because errors", Undo(promotion="P-142", reason="errors")),
    ("rollback checkout", Undo("checkout")),
    ("rollback checkout in production because errors", Undo("checkout", "production", "", "errors")),
    ("rollback checkout to v2.14.2 because errors", Undo("checkout", "", "v2.14.2", "errors")),
    ("rollback checkout to production because errors", Undo("checkout", "production", "", "errors")),
    ("rollback checkout production to v2 errors", Undo("checkout", "production", "v2", "errors")),
    ("rollback checkout to v2 in production errors", Undo("checkout", "production", "v2", "errors")),
    ("rollback checkout@v2 in production", Undo("checkout", "production", "v2")),
    ("rollback service:status in production", Undo("status", "production")),
    ("adopt checkout@v2 in production because before", Record("checkout", "v2", "production", "before")),
    ("adopt checkout in production", Record("checkout", "", "production", "")),
    ("adopt service:status@v1 in dev", Record("status", "v1", "dev", "")),
    ("history checkout", AskHistory("checkout", "", 10)),
    ("history checkout in production last 20", AskHistory("checkout", "production", 20)),
    ("history service:status staging", AskHistory("status", "staging", 10)),
    ("help", AskHelp()),
    ("?", AskHelp()),
    ("-h", AskHelp()),
    ("HELP Locks", AskHelp("locks")),
]


@pytest.mark.parametrize(("text", "meaning"), LINES, ids=[text or "nothing" for text, _ in LINES])
def test_a_line_means(text: str, meaning: Line) -> None:
    """Each line of the table has this meaning, with or without its sugar."""
    assert parse(text, KNOWN) == meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("", Undo()),
        ("checkout to v2 because errors", Undo("checkout", "", "v2", "errors")),
        ("P-142", Undo(promotion="P-142")),
        ("help", AskHelp("rollback")),
        ("status", Undo("status")),
    ],
)
def test_the_short_form_means(text: str, meaning: Line) -> None:
    """After `/rollback` every word is about a rollback; only help is help."""
    assert parse_rollback(text, KNOWN) == meaning


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("statsu checkout", "/promote status checkout"),
        ("aprove P-142", "/promote approve P-142"),
        ("rolback checkout", "/promote rollback checkout"),
        ("approve", "/promote approve P-142"),
        ("cancel checkout", "/promote cancel P-142"),
        ("reject 142 too risky", "/promote reject P-142"),
    ],
)
def test_a_slip_of_the_finger_is_answered_with_a_line_that_works(text: str, suggestion: str) -> None:
    """E27: what was meant, ready to be copied."""
    told = parse(text, KNOWN)
    assert isinstance(told, CannotParse)
    assert told.suggestion == suggestion
    assert not isinstance(parse(suggestion.removeprefix("/promote "), KNOWN), CannotParse)


@pytest.mark.parametrize(
    "text", ["@v2", "service:", "service:@v2", "adopt", "adopt checkout", "adopt @v2 in dev"]
)
def test_a_line_without_its_subject_is_answered_with_an_example(text: str) -> None:
    """A version of nothing, or an adoption without a place, cannot be guessed."""
    told = parse(text, KNOWN)
    assert isinstance(told, CannotParse)
    assert not isinstance(parse(told.suggestion.removeprefix("/promote "), KNOWN), CannotParse)


WORDS = st.sampled_from(
    [
        *COMMANDS,
        "to",
        "in",
        "on",
        "because",
        "checkout",
        "production",
        "P-142",
        "v2",
        "@",
        "service:",
        "p-",
        "?",
    ]
)
typed = st.one_of(
    st.text(max_size=80),
    st.lists(st.one_of(WORDS, st.text(max_size=6)), max_size=9).map(" ".join),
)


@given(typed)
def test_nothing_that_is_typed_is_an_exception(text: str) -> None:
    """Whatever comes out of a keyboard has a meaning or an answer, for both commands."""
    kinds = (
        Ask,
        AskStatus,
        AskWhy,
        SayYes,
        SayNo,
        Stop,
        Again,
        Undo,
        Record,
        AskHelp,
        AskHistory,
        CannotParse,
    )
    assert isinstance(parse(text, KNOWN), kinds)
    assert isinstance(parse_rollback(text, KNOWN), kinds)


@given(st.sampled_from(["x", "checkout ", "P-1 ", "because "]), st.integers(1, 50_000))
def test_a_very_long_line_is_cut(piece: str, times: int) -> None:
    """No line makes the parser work for long."""
    parse(piece * times, KNOWN)
    meaning = parse("checkout because " + "y" * times, KNOWN)
    assert isinstance(meaning, Ask)
    assert len(meaning.reason) <= 4000


@given(st.integers(0, 999_999_999), st.sampled_from(["P-{}", "p{}", "P{}", "p-{}", "P-0{}"]))
def test_ids_are_read_in_every_spelling(number: int, spelling: str) -> None:
    """P-142 from p142; more than nine digits are no id of ours."""
    written = spelling.format(number)
    digits = sum(letter.isdigit() for letter in written)
    assert promotion_id(written) == (f"P-{number}" if digits <= 9 else None)


@pytest.mark.parametrize("word", ["P-", "P-1\n", "P-١٢", "142", "XP-1", "P-1x", "P--1", "P-1234567890"])
def test_what_is_not_an_id_is_none(word: str) -> None:
    """Other scripts' digits, line ends and neighbours do not make an id."""
    assert promotion_id(word) is None
