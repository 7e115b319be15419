"""What people do about an incident is so at once, PagerDuty and the room hear it once, and what PagerDuty says counts."""

from dataclasses import replace
from itertools import pairwise

import pytest

from bot.domain.context import Context
from bot.domain.effects import Effect, ReadIncident, ResolveIncident
from bot.domain.errors import IncidentOver, NoIncident, ReasonNeeded, TooManyNotes
from bot.domain.face import Button, IncidentFace
from bot.domain.incident import Incident
from bot.domain.incident_effects import AcknowledgePage, BriefLead, NoteIncident, TellRoom
from bot.domain.incident_life import LOOK_EVERY, LOOK_FOR, SELDOM, wants_look
from bot.domain.incident_messages import (
    AcknowledgeIncident,
    AddNote,
    ChannelOpened,
    CloseIncident,
    IncidentAnnounced,
    IncidentSeen,
    OnCallSeen,
    TakeLead,
)
from bot.domain.machine import decide
from bot.domain.messages import EffectDone, EffectFailed, EffectsBegun, Message, Undone
from bot.domain.plan import plan
from bot.domain.policy import FailureRule, Rules
from bot.domain.portrait import face_of
from bot.domain.promotion import Promotion
from bot.domain.room import Happening
from bot.store.codec import LIMIT, size_of
from tests.domain.builders import RULES, T0, after, at, context, deploying, ended, judged

P = "P-142"
PAGED = EffectDone(P, "page", "key")
TRIGGERED = IncidentSeen(P, "Q1", 4411, "https://pd.example/4411", "triggered")
OPENED = ChannelOpened(P, "C9", "inc-4411-checkout")
POSTED = EffectDone(P, "incident_card", "9.1", "C9", "old face")
BESIDE = {"card", "failed", "incident_card", "pin", "topic", "invite"}  # what has tests of its own


def world(seconds: float = 70.0, rules: Rules = RULES) -> Context:
    """A moment after the failure."""
    return at(context(rules), seconds)


def said(
    status: str, who: str = "", *, changed: float | None = None, looked: float | None = None
) -> IncidentSeen:
    """What PagerDuty says of the incident."""
    return replace(TRIGGERED, status=status, who=who, changed=changed, looked=looked)


def in_trouble(*messages: Message) -> Promotion:
    """A failed promotion whose incident is open in PagerDuty and has its room, and what happened then."""
    return after(
        ended("failure"), world(), PAGED, TRIGGERED, OnCallSeen(P, ("dee",)), OPENED, POSTED, *messages
    )


def incident(one: Promotion) -> Incident:
    """Its incident, which must be there."""
    assert one.incident is not None
    return one.incident


def wanted(one: Promotion, around: Context) -> dict[str, Effect]:
    """What is owed now, by key, in order."""
    effects = plan(one, around, judged(one, around)).effects
    return {effect.key: effect for effect in effects if effect.key not in BESIDE}


def lines(effects: dict[str, Effect], kind: type[TellRoom] | type[NoteIncident]) -> list[tuple[str, str]]:
    """What the room, or PagerDuty, is told."""
    found = [effect for effect in effects.values() if isinstance(effect, kind)]
    return [(one.line.happening.value, one.line.by.name if one.line.by else "") for one in found]


def shown(one: Promotion) -> IncidentFace:
    """What cards show of the incident."""
    face = face_of(one, world(), judged(one, world())).incident
    assert face is not None
    return face


def test_an_acknowledgement_is_told_to_pagerduty_and_the_room() -> None:
    """Each once, and whoever acknowledges it after that changes nothing."""
    one = in_trouble(AcknowledgeIncident(P, "dee"))
    effects = wanted(one, world())
    (acknowledge,) = [effect for effect in effects.values() if isinstance(effect, AcknowledgePage)]
    assert acknowledge.dedup == "greenlight/checkout/production/P-142"
    assert lines(effects, TellRoom) == [("acknowledged", "dee")]
    done = after(one, world(), *(EffectDone(P, key) for key in effects))
    assert wanted(done, world()) == {}
    assert after(done, world(90), AcknowledgeIncident(P, "bo")) == done
    assert Button.ACKNOWLEDGE not in shown(one).buttons


def test_a_lead_is_told_the_duties_and_taken_over_from() -> None:
    """Somebody else may take over: the room, PagerDuty and the new lead hear of it, and the old one leads no more."""
    one = in_trouble(TakeLead(P, "dee"))
    effects = wanted(one, world())
    assert [effect.lead.name for effect in effects.values() if isinstance(effect, BriefLead)] == ["dee"]
    assert lines(effects, TellRoom) == lines(effects, NoteIncident) == [("lead", "dee")]
    done = after(one, world(), *(EffectDone(P, key) for key in effects))
    assert after(done, world(90), TakeLead(P, "dee")) == done
    taken = after(done, world(90), TakeLead(P, "bo"))
    effects = wanted(taken, world(90))
    assert lines(effects, TellRoom) == [("lead", "bo")]
    assert (lead := shown(taken).lead) is not None
    assert lead.name == "bo"
    told = after(taken, world(90), *(EffectDone(P, key) for key in effects))
    assert len(told.ledger) == len(done.ledger), "the ledger keeps the newest lead alone"


def test_a_note_stands_there_once() -> None:
    """The same words of the same person, sent twice, are one note, one line and one note in PagerDuty."""
    note = AddNote(P, "dee", "  EUR refunds fail\n", "https://acme.slack.com/archives/C9/p1")
    one = in_trouble(note)
    assert [(kept.by, kept.text, kept.link) for kept in incident(one).notes] == [
        ("dee", "EUR refunds fail", "https://acme.slack.com/archives/C9/p1")
    ]
    assert after(one, world(90), note) == one
    assert set(wanted(one, world())) == {"note:1", "told:noted:1"}
    begun = after(one, world(), EffectsBegun(P, ("note:1", "told:noted:1")))
    assert wanted(begun, world()) == {}, "nobody can say whether it was written"


def test_notes_end_before_the_document_is_full() -> None:
    """Twenty notes, or fewer long ones: the document of a failure keeps below its limit."""
    one, number = in_trouble(), 0
    while True:
        number += 1
        decided = decide(one, AddNote(P, "dee", f"{number} {'⚠' * 600}"), world())
        if isinstance(decided, TooManyNotes):
            break
        one = after(one, world(), AddNote(P, "dee", f"{number} {'⚠' * 600}"))
    assert size_of(one) <= LIMIT
    assert all(len(note.text) <= 500 for note in incident(one).notes)
    short = in_trouble(*(AddNote(P, "dee", f"note {number}") for number in range(20)))
    assert isinstance(decide(short, AddNote(P, "dee", "one more"), world()), TooManyNotes)
    assert Button.ADD_NOTE not in shown(short).buttons


def test_a_note_without_words_is_refused() -> None:
    """Nothing, blanks, and what nobody can see."""
    for text in ("", " \n ", "\x00\x1b"):
        assert isinstance(decide(in_trouble(), AddNote(P, "dee", text), world()), ReasonNeeded)


def test_the_last_note_stands_in_pagerduty_before_it_is_resolved() -> None:
    """One lane, in order: the note first. Pressing Resolve twice changes nothing, pressing it later is refused."""
    one = in_trouble(CloseIncident(P, "dee", "rolled forward"))
    keys = [key for key, effect in wanted(one, world()).items() if effect.lane == "pagerduty"]
    assert keys[0] == "note:1"
    assert keys[1].startswith("close:")
    assert after(one, world(90), CloseIncident(P, "dee", "rolled forward")) == one
    over = decide(one, CloseIncident(P, "bo"), world(90))
    assert isinstance(over, IncidentOver)
    assert (over.by.name if over.by else "", over.at) == ("dee", T0 + 70)
    for message in (AcknowledgeIncident(P, "bo"), TakeLead(P, "bo")):
        assert isinstance(decide(one, message, world(90)), IncidentOver)
    assert shown(one).buttons == (Button.ADD_NOTE,)
    assert len(incident(after(one, world(90), AddNote(P, "bo", "a word more"))).notes) == 2


def test_what_is_over_in_pagerduty_is_not_resolved_again() -> None:
    """The room learns who did it, and PagerDuty is told nothing."""
    one = in_trouble(said("resolved", "dee", changed=T0 + 65))
    assert (incident(one).resolved_by, incident(one).resolved_at) == ("dee", T0 + 65)
    assert lines(wanted(one, world()), TellRoom) == [("resolved", "dee")]
    assert not [effect for effect in wanted(one, world()).values() if effect.lane == "pagerduty"]


def test_an_acknowledgement_in_pagerduty_shows_and_can_run_out() -> None:
    """What is acknowledged there is not acknowledged again; when it runs out, the button is back and works."""
    seen = in_trouble(said("acknowledged", "dee"))
    assert (by := shown(seen).acknowledged_by) is not None
    assert by.name == "dee"
    assert not [one for one in wanted(seen, world()).values() if isinstance(one, AcknowledgePage)]
    out = after(seen, world(), said("triggered"))
    assert shown(out).acknowledged_at is None
    assert Button.ACKNOWLEDGE in shown(out).buttons
    again = after(out, world(90), AcknowledgeIncident(P, "bo"))
    assert [one for one in wanted(again, world(90)).values() if isinstance(one, AcknowledgePage)]


def test_what_was_done_here_stands_until_pagerduty_has_known_it() -> None:
    """A read that is older than our own event takes nothing back."""
    one = in_trouble(AcknowledgeIncident(P, "dee"), TRIGGERED)
    assert incident(one).acknowledged_by == "dee"
    over = after(one, world(), CloseIncident(P, "dee"), said("acknowledged"))
    assert (incident(over).resolved_by, incident(over).status) == ("dee", "acknowledged")


def test_an_incident_that_is_reopened_is_open_again() -> None:
    """Resolve comes back, and a second resolve is sent."""
    over = in_trouble(CloseIncident(P, "dee"))
    sent = after(over, world(), *(EffectDone(P, key) for key in wanted(over, world())))
    back = after(sent, world(), said("resolved"), said("triggered"))
    assert Button.RESOLVE in shown(back).buttons
    again = after(back, world(200), CloseIncident(P, "bo"))
    assert [one for one in wanted(again, world(200)).values() if isinstance(one, ResolveIncident)]


def test_nothing_of_it_needs_pagerduty() -> None:
    """A service without PagerDuty has its room: lead, notes and resolve work there, and nobody else is told."""
    service = replace(RULES.service, pagerduty=None)
    quiet = replace(RULES, service=service, on_failure=FailureRule(incident_channel=True))
    around = world(rules=quiet)
    did = (TakeLead(P, "dee"), AddNote(P, "dee", "looking"), CloseIncident(P, "dee"))
    one = after(ended("failure", quiet), around, OPENED, POSTED, *did)
    effects = wanted(one, around)
    assert lines(effects, TellRoom) == [("lead", "dee"), ("noted", "dee"), ("resolved", "dee")]
    assert {effect.lane for effect in effects.values()} == {"slack"}


def test_a_page_that_has_not_gone_out_holds_nobody_up() -> None:
    """PagerDuty is down: what people do is so at once, and the acknowledgement follows the page."""
    down = after(ended("failure"), world(), EffectFailed(P, "page", "503", T0 + 600))
    one = after(down, world(), TakeLead(P, "dee"), AcknowledgeIncident(P, "dee"))
    assert (incident(one).lead, incident(one).acknowledged_by) == ("dee", "dee")
    assert not [effect for effect in wanted(one, world()).values() if isinstance(effect, AcknowledgePage)]
    late = after(one, world(700), PAGED)
    assert [effect for effect in wanted(late, world(700)).values() if isinstance(effect, AcknowledgePage)]


def test_a_run_that_cannot_be_stopped_has_an_incident_too() -> None:
    """There is no room before the end, so the thread of the card has the timeline."""
    paged = after(deploying(), world(), EffectDone(P, "page:unstopped"), EffectDone(P, "card", "1.1", "C1"))
    one = after(paged, world(), AddNote(P, "dee", "stopping it by hand"))
    (told,) = [effect for effect in wanted(one, world()).values() if isinstance(effect, TellRoom)]
    assert (told.thread, told.channel, told.line.happening) == ("1.1", "C1", Happening.NOTED)


@pytest.mark.parametrize(
    "message", [AcknowledgeIncident(P, "dee"), TakeLead(P, "dee"), AddNote(P, "dee", "x")]
)
def test_where_there_is_no_incident_it_says_so(message: Message) -> None:
    """A deploy that went well, and a failure that the catalog thinks nothing of."""
    assert decide(ended(), message, world()) == NoIncident(P)
    calm = replace(RULES, on_failure=FailureRule())
    assert decide(ended("failure", calm), message, world(rules=calm)) == NoIncident(P)


def test_word_from_pagerduty_is_read_at_once() -> None:
    """Also after reading had been given up; what is heard during a read is read once more."""
    blind = in_trouble(EffectFailed(P, "look:status", "503", T0, gave_up=True))
    heard = after(blind, world(80), IncidentAnnounced(P))
    assert isinstance(wanted(heard, world(80))["look:status"], ReadIncident)
    crossed = after(heard, world(81), said("triggered", looked=T0 + 79))
    assert "look:status" in wanted(crossed, world(81)), "that read began before the word came"
    read = after(crossed, world(82), said("acknowledged", "dee", looked=T0 + 81))
    assert "look:status" not in wanted(read, world(82))


def test_word_about_what_was_never_paged_is_nothing() -> None:
    """A true signature on a webhook with a key of ours makes no incident where there is none."""
    for one in (ended(), ended("failure"), deploying()):
        assert after(one, world(), IncidentAnnounced(P)) == one


def test_a_look_that_fails_is_not_asked_for_every_time() -> None:
    """PagerDuty cannot be read for hours: it is asked again after the same growing pauses."""
    one, asked = in_trouble(), []
    for moment in range(100, int(LOOK_FOR), 60):
        if wants_look(one, T0 + moment):
            one = after(one, world(moment), IncidentAnnounced(P))
            asked.append(moment)
    assert 15 < len(asked) < 30


def test_lost_word_is_made_up_for() -> None:
    """Five minutes later, then ever more seldom, down to twice a day; a resolved one is left alone."""
    one, looks = in_trouble(said("acknowledged", "dee")), [T0 + 70]
    for moment in range(100, 10 * int(LOOK_FOR), 30):
        if wants_look(one, T0 + moment):
            one = after(one, world(moment), said("acknowledged", "dee"))
            looks.append(T0 + moment)
    pauses = [later - earlier for earlier, later in pairwise(looks)]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (LOOK_EVERY, SELDOM)
    assert 15 < len([at for at in looks if at <= T0 + 70 + LOOK_FOR]) < 30
    assert len(looks) < 45
    over = in_trouble(said("resolved", "dee"))
    assert not wants_look(over, T0 + 600)
    assert plan(over, world(600), judged(over, world(600))).wake is None, "nobody is kept awake for it"


def test_what_resolves_of_its_own_accord_is_over() -> None:
    """After the rollback, where the catalog says so: nobody is named, and it is not resolved a second time."""
    undone = in_trouble(Undone(P, "P-143", "v2.14.2"))
    effects = wanted(undone, world())
    assert "resolve" in effects
    assert lines(effects, NoteIncident) == [("rolled_back", "")]
    over = after(undone, world(), EffectDone(P, "resolve"))
    assert (incident(over).resolved_by, incident(over).resolved_at) == ("", T0 + 70)
    assert isinstance(decide(over, CloseIncident(P, "dee"), world()), IncidentOver)
    closed = after(undone, world(), CloseIncident(P, "dee"))
    assert "resolve" not in wanted(closed, world())


def test_a_card_tells_what_pagerduty_has_not_taken() -> None:
    """Acknowledged here, and PagerDuty says no: both stand there."""
    one = in_trouble(AcknowledgeIncident(P, "dee"))
    key = next(key for key, effect in wanted(one, world()).items() if isinstance(effect, AcknowledgePage))
    refused = after(one, world(), EffectFailed(P, key, "Invalid routing key", T0, gave_up=True))
    assert shown(refused).untold == "Invalid routing key"
    assert shown(after(one, world(), EffectDone(P, key))).untold == ""
