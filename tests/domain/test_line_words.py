"""A line acts only when each of its words was understood, and never when it is a question."""

from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.command_line import parse, parse_mention, parse_rollback
from bot.domain.errors import CannotParse
from bot.domain.line_remarks import FILLERS
from bot.domain.line_words import BECAUSE, SUGAR, Here, Known, clean, promotion_id
from bot.domain.lines import Again, Ask, AskPlan, AskWhy, Line, Record, SayNo, SayYes, Stop, Undo

KNOWN = Known(("checkout", "storefront", "status"), ("dev", "staging", "production"))
THREAD = Here("P-7", "checkout", "production")
WHY = "because errors are up"


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("checkout stagin because errors are up", f"checkout in staging {WHY}"),
        ("checkout stagin", "checkout in staging because errors are up"),
        ("checkout prod because errors are up", f"checkout in production {WHY}"),
        ("checkout v2.14.1 v2.14.2 because errors are up", f"checkout to v2.14.1 {WHY}"),
        ("checkout@v2 to v3 because errors are up", f"checkout to v2 {WHY}"),
        ("checkout staging production because errors are up", f"checkout in staging {WHY}"),
        ("checkout canary because errors are up", f"checkout {WHY}"),
        ("checkout to because errors are up", f"checkout {WHY}"),
        ("P-1 and P-2 because errors are up", f"P-1 {WHY}"),
        ("P-1 stagin", "checkout in staging because errors are up"),
        ("checkout the last one", "checkout because the last one"),
    ],
)
def test_a_rollback_with_a_word_too_many_is_no_rollback(text: str, suggestion: str) -> None:
    """`/rollback checkout stagin because …` took production back: a word that is dropped changes what is meant."""
    told = parse_rollback(text, KNOWN)
    assert isinstance(told, CannotParse)
    assert told.suggestion == f"/promote rollback {suggestion}"
    assert isinstance(parse_rollback(suggestion, KNOWN), Undo)


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("rollback storefrnt because it is broken", "rollback storefront because it is broken"),
        ("rollback stagin because it is broken", "rollback checkout in staging because it is broken"),
        ("rollback 142 because it is broken", "rollback P-142 because it is broken"),
        ("rollback canary because it is broken", "rollback P-7 because it is broken"),
        ("approve staging looks good", "approve P-7 because staging looks good"),
        ("approve v2.14.4", "approve P-7 because v2.14.4"),
        ("approve the budget for the offsite", "approve P-7 because the budget for the offsite"),
        ("approve when the tests pass", "approve P-7"),
        ("approve but not yet", "approve P-7"),
        ("approve P-8 if dee is fine with it", "approve P-8"),
        ("approve P-8 and P-9", "approve P-8"),
        ("approve looks good because graphs", "approve P-7 because looks good because graphs"),
        ("approve please P-8", "approve P-8"),
        ("approve please storefront", "approve P-7 because storefront"),
        ("rollback please P-8 because errors", "rollback P-8 because errors"),
        ("cancel the upgrade meeting", "cancel P-7 because the upgrade meeting"),
        ("cancel storefront", "cancel P-7 because storefront"),
        ("cancel if it fails", "cancel P-7"),
        ("reject storefront because too risky", "reject P-7 because storefront because too risky"),
        ("retry health because flaky", "retry P-7 health"),
        ("checkout@v2 to production staging is fine", "service:checkout@v2 to production because staging is fine"),
        ("checkout@v2 to production please do because fix", "service:checkout@v2 to production because do because fix"),
        ("checkout@v2 stagin", "service:checkout@v2 to staging"),
        ("adopt checkout@v2 in production dev because there", "adopt service:checkout@v2 in production because dev because there"),
        ("plan checkout@v2 to staging production", "plan checkout@v2.14.3 to production"),
        ("history checkout staging production", "history checkout in staging"),
    ],
)  # fmt: skip
def test_a_word_that_is_not_understood_stops_a_line(text: str, suggestion: str) -> None:
    """Below a card and anywhere, what might be about something else is told back, with a line that can be typed."""
    told = parse_mention(text, KNOWN, THREAD)
    assert isinstance(told, CannotParse)
    assert told.suggestion.replace(" to ", " in ") == f"/promote {suggestion}".replace(" to ", " in ")
    assert not isinstance(parse(told.suggestion.removeprefix("/promote "), KNOWN, THREAD), CannotParse)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("rollback checkout v2.14.1 because errors", Undo("checkout", "production", "v2.14.1", "errors")),
        ("rollback storefront v2.14.1 because errors", Undo("storefront", "", "v2.14.1", "errors")),
        ("rollback P-1 to v2.14.1 because errors", Undo("", "", "v2.14.1", "errors", "P-1")),
        ("rollback P-1 9c0bb81 because errors", Undo("", "", "9c0bb81", "errors", "P-1")),
        ("rollback P-1 in staging because errors", Undo("", "staging", "", "errors", "P-1")),
        ("rollback v2.14.1 because errors", Undo("", "", "v2.14.1", "errors", "P-7")),
        ("rollback staging because errors", Undo("", "staging", "", "errors", "P-7")),
        ("rollback checkout because errors", Undo("checkout", "production", "", "errors")),
        ("rollback checkout in staging because errors", Undo("checkout", "staging", "", "errors")),
        ("rollback now please because errors", Undo("", "", "", "errors", "P-7")),
        ("rollback it", Undo(promotion="P-7")),
        ("approve please", SayYes("P-7")),
        ("approve this because the graphs are fine", SayYes("P-7", "the graphs are fine")),
        ("approve checked the graphs", SayYes("P-7", "checked the graphs")),
        ("approve P-8 the graphs are fine", SayYes("P-8", "the graphs are fine")),
        ("reject not before the audit", SayNo("P-7", "not before the audit")),
        ("cancel not needed any more", Stop("P-7", "not needed any more")),
        ("retry health please", Again("P-7", "health please")),
        ("checkout v2.14.3 to production because fix", Ask("checkout", "v2.14.3", "production", "fix")),
        ("checkout to production v2.14.3", Ask("checkout", "v2.14.3", "production")),
        ("plan checkout v2.14.3 to production", AskPlan("checkout", "v2.14.3", "production")),
        ("plan checkout@v2 to production because fix", AskPlan("checkout", "v2", "production")),
        ("adopt checkout v2.14.2 in dev because x", Record("checkout", "v2.14.2", "dev", "x")),
    ],
)
def test_a_word_that_is_understood_counts(text: str, meaning: Line) -> None:
    """A version may stand alone, a place and a version go with an id, and a few words say nothing new."""
    assert parse_mention(text, KNOWN, THREAD) == meaning


@pytest.mark.parametrize(
    "end", ["?", "?!", " ?", "？", "?”", " because the tests pass?", "? because of the tests"]
)
@pytest.mark.parametrize("command", ["approve", "reject", "cancel", "retry", "rollback"])
def test_a_question_never_acts(command: str, end: str) -> None:
    """`approve?` below a card asks how things stand, and records nothing."""
    for text, meaning in (
        (command, AskWhy("P-7")),
        (f"{command} P-8", AskWhy("P-8")),
        (f"{command} storefront in staging", AskWhy("", "storefront", "staging")),
    ):
        assert parse_mention(f"{text}{end}", KNOWN, THREAD) == meaning
    assert parse_rollback(f"checkout{end}", KNOWN) == AskWhy("", "checkout")


def test_a_request_that_is_a_question_asks_what_it_would_meet() -> None:
    """A question mark in front of the reason is about the request; in the reason it is part of it."""
    assert parse("checkout@v2 to production?", KNOWN) == AskPlan("checkout", "v2", "production")
    assert parse("checkout@v2 to dev because why not?", KNOWN) == Ask("checkout", "v2", "dev", "why not?")
    assert parse("adopt checkout@v2 in dev?", KNOWN) == AskWhy("", "checkout", "dev")


VERBS = ("approve", "reject", "cancel", "retry", "rollback", "adopt", "promote")
NAMES = (*KNOWN.services, *KNOWN.environments, "P-1", "p2", "#3", "checkout@v2", "v2.14.1", "9c0bb81", "main")
SLIPS = (
    "stagin",
    "prod",
    "storefrnt",
    "142",
    "P-l2",
    "v2",
    "canary",
    "looks",
    "good",
    "the",
    "?",
    "fine?",
    "@x",
)
HEADS = st.lists(st.sampled_from([*NAMES, *SLIPS, *SUGAR, *FILLERS, "In", "“it”"]), max_size=6)
REASONS = st.sampled_from(["", "because errors are up", "Because it is broken?"])


@settings(deadline=None, max_examples=400)
@given(st.sampled_from(VERBS), HEADS, REASONS, st.sampled_from([Here(), THREAD]))
def test_each_word_of_a_line_that_acts_is_accounted_for(
    verb: str, head: list[str], because: str, here: Here
) -> None:
    """Whatever is typed: a word before `because` is in the meaning of the line, or says nothing; else nothing acts."""
    line = " ".join((verb, *head, because)).strip()
    meaning = parse_mention(line, KNOWN, here)
    if not acts(meaning):
        return
    spoken = {word for one in fields(meaning) for word in heard(str(getattr(meaning, one.name)))}
    told = spoken | SUGAR | FILLERS | {BECAUSE, *heard(here.service), *heard(here.environment)}
    assert [word for word in head if not set(heard(word)) <= told] == []
    assert isinstance(meaning, Ask | Record) or not line.endswith("?")
    assert not (isinstance(meaning, Undo) and meaning.remark)


@settings(deadline=None, max_examples=200)
@given(HEADS, REASONS, st.sampled_from([Here(), THREAD]))
def test_a_line_that_is_told_back_comes_with_one_that_works(
    head: list[str], because: str, here: Here
) -> None:
    """E27 suggests for a rollback only what is understood, wherever it is typed."""
    told = parse_rollback(" ".join((*head, because)), KNOWN, here)
    if isinstance(told, CannotParse):
        assert not isinstance(parse(told.suggestion.removeprefix("/promote "), KNOWN, here), CannotParse)


def acts(meaning: Line | CannotParse) -> bool:
    """Whether something is done at once: no question, no form, nothing for a service that is not there."""
    match meaning:
        case Ask():
            return meaning.service in KNOWN.services and bool(meaning.version and meaning.environment)
        case Undo():
            return bool(meaning.reason)
        case _:
            return isinstance(meaning, SayYes | SayNo | Stop | Again | Record)


def heard(text: str) -> list[str]:
    """The words of a text, whole and in parts, as a meaning holds them: ids in one spelling, no marks around."""
    parts = [clean(part) for part in text.replace("@", " ").split()]
    return [promotion_id(part) or part.lower() for part in parts]
