"""What people type: a table of lines and their meaning, and nothing that they type is ever an exception."""

import re
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks.words.help import TOPICS, help_text
from bot.domain.command_line import COMMANDS, parse, parse_mention, parse_rollback
from bot.domain.errors import CannotParse
from bot.domain.line_words import Here, Known, promotion_id
from bot.domain.lines import (
    Again,
    Ask,
    AskDoctor,
    AskHelp,
    AskHistory,
    AskPlan,
    AskStatus,
    AskWhoAmI,
    AskWhy,
    Line,
    Record,
    SayNo,
    SayYes,
    Stop,
    Undo,
)

CODE = re.compile(r"`((?:/promote|/rollback|@greenlight)[^`]*)`")
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
    ("rollback checkout production to v2 errors", Undo("checkout", "production", "v2", remark="errors")),
    ("rollback checkout to v2 in production errors", Undo("checkout", "production", "v2", remark="errors")),
    ("rollback checkout@v2 in production", Undo("checkout", "production", "v2")),
    ("rollback service:status in production", Undo("status", "production")),
    ("adopt checkout@v2 in production because before", Record("checkout", "v2", "production", "before")),
    ("adopt checkout in production", Record("checkout", "", "production", "")),
    ("adopt service:status@v1 in dev", Record("status", "v1", "dev", "")),
    ("history checkout", AskHistory("checkout", "", 10)),
    ("history checkout in production last 20", AskHistory("checkout", "production", 20)),
    ("history service:status staging", AskHistory("status", "staging", 10)),
    ("promote checkout@v2 to staging because x", Ask("checkout", "v2", "staging", "x")),
    ("deploy checkout@v2", Ask("checkout", "v2")),
    ("promote-api@v2 to staging", Ask("promote-api", "v2", "staging")),
    ("checkout@v2 prodution because fix refunds", Ask("checkout", "v2", "prodution", "fix refunds")),
    (
        "`checkout@v2 to production because “fix refunds”`",
        Ask("checkout", "v2", "production", "“fix refunds”"),
    ),
    ("plan checkout@v2.14.3 to production", AskPlan("checkout", "v2.14.3", "production")),
    ("plan checkout in staging", AskPlan("checkout", "", "staging")),
    ("plan checkout@v2 prod", AskPlan("checkout", "v2", "prod")),
    ("plan service:status@v2", AskPlan("status", "v2")),
    ("status all", AskStatus("all")),
    ("status #142", AskStatus("P-142")),
    ("why?", AskWhy()),
    ("why P-142?", AskWhy("P-142")),
    ('why "P-142"', AskWhy("P-142")),
    ("history checkout last 7d", AskHistory("checkout", "", 25, 7)),
    ("history checkout production 7 days", AskHistory("checkout", "production", 25, 7)),
    ("history checkout last 1 day", AskHistory("checkout", "", 25, 1)),
    ("history checkout 900d", AskHistory("checkout", "", 25, 365)),
    ("history checkout prod", AskHistory("checkout", "prod", 10)),
    ("whoami", AskWhoAmI()),
    ("whoami checkout", AskWhoAmI("checkout")),
    ("doctor", AskDoctor()),
    ("reject #142 too risky", SayNo("P-142", "too risky")),
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
        ("approve P-l42", "/promote approve P-42"),
        ("approve P--7", "/promote approve P-7"),
        ("why 142", "/promote why P-142"),
        ("whyP-142", "/promote why P-142"),
        ("statuscheckout", "/promote status checkout"),
        ("approve:p7 fine", "/promote approve p7 fine"),
        ("rollbackcheckout because errors", "/promote rollback checkout because errors"),
        ("on staging for checkout", "/promote checkout to staging"),
        ("production checkout@v2 because fix", "/promote checkout@v2 to production because fix"),
        ("staging", "/promote checkout to staging"),
        ("plan", "/promote plan checkout@v2.14.3 to production"),
        ("history last 7d", "/promote history checkout in production"),
        ("helpp", "/promote help"),
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


THREAD = Here("P-7", "checkout")


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("", AskHelp()),
        ("why", AskWhy("P-7")),
        ("why is it blocked?", AskWhy("P-7")),
        ("why P-8", AskWhy("P-8")),
        ("why storefront", AskWhy("", "storefront", "")),
        ("status", AskStatus("P-7")),
        ("status please", AskStatus("P-7")),
        ("status all", AskStatus("all")),
        ("status storefront", AskStatus("storefront")),
        ("approve", SayYes("P-7")),
        ("approve looks good!", SayYes("P-7", "looks good!")),
        ("Approve because it is fine", SayYes("P-7", "it is fine")),
        ("approve P-8 fine", SayYes("P-8", "fine")),
        ("approve because v2 is fine", SayYes("P-7", "v2 is fine")),
        ("reject", SayNo("P-7", "")),
        ("reject because of the audit", SayNo("P-7", "of the audit")),
        ("cancel", Stop("P-7")),
        ("cancel wrong version", Stop("P-7", "wrong version")),
        ("retry", Again("P-7")),
        ("retry p99", Again("P-7", "p99")),
        ("retry P-8", Again("P-8")),
        ("rollback because errors", Undo(promotion="P-7", reason="errors")),
        ("rollback", Undo(promotion="P-7")),
        ("/rollback because errors", Undo(promotion="P-7", reason="errors")),
        ("rollback to v2.14.1 because errors", Undo(promotion="P-7", version="v2.14.1", reason="errors")),
        ("rollback errors are up", Undo(promotion="P-7", remark="errors are up")),
        ("rollback storefront because errors", Undo("storefront", "", "", "errors")),
        ("history", AskHistory("checkout")),
        ("history last 7d", AskHistory("checkout", "", 25, 7)),
        ("plan", AskPlan("checkout")),
        ("/promote why", AskWhy("P-7")),
        ("promote storefront@v2 to staging because fix", Ask("storefront", "v2", "staging", "fix")),
        ("help rollback", AskHelp("rollback")),
    ],
)
def test_a_mention_below_a_card_means(text: str, meaning: Line) -> None:
    """What is left out is the promotion of the thread, and what is named counts."""
    assert parse_mention(text, KNOWN, THREAD) == meaning


@pytest.mark.parametrize("word", ["142", "P-l42", "p-", "#x", "P--8", "p8x"])
@pytest.mark.parametrize("command", ["approve", "reject", "cancel"])
def test_what_looks_like_an_id_is_never_a_remark(command: str, word: str) -> None:
    """Below a card, a mistyped id must not decide about the promotion of the thread."""
    assert isinstance(parse_mention(f"{command} {word} fine", KNOWN, THREAD), CannotParse)


@pytest.mark.parametrize("topic", ["", *TOPICS])
def test_every_example_of_the_help_is_understood(topic: str) -> None:
    """What the help tells people to type has a meaning, as a command and as a mention."""
    said = help_text(topic, "checkout")
    examples = CODE.findall(said)
    assert examples
    assert [one for one in examples if isinstance(_meaning(*one.split(" ", 1)), CannotParse)] == []


def _meaning(name: str, rest: str = "") -> Line | CannotParse:
    if name == "@greenlight":
        return parse_mention(rest, KNOWN, THREAD)
    return parse_rollback(rest, KNOWN) if name == "/rollback" else parse(rest, KNOWN)


@given(st.sampled_from(sorted(COMMANDS)), st.sampled_from([Here(), THREAD]))
def test_a_suggestion_can_always_be_typed(command: str, here: Here) -> None:
    """E27 never suggests what is refused again."""
    for text in (command, f"{command} 142", f"{command[:-1]} x", f"{command}P-7", f"in production {command}"):
        told = parse(text, KNOWN, here)
        if isinstance(told, CannotParse):
            again = parse(told.suggestion.removeprefix("/promote "), KNOWN, here)
            assert not isinstance(again, CannotParse), text


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
    for here in (Here(), Here("P-7", "checkout")):
        for meaning_of in (parse, parse_rollback, parse_mention):
            assert isinstance(meaning_of(text, KNOWN, here), (*get_args(Line), CannotParse))


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
