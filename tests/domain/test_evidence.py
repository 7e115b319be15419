"""What people sign: it moves when a rule, a tag, a waiver or a verdict does, and for nothing else."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.context import Context
from bot.domain.errors import StaleCard
from bot.domain.evidence import differences
from bot.domain.messages import Approve, VersionSeen
from bot.domain.policy import ApprovalRule, DeployRule, FailureRule, Rules, Verdict
from bot.domain.portrait import voided
from bot.domain.promotion import Phase, Promotion, Waiver
from bot.domain.readings import HealthReading
from tests.domain.builders import (
    BAD,
    OLDER,
    RULES,
    SLOW,
    T0,
    VERSION,
    after,
    approved,
    context,
    gate,
    health,
    held,
    judged,
    refusal,
    reviewed,
)

P = "P-142"
CHANGED_RULES: dict[str, Rules] = {
    "repository": replace(RULES, service=replace(RULES.service, repo="mallory/checkout")),
    "health URL": replace(RULES, service=replace(RULES.service, health="https://elsewhere.example/health")),
    "after": replace(RULES, after="dev"),
    "branches": replace(RULES, branches=("main", "release")),
    "gates": replace(RULES, gates=(gate(), gate("smoke"))),
    "approvals": replace(RULES, approvals=(ApprovalRule(1, "release-managers"),)),
    "wait": replace(RULES, wait=60.0),
    "deploy": replace(RULES, deploy=DeployRule("other.yml", "main", RULES.deploy.inputs)),
    "verify": replace(RULES, verify=(gate(),)),
    "on_failure": replace(RULES, on_failure=FailureRule()),
    "other rules": replace(RULES, unavailable=("soak",)),
}


def parts(one: Promotion, world: Context) -> list[str]:
    """What the card names as the reason why approvals do not count."""
    return [change.part for change in voided(one, judged(one, world))]


@given(st.integers(1, 99), st.integers(1, 99), st.sampled_from(["v1", "v2", None]))
def test_a_reading_that_moves_inside_its_limit_changes_nothing(
    good: int, looks: int, version: str | None
) -> None:
    """Both approvals count for as long as the verdict is the same, whatever the numbers do."""
    moved = after(approved(), context(), health(HealthReading(good, looks, 200, version)))
    requirements = judged(moved, context())
    assert requirements.digest == judged(approved(), context()).digest
    assert requirements.tally.is_complete
    assert voided(moved, requirements) == ()


def test_f57_a_moved_tag_voids_what_was_signed() -> None:
    """V2.14.3 is now another commit, and the card says so."""
    moved = after(approved(), context(), VersionSeen(P, OLDER, "main", None))
    assert moved.sha == OLDER
    assert moved.gates == {}
    assert judged(moved, context()).tally.have == 0
    change = next(one for one in voided(moved, judged(moved, context())) if one.part == "version")
    assert (change.before, change.after) == ("aaaaaaa", "ccccccc")


@pytest.mark.parametrize("part", CHANGED_RULES)
def test_f35_a_changed_rule_voids_what_was_signed_and_is_named(part: str) -> None:
    """Each section of the rules is a part of its own, so that the card can name the one that changed."""
    world = context(CHANGED_RULES[part])
    one = approved()
    assert judged(one, world).tally.have == 0
    named = [word for word in parts(one, world) if not word.startswith("gate ")]
    assert named == [f"rule {part}"]


def test_f35_a_rule_that_says_the_same_again_voids_nothing() -> None:
    """A reload of the catalog that changes nothing for this service is no change."""
    again = replace(RULES, gates=(gate(),), may_waive=("owner",), expires=60.0, deploy_timeout=5.0)
    assert judged(approved(), context(again)).tally.is_complete


def test_a_changed_basis_voids_what_was_signed() -> None:
    """The limit that people signed is not the limit of now, and both are named."""
    world = context(replace(RULES, gates=(gate(basis="answers 204"),)))
    one = after(approved(), world, health(HealthReading(1, 1, 204), "answers 204"))
    changes = {change.part: change for change in voided(one, judged(one, world))}
    assert set(changes) == {"rule gates", "gate health"}
    assert changes["gate health"].before.startswith("answers 200")
    assert changes["gate health"].after.startswith("answers 204")


def test_a_waiver_voids_what_was_signed() -> None:
    """Whoever approved a checked version did not approve an unchecked one."""
    one = replace(approved(), waivers=(Waiver("health", "ana", "the probe is broken", T0),))
    assert judged(one, context()).verdict("health") is Verdict.WAIVED
    assert "skipped health" in parts(one, context())


def test_a_gate_that_says_no_voids_what_was_signed_until_it_says_yes_again() -> None:
    """People signed that the gate was met. While it says no that is told of the gate, not of their approvals."""
    failing = after(approved(), context(), health(BAD))
    assert judged(failing, context()).tally.have == 0
    assert parts(failing, context()) == []
    healed = after(failing, context(), health(HealthReading(2, 2, 200)))
    assert judged(healed, context()).tally.is_complete
    assert parts(healed, context()) == []


def test_a_gate_that_is_being_looked_at_again_voids_nothing() -> None:
    """Incident: a gate that wants several good looks was pending for a while after the slot was taken.

    The digest moved, the approvals did not count, the slot was given back, and all began again, for ever.
    """
    one = after(approved(), context(slot=held()), health(SLOW))
    requirements = judged(one, context(slot=held()))
    assert requirements.verdict("health") is Verdict.PENDING
    assert requirements.tally.is_complete
    assert requirements.slot_wish == "want"
    assert not requirements.ready


def test_nothing_is_named_while_the_approvals_count() -> None:
    """A card that says "asks again" while all is well would be noise."""
    assert parts(approved(), context()) == []


def test_a_second_approval_of_the_new_evidence_counts() -> None:
    """After the tag moved, Bo may sign what it is now; then nothing is void any more."""
    moved = after(approved(), context(), VersionSeen(P, OLDER, "main", None))
    world = replace(context(), lives={**context().lives, "staging": replace(context().lives["staging"])})
    good = replace(world.lives["staging"].good[0], sha=OLDER)
    world = replace(world, lives={**world.lives, "staging": replace(world.lives["staging"], good=(good,))})
    seen = health(HealthReading(1, 1, 200), sha=OLDER)
    ready = after(moved, world, seen, Approve(P, "bo"), Approve(P, "cy"))
    assert judged(ready, world).tally.counted == ("bo", "cy")
    assert parts(ready, world) == []


def test_evidence_is_kept_for_as_long_as_an_approval_points_to_it() -> None:
    """What was signed can be compared later; nothing else is kept."""
    one = approved()
    assert set(one.signed) == {approval.digest for approval in one.approvals}


def test_a_click_on_old_evidence_is_told_what_changed() -> None:
    """E10: the refusal names the part, because somebody else signed the old evidence."""
    signed = judged(approved(), context()).digest
    moved = after(approved(), context(), VersionSeen(P, OLDER, "main", None))
    told = refusal(moved, Approve(P, "bo", signed), context())
    assert isinstance(told, StaleCard)
    assert "version" in told.changed


def test_the_same_evidence_has_no_differences() -> None:
    """Nothing is different from itself."""
    evidence = judged(reviewed(), context()).evidence
    assert differences(evidence, evidence) == ()


def test_the_dispatch_freezes_who_approved_and_what() -> None:
    """P2, P3: the intent names the people that counted and the digest that they signed."""
    one = after(approved(), context(slot=held()), VERSION, health(HealthReading(1, 1, 200)))
    assert one.phase is Phase.DISPATCHING
    assert one.intent is not None
    assert (one.intent.approvers, one.intent.digest) == (("bo", "cy"), one.approvals[0].digest)
