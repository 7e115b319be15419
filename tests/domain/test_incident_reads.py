"""When an incident is read, and what is said of one that PagerDuty was not asked about for long."""

from dataclasses import replace

import pytest

from blocks.incident import incident_card
from bot.domain.home import has_to_look
from bot.domain.incident_life import LOOK_EVERY, LOOK_FOR, SELDOM, may_be_open, wants_look
from bot.domain.incident_messages import NO_WORD, AcknowledgeIncident, IncidentAnnounced, TakeLead
from bot.domain.messages import EffectFailed
from bot.domain.policy import Person
from bot.domain.portrait import face_of
from bot.domain.promotion import Promotion
from tests.domain.builders import T0, after, ended, judged
from tests.domain.test_incident_life import PAGED, P, in_trouble, incident, said, shown, wanted, world

DEE = Person("dee", "U0DEE")
READ = "look:status"


def reads(one: Promotion, seconds: float) -> Promotion:
    """PagerDuty answers a read that began now, for the word that was known then."""
    heard = incident(one).heard or NO_WORD
    return after(one, world(seconds), replace(said("triggered", looked=T0 + seconds), heard=heard))


def words(one: Promotion, seconds: float) -> str:
    """The sentence of the card in its room."""
    around = world(seconds)
    return incident_card(face_of(one, around, judged(one, around))).text


@pytest.mark.parametrize("behind", [-5.0, 0.0, 5.0, 3600.0])
def test_each_word_is_read_once_whatever_the_clocks_say(behind: float) -> None:
    """Incident: a replica that was five seconds behind read as fast as PagerDuty answered."""
    heard = after(in_trouble(), world(5000), IncidentAnnounced(P))
    assert READ in wanted(heard, world(5000 - behind))
    assert READ not in wanted(reads(heard, 5000 - behind), world(5000 - behind))


def test_a_word_by_a_slower_clock_is_not_lost() -> None:
    """Incident: whoever reads was ahead of whoever heard of the resolve, so that it was taken for read."""
    read = reads(in_trouble(), 105)
    heard = after(read, world(102), IncidentAnnounced(P))
    assert READ in wanted(heard, world(102))


@pytest.mark.parametrize("moment", [100.0, 99.0, 101.0])
def test_a_word_that_comes_during_a_read_is_read_too(moment: float) -> None:
    """The read may have seen what was before, also when both words bear the same time."""
    first = after(in_trouble(), world(100), IncidentAnnounced(P))
    begun = replace(said("triggered", looked=T0 + 110), heard=incident(first).heard)
    second = after(first, world(moment), IncidentAnnounced(P))
    answered = after(second, world(111), begun)
    assert READ in wanted(answered, world(111))
    assert READ not in wanted(reads(answered, 112), world(112))


def test_a_read_that_no_word_asked_for_leaves_the_first_word_standing() -> None:
    """Its number was being read while somebody acknowledged."""
    begun = replace(said("triggered", looked=T0 + 105), heard=NO_WORD)
    heard = after(in_trouble(), world(102), IncidentAnnounced(P))
    assert READ in wanted(after(heard, world(106), begun), world(106))


def test_a_clock_that_was_set_back_does_not_blind_the_rounds() -> None:
    """What was read an hour ahead of now is read again, as ever."""
    ahead = reads(in_trouble(), 4000)
    assert wants_look(ahead, T0 + 400)
    assert not wants_look(ahead, T0 + 4000 + LOOK_EVERY - 1)


def test_what_is_read_twice_a_day_is_open() -> None:
    """On day nine it is looked at as on day two, and stands on Home as long as PagerDuty says so."""
    late = 9 * LOOK_FOR
    one = reads(in_trouble(), late)
    assert not wants_look(one, T0 + late + SELDOM - 1)
    assert wants_look(one, T0 + late + SELDOM)
    assert has_to_look(DEE, one, T0 + late + SELDOM)
    assert "PD-4411 is open, not acknowledged" in words(one, late + SELDOM)


def test_what_was_not_read_for_long_is_not_called_open() -> None:
    """Incident: nobody could read PagerDuty any more, and the card and Home said for ever that it is open."""
    one, late = in_trouble(), 70 + LOOK_FOR + 1
    assert shown(one).unread_since is None
    asked = after(one, world(late), IncidentAnnounced(P), EffectFailed(P, READ, "401", T0, gave_up=True))
    assert "PD-4411 is not known to be open: PagerDuty was last read 2" in words(asked, late)
    assert not may_be_open(asked, T0 + late)
    assert not has_to_look(DEE, asked, T0 + late)
    led = after(asked, world(late), TakeLead(P, "dee"))
    assert has_to_look(DEE, led, T0 + late), "whoever leads it may still end it"
    known = after(asked, world(late), AcknowledgeIncident(P, "dee"))
    assert "PD-4411 is acknowledged by dee" in words(known, late), "that was seen here"


@pytest.mark.parametrize("late", [80.0, 10 * LOOK_FOR])
def test_what_was_never_read_is_not_called_open(late: float) -> None:
    """Without an API key nothing is read back."""
    failed = EffectFailed(P, "look:incident", "403", T0, gave_up=True)
    one = after(ended("failure"), world(), PAGED, failed, TakeLead(P, "dee"))
    assert "The incident is in PagerDuty, its status was not read, lead: dee." in words(one, late)
    assert may_be_open(one, T0 + late) == (late < LOOK_FOR)
    assert not wants_look(one, T0 + late), "there is no key to read it with, or the first read is under way"
