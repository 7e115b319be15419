"""After the run: all good is success, one no is failure, and a look that failed is neither."""

import pytest

from bot.domain.context import Context
from bot.domain.effects import Effect
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
