"""Each thing that must hold before the deploy: when it is met, when it is not, and that a doubt is never a yes."""

from dataclasses import replace

import pytest

from bot.domain.context import Context
from bot.domain.messages import GateSeen, VersionSeen, Woken
from bot.domain.policy import Kind, Rules, Verdict
from bot.domain.promotion import Live, Phase, Promotion, Release, Waiver
from bot.domain.readings import Reading, Unreadable
from tests.domain.builders import (
    BAD,
    GOOD,
    HEALTHY,
    LIVES,
    NEW,
    ROLLBACK_RULES,
    RULES,
    SLOW,
    T0,
    TEAMS,
    VERSION,
    after,
    approved,
    at,
    context,
    decision,
    dispatching,
    ended,
    gate,
    group,
    health,
    judged,
    promotion,
    reviewed,
)

P = "P-142"


def verdict(name: str, one: Promotion, world: Context) -> Verdict | None:
    """The verdict of one requirement."""
    return judged(one, world).verdict(name)


def earlier(one: Promotion | None, staging: Live | None = None) -> Context:
    """A world in which this was the SHA's last promotion to staging."""
    world = context()
    lives = {**LIVES, "staging": staging or LIVES["staging"]}
    return replace(
        world, earlier=replace(one, id="P-140", environment="staging") if one else None, lives=lives
    )


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        (GOOD, Verdict.MET),
        (SLOW, Verdict.PENDING),
        (BAD, Verdict.UNMET),
        (Unreadable("503"), Verdict.UNMET),
    ],
)
def test_a_gate_is_what_its_judge_says(reading: Reading, expected: Verdict) -> None:
    """And a look that failed is never met."""
    one = after(promotion(), context(), VERSION, replace(HEALTHY, reading=reading))
    assert verdict("health", one, context()) is expected


def test_a_gate_that_nobody_looked_at_is_pending() -> None:
    """No look is no yes."""
    assert verdict("health", after(promotion(), context(), VERSION), context()) is Verdict.PENDING


def test_a_look_under_another_basis_does_not_count() -> None:
    """The limit was changed after the look, so the look answers another question."""
    world = context(replace(RULES, gates=(gate(basis="answers 204"),)))
    assert verdict("health", reviewed(), world) is Verdict.PENDING


def test_a_waiver_takes_the_place_of_a_gate() -> None:
    """Waived counts like met, and the reason is there for approvers to read."""
    one = replace(reviewed(), gates={}, waivers=(Waiver("health", "ana", "the probe is broken", T0),))
    item = next(item for item in judged(one, context()).items if item.name == "health")
    assert (item.verdict, item.reason, item.by) == (Verdict.WAIVED, "the probe is broken", "ana")
    assert judged(one, context()).evidence_complete


def test_a_rule_that_cannot_be_judged_yet_is_unmet() -> None:
    """P8: what this version does not understand does not let anything through."""
    world = context(replace(RULES, unavailable=("soak", "p99")))
    requirements = judged(approved(), world)
    assert requirements.unmet == ("soak", "p99")
    assert not requirements.ready
    assert requirements.slot_wish == "free"


@pytest.mark.parametrize("branch", [None, "release"])
def test_a_sha_that_no_branch_of_the_rules_reaches_is_unmet(branch: str | None) -> None:
    """At the request it is turned away; later it holds the deploy up."""
    told = after(promotion(), context(), VersionSeen(P, NEW, branch, None))
    if branch is None:
        assert told.phase is Phase.REJECTED
        assert told.ending is not None
        assert told.ending.cause == "branch"
    later = after(reviewed(), context(), VersionSeen(P, NEW, branch, None))
    assert verdict("branch", later, context()) is Verdict.UNMET


def test_a_branch_is_pending_until_the_version_was_looked_at() -> None:
    """Not looked at is not reachable."""
    assert verdict("branch", promotion(), context()) is Verdict.PENDING


def test_a_path_is_met_by_a_good_release_before() -> None:
    """Nothing is known but the record: the SHA is among the good ones of staging."""
    assert verdict("path", reviewed(), earlier(None)) is Verdict.MET
    assert verdict("path", reviewed(), earlier(ended())) is Verdict.MET


def test_a_path_is_not_met_by_a_sha_that_never_was_there() -> None:
    """E03: no step of the path may be left out; an adopted release is a step."""
    nowhere = Live("checkout", "staging")
    assert verdict("path", reviewed(), earlier(None, nowhere)) is Verdict.UNMET
    adopted = replace(nowhere, good=(Release(NEW, "v2.14.3", T0),))
    assert verdict("path", reviewed(), earlier(None, adopted)) is Verdict.MET


@pytest.mark.parametrize("conclusion", ["failure", "cancelled"])
def test_a_path_is_not_met_by_a_last_promotion_that_failed(conclusion: str) -> None:
    """An older success does not help when the last promotion of the SHA there did not succeed."""
    assert verdict("path", reviewed(), earlier(ended(conclusion))) is Verdict.UNMET


def test_a_path_waits_for_a_promotion_that_is_under_way() -> None:
    """While staging deploys the SHA, production waits for how it ends."""
    assert verdict("path", reviewed(), earlier(dispatching())) is Verdict.PENDING


def test_a_path_is_not_met_by_what_was_rolled_back() -> None:
    """Neither by the record of the environment nor by the promotion that was undone."""
    undone = replace(LIVES["staging"], undone=(NEW,))
    assert verdict("path", reviewed(), earlier(ended(), undone)) is Verdict.UNMET
    assert verdict("path", reviewed(), earlier(replace(ended(), undone_by="P-141"))) is Verdict.UNMET


def test_a_path_that_cannot_be_met_is_told_at_the_request() -> None:
    """E03: nobody waits for gates of something that may not go there."""
    told = after(promotion(), earlier(None, Live("checkout", "staging")), VERSION)
    assert told.phase is Phase.REJECTED
    assert told.ending is not None
    assert (told.ending.cause, told.ending.said) == ("path", "staging")


def waiting(rules: Rules | None = None) -> Rules:
    """Rules with a wait of a minute, which sre may skip."""
    return replace(rules or RULES, wait=60.0, skip_wait=("sre",))


def test_a_wait_runs_from_the_last_approval_that_was_needed() -> None:
    """Before it is complete nothing runs; a third approval does not begin it anew."""
    rules = waiting()
    assert judged(reviewed(rules), context(rules)).wait_until is None
    one = approved(rules)
    requirements = judged(one, context(rules))
    assert requirements.wait_until == T0 + 60
    assert requirements.verdict("wait") is Verdict.PENDING
    assert judged(one, at(context(rules), 60)).verdict("wait") is Verdict.MET


def test_a_wait_that_is_over_makes_it_want_the_slot_though_nothing_else_changed() -> None:
    """Incident: the minute was over, nothing else happened, and so nothing was stored.

    The wish for the slot came with the next edit of the card, which Slack did not take that night.
    """
    rules = waiting()
    over = decision(approved(rules), Woken(P), at(context(rules), 60))
    assert over.requirements.slot_wish == "want"
    assert over.changed


def test_a_rollback_asks_for_nothing_of_a_promotion() -> None:
    """No branch, no path, no version to look up; only a role and the slot."""
    one = replace(promotion(Kind.ROLLBACK), sha=NEW)
    names = [item.name for item in judged(one, context(ROLLBACK_RULES)).items]
    assert names == ["slot"]


def test_a_requester_who_lost_the_role_is_unmet() -> None:
    """P3: a role is checked at the moment of the dispatch, not only at the request."""
    rules = replace(RULES, may_request=("payments",))
    assert verdict("role", reviewed(rules), context(rules)) is None
    left = replace(
        context(rules), teams={**TEAMS, "payments": replace(TEAMS["payments"], members=frozenset())}
    )
    assert verdict("role", reviewed(rules), left) is Verdict.UNMET


def test_a_requester_whose_team_is_not_known_is_pending() -> None:
    """Asked for and recorded, but nothing runs before a look said member."""
    rules = replace(RULES, may_request=("web-guild",))
    world = replace(context(rules), teams={**TEAMS, "web-guild": group("web-guild", None)})
    assert verdict("role", reviewed(), world) is Verdict.PENDING
    known = replace(world, teams={**TEAMS, "web-guild": group("web-guild", T0, "ana")})
    assert verdict("role", reviewed(), known) is None


def test_evidence_is_complete_only_when_all_of_it_holds() -> None:
    """What is still looked at is named, so that the refusal can name it too."""
    one = after(promotion(), context(), VERSION)
    requirements = judged(one, context())
    assert not requirements.evidence_complete
    assert requirements.incomplete == ("health",)
    assert judged(reviewed(), context()).evidence_complete


def test_looks_of_before_keep_their_reading_on_the_card() -> None:
    """A gate's face carries what was seen, and where."""
    item = next(item for item in judged(reviewed(), context()).items if item.name == "health")
    assert (item.reading, item.environment, item.basis) == (GOOD, "production", "answers 200")


def test_a_gate_may_look_at_the_environment_before() -> None:
    """`after` is where the SHA runs already."""
    rules = replace(RULES, gates=(replace(gate(), of="after"),))
    item = next(item for item in judged(promotion(), context(rules)).items if item.name == "health")
    assert item.environment == "staging"


def test_a_newer_look_replaces_an_older_one() -> None:
    """The last look is the one that counts."""
    one = after(reviewed(), at(context(), 5), health(BAD))
    assert isinstance(one.gates["health"].reading, type(BAD))
    assert one.gates["health"].at == T0 + 5
    assert GateSeen(P, "health", BAD, "answers 200", sha=NEW) == health(BAD)
