"""An incident of which something is not so any more: another one was opened, nobody read it for long, it is old news."""

from dataclasses import replace

import pytest

from bot.domain.channels import Channel, Channels
from bot.domain.errors import TooManyNotes
from bot.domain.face import Button
from bot.domain.home import has_to_look
from bot.domain.incident_effects import TellRoom
from bot.domain.incident_life import LOOK_FOR, MOST_WRITTEN, wants_look
from bot.domain.incident_messages import (
    AcknowledgeIncident,
    AddNote,
    CloseIncident,
    IncidentAnnounced,
    IncidentSeen,
    OnCallSeen,
    TakeLead,
)
from bot.domain.machine import decide
from bot.domain.messages import Cancel, EffectDone
from bot.domain.policy import Person
from bot.domain.promotion import Phase, Promotion
from tests.domain.builders import T0, after, deploying, run_seen
from tests.domain.test_incident_life import P, in_trouble, incident, lines, said, shown, wanted, world

CARD = EffectDone(P, "card", "1.1", "C1")
NEXT = IncidentSeen(P, "Q2", 4412, "https://pd.example/4412", "triggered")


def not_stopped(*messages: object) -> Promotion:
    """A run that nobody could stop: on-call was paged for it, and what happened then."""
    asked = after(deploying(), world(), Cancel(P, by="ana"), EffectDone(P, "page:unstopped", "key"), CARD)
    return after(asked, world(), said("triggered"), OnCallSeen(P, ("dee",)), *messages)  # type: ignore[arg-type]


def test_a_run_that_fails_after_its_incident_was_resolved_has_another_one() -> None:
    """Incident: on-call was paged a second time, and the card said that it was resolved, with nothing to press."""
    noted = not_stopped(AcknowledgeIncident(P, "dee"), TakeLead(P, "dee"), AddNote(P, "dee", "by hand"))
    closed = after(noted, world(), CloseIncident(P, "dee"), said("resolved"))
    failed = after(closed, world(900), run_seen("completed", "failure"))
    assert failed.phase is Phase.FAILED
    one = incident(failed)
    assert (one.number, one.status, one.lead) == (None, "", "")
    assert (one.acknowledged_at, one.resolved_at) == (None, None)
    assert [note.text for note in one.notes] == ["by hand"]
    assert Button.ACKNOWLEDGE in shown(failed).buttons
    paged = after(failed, world(2000), EffectDone(P, "page", "key"))
    assert "look:incident" in wanted(paged, world(2000)), "its number is another one"
    read = after(paged, world(2000), NEXT)
    assert shown(read).number == 4412
    assert wants_look(read, T0 + 2000 + 400)
    assert after(read, world(2001), CloseIncident(P, "bo")).incident != read.incident


def test_a_run_that_fails_while_its_incident_is_open_keeps_it() -> None:
    """PagerDuty takes the second page as the same incident."""
    seen = not_stopped(AcknowledgeIncident(P, "dee"), said("acknowledged", "dee"))
    failed = after(seen, world(900), run_seen("completed", "failure"))
    assert failed.phase is Phase.FAILED
    assert failed.incident == seen.incident


def test_a_last_note_that_does_not_fit_is_not_taken_for_a_resolve() -> None:
    """Incident: the answer spoke of the note alone, and PagerDuty went on paging. Without words it works."""
    full = in_trouble(*(AddNote(P, "dee", f"note {number}") for number in range(20)))
    assert decide(full, CloseIncident(P, "dee", "over"), world()) == TooManyNotes(P, 20, closing=True)
    assert incident(after(full, world(), CloseIncident(P, "dee"))).resolved_by == "dee"


def test_a_record_that_is_full_of_long_notes_says_how_many() -> None:
    """Long notes fill it sooner: the refusal counts what is there, and the button goes."""
    long = (AddNote(P, "dee", f"{number} " + "é" * 245) for number in range(12))
    full = in_trouble(*long)
    refused = decide(full, AddNote(P, "dee", "x" * 490), world())
    assert refused == TooManyNotes(P, len(incident(full).notes))
    assert sum(len(note.text.encode()) for note in incident(full).notes) > MOST_WRITTEN - 100
    assert Button.ADD_NOTE not in shown(full).buttons


def test_word_that_came_by_another_clock_is_read_once() -> None:
    """Incident: whoever heard it was ahead of whoever read it, and it was read as fast as PagerDuty answered."""
    heard = after(in_trouble(), world(3600), IncidentAnnounced(P))
    (read,) = [key for key in wanted(heard, world(80)) if key == "look:status"]
    known = after(heard, world(80), replace(said("triggered", looked=T0 + 80), heard=T0 + 3600))
    assert read not in wanted(known, world(80))
    crossed = after(heard, world(80), replace(said("triggered", looked=T0 + 80), heard=T0 + 10))
    assert read in wanted(crossed, world(80)), "it was read for an older word"


def test_old_news_is_not_told() -> None:
    """What is learnt more than a day later stands on the card: an old room is left alone."""
    late = said("resolved", "dee", changed=T0 + 100)
    fresh = after(in_trouble(), world(200), late)
    assert lines(wanted(fresh, world(200)), TellRoom) == [("resolved", "dee")]
    month = 30 * LOOK_FOR
    assert lines(wanted(after(in_trouble(), world(month), late), world(month)), TellRoom) == []


def test_below_a_card_that_others_read_nothing_is_told() -> None:
    """Incident: without a room, notes stood in a channel that is shared with another company."""
    noted = not_stopped(AddNote(P, "dee", "customer 4711 lost payments"), AcknowledgeIncident(P, "dee"))
    outside = replace(world(), channels=Channels((Channel("C1", "deploys", "outside"),)))
    assert len(lines(wanted(noted, world()), TellRoom)) == 2
    assert lines(wanted(noted, outside), TellRoom) == []
    roomy = in_trouble(CARD, AddNote(P, "dee", "customer 4711 lost payments"))
    assert lines(wanted(roomy, outside), TellRoom) == [("noted", "dee")], "the room is ours"


@pytest.mark.parametrize("status", ["triggered", "resolved"])
def test_what_an_older_version_never_asked_about_is_read_once(status: str) -> None:
    """Incident: after the upgrade each old failure was said to be open, first on Home, and nothing ever read it."""
    known = in_trouble()
    old = replace(known, incident=replace(incident(known), status="", looked=None))
    dee, moment = Person("dee", "U0DEE"), T0 + 30 * LOOK_FOR
    assert not has_to_look(dee, old, moment)
    assert wants_look(old, moment)
    asked = after(old, world(30 * LOOK_FOR), IncidentAnnounced(P))
    assert not wants_look(asked, moment + 600), "once"
    read = after(asked, world(30 * LOOK_FOR), said(status, changed=T0 + 100))
    assert has_to_look(dee, read, moment + 70) == (status == "triggered")
