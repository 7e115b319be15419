"""What is said in an incident's room, and the same lines anywhere else."""

import pytest

from bot.domain.command_line import parse, parse_mention
from bot.domain.errors import CannotParse
from bot.domain.line_incident import is_said_in_a_room
from bot.domain.line_words import Here, Known
from bot.domain.lines import Acknowledge, AskStatus, AskWhy, Close, Lead, Line, WriteNote

KNOWN = Known(("checkout", "storefront", "ack"), ("dev", "staging", "production"))
ROOM = Here("P-7", "checkout", "production")


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("acknowledge P-142", Acknowledge("P-142")),
        ("Acknowledge p142!", Acknowledge("P-142")),
        ("lead #142", Lead("P-142")),
        ("lead P-142 please", Lead("P-142")),
        ("note P-142 refunds fail", WriteNote("P-142", "refunds fail")),
        ("note P-142: refunds fail", WriteNote("P-142", "refunds fail")),
        ("note P-142", WriteNote("P-142")),
        ("note P-142 it fails because the cache is cold", WriteNote("P-142", "it fails because the cache is cold")),
        ("resolve P-142", Close("P-142")),
        ("resolve P-142 because all is well", Close("P-142", "all is well")),
        ("resolve P-142 all is well", Close("P-142", "all is well")),
        ("lead P-142?", AskWhy("P-142")),
        ("resolve P-142 ?", AskWhy("P-142")),
    ],
)  # fmt: skip
def test_a_line_names_its_promotion(text: str, meaning: Line) -> None:
    """Anywhere, with the promotion named."""
    assert parse(text, KNOWN) == meaning
    assert parse_mention(text, KNOWN) == meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("acknowledge", Acknowledge("P-7")),
        ("lead", Lead("P-7")),
        ("lead P-8", Lead("P-8")),
        ("note", WriteNote("P-7")),
        ("note refunds fail", WriteNote("P-7", "refunds fail")),
        ("note p99 is 4 s", WriteNote("P-7", "p99 is 4 s")),
        ("note #812 is the change", WriteNote("P-7", "#812 is the change")),
        ("note is it the cache?", WriteNote("P-7", "is it the cache?")),
        ("note 42 refunds failed", WriteNote("P-7", "42 refunds failed")),
        ("note the staging database is gone", WriteNote("P-7", "the staging database is gone")),
        ("resolve", Close("P-7")),
        ("resolve because all is well", Close("P-7", "all is well")),
        ("resolve rolled back and well", Close("P-7", "rolled back and well")),
        ("lead?", AskWhy("P-7")),
        ("status", AskStatus("P-7")),
    ],
)
def test_the_room_implies_its_promotion(text: str, meaning: Line) -> None:
    """What people write about an incident is a note, also where it looks like an id or a question."""
    assert parse_mention(text, KNOWN, ROOM) == meaning


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("acknowledge", "/promote acknowledge P-142"),
        ("lead", "/promote lead P-142"),
        ("lead 42", "/promote lead P-42"),
        ("note", "/promote note P-142 refunds fail for EUR cards"),
        ("note refunds fail", "/promote note P-142 refunds fail"),
        ("note 7 refunds fail", "/promote note P-7 refunds fail"),
        ("resolve", "/promote resolve P-142"),
        ("resolved P-7", "/promote resolve P-7"),
        ("acknowledge P-7 and P-8", "/promote acknowledge P-7"),
        ("lead P-7 dee", "/promote lead P-7"),
        ("resolve P-7 when it is quiet", "/promote resolve P-7"),
    ],
)
def test_what_cannot_be_meant_is_answered_with_a_line_that_works(text: str, suggestion: str) -> None:
    """Without its promotion, with somebody else named, or with a condition, nothing is done."""
    told = parse(text, KNOWN)
    assert isinstance(told, CannotParse)
    assert told.suggestion == suggestion
    assert not isinstance(parse(suggestion.removeprefix("/promote "), KNOWN), CannotParse)


def test_ack_is_short_for_acknowledge_unless_a_service_is_called_so() -> None:
    """People on call type `ack`."""
    assert parse("ack P-7", Known(("checkout",), ("dev",))) == Acknowledge("P-7")
    assert not isinstance(parse("ack", KNOWN), Acknowledge)


@pytest.mark.parametrize("text", ["note x", "LEAD", "ack", "resolve, because it is over", "acknowledge!"])
def test_a_slash_command_of_the_room_is_told_apart(text: str) -> None:
    """Only these ask the store which room it is: nothing else has to wait for that."""
    assert is_said_in_a_room(text)


@pytest.mark.parametrize("text", ["", "status", "checkout@v2 to production because note", "leads"])
def test_any_other_command_is_not(text: str) -> None:
    """A word of the room further back makes no line of the room."""
    assert not is_said_in_a_room(text)
