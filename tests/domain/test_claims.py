"""What a card says of the present: true while the record says the same, and of the past from then on, for good."""

from dataclasses import replace

import pytest

from bot.domain.claims import speakers, speaks, told_at
from bot.domain.context import Context
from bot.domain.effects import ShowCard
from bot.domain.face import Button, State
from bot.domain.live import SERVING_WITHIN, serving_rule
from bot.domain.messages import Cancel, RunSeen, ServingSeen, Undone, Woken
from bot.domain.plan import plan
from bot.domain.policy import Kind
from bot.domain.portrait import face_of
from bot.domain.promotion import Departure, Entry, Phase, Promotion, Release, Replaced
from tests.domain.builders import (
    NEW,
    OLD,
    OLD_RELEASE,
    PRODUCTION,
    ROLLBACK_RULES,
    T0,
    VERIFIED_RULES,
    after,
    at,
    context,
    deploying,
    ended,
    judged,
    recorded,
    request,
    reviewed,
    run_seen,
)

P = "P-142"
OWN = Release(NEW, "v2.14.3", T0 + 60, P, "ana")
NEWER = Release("d" * 40, "v2.15.0", T0 + 600, "P-150", "ana")
BY_HAND = Release("d" * 40, "v2.15.0", T0 + 600, "", "bo")
REPLACED = Replaced(T0 + 600, "v2.15.0", "P-150")


def where(serving: Release | None, seconds: float = 700.0) -> Context:
    """The world some time after, with this in production."""
    return at(recorded(context(), replace(PRODUCTION, serving=serving)), seconds)


def failed(serving: Release | None) -> Promotion:
    """P-142 failed, and this is what it left serving."""
    return replace(ended("failure"), serving=serving, serving_seen=T0 + 62)


def looked(one: Promotion, serving: Release | None, seconds: float = 700.0) -> Promotion:
    """The promotion after it was woken in that world."""
    return after(one, where(serving, seconds), Woken(P))


@pytest.mark.parametrize("serving", [OWN, Release(NEW, "v2.14.3", T0 + 900, "", "bo")])
def test_what_is_live_goes_on_saying_so(serving: Release) -> None:
    """By its own success, and also when somebody recorded the same commit by hand since."""
    assert looked(ended(), serving).replaced is None


def test_what_was_live_keeps_what_replaced_it() -> None:
    """Since when, by which promotion and with which version; what comes after that changes nothing any more."""
    past = looked(ended(), NEWER)
    assert past.replaced == REPLACED
    assert looked(past, Release("e" * 40, "v2.16.0", T0 + 900, "P-160"), 1000).replaced == REPLACED
    assert looked(ended(), BY_HAND).replaced == replace(REPLACED, by="")


@pytest.mark.parametrize("claimed", [None, OWN, OLD_RELEASE])
def test_what_a_failure_left_serving_is_so_until_something_else_serves(claimed: Release | None) -> None:
    """Also where it left nobody knowing: from the next success on that is known."""
    assert looked(failed(claimed), claimed).replaced is None
    assert looked(failed(claimed), NEWER).replaced == REPLACED


def test_the_same_version_served_again_is_not_the_same_time() -> None:
    """v2.14.3 went away and came back with another promotion: that is another card's to say."""
    again = Release(NEW, "v2.14.3", T0 + 600, "P-150")
    assert looked(ended(), again).replaced == Replaced(T0 + 600, "v2.14.3", "P-150")


def test_what_nobody_knows_may_turn_out_to_be_so() -> None:
    """The next deploy broke off: first nobody knows what serves, and then it is what served before."""
    open_now = looked(ended(), None)
    assert open_now.replaced == Replaced(T0 + 700)
    assert looked(open_now, OWN, 703).replaced is None
    assert looked(open_now, NEWER, 800).replaced == replace(REPLACED, at=T0 + 700)


def test_a_few_seconds_of_not_knowing_are_not_shown() -> None:
    """The card is edited only when the health URL has had its time: most often it was so all along."""
    one = replace(ended(), ledger={"card": Entry(done=T0 + 61, ref="1.1", channel="C1", shown="x")})
    unsure = looked(one, None)
    world = where(None)
    planned = plan(unsure, world, judged(unsure, world))
    assert told_at(unsure) == T0 + 700 + SERVING_WITHIN
    assert [effect for effect in planned.effects if isinstance(effect, ShowCard)] == []
    assert planned.wake == T0 + 700 + SERVING_WITHIN
    sure = looked(one, NEWER)
    planned = plan(sure, where(NEWER), judged(sure, where(NEWER)))
    assert [effect.key for effect in planned.effects if isinstance(effect, ShowCard)] == ["card"]


def test_what_was_undone_says_nothing_of_the_present() -> None:
    """It says what it was rolled back to, and that stays so."""
    undone = after(ended(), where(NEWER), Undone(P, "P-150", "v2.14.2"))
    assert not speaks(undone)
    assert looked(undone, NEWER).replaced is None


@pytest.mark.parametrize("phase", [phase for phase in Phase if not phase.is_open])
def test_what_never_ran_says_nothing_of_the_present(phase: Phase) -> None:
    """Cancelled, rejected or refused before a run began: its card says so, and no more."""
    waited = replace(after(reviewed(), context(), Cancel(P, "ana")), phase=phase)
    assert speaks(waited) is (phase in {Phase.SUCCEEDED, Phase.FAILED})


def test_what_ended_before_the_last_success_is_not_woken() -> None:
    """An older version told nobody: its old cards are not all edited at once, and not with the wrong moment."""
    fresh = replace(failed(OWN), id="P-141", since=T0 + 500)
    well = replace(ended(), id="P-140", since=T0 + 400)
    old = replace(failed(OWN), id="P-139", since=T0 + 300)
    older = replace(ended(), id="P-138", since=T0 + 200)
    told = replace(failed(OWN), id="P-137", since=T0 + 450, replaced=REPLACED)
    assert speakers((fresh, well, old, older, told)) == ("P-141", "P-140")


def test_a_look_that_comes_too_late_tells_nothing() -> None:
    """Something else serves by now: what the health URL names is not what the failure left."""
    past = looked(replace(ended("failure", VERIFIED_RULES), serving_seen=None), NEWER)
    world = at(recorded(context(VERIFIED_RULES), replace(PRODUCTION, serving=NEWER)), 700)
    assert serving_rule(past, world) is None
    assert after(past, world, ServingSeen(P, "v2.14.3")) == past


def test_what_runs_again_after_its_end_is_open_again() -> None:
    """Somebody re-ran the old deploy in GitHub: nobody knows what serves, and its card says that."""
    past = looked(failed(OWN), NEWER)
    again = replace(run_seen("in_progress", attempt=2), actor="eli-dev")
    assert isinstance(again, RunSeen)
    told = after(past, where(NEWER), again)
    assert told.replaced is None
    assert speaks(told)


def test_the_card_of_the_past_offers_no_way_back() -> None:
    """Neither after a success nor after a failure: the newest card does."""
    for one in (ended(), failed(OWN)):
        shown = face_of(looked(one, NEWER), where(NEWER), judged(one, where(NEWER)))
        assert Button.ROLL_BACK not in shown.buttons
        assert shown.target is None
    was_live = looked(ended(), NEWER)
    assert face_of(was_live, where(NEWER), judged(was_live, where(NEWER))).state is State.REPLACED


def rollback(undoes: Promotion) -> Promotion:
    """A rollback of that promotion, as it was just asked for."""
    unsure = recorded(context(ROLLBACK_RULES), replace(PRODUCTION, serving=None))
    world = replace(unsure, undoes=undoes)
    return after(None, world, replace(request(Kind.ROLLBACK, "v2.14.1"), undoes=undoes.id))


def test_a_rollback_knows_whose_version_it_takes_away() -> None:
    """That of what it undoes; of a rollback that failed, that of what that one was to undo, and so on."""
    first = replace(deploying(), id="P-11")
    assert first.intent is not None
    second = replace(rollback(first), id="P-14", phase=Phase.FAILED, sha=OLD, intent=first.intent)
    third = replace(rollback(second), id="P-16", phase=Phase.FAILED, sha=OLD, intent=first.intent)
    assert second.leaves == third.leaves == rollback(third).leaves == Departure("P-11", first.intent.at)


def test_a_rollback_of_one_that_went_well_takes_away_what_that_one_brought() -> None:
    """v2.14.2 came with P-14: it is P-14 that "was there"."""
    well = replace(ended(), id="P-14", kind=Kind.ROLLBACK, leaves=Departure("P-11", 9.5))
    assert well.intent is not None
    assert rollback(well).leaves == Departure("P-14", well.intent.at)


def test_a_failed_rollback_that_got_there_offers_nothing() -> None:
    """What it was to go back to serves: going back to it is no offer."""
    for serving, offered in ((OLD_RELEASE, False), (OWN, True), (None, True)):
        one = replace(failed(serving), kind=Kind.ROLLBACK, sha=OLD, version="v2.14.2", previous=OWN)
        world = at(recorded(context(ROLLBACK_RULES), replace(PRODUCTION, serving=serving)), 90)
        shown = face_of(one, world, judged(one, world))
        assert (Button.ROLL_BACK in shown.buttons) is offered
