"""A store that took over may have forgotten an intent: the run of it has to show before anything starts."""

from dataclasses import replace

from bot.domain.context import Context
from bot.domain.effects import Dispatch
from bot.domain.intent import SETTLE
from bot.domain.plan import plan
from bot.domain.policy import Verdict
from bot.domain.promotion import Phase, Promotion
from tests.domain.builders import (
    HEALTHY,
    T0,
    VERSION,
    after,
    approved,
    context,
    dispatching,
    held,
    judged,
)


def taken(switched: float, now: float = T0 + 30) -> Context:
    """The world after the slot was taken, with the moment at which the store took over."""
    return replace(context(now=now, slot=held(since=now)), switched=switched)


def test_f15_nothing_of_before_starts_until_a_forgotten_run_would_be_listed() -> None:
    """P1: an intent lost by a failover is no reason to start a second run."""
    before = after(approved(), taken(T0 + 10), VERSION, HEALTHY)
    assert before.phase is Phase.WAITING
    assert judged(before, taken(T0 + 10)).verdict("store") is Verdict.PENDING
    assert plan(before, taken(T0 + 10), judged(before, taken(T0 + 10))).wake == T0 + 10 + SETTLE


def test_f15_afterwards_it_is_looked_for_before_it_is_started() -> None:
    """The first try too, by the process that committed the intent."""
    world = taken(T0 + 10, T0 + 10 + SETTLE)
    gone_on = after(approved(), world, VERSION, HEALTHY)
    assert gone_on.phase is Phase.DISPATCHING
    (dispatch,) = [
        one for one in plan(gone_on, world, judged(gone_on, world)).effects if isinstance(one, Dispatch)
    ]
    assert dispatch.look_first


def test_what_was_asked_for_afterwards_waits_for_nothing() -> None:
    """A rollback asked of the new store cannot have been forgotten by the old one."""
    world = taken(T0 - 60)
    gone_on = after(approved(), world, VERSION, HEALTHY)
    assert gone_on.phase is Phase.DISPATCHING
    (dispatch,) = [
        one for one in plan(gone_on, world, judged(gone_on, world)).effects if isinstance(one, Dispatch)
    ]
    assert not dispatch.look_first


def test_a_place_in_the_queue_survives_it() -> None:
    """Whoever held the slot or waited for it does not fall behind because the store moved."""
    assert judged(approved(), taken(T0 + 10)).slot_wish == "want"
    queued = replace(taken(T0 + 10), slot=held("P-141", T0, "P-142"))
    assert judged(approved(), queued).slot_wish == "want"


def test_f15_an_intent_that_was_decided_before_is_not_sent_right_after() -> None:
    """P1: it was decided with what the old server said and committed on the new one: another replica may have sent
    it already, and a list that lags would not show that run yet."""
    one = dispatching()
    world = replace(context(now=T0 + 1, slot=held()), switched=T0 + 0.5)
    effects = plan(one, world, judged(one, world)).effects
    assert not [effect for effect in effects if isinstance(effect, Dispatch)]


def test_what_is_older_than_this_process_is_looked_for_first() -> None:
    """P1: a store that was put back from its backup does not know what was started since."""
    one = dispatching()
    older = replace(context(slot=held()), opened=T0 + 1)
    younger = replace(context(slot=held()), opened=T0 - 1)
    assert [sent(one, world).look_first for world in (older, younger)] == [True, False]


def sent(one: Promotion, world: Context) -> Dispatch:
    """The dispatch that is planned."""
    found = plan(one, world, judged(one, world)).effects
    (dispatch,) = [effect for effect in found if isinstance(effect, Dispatch)]
    return dispatch
