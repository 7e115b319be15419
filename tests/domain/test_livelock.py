"""In a world that answers, every promotion comes to rest: no effect is asked for again once it is done.

The prototype livelocked more than once; here any mix of failing effects ends settled, and GitHub is asked once.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import effects as kinds
from bot.domain.context import Context
from bot.domain.effects import Effect, Note
from bot.domain.messages import Cancel, Message, NeverStarted
from bot.domain.policy import Kind, Rules
from bot.domain.promotion import Phase, Promotion, Run
from bot.domain.readings import Reading, Unreadable
from tests.domain.builders import (
    GOOD,
    NEW,
    PRODUCTION,
    ROLLBACK_RULES,
    RULES,
    SLOW,
    T0,
    VERIFIED_RULES,
    context,
    ended,
    promotion,
    request,
)
from tests.domain.world import APPROVALS, P, World

WAITING_RULES = replace(VERIFIED_RULES, wait=60.0)
bad_days = st.lists(st.booleans(), max_size=60)
odd_looks = st.lists(st.sampled_from([GOOD, SLOW, Unreadable("503")]), max_size=12)


def luck(bad: list[bool]) -> Callable[[Effect], bool]:
    """Effects fail as listed, and then never again."""
    left: Iterator[bool] = iter(bad)
    return lambda effect: next(left, False)


def moods(readings: list[Reading]) -> Callable[[], Reading]:
    """Gates answer as listed, and then well."""
    left: Iterator[Reading] = iter(readings)
    return lambda: next(left, GOOD)


def rollback_world() -> Context:
    """Production runs the new version, which P-141 brought; OLD is what to go back to."""
    release = replace(PRODUCTION.good[0], sha=NEW, version="v2.14.3", promotion="P-141")
    live = replace(PRODUCTION, serving=release, good=(release, *PRODUCTION.good))
    world = context(ROLLBACK_RULES)
    undoes = replace(ended(), id="P-141")
    return replace(world, lives={**world.lives, "production": live}, undoes=undoes)


def the_rollback() -> Message:
    """Ana undoes P-141."""
    return replace(request(Kind.ROLLBACK, version=""), undoes="P-141")


@pytest.mark.parametrize("rules", [RULES, VERIFIED_RULES, WAITING_RULES])
@pytest.mark.parametrize(
    ("ending", "phase"),
    [("success", Phase.SUCCEEDED), ("failure", Phase.FAILED), ("cancelled", Phase.CANCELLED)],
)
def test_every_run_ends_settled(rules: Rules, ending: str, phase: Phase) -> None:
    """A promotion whose run succeeds, fails or is cancelled comes to rest, with one dispatch."""
    world = World(context(rules), ending=ending, people=APPROVALS)
    assert world.runs(request()) is phase
    assert world.posts == 1


@given(bad_days, odd_looks, st.sampled_from(["success", "failure", "cancelled"]), st.booleans())
@settings(max_examples=60, deadline=None)
def test_failing_effects_only_delay_it(
    bad: list[bool], looks: list[Reading], ending: str, named: bool
) -> None:
    """Whatever fails on the way, it ends settled, in the phase that GitHub said, with one dispatch."""
    world = World(
        context(WAITING_RULES),
        ending=ending,
        serves="v2.14.2" if named else None,
        people=APPROVALS,
        unlucky=luck(bad),
        reading=moods(looks),
    )
    ends = {"success": Phase.SUCCEEDED, "failure": Phase.FAILED, "cancelled": Phase.CANCELLED}
    assert world.runs(request(), rounds=1500) is ends[ending]
    assert world.posts == 1


@given(bad_days)
@settings(max_examples=40, deadline=None)
def test_a_rollback_comes_to_rest_and_tells_what_it_undid(bad: list[bool]) -> None:
    """A rollback needs no version and no gate; a dispatch that does not leave is repeated, in time."""
    world = World(rollback_world(), unlucky=luck(bad))
    assert world.runs(the_rollback(), rounds=1500) is Phase.SUCCEEDED
    assert world.posts == 1
    assert world.one.ledger["tell"].done is not None


@given(bad_days, st.booleans(), st.sampled_from(["success", "failure"]))
@settings(max_examples=40, deadline=None)
def test_f38_an_unclear_dispatch_is_found_by_its_correlation_id(
    bad: list[bool], unclear: bool, ending: str
) -> None:
    """Accepted, then 502. The run is looked for, adopted, and never started a second time."""
    world = World(
        context(),
        ending=ending,
        dispatch="unclear" if unclear else "accepted",
        people=APPROVALS,
        unlucky=luck(bad),
    )
    assert world.runs(request(), rounds=1500) is (Phase.SUCCEEDED if ending == "success" else Phase.FAILED)
    assert world.posts == 1


def test_f44_a_run_that_appears_late_is_adopted_out_of_unknown() -> None:
    """Unknown keeps looking, and follows the run when GitHub lists it at last."""
    world = World(context(), dispatch="unclear", listed=False, people=APPROVALS)
    world.says(request())
    _until(world, Phase.UNKNOWN)
    world.listed = True
    _until(world, Phase.SUCCEEDED)
    assert world.posts == 1


def test_an_admin_who_says_that_it_never_started_makes_it_start_again() -> None:
    """After `unknown` and an admin's word everything is checked again, and the next try looks first."""
    world = World(context(), dispatch="swallowed", people=APPROVALS)
    world.says(request())
    _until(world, Phase.UNKNOWN)
    world.says(NeverStarted(P, "fay"))
    world.dispatch = "accepted"
    _until(world, Phase.SUCCEEDED)
    second = world.done(kinds.Dispatch)[1]
    assert isinstance(second, kinds.Dispatch)
    assert (second.number, second.look_first) == (2, True)


@given(st.integers(0, 40), bad_days)
@settings(max_examples=60, deadline=None)
def test_f30_a_cancel_at_any_moment_comes_to_rest(steps: int, bad: list[bool]) -> None:
    """Either no run, or a run that is stopped or was through; the end says which, and it settles."""
    world = World(context(), people=APPROVALS, unlucky=luck(bad))
    world.says(request())
    for _ in range(steps):
        if not world.planned().is_settled:
            _step(world)
    if world.one.phase in {Phase.WAITING, Phase.DISPATCHING, Phase.DEPLOYING}:
        world.says(Cancel(P, "ana", "wrong version"))
    for _ in range(1500):
        if world.planned().is_settled:
            break
        _step(world)
    assert world.planned().is_settled
    assert world.one.phase in {Phase.CANCELLED, Phase.SUCCEEDED}
    assert world.posts <= (0 if world.one.intent is None else 1)


def test_an_expired_request_comes_to_rest() -> None:
    """Nobody approves: it expires after four hours of asking, and then wants nothing more."""
    world = World(context())
    assert world.runs(request()) is Phase.EXPIRED
    assert world.context.now == T0 + 4 * 3600
    assert world.posts == 0


def test_an_expired_request_expires_although_a_gate_is_looked_at_every_few_minutes() -> None:
    """Incident: each look that was pending for a moment began the four hours anew."""
    world = World(context(), reading=moods([GOOD, SLOW] * 200))
    assert world.runs(request(), rounds=1500) is Phase.EXPIRED
    assert world.context.now < T0 + 5 * 3600


def test_the_happy_path_says_little() -> None:
    """R1: one card, and in its thread the question, two answers and the start."""
    world = World(context(), people=APPROVALS)
    world.runs(request())
    notes = [effect.note for effect in world.performed if isinstance(effect, kinds.Say)]
    assert notes == [Note.MENTION, Note.APPROVED, Note.APPROVED, Note.STARTED]
    cards = [effect for effect in world.performed if isinstance(effect, kinds.ShowCard)]
    assert [effect.ts for effect in cards].count("") == 1
    assert len(cards) <= 25


def test_a_failure_says_and_does_everything_once() -> None:
    """Page, incident, people, channel, card, pin, topic: each of them once."""
    world = World(context(VERIFIED_RULES), ending="failure", serves="v2.14.2", people=APPROVALS)
    world.runs(request())
    for kind in (
        kinds.Page,
        kinds.ReadIncident,
        kinds.LookAtOnCall,
        kinds.OpenChannel,
        kinds.Invite,
        kinds.PinCard,
    ):
        assert len(world.done(kind)) == 1, kind
    notes = [effect.note for effect in world.performed if isinstance(effect, kinds.Say)]
    assert notes.count(Note.FAILED) == 1


def test_a_rejected_request_makes_no_card() -> None:
    """What is live already is told privately, once, and nothing else happens."""
    world = World(rollback_live())
    assert world.runs(request()) is Phase.REJECTED
    assert [type(effect) for effect in world.performed] == [kinds.LookAtVersion, kinds.Say]


def rollback_live() -> Context:
    """Production already runs what is asked for."""
    base = rollback_world()
    return replace(base, rules=RULES, undoes=None)


def _until(world: World, phase: Phase) -> None:
    for _ in range(400):
        if world.one.phase is phase:
            return
        _step(world)
    raise AssertionError(f"never {phase}: {world.one.phase}")


def _step(world: World) -> None:
    now = world.planned()
    if now.effects:
        world.perform(now.effects)
    elif not world.somebody_acts() and now.wake is not None:
        world.sleep_until(now.wake)


def test_a_held_dispatch_is_not_prepared_before_its_time() -> None:
    """Incident: a rollback that GitHub rate limited was prepared again at once, two hundred times in a second."""
    world = World(rollback_world(), unlucky=_first_dispatch())
    world.says(the_rollback())
    while not world.done(kinds.Dispatch):
        _step(world)
    assert (world.one.phase, world.one.run) == (Phase.WAITING, Run())
    sent = world.context.now
    while world.one.phase is Phase.WAITING:
        _step(world)
    assert world.context.now == sent + 60


def _first_dispatch() -> Callable[[Effect], bool]:
    """Only the first try to dispatch fails."""
    return lambda effect: isinstance(effect, kinds.Dispatch) and effect.number == 1


def test_a_promotion_without_anything_to_do_is_settled() -> None:
    """A fresh request is not settled; the sample of this test would see the difference."""
    world = World(context(), promotion=promotion())
    assert isinstance(world.one, Promotion)
    assert not world.planned().is_settled
