"""After the run: all good is success, one no is failure, and a look that failed is neither."""

import pytest

from bot.domain.context import Context
from bot.domain.effects import Effect, LookAtGate
from bot.domain.messages import EffectFailed, Woken
from bot.domain.plan import plan
from bot.domain.policy import Rules
from bot.domain.promotion import Phase, Promotion
from bot.domain.readings import Reading, Unreadable
from tests.domain.builders import (
    BAD,
    GOOD,
    RULES,
    SLOW,
    VERIFIED_RULES,
    after,
    at,
    context,
    ended,
    health,
    held,
    judged,
)

P = "P-142"
HOUR = RULES.deploy_timeout


def world(seconds: float = 60.0, rules: Rules = RULES) -> Context:
    """The world while P-142 holds the slot."""
    return at(context(rules, slot=held()), seconds)


def effects(one: Promotion, around: Context, kind: type) -> list[Effect]:
    """The planned effects of one kind."""
    return [effect for effect in plan(one, around, judged(one, around)).effects if isinstance(effect, kind)]


def test_verification_decides_after_the_run() -> None:
    """All good is success; one no is failure, and it is named."""
    verifying = ended(rules=VERIFIED_RULES)
    around = world(70, VERIFIED_RULES)
    assert verifying.phase is Phase.VERIFYING
    assert after(verifying, around, health(GOOD, name="verify:health")).phase is Phase.SUCCEEDED
    assert after(verifying, around, health(SLOW, name="verify:health")).phase is Phase.VERIFYING
    failed = after(verifying, around, health(BAD, name="verify:health"))
    assert failed.phase is Phase.FAILED
    assert failed.ending is not None
    assert (failed.ending.cause, failed.ending.said) == ("verification", "health")


def test_a_gate_of_before_the_deploy_does_not_verify_it() -> None:
    """A late look at the health gate of the request says nothing about what was deployed."""
    verifying = ended(rules=VERIFIED_RULES)
    assert after(verifying, world(70, VERIFIED_RULES), health(GOOD)) == verifying


def test_a_verification_that_cannot_be_read_is_not_a_no() -> None:
    """Incident: one 502 of GitHub while a check was read failed a good deploy and paged somebody at night."""
    verifying = ended(rules=VERIFIED_RULES)
    blind = after(verifying, world(70, VERIFIED_RULES), health(Unreadable("502"), name="verify:health"))
    assert blind.phase is Phase.VERIFYING
    assert (
        after(blind, world(90, VERIFIED_RULES), health(GOOD, name="verify:health")).phase is Phase.SUCCEEDED
    )


@pytest.mark.parametrize("reading", [Unreadable("502"), SLOW])
def test_a_verification_without_a_yes_ends_in_time(reading: Reading) -> None:
    """P8: what cannot be verified within the deploy's time has failed; it does not hold the slot for ever."""
    verifying = ended(rules=VERIFIED_RULES)
    late = world(61 + HOUR, VERIFIED_RULES)
    assert after(verifying, late, health(reading, name="verify:health")).phase is Phase.FAILED


def test_a_verification_that_left_the_catalog_is_not_awaited() -> None:
    """Incident: the catalog lost the one rule that was pending; P-142 stayed in `verifying` and held the slot."""
    verifying = ended(rules=VERIFIED_RULES)
    assert after(verifying, world(70, RULES), Woken(P)).phase is Phase.SUCCEEDED


def test_the_end_of_verification_is_looked_at_before_it_is_judged() -> None:
    """A bot that was down over the deadline looks once more: what happened meanwhile it has not seen."""
    slow = after(ended(rules=VERIFIED_RULES), world(70, VERIFIED_RULES), health(SLOW, name="verify:health"))
    late = world(61 + HOUR, VERIFIED_RULES)
    woken = after(slow, late, Woken(P))
    assert woken.phase is Phase.VERIFYING
    assert len(effects(woken, late, LookAtGate)) == 1
    assert after(woken, late, health(GOOD, name="verify:health")).phase is Phase.SUCCEEDED


def test_a_verification_that_cannot_even_be_looked_at_ends_in_time() -> None:
    """Looks that break give no reading at all: when the time is over that is no yes either."""
    verifying, late = ended(rules=VERIFIED_RULES), world(61 + HOUR, VERIFIED_RULES)
    broke = EffectFailed(P, "look:verify:health", "internal 4f2a11", late.now + 60)
    assert after(verifying, late, broke).phase is Phase.FAILED


def test_verification_wakes_when_its_time_is_over() -> None:
    """Whatever the looks do, the deadline is a moment at which something is due."""
    verifying = ended(rules=VERIFIED_RULES)
    around = world(70, VERIFIED_RULES)
    given_up = after(verifying, around, EffectFailed(P, "look:verify:health", "no", around.now, gave_up=True))
    assert plan(given_up, around, judged(given_up, around)).wake == verifying.since + HOUR
