"""The slot: wanted when all else holds, kept while a run may exist, and everything looked at again once it is taken."""

from dataclasses import replace

from bot.domain.context import Context
from bot.domain.effects import CancelOther, LookAtTeam
from bot.domain.messages import Woken
from bot.domain.plan import plan
from bot.domain.policy import ApprovalRule, Kind, Verdict
from bot.domain.promotion import HOLDING, Approval, Phase, Promotion, Waiver
from tests.domain.builders import (
    BAD,
    HEALTHY,
    OLD,
    OLDER,
    ROLLBACK_RULES,
    RULES,
    SLOW,
    T0,
    TEAMS,
    VERSION,
    after,
    approved,
    context,
    deploying,
    group,
    health,
    held,
    judged,
    promotion,
    reviewed,
)
from tests.domain.stages import in_every_phase

P = "P-142"
GUILD = replace(RULES, approvals=(ApprovalRule(1, "web-guild"),))


def guild(world: Context, seen_at: float | None, *members: str) -> Context:
    """The same world with a Slack group, last looked at at some time."""
    return replace(world, teams={**TEAMS, "web-guild": group("web-guild", seen_at, *members)})


def other(kind: Kind, phase: Phase = Phase.WAITING) -> Promotion:
    """P-150, another promotion to production."""
    return replace(
        deploying() if phase is Phase.DEPLOYING else promotion(kind), id="P-150", kind=kind, phase=phase
    )


def test_the_wish_of_every_phase() -> None:
    """Kept wherever a run may exist, free after every end."""
    for phase, stage in in_every_phase().items():
        wish = judged(stage, context(slot=held())).slot_wish
        if phase is not Phase.WAITING:
            assert wish == ("keep" if phase in HOLDING else "free"), phase


def test_it_is_wanted_when_all_else_holds() -> None:
    """Not a moment earlier: a promotion that waits for people blocks nobody."""
    assert judged(reviewed(), context()).slot_wish == "free"
    assert judged(approved(RULES, "bo"), context()).slot_wish == "free"
    assert judged(approved(), context()).slot_wish == "want"


def test_it_is_kept_while_a_gate_is_looked_at_again() -> None:
    """Pending is not no."""
    one = after(approved(), context(slot=held()), health(SLOW))
    assert judged(one, context(slot=held())).slot_wish == "want"


def test_it_is_given_back_when_a_gate_says_no() -> None:
    """Whoever is next may go while this one is blocked."""
    one = after(approved(), context(slot=held()), health(BAD))
    assert judged(one, context(slot=held())).slot_wish == "free"


def test_a_place_in_the_queue_survives_a_look_at_a_team() -> None:
    """Incident: after five minutes in the queue the approvers' group was stale, so the place was given back.

    The look said member again, and the promotion stood at the end of the queue.
    """
    one = replace(
        reviewed(GUILD), approvals=(Approval("eli", judged(reviewed(GUILD), context(GUILD)).digest, T0),)
    )
    queued = context(GUILD, now=T0 + 400, slot=held("P-141", T0, P))
    assert judged(one, guild(queued, T0 + 390, "eli")).slot_wish == "want"
    stale = guild(queued, T0, "eli")
    assert judged(one, stale).verdict("approvals") is Verdict.PENDING
    assert judged(one, stale).slot_wish == "want"
    assert judged(one, guild(queued, T0 + 390, "dee")).slot_wish == "free"


def test_a_holder_that_still_looks_lets_a_rollback_pass() -> None:
    """P9: whatever does not answer the holder, a rollback in the queue does not wait for it."""
    one = after(approved(), context(slot=held()), health(SLOW))
    world = replace(context(slot=held(P, T0, "P-150")), others=(other(Kind.ROLLBACK),))
    assert judged(one, world).slot_wish == "free"
    assert judged(one, replace(world, others=(other(Kind.PROMOTE),))).slot_wish == "want"


def test_everything_is_looked_at_again_after_the_slot_was_taken() -> None:
    """Version and gates of before the slot are too old, however good they were."""
    taken = context(now=T0 + 30, slot=held(since=T0 + 30))
    one = approved()
    assert not judged(one, taken).fresh
    assert {effect.key for effect in plan(one, taken, judged(one, taken)).effects} >= {
        "look:version",
        "look:health",
    }
    looked = after(one, taken, VERSION)
    assert not judged(looked, taken).fresh
    assert after(looked, taken, HEALTHY).phase is Phase.DISPATCHING


def test_teams_are_looked_at_again_after_the_slot_was_taken() -> None:
    """P3: somebody may have left the group since they approved."""
    signed = replace(
        reviewed(GUILD), approvals=(Approval("eli", judged(reviewed(GUILD), context(GUILD)).digest, T0),)
    )
    taken = context(GUILD, now=T0 + 30, slot=held(since=T0 + 30))
    before = after(signed, guild(taken, T0, "eli"), VERSION, HEALTHY)
    assert before.phase is Phase.WAITING
    wanted = plan(before, guild(taken, T0, "eli"), judged(before, guild(taken, T0, "eli"))).effects
    assert any(isinstance(effect, LookAtTeam) for effect in wanted)
    assert after(before, guild(taken, T0 + 30, "eli"), Woken(P)).phase is Phase.DISPATCHING
    assert after(before, guild(taken, T0 + 30, "dee"), Woken(P)).phase is Phase.WAITING


def test_everything_is_looked_at_again_after_a_return_to_waiting() -> None:
    """The slot may have been held all the while: waiting began anew, so do the looks."""
    back = replace(approved(), since=T0 + 200)
    assert not judged(back, context(now=T0 + 200, slot=held())).fresh


def test_a_waived_gate_is_not_looked_at_again() -> None:
    """Nobody looks at what does not count."""
    one = replace(approved(), gates={}, waivers=(Waiver("health", "ana", "broken probe", T0),))
    wanted = plan(one, context(slot=held()), judged(one, context(slot=held()))).effects
    assert "look:health" not in {effect.key for effect in wanted}


def rollback(world: Context) -> Context:
    """The world of a rollback that PagerDuty's schedule and the owners may ask for."""
    rules = replace(ROLLBACK_RULES, may_roll_back=("payments", "web-guild"))
    return guild(replace(world, rules=rules), None)


def test_a_rollback_by_somebody_whom_the_catalog_names_waits_for_no_vendor() -> None:
    """P9. Incident: PagerDuty was down, and the schedule that may roll back too could not be read.

    Ana is an owner by the catalog itself, and still her rollback waited for it.
    """
    one = replace(promotion(Kind.ROLLBACK), sha=OLDER)
    world = rollback(context(slot=held()))
    assert judged(one, world).fresh
    assert judged(one, world).ready
    assert after(one, world, Woken(P)).phase is Phase.DISPATCHING


def test_a_rollback_by_somebody_who_is_only_in_a_group_is_checked() -> None:
    """P8: Eli's right to roll back rests on the group alone, so the group is read."""
    one = replace(promotion(Kind.ROLLBACK), sha=OLD, requester="eli")
    world = rollback(context(slot=held()))
    assert not judged(one, world).ready
    assert [
        effect for effect in plan(one, world, judged(one, world)).effects if isinstance(effect, LookAtTeam)
    ]
    assert judged(one, guild(world, T0, "eli")).ready


def test_f32_a_rollback_asks_the_deploy_in_its_way_to_stop() -> None:
    """Cancel, wait for the end, then roll back: never two runs."""
    one = replace(promotion(Kind.ROLLBACK), sha=OLD)
    world = replace(
        context(ROLLBACK_RULES, slot=held("P-150")), others=(other(Kind.PROMOTE, Phase.DEPLOYING),)
    )
    asked = [
        effect.key
        for effect in plan(one, world, judged(one, world)).effects
        if isinstance(effect, CancelOther)
    ]
    assert asked == ["cancel:P-150"]
    assert not judged(one, world).ready
    others = (other(Kind.ROLLBACK, Phase.DEPLOYING),)
    stopped = plan(one, replace(world, others=others), judged(one, world)).effects
    assert not [effect for effect in stopped if isinstance(effect, CancelOther)]


def test_f31_nobody_deploys_without_the_slot() -> None:
    """All is met and looked at, but the slot is another's."""
    one = after(approved(), context(slot=held("P-141")), VERSION, HEALTHY, Woken(P))
    assert one.phase is Phase.WAITING
    assert judged(one, context(slot=held("P-141"))).verdict("slot") is Verdict.PENDING
