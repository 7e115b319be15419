"""What is live is recorded when it is proved, and honestly unknown when it is not; and where a rollback goes."""

from dataclasses import replace

import pytest

from bot.domain.context import Context
from bot.domain.errors import AlreadyLive, NotAllowed, NothingToRollBack, ReasonNeeded, ServesAnother
from bot.domain.live import KEPT, is_undoable, left_by, rollback_target
from bot.domain.machine import decide
from bot.domain.messages import Cancel, DispatchAccepted, DispatchRefused, NotSent, ServingSeen, Undone, Woken
from bot.domain.plan import plan
from bot.domain.policy import Kind
from bot.domain.promotion import Entry, Live, Phase, Promotion, Release, Slot
from tests.domain.builders import (
    NEW,
    OLD,
    OLD_RELEASE,
    OLDER,
    OLDER_RELEASE,
    PRODUCTION,
    ROLLBACK_RULES,
    RULES,
    RUN,
    T0,
    VERIFIED_RULES,
    after,
    at,
    context,
    decision,
    deploying,
    dispatching,
    ended,
    held,
    judged,
    refusal,
    request,
    reviewed,
    run_seen,
)

P = "P-142"
NEW_RELEASE = Release(NEW, "v2.14.3", T0 - 600, "P-141", "ana")
BAD_NEW = Live("checkout", "production", NEW_RELEASE, (NEW_RELEASE, OLD_RELEASE, OLDER_RELEASE))


def where(live: Live, rollback: bool = False, undoes: Promotion | None = None) -> Context:
    """A world in which this is live in production, and P-142 has the slot."""
    world = at(context(ROLLBACK_RULES if rollback else RULES, slot=held()), 60)
    return replace(world, lives={**world.lives, "production": live}, undoes=undoes)


def live_after_end(conclusion: str, live: Live = PRODUCTION) -> Live | None:
    """The new record after the run ended like this."""
    return decision(deploying(), run_seen("completed", conclusion), where(live)).live


def failed_before(sha: str = NEW) -> Promotion:
    """P-141, which failed."""
    return replace(ended("failure"), id="P-141", sha=sha)


def rolled_back(live: Live, undoes: Promotion | None, version: str = "") -> Promotion:
    """A rollback that was asked for and then succeeded, with its record as `live`."""
    ask = replace(request(Kind.ROLLBACK, version), undoes=undoes.id if undoes else "")
    around = replace(where(live, rollback=True, undoes=undoes), slot=Slot("checkout", "production"))
    opened = after(None, around, ask)
    held_now = replace(around, slot=held(since=T0 + 60))
    return after(opened, held_now, Woken(P), DispatchAccepted(P, 1, RUN, "u"))


def test_success_is_recorded_as_serving_and_good() -> None:
    """The newest good release comes first, and it says which promotion brought it."""
    live = live_after_end("success")
    assert live is not None
    assert live.serving == Release(NEW, "v2.14.3", T0 + 60, P, "ana")
    assert [release.sha for release in live.good] == [NEW, OLD, OLDER]
    assert live.undone == ()


def test_a_later_success_clears_an_undone_sha() -> None:
    """A SHA that was rolled back and then succeeded here again may go further."""
    live = live_after_end("success", replace(PRODUCTION, undone=(NEW, OLDER)))
    assert live is not None
    assert live.undone == (OLDER,)


def test_good_releases_are_kept_to_ten() -> None:
    """The record stays small however long the service lives."""
    many = tuple(Release(f"{n:040x}", f"v{n}", T0) for n in range(30))
    live = live_after_end("success", replace(PRODUCTION, good=many))
    assert live is not None
    assert len(live.good) == KEPT


@pytest.mark.parametrize("conclusion", ["failure", "cancelled"])
def test_a_run_that_broke_off_leaves_it_unknown(conclusion: str) -> None:
    """P10: nobody knows what a run that failed or was stopped half-way left behind."""
    live = live_after_end(conclusion)
    assert live is not None
    assert live.serving is None
    assert live.good == PRODUCTION.good


def test_what_never_ran_changes_nothing() -> None:
    """Rejected, refused or cancelled before GitHub started anything: what was live is live."""
    assert decision(dispatching(), DispatchRefused(P, 1, "422", "no"), where(PRODUCTION)).live is None
    assert decision(reviewed(), Cancel(P, "ana"), where(PRODUCTION)).live is None
    wished = after(dispatching(), where(PRODUCTION), Cancel(P, "ana"))
    assert decision(wished, NotSent(P, 1, "no", T0), where(PRODUCTION)).live is None


@pytest.mark.parametrize(
    ("named", "sha"),
    [
        ("v2.14.3", NEW),
        ("v2.14.2", OLD),
        (NEW[:7], NEW),
        (OLD, OLD),
        ("v9", None),
        (NEW[:6], None),
        (None, None),
    ],
)
def test_the_health_body_names_what_serves_after_a_failure(named: str | None, sha: str | None) -> None:
    """Only one of the two that it can be, by version or by seven characters of the SHA; else it stays unknown."""
    failed = ended("failure", VERIFIED_RULES)
    around = where(replace(PRODUCTION, serving=None))
    seen = decision(failed, ServingSeen(P, named), around)
    serving = seen.promotion.serving
    assert (serving.sha if serving else None) == sha
    assert (seen.live.serving if seen.live else None) == serving


def test_what_serves_is_asked_once() -> None:
    """An answer that names nothing is an answer; the URL is not asked for ever."""
    failed = ended("failure", VERIFIED_RULES)
    around = at(context(VERIFIED_RULES, slot=held()), 61)
    assert "look:serving" in {effect.key for effect in plan(failed, around, judged(failed, around)).effects}
    seen = after(failed, around, ServingSeen(P, None))
    assert "look:serving" not in {effect.key for effect in plan(seen, around, judged(seen, around)).effects}


@pytest.mark.parametrize("named", [None, "v2.14.2", "v2.14.3"])
def test_a_late_look_does_not_overwrite_a_newer_record(named: str | None) -> None:
    """Incident: the health URL answered ten minutes after a failure, when the next promotion had succeeded.

    What had just been proved was replaced by what the old promotion's look made of it.
    """
    newer = Release("d" * 40, "v2.14.4", T0 + 500, "P-143")
    around = where(replace(PRODUCTION, serving=newer))
    assert decision(ended("failure", VERIFIED_RULES), ServingSeen(P, named), around).live is None


def test_f94_a_rollback_goes_to_the_last_release_that_was_good() -> None:
    """Not to the last one attempted."""
    opened = rolled_back(replace(PRODUCTION, serving=None), failed_before())
    assert (opened.version, opened.sha, opened.undoes) == ("v2.14.2", OLD, "P-141")


def test_a_rollback_leaves_what_serves() -> None:
    """Without a promotion to undo, the newest good release other than the one that serves."""
    assert rolled_back(BAD_NEW, None).sha == OLD


def test_a_rollback_does_not_go_to_what_was_undone() -> None:
    """What was rolled back once is not where the next rollback goes by itself."""
    target = rollback_target(replace(BAD_NEW, undone=(OLD,)), frozenset({NEW}))
    assert target == OLDER_RELEASE
    assert rollback_target(replace(BAD_NEW, undone=(OLD,)), frozenset({NEW}), "v2.14.2") == OLD_RELEASE


@pytest.mark.parametrize("word", ["v2.14.1", OLDER])
def test_a_rollback_may_name_its_target(word: str) -> None:
    """Any good release, by its version or its SHA."""
    assert rolled_back(BAD_NEW, None, word).sha == OLDER


def test_f94_a_rollback_to_something_that_never_was_good_is_refused_with_a_list() -> None:
    """E23: the refusal names what it could be."""
    told = refusal(None, request(Kind.ROLLBACK, "v1.0.0"), where(BAD_NEW, rollback=True))
    assert told == NothingToRollBack("checkout", "production", ("v2.14.2", "v2.14.1"), "v1.0.0")


def test_a_rollback_without_a_before_is_refused() -> None:
    """The first release ever has nothing to go back to."""
    first = replace(BAD_NEW, good=(NEW_RELEASE,))
    told = refusal(None, request(Kind.ROLLBACK, ""), where(first, rollback=True))
    assert told == NothingToRollBack("checkout", "production", (), "")


def test_a_rollback_marks_what_it_left_as_undone() -> None:
    """The SHA needs a new success before it goes further, and is no target any more."""
    undoes = replace(ended(), id="P-141")
    done = decision(
        rolled_back(BAD_NEW, undoes), run_seen("completed", "success"), where(BAD_NEW, True, undoes)
    )
    assert done.live is not None
    assert done.live.undone == (NEW,)
    assert [release.sha for release in done.live.good] == [OLD, OLDER]
    assert done.live.serving is not None
    assert (done.live.serving.sha, done.live.serving.promotion) == (OLD, P)


def test_a_rollback_needs_a_role_and_a_reason() -> None:
    """Owners and approvers may; a reason is for whoever reads the audit log."""
    around = where(BAD_NEW, rollback=True)
    assert isinstance(refusal(None, request(Kind.ROLLBACK, "", by="eli"), around), NotAllowed)
    unsaid = replace(request(Kind.ROLLBACK, ""), reason="bad")
    assert isinstance(refusal(None, unsaid, around), ReasonNeeded)


@pytest.mark.parametrize("conclusion", ["failure", "cancelled"])
def test_a_rollback_of_a_broken_deploy_runs_although_the_old_version_answers(conclusion: str) -> None:
    """Incident: a deploy failed half-way, one old replica answered the health URL with the old version.

    That was recorded as serving, and the rollback to it was turned away as "live already".
    """
    undoes = replace(ended(conclusion), id="P-141")
    assert rolled_back(PRODUCTION, undoes).phase is Phase.DEPLOYING


def test_a_rollback_that_somebody_else_made_meanwhile_is_superseded() -> None:
    """Once the failure is undone and the target serves, a second rollback has nothing to do."""
    failed, ask = failed_before(), replace(request(Kind.ROLLBACK, "v2.14.2"), undoes="P-141")
    undone = after(failed, where(PRODUCTION), Undone("P-141", "P-150", "v2.14.2"))
    busy = replace(where(PRODUCTION, True, failed), slot=Slot("checkout", "production", holder="P-150"))
    opened = after(None, busy, ask)
    assert opened.phase is Phase.WAITING
    assert after(opened, where(PRODUCTION, True, undone), Woken(P)).phase is Phase.REJECTED


def test_what_does_not_serve_any_more_is_not_rolled_back() -> None:
    """E51: P-141 is on an old card; P-144 serves, and the refusal names it."""
    newer = Release("d" * 40, "v2.14.4", T0 - 60, "P-144", "ana")
    live = replace(BAD_NEW, serving=newer, good=(newer, *BAD_NEW.good))
    for undoes in (replace(ended(), id="P-141"), failed_before()):
        ask = replace(request(Kind.ROLLBACK, ""), undoes="P-141")
        told = refusal(None, ask, where(live, True, undoes))
        assert told == ServesAnother("checkout", "production", "v2.14.4", "P-144", "P-141")


def test_what_was_recorded_by_hand_since_a_failure_is_left() -> None:
    """Incident: an admin recorded v2.15.0 after P-141 had failed; the rollback went "back" to v2.15.0 itself."""
    adopted = Release("d" * 40, "v2.15.0", T0 + 600, "", "dee")
    live = replace(PRODUCTION, serving=adopted, good=(adopted, *PRODUCTION.good))
    assert not is_undoable(failed_before(), live)
    assert left_by(None, live) == {adopted.sha}
    assert rolled_back(live, None).sha == OLD


def test_what_serves_is_no_way_back() -> None:
    """E04: whoever names it is told that it serves; after a deploy that broke off it is the way back."""
    told = refusal(None, request(Kind.ROLLBACK, "v2.14.3"), where(BAD_NEW, rollback=True))
    assert told == AlreadyLive("checkout", "production", "v2.14.3", NEW_RELEASE.since, "P-141")
    assert rolled_back(PRODUCTION, failed_before(), "v2.14.2").sha == OLD


@pytest.mark.parametrize(("seen", "is_refused"), [(NEW, False), (None, False), (OLD, True), ("", True)])
def test_a_form_that_showed_something_else_as_serving_is_refused(seen: str | None, is_refused: bool) -> None:
    """Nobody agreed to roll back what went live while their form was open."""
    ask = replace(request(Kind.ROLLBACK, "v2.14.1"), seen=seen)
    decided = decide(None, ask, where(BAD_NEW, rollback=True))
    assert isinstance(decided, ServesAnother) is is_refused


def test_releases_of_one_name_are_told_apart_by_their_commits() -> None:
    """A branch was live three times: each is found by its SHA or the beginning of it, and the name means the newest."""
    mains = tuple(Release(letter * 40, "main", T0 - n, f"P-{n}") for n, letter in enumerate("abc"))
    live = replace(PRODUCTION, serving=mains[0], good=mains)
    left = left_by(None, live)
    found = [rollback_target(live, left, word) for word in ("main", "c" * 40, "ccccccc", "cccccc", "a" * 40)]
    assert found == [mains[1], mains[2], mains[2], None, None]
    told = refusal(None, request(Kind.ROLLBACK, "v9"), where(live, rollback=True))
    assert isinstance(told, NothingToRollBack)
    assert told.known == ("bbbbbbb", "ccccccc")


def test_what_was_undone_says_so() -> None:
    """The promotion that was rolled back knows by whom and to what; its phase stays what it was."""
    one = after(ended(), where(PRODUCTION), Undone(P, "P-143", "v2.14.2"))
    assert (one.phase, one.undone_by, one.undone_to) == (Phase.SUCCEEDED, "P-143", "v2.14.2")


def test_what_went_live_meanwhile_is_not_deployed_again() -> None:
    """E04: while this one waited, another promotion brought the same SHA."""
    assert after(reviewed(), where(BAD_NEW), Woken(P)).phase is Phase.REJECTED
    carded = replace(reviewed(), ledger={"card": Entry(ref="1.1")})
    assert after(carded, where(BAD_NEW), Woken(P)).phase is Phase.SUPERSEDED
