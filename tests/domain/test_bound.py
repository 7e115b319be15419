"""A try that may have left binds its promotion to one commit: whatever is started, or found, is of that one (P2)."""

from dataclasses import replace

import pytest

from bot.domain.context import Context
from bot.domain.intent import SETTLE
from bot.domain.messages import (
    DispatchUnclear,
    NeverStarted,
    NotSent,
    RunNotFound,
    RunNotOurs,
    RunSeen,
)
from bot.domain.promotion import Phase, Promotion, Stranger
from tests.domain.builders import (
    HEALTHY,
    NEW,
    RULES,
    T0,
    VERSION,
    after,
    at,
    context,
    dispatching,
    held,
    run_seen,
    unknown,
)

P = "P-142"
MOVED = "d" * 40
TAG_MOVED = replace(VERSION, sha=MOVED)


def world(seconds: float = 60.0) -> Context:
    """The world while P-142 holds the slot."""
    return at(context(RULES, slot=held()), seconds)


def sender_died() -> Promotion:
    """The first try was neither answered nor found in time: everything is checked again."""
    elsewhere = replace(world(1), process="another")
    one = after(dispatching(), elsewhere, RunNotFound(P, 1))
    for seconds in (2.0, SETTLE + 3.0):
        one = after(one, replace(world(seconds), process="another"), RunNotFound(P, 1))
    assert (one.phase, one.returned) == (Phase.WAITING, True)
    return one


def vouched() -> Promotion:
    """An admin says that the lost dispatch never started anything."""
    return after(unknown(), world(400), NeverStarted(P, "fay"))


@pytest.mark.parametrize("lost", [sender_died, vouched])
def test_a_tag_that_moved_after_a_try_that_may_have_left_ends_it(lost: object) -> None:
    """Superseded, with the commit that was asked for; the new one needs a promotion of its own."""
    assert callable(lost)
    one: Promotion = lost()
    assert one.intent is not None
    assert one.intent.bound == NEW
    moved = after(one, world(500), TAG_MOVED)
    assert (moved.phase, moved.sha) == (Phase.SUPERSEDED, NEW)
    assert moved.ending is not None
    assert (moved.ending.cause, moved.ending.said) == ("moved", MOVED)


@pytest.mark.parametrize("lost", [sender_died, vouched])
def test_the_same_commit_goes_out_again(lost: object) -> None:
    """Nothing has moved: the next try is for the commit that the first one was for, and stays bound to it."""
    assert callable(lost)
    one: Promotion = after(lost(), world(500), VERSION, HEALTHY)
    assert one.phase is Phase.DISPATCHING
    assert one.intent is not None
    assert (one.intent.number, one.intent.sha, one.intent.bound) == (2, NEW, NEW)


def test_a_try_that_certainly_did_not_leave_binds_to_nothing() -> None:
    """Limited: nothing ran, so a tag that moves voids the approvals and asks again, as before any try."""
    back = after(dispatching(), world(), NotSent(P, 1, "rate limited", T0 + 60))
    assert back.intent is not None
    assert back.intent.bound == ""
    moved = after(back, world(61), TAG_MOVED)
    assert (moved.phase, moved.sha) == (Phase.WAITING, MOVED)


def test_the_late_run_of_the_first_try_is_of_the_commit_it_is_taken_for() -> None:
    """It turns up while everything is checked again: followed, and the commit is still the one of the try."""
    found: Promotion = after(sender_died(), world(500), run_seen())
    assert (found.phase, found.sha) == (Phase.DEPLOYING, NEW)


def test_the_late_run_after_the_end_is_told_and_is_no_success() -> None:
    """The promotion ended for the move; its run succeeds all the same: told, and what serves is open."""
    moved = after(sender_died(), world(500), TAG_MOVED)
    late: RunSeen = run_seen("completed", "success")
    told = after(moved, world(600), late)
    assert (told.phase, told.run.extra_attempt, told.serving) == (Phase.SUPERSEDED, 1, None)


def test_f61_the_first_stranger_is_kept_and_no_more() -> None:
    """Ten copies of our run say no more than one; and none of them is ours."""
    one = after(dispatching(), world(), DispatchUnclear(P, 1, "502"))
    for run in range(10):
        one = after(one, world(), RunNotOurs(P, 7000 + run, "eli-dev"))
    assert one.stranger == Stranger(7000, "eli-dev")
    assert (one.phase, one.run.run_id) == (Phase.DISPATCHING, None)
