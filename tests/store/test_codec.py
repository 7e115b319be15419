"""Stored documents come back as they were, from older versions too; newer ones are left alone."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given, settings
from pydantic import TypeAdapter

from bot.domain.channels import Channel, Channels
from bot.domain.documents import Adoption, AdoptionList, HomeSeen, TeamLook
from bot.domain.policy import Kind
from bot.domain.preferences import Preferences, Readers
from bot.domain.promotion import Live, Phase, Promotion, Release
from bot.domain.readings import ChecksReading, HealthReading, IncidentsReading, Reading, Unreadable
from bot.store.codec import (
    LIMIT,
    STRICT,
    BrokenDocument,
    Codec,
    DocumentError,
    NewerDocument,
    TooLarge,
    dump_adoptions,
    dump_channels,
    dump_live,
    dump_promotion,
    load_adoptions,
    load_channels,
    load_live,
    load_promotion,
)
from tests.store.defaults import FROZEN, defaults_of, without_defaults
from tests.store.golden import GOLDEN, GOLDEN_LIVE, LIVE, PROMOTION
from tests.store.golden_three import GOLDEN_LIVE_TWO, GOLDEN_THREE, LIVE_TWO, PROMOTION_THREE
from tests.store.golden_two import GOLDEN_TWO, OLD, PROMOTION_TWO
from tests.store.strategies import values


@settings(max_examples=150, deadline=None)
@given(values(Promotion))
def test_any_promotion_comes_back_as_it_was(promotion: Promotion) -> None:
    """Whatever the types allow survives the document, readings and ledger included."""
    try:
        raw = dump_promotion(promotion)
    except TooLarge:
        return
    assert load_promotion(raw) == promotion


@settings(max_examples=100, deadline=None)
@given(values(Live))
def test_any_live_document_comes_back_as_it_was(live: Live) -> None:
    """What serves is exact, and an honest unknown stays unknown."""
    assert load_live(dump_live(live)) == live


def test_readings_keep_their_kind() -> None:
    """Two kinds of reading with the same look must not be taken for each other."""
    again = load_promotion(dump_promotion(PROMOTION))
    assert isinstance(again.gates["health"].reading, HealthReading)
    assert isinstance(again.gates["incidents"].reading, Unreadable)
    assert again.phase is Phase.WAITING
    assert again.kind is Kind.PROMOTE


@pytest.mark.parametrize(
    "reading", [ChecksReading(0), HealthReading(0, 0), IncidentsReading(), Unreadable("")]
)
def test_a_reading_that_says_least_keeps_its_kind(reading: Reading) -> None:
    """What is as by default is not written, the kind among it: what is left has to tell them apart."""
    gate = replace(PROMOTION.gates["health"], reading=reading)
    again = load_promotion(dump_promotion(replace(PROMOTION, gates={"health": gate})))
    assert again.gates["health"].reading == reading


def test_what_is_not_written_is_frozen() -> None:
    """A default that changes would change every stored document that relied on it: raise the version instead."""
    kinds = (Promotion, Live, TeamLook, AdoptionList, Preferences, Readers, HomeSeen, Channels)
    assert defaults_of(*kinds) == FROZEN


def test_what_is_known_of_the_channels_comes_back_as_it_was() -> None:
    """The same words, and a channel's name that is not there yet."""
    known = Channels((Channel("C0A", "deploys", "outside"), Channel("C0B", "", "unread")))
    assert load_channels(dump_channels(known)) == known


def test_a_document_with_nothing_to_say_is_one() -> None:
    """An empty list of adoptions is still a document of its version."""
    assert dump_adoptions(()) == '{"v":2}'
    assert load_adoptions(dump_adoptions(())) == ()


def test_adoptions_of_version_one_are_read_for_ever() -> None:
    """This document is frozen: version 1 did not know in which thread an adoption was asked for."""
    asked = {"service": "checkout", "environment": "dev", "version": "v1", "by": "bo", "reason": "live"}
    old = {"v": 1, "waiting": [{**asked, "asked_in": "C0DEPLOYS", "at": 7.5, "tries": 2}]}
    known = Adoption("checkout", "dev", "v1", "bo", "live", "C0DEPLOYS", 7.5, tries=2)
    assert load_adoptions(json.dumps(old)) == (known,)


def test_a_promotion_of_version_one_is_read_for_ever() -> None:
    """This document is frozen; a try that may have left binds the promotion to the commit that it had then."""
    assert load_promotion(json.dumps(GOLDEN)) == OLD


def test_a_first_try_of_version_one_binds_to_nothing() -> None:
    """Only a promotion that went back to waiting may have a run out that it does not know."""
    fresh = load_promotion(json.dumps({**GOLDEN, "returned": False}))
    assert fresh.intent is not None
    assert fresh.intent.bound == ""
    assert load_promotion(json.dumps({**GOLDEN, "intent": None})).intent is None


def test_a_promotion_of_version_two_is_read_for_ever() -> None:
    """This document is frozen. If this fails, the type changed: raise the version and write an upcaster."""
    assert load_promotion(json.dumps(GOLDEN_TWO)) == PROMOTION_TWO


def test_an_incident_of_version_two_that_was_resolved_is_over() -> None:
    """Nobody is asked to acknowledge what was resolved after a rollback, before there was anything to press."""
    ledger = {"resolve": {"done": 1200.0}}
    again = load_promotion(json.dumps({**GOLDEN_TWO, "ledger": ledger})).incident
    assert again is not None
    assert (again.resolved_at, again.resolved_by) == (1200.0, "")


def test_a_room_of_version_two_is_not_told_what_happened_long_ago() -> None:
    """Incident: at the first wake of the new version, old rooms read that weeks ago something was rolled back."""
    ledger = load_promotion(json.dumps({**GOLDEN_TWO, "ledger": {"resolve": {"done": 1200.0}}})).ledger
    assert set(ledger) == {"resolve", "told:resolved:1200", f"told:rolled_back:{GOLDEN_TWO['undone_by']}"}


def test_a_promotion_of_version_three_is_read_for_ever() -> None:
    """The same for version 3."""
    assert load_promotion(json.dumps(GOLDEN_THREE)) == PROMOTION_THREE


def test_version_three_is_what_is_written_today() -> None:
    """A new field without a new version would be dropped by an older process: freeze a version 4 instead."""
    assert json.loads(dump_promotion(PROMOTION_THREE)) == without_defaults(Promotion, GOLDEN_THREE)


def test_a_live_document_of_version_one_is_read_for_ever() -> None:
    """The same for what serves."""
    assert load_live(json.dumps(GOLDEN_LIVE)) == LIVE


def test_a_live_document_of_version_two_is_read_for_ever_and_written_today() -> None:
    """Version 2 knows how long the last deploys took."""
    assert load_live(json.dumps(GOLDEN_LIVE_TWO)) == LIVE_TWO
    assert json.loads(dump_live(LIVE_TWO)) == without_defaults(Live, GOLDEN_LIVE_TWO)


def test_a_live_document_takes_the_revision_of_its_row() -> None:
    """The body was written before its revision was known."""
    live = Live("checkout", "production", Release("a" * 40, "v2", 1.0), revision=3)
    assert load_live(dump_live(live), revision=4) == replace(live, revision=4)


def test_a_newer_version_is_left_alone() -> None:
    """A document of version 4 is not guessed at."""
    with pytest.raises(NewerDocument, match="version 4"):
        load_promotion(json.dumps({**GOLDEN_THREE, "v": 4}))


@pytest.mark.parametrize(
    "newer",
    [
        lambda document: document.update(colour="green"),
        lambda document: document["run"].update(runner="large"),
        lambda document: document["gates"]["health"].update(certainty=1),
        lambda document: document["gates"]["health"]["reading"].update(region="eu"),
        lambda document: document.update(phase="paused"),
    ],
)
def test_what_a_newer_process_wrote_is_left_alone(newer: Callable[[dict[str, Any]], None]) -> None:
    """A field or a word that this version does not know would be lost at its next write."""
    document = json.loads(json.dumps(GOLDEN))
    newer(document)
    with pytest.raises(NewerDocument):
        load_promotion(json.dumps(document))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b'"v"',
        b'{"v":0}',
        b'{"v":true}',
        b'{"v":"1"}',
        b'{"id":"P-1"}',
        b'{"v":1,"id":"P-1"}',
        json.dumps({**GOLDEN, "created": "1.0"}).encode(),
        json.dumps({**GOLDEN, "id": None}).encode(),
        json.dumps({**GOLDEN, "since": float("nan")}).encode(),
        dump_promotion(PROMOTION)[:-20],
    ],
)
def test_what_is_no_document_is_refused_by_name(raw: bytes) -> None:
    """Half a document, or one with wrong types, never becomes a promotion."""
    with pytest.raises(BrokenDocument):
        load_promotion(raw)


def test_a_document_has_at_most_sixteen_kilobytes() -> None:
    """The last byte that fits is stored, the next one is refused."""
    room = LIMIT - len(dump_promotion(replace(PROMOTION, reason="")))
    assert len(dump_promotion(replace(PROMOTION, reason="x" * room))) == LIMIT
    with pytest.raises(TooLarge, match="16385 bytes"):
        dump_promotion(replace(PROMOTION, reason="x" * (room + 1)))


@pytest.mark.parametrize(
    "worse",
    [
        replace(PROMOTION, reason="half of a pair: \ud83d"),
        replace(PROMOTION, since=float("nan")),
        replace(PROMOTION, since=float("inf")),
    ],
)
def test_what_could_not_be_read_again_is_not_written(worse: Promotion) -> None:
    """A value that JSON cannot carry is refused before it is stored, not when it is needed."""
    with pytest.raises(BrokenDocument):
        dump_promotion(worse)


@dataclass(frozen=True, slots=True)
class Team:
    """A small document in its third shape."""

    members: tuple[str, ...]
    checked: float


def named_members(document: dict[str, Any]) -> dict[str, Any]:
    """Version 1 called them users."""
    return {"members": document["users"]}


def dated(document: dict[str, Any]) -> dict[str, Any]:
    """Version 2 did not say when it looked."""
    return {**document, "checked": 0.0}


TEAM = Codec("team", TypeAdapter(tuple[Team], config=STRICT), {1: named_members, 2: dated})


@pytest.mark.parametrize(
    "document",
    [
        {"v": 1, "users": ["bo", "cy"]},
        {"v": 2, "members": ["bo", "cy"]},
        {"v": 3, "members": ["bo", "cy"], "checked": 0},
    ],
)
def test_an_older_document_is_brought_up_step_by_step(document: dict[str, Any]) -> None:
    """Each upcaster knows only the next version; together they reach today's."""
    team = TEAM.load(json.dumps(document))
    assert team == Team(("bo", "cy"), 0.0)
    assert json.loads(TEAM.dump(team)) == {"v": 3, "members": ["bo", "cy"], "checked": 0.0}


def test_an_older_document_is_not_forgiven_what_its_version_did_not_have() -> None:
    """Upcasting does not relax the check of what comes out of it."""
    with pytest.raises(DocumentError):
        TEAM.load(json.dumps({"v": 2, "members": ["bo"], "lead": "cy"}))
