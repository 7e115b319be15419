"""What is missing and when it is due: derived from state and ledger, with nothing asked for too early or twice."""

from dataclasses import replace

import pytest

from bot.domain.context import Context
from bot.domain.effects import Effect, LookAtGate, Say
from bot.domain.messages import (
    EffectDone,
    EffectFailed,
    EffectsBegun,
    VersionNotFound,
    Woken,
)
from bot.domain.plan import Plan, plan
from bot.domain.plan_looks import HEAL_EVERY, MET_EVERY
from bot.domain.policy import digest_of
from bot.domain.portrait import face_of
from bot.domain.promotion import Phase, Promotion
from bot.domain.readings import Reading, Unreadable
from tests.domain.builders import (
    BAD,
    GOOD,
    PRODUCTION,
    RULES,
    SLOW,
    T0,
    VERIFIED_RULES,
    VERSION,
    after,
    approved,
    at,
    context,
    deploying,
    ended,
    gate,
    health,
    held,
    judged,
    promotion,
    recorded,
    reviewed,
)
from tests.domain.stages import in_every_phase

P = "P-142"
WANTED = {
    Phase.WAITING: {"card"},
    Phase.DISPATCHING: {"card", "dispatch:1"},
    Phase.DEPLOYING: {"card"},
    Phase.VERIFYING: {"card", "look:verify:health"},
    Phase.UNKNOWN: {"card"},
    Phase.SUCCEEDED: {"card", "change"},
    Phase.FAILED: {"card", "page"},
    Phase.ERRORED: {"turned_away"},
    Phase.REJECTED: {"turned_away"},
    Phase.CANCELLED: {"card"},
    Phase.EXPIRED: {"card"},
    Phase.SUPERSEDED: {"card"},
}


def planned(one: Promotion, world: Context) -> Plan:
    """The plan of this moment."""
    return plan(one, world, judged(one, world))


def keys(one: Promotion, world: Context) -> set[str]:
    """The keys of what is to be done now."""
    return {effect.key for effect in planned(one, world).effects}


def carded(one: Promotion, world: Context) -> Promotion:
    """The same, with a card that shows it as it is."""
    shown = digest_of(face_of(one, world, judged(one, world)))
    return after(one, world, EffectDone(P, "card", "1.1", "C1", shown))


@pytest.mark.parametrize("phase", Phase)
def test_what_each_phase_wants_at_once(phase: Phase) -> None:
    """Everything that is missing a moment after the phase began, and nothing else."""
    rules = VERIFIED_RULES if phase is Phase.VERIFYING else RULES
    world = at(context(rules, slot=held()), 5)
    if phase in {Phase.UNKNOWN, Phase.EXPIRED}:
        world = replace(world, now=T0 + 5 * 3600)
    assert keys(in_every_phase()[phase], world) - {"look:run"} == WANTED[phase]


def test_a_new_request_looks_up_its_version_and_shows_nothing() -> None:
    """No card before it is known to be worth one."""
    assert keys(promotion(), context()) == {"look:version"}


def test_gates_are_looked_at_side_by_side_once_the_commit_is_known() -> None:
    """Each gate is an effect of its own, on the lane of whom it asks."""
    rules = replace(RULES, gates=(gate(), gate("checks", use="checks"), gate("incidents", use="incidents")))
    one = after(promotion(), context(rules), VERSION)
    looks = [effect for effect in planned(one, context(rules)).effects if isinstance(effect, LookAtGate)]
    assert {(look.rule.name, look.lane) for look in looks} == {
        ("health", "services"),
        ("checks", "github"),
        ("incidents", "pagerduty"),
    }


@pytest.mark.parametrize(("reading", "pause"), [(GOOD, MET_EVERY), (SLOW, 10.0), (BAD, HEAL_EVERY)])
def test_a_gate_is_looked_at_again_at_its_pace(reading: Reading, pause: float) -> None:
    """Often while it is pending, each minute while it says no, every five minutes while it says yes."""
    one = after(after(promotion(), context(), VERSION), context(), replace(health(GOOD), reading=reading))
    assert "look:health" not in keys(one, at(context(), pause - 1))
    assert "look:health" in keys(one, at(context(), pause))


def test_a_changed_basis_is_looked_at_at_once() -> None:
    """The question changed, so the old answer is none."""
    world = context(replace(RULES, gates=(gate(basis="answers 204"),)))
    assert "look:health" in keys(reviewed(), world)


def test_a_look_that_failed_is_repeated_when_the_ledger_says_so() -> None:
    """Unreadable is not looked at in a circle; the pause doubles because the tries are remembered."""
    blind = health(Unreadable("503"))
    one = after(reviewed(), at(context(), 1), blind, EffectFailed(P, "look:health", "503", T0 + 3))
    assert "look:health" not in keys(one, at(context(), 2.9))
    assert "look:health" in keys(one, at(context(), 3))
    again = after(one, at(context(), 3), blind, EffectFailed(P, "look:health", "503", T0 + 5))
    assert again.ledger["look:health"].tries == 2
    assert "look:health" not in after(again, at(context(), 5), health(GOOD)).ledger


def test_a_gate_that_cannot_be_read_by_anybody_is_not_looked_at_in_a_circle() -> None:
    """Incident: an `incidents` gate of a service without PagerDuty was looked at two hundred times a second.

    Its reading said that it cannot be read, no failure was in the ledger, and so it was due at once again.
    """
    one = after(reviewed(), at(context(), 1), health(Unreadable("no PagerDuty service in the catalog")))
    assert "look:health" not in keys(one, at(context(), 2))
    assert planned(one, at(context(), 2)).wake is not None


def test_a_branch_that_says_no_is_looked_at_again() -> None:
    """Incident: a tag was deleted and pushed again while it waited; nothing ever looked, and it was stuck."""
    one = after(reviewed(), context(), VersionNotFound(P, "missing", ()))
    assert "look:version" not in keys(one, at(context(), HEAL_EVERY - 1))
    assert "look:version" in keys(one, at(context(), HEAL_EVERY))
    healed = after(one, at(context(), HEAL_EVERY), VERSION)
    assert judged(healed, at(context(), HEAL_EVERY)).evidence_complete


@pytest.mark.parametrize("seconds", [0.0, 29.9])
def test_an_effect_that_failed_waits_for_its_moment(seconds: float) -> None:
    """Not before `again`, and then at once."""
    one = after(reviewed(), context(), EffectFailed(P, "card", "429", T0 + 30))
    assert "card" not in keys(one, at(context(), seconds))
    assert planned(one, at(context(), seconds)).wake == T0 + 30
    assert "card" in keys(one, at(context(), 30))


def test_an_effect_that_was_given_up_is_not_planned() -> None:
    """And does not keep the promotion awake."""
    failed = carded(ended("failure"), at(context(), 70))
    world = at(context(), 80)
    gone = after(failed, world, EffectFailed(P, "page", "400 bad key", T0, gave_up=True))
    assert "page" in keys(failed, world)
    assert "page" not in keys(gone, world)


def test_time_alone_is_a_reason_to_wake() -> None:
    """The end of the wait, the reminders and the expiry are moments, not effects."""
    rules = replace(RULES, wait=60.0, gates=())
    waits = carded(approved(rules), context(rules))
    said = after(waits, context(rules), EffectsBegun(P, _said(waits, context(rules))))
    assert planned(said, at(context(rules), 10)).wake == T0 + 60
    asks = carded(reviewed(replace(RULES, gates=())), context(replace(RULES, gates=())))
    asked = after(asks, context(), EffectsBegun(P, _said(asks, context())))
    asking = context(replace(RULES, gates=()))
    assert planned(asked, at(asking, 10)).wake == T0 + 2 * 3600
    assert planned(asked, at(asking, 3 * 3600)).wake == T0 + 3.6 * 3600
    assert planned(asked, at(asking, 3.7 * 3600)).wake == T0 + 4 * 3600


def _said(one: Promotion, world: Context) -> tuple[str, ...]:
    return tuple(effect.key for effect in planned(one, at(world, 5)).effects if isinstance(effect, Say))


@pytest.mark.parametrize("phase", [phase for phase in Phase if not phase.is_open])
def test_an_end_settles_when_all_is_told(phase: Phase) -> None:
    """Nothing wakes a promotion that has told all there is to tell."""
    one = in_every_phase()[phase]
    world = recorded(replace(context(), now=T0 + 6 * 3600.0), replace(PRODUCTION, serving=one.serving))
    for _ in range(12):
        for effect in planned(one, world).effects:
            one = after(one, world, _performed(effect))
        world = replace(world, now=world.now + 61)
    assert planned(one, world).is_settled
    assert planned(after(one, world, Woken(P)), world).is_settled


def _performed(effect: Effect) -> EffectDone | EffectFailed:
    if effect.key.startswith("look:") or effect.key in {"on_call", "channel"}:
        return EffectFailed(P, effect.key, "404", T0, gave_up=True)
    return EffectDone(P, effect.key, "1.1", "C1", getattr(effect, "shown", ""))


def test_nothing_is_settled_while_it_is_open_and_running() -> None:
    """What runs is looked at again, whatever else was told."""
    one = carded(deploying(), context(slot=held()))
    assert not planned(one, at(context(slot=held()), 1)).is_settled


def test_a_plan_does_not_change_what_it_looks_at() -> None:
    """Planning twice gives the same plan."""
    for stage in in_every_phase().values():
        assert planned(stage, context(slot=held())) == planned(stage, context(slot=held()))
