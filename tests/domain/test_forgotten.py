"""What a store forgot may run: until a look has told, nothing ends as if nothing had run."""

from dataclasses import replace

import pytest

from bot.domain.context import Context
from bot.domain.effects import CancelRun, Effect, LookForRun, ReadRun
from bot.domain.face import State
from bot.domain.intent import SETTLE
from bot.domain.messages import (
    Cancel,
    CancelAccepted,
    Command,
    NotSent,
    Reject,
    RunNotFound,
    Supersede,
    VersionNotFound,
    VersionSeen,
    Woken,
)
from bot.domain.plan import Plan, plan
from bot.domain.portrait import state_of
from bot.domain.promotion import Live, Phase, Promotion, Release, Slot
from tests.domain.builders import (
    FREE,
    HEALTHY,
    NEW,
    OLD_RELEASE,
    RULES,
    RUN,
    T0,
    VERSION,
    after,
    approved,
    context,
    held,
    judged,
    promotion,
    reviewed,
    run_seen,
)

P = "P-142"
SWITCHED = T0 + 10
LISTED = SWITCHED + SETTLE
NONE = RunNotFound(P, 0)
CANCEL = Cancel(P, "ana", "never mind")
NEWER = replace(promotion(), id="P-143", version="v2.14.4")


def world(now: float, slot: Slot = FREE) -> Context:
    """The world of a store that took over ten seconds after the request."""
    return replace(context(now=now, slot=slot), switched=SWITCHED, others=(NEWER,))


def planned(one: Promotion, where: Context) -> Plan:
    """What it needs now."""
    return plan(one, where, judged(one, where))


def looks(one: Promotion, where: Context) -> list[Effect]:
    """The looks for a run that it needs now."""
    return [one for one in planned(one, where).effects if isinstance(one, LookForRun)]


@pytest.mark.parametrize(
    "message",
    [
        CANCEL,
        Reject(P, "bo", "too risky"),
        Supersede(P, "ana", "P-143"),
    ],
    ids=["cancel", "reject", "supersede"],
)
def test_f15_an_end_that_somebody_asks_for_waits_for_a_look(message: Command) -> None:
    """P10, the incident: the run that the store had forgotten deployed, and the card said "Nothing was deployed"."""
    asked = after(reviewed(), world(T0 + 30), message)
    assert (asked.phase, asked.ending) == (Phase.WAITING, None)
    assert asked.wish is not None
    assert (asked.wish.by, asked.wish.at) == (message.by, T0 + 30)
    assert state_of(asked, judged(asked, world(T0 + 30))) is State.CANCELLING
    assert looks(asked, world(LISTED - 1)) == []
    assert planned(asked, world(LISTED - 1)).wake == LISTED
    assert looks(asked, world(LISTED)) == [LookForRun("look:run", 0, T0)]


def test_f15_it_is_cancelled_once_the_look_found_none() -> None:
    """With whose wish it was; and nothing is looked for any more."""
    asked = after(reviewed(), world(T0 + 30), CANCEL)
    gone = after(asked, world(LISTED + 1), NONE)
    assert gone.phase is Phase.CANCELLED
    assert gone.ending is not None
    assert (gone.ending.by, gone.ending.said) == ("ana", "never mind")
    assert looks(gone, world(LISTED + 1)) == []


def test_f15_a_look_that_came_too_early_settles_nothing() -> None:
    """A list may lag: only a look of after the settle time tells that nothing runs."""
    asked = after(reviewed(), world(T0 + 30), CANCEL, NONE)
    assert asked.phase is Phase.WAITING
    assert looks(asked, world(LISTED)) != []


def test_f15_a_forgotten_run_is_found_and_stopped_as_was_wished() -> None:
    """The slot was forgotten too: it is taken again, then the run is followed and GitHub asked to stop it."""
    found = after(reviewed(), world(T0 + 30), CANCEL)
    found = after(found, world(LISTED), run_seen())
    assert (found.phase, found.run.run_id) == (Phase.WAITING, RUN)
    assert judged(found, world(LISTED)).slot_wish == "want"
    followed = after(found, world(LISTED + 1, held()), Woken(P))
    assert followed.phase is Phase.DEPLOYING
    assert CancelRun("look:cancel", RUN, force=False) in planned(followed, world(LISTED + 1, held())).effects
    ended = after(followed, world(LISTED + 60, held()), run_seen("completed", "cancelled"))
    assert ended.phase is Phase.CANCELLED
    assert ended.run.started is not None
    assert ended.previous == OLD_RELEASE


def test_f15_a_forgotten_run_is_stopped_also_while_another_one_has_the_slot() -> None:
    """What was asked of the new store did not wait: the forgotten run goes on beside it, and a cancel reaches it."""
    elsewhere = world(LISTED, held("P-143"))
    found = after(reviewed(), elsewhere, run_seen())
    assert after(found, elsewhere, CANCEL).phase is Phase.WAITING
    effects = planned(after(found, elsewhere, CANCEL), elsewhere).effects
    assert [type(one) for one in effects if isinstance(one, CancelRun | ReadRun)] == [CancelRun]
    asked = after(found, elsewhere, CANCEL, CancelAccepted(P, forced=False))
    assert asked.wish is not None
    assert asked.wish.asked_at == LISTED


def test_f15_what_was_approved_before_the_failover_and_forgotten_is_followed_without_it() -> None:
    """The approvals were lost with the intent: the run that they allowed is followed all the same, and nobody is
    said to have approved it."""
    followed = after(reviewed(), world(LISTED, held()), run_seen())
    assert followed.phase is Phase.DEPLOYING
    assert followed.intent is not None
    assert (followed.intent.sha, followed.intent.approvers) == (NEW, ())


def test_f15_no_end_comes_by_itself_before_the_look() -> None:
    """Expiry and "that is live already" wait too, and come right after it."""
    live = Live("checkout", "production", Release(NEW, "v2.14.3", T0, "P-143"))
    expires = replace(RULES, expires=100.0)
    for change in ({"lives": {**world(T0).lives, "production": live}}, {"rules": expires}):
        early, late = (replace(world(now), **change) for now in (LISTED - 1, LISTED + 1))
        waiting = after(reviewed(), early, Woken(P))
        assert waiting.phase is Phase.WAITING
        assert after(waiting, late, NONE).phase in {Phase.EXPIRED, Phase.REJECTED}


@pytest.mark.parametrize("fact", [VersionNotFound(P, "missing", ()), VersionSeen(P, "e" * 40, None, None)])
def test_f15_a_version_that_vanished_meanwhile_ends_nothing_before_the_look(
    fact: VersionNotFound | VersionSeen,
) -> None:
    """The promotion is as new as on its first day to this store; it is not looked at in a circle either."""
    early, late = world(T0 + 30), world(LISTED + 61)
    waiting = after(promotion(), early, fact)
    assert waiting.phase is Phase.WAITING
    if waiting.sha is None:
        assert planned(waiting, early).wake == LISTED
        assert after(waiting, late, NONE, fact).phase is Phase.REJECTED


def test_f15_a_wish_in_the_last_moment_before_the_dispatch_waits_for_a_look_too() -> None:
    """The dispatch did not leave, but a forgotten one may have."""
    one = after(approved(), world(LISTED, held(since=LISTED)), VERSION, HEALTHY)
    assert one.phase is Phase.DISPATCHING
    wished = after(one, world(LISTED + 1, held(since=LISTED)), CANCEL, NotSent(P, 1, "too late", LISTED + 9))
    assert wished.phase is Phase.WAITING
    assert judged(wished, world(LISTED + 20, held())).slot_wish == "free"
    assert after(wished, world(LISTED + 20), NONE).phase is Phase.CANCELLED


def test_a_wish_starts_nothing() -> None:
    """Everything is met after the look that nobody has made yet: what is to be cancelled is not started."""
    early, late = world(T0 + 30, held(since=T0 + 5)), world(LISTED, held(since=LISTED))
    assert after(approved(), early, CANCEL, VERSION, HEALTHY).phase is Phase.WAITING
    assert after(after(approved(), early, CANCEL), late, VERSION, HEALTHY).phase is Phase.WAITING


def test_what_was_asked_for_afterwards_ends_at_once() -> None:
    """Nothing of it can have been forgotten."""
    one = replace(reviewed(), created=SWITCHED + 60)
    assert after(one, world(SWITCHED + 90), CANCEL).phase is Phase.CANCELLED
    assert looks(one, world(LISTED)) == []


def test_a_run_that_nobody_can_have_forgotten_is_none_of_it() -> None:
    """Without a failover a run of a promotion that was never started is not followed."""
    assert after(reviewed(), context(), run_seen()) == reviewed()
