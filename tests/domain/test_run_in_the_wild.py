"""What a run may do to us in a real GitHub: be run again, be gone, be rejected, end before anything of it ran."""

from dataclasses import replace

import pytest

from bot.domain.effects import CancelRun, LookAtServing, ReadRun
from bot.domain.live import ran
from bot.domain.messages import (
    AdoptRun,
    Cancel,
    CancelAccepted,
    EffectFailed,
    NeverStarted,
    ServingSeen,
    Woken,
)
from bot.domain.plan import plan
from bot.domain.promotion import Phase, Promotion
from bot.domain.run_facts import GONE_AFTER, LOST_AFTER
from tests.domain.builders import (
    RUN,
    T0,
    VERIFIED_RULES,
    after,
    decision,
    deploying,
    ended,
    judged,
    run_seen,
)
from tests.domain.runs import HOUR, NEVER_RAN, RAN, P, effects, heard, world


def test_what_was_cancelled_by_nobody_known_is_not_put_on_the_group() -> None:
    """P10: without the event a person may have done it as well: cancelled, by whom is not said, nothing changed."""
    never = replace(run_seen("completed", "cancelled", steps=NEVER_RAN), nothing_ran=True)
    made = decision(deploying(), never, world())
    one = made.promotion
    assert one.ending is not None
    assert (one.phase, one.ending.cause, one.ending.by) == (Phase.CANCELLED, "github", "")
    assert made.live is None


def test_f51_a_further_attempt_ends_the_one_before_it_and_decides_nothing() -> None:
    """A re-run begins when the attempt before it has ended: that one's end is read, and it is the promotion's."""
    for source in ("webhook", "api"):
        news = replace(run_seen("in_progress", attempt=2, actor="cy-dev"), source=source)
        second = after(deploying(), world(), news)
        assert (second.run.attempt, second.run.end_announced, second.phase) == (1, True, Phase.DEPLOYING)
        assert len(effects(second, world(), ReadRun)) == 1
        over = after(second, world(61), run_seen("completed", "failure", attempt=1), news)
        assert (over.phase, over.run.attempt, over.run.extra_attempt) == (Phase.FAILED, 1, 2)


def test_f51_an_attempt_that_ends_well_before_the_first_was_read_is_no_success() -> None:
    """Incident: attempt 1 failed while GitHub's API was down, attempt 2 was green: "succeeded, approved by Bo and Cy"."""
    green = run_seen("completed", "success", attempt=2)
    assert after(deploying(), world(), green).phase is Phase.DEPLOYING


def test_whoever_reran_it_has_not_cancelled_what_was_there_before() -> None:
    """P10: Cy pressed Re-run on a run that somebody else had cancelled: nobody is named."""
    again = replace(heard("queued"), attempt=2, actor="cy-dev")
    one = after(deploying(), world(), again, run_seen("completed", "cancelled", steps=RAN))
    assert one.ending is not None
    assert (one.phase, one.ending.by) == (Phase.CANCELLED, "")


def unread(one: Promotion, seconds: float, *, gone: bool = False) -> Promotion:
    """What becomes of a deploy whose run could not be read since then, as looks were made each minute."""
    for minute in range(int(seconds // 60) + 1):
        around = world(60.0 + minute * 60)
        failing = EffectFailed(P, "look:run", "no", around.now + 60, gone=gone)
        one = after(one, around, failing)
    return one


def test_a_run_that_is_gone_is_asked_about_after_ten_minutes() -> None:
    """Its repository moved, or somebody deleted it: an admin is asked; one look that works goes on by itself."""
    assert unread(deploying(), GONE_AFTER - 60, gone=True).phase is Phase.DEPLOYING
    one = unread(deploying(), GONE_AFTER, gone=True)
    assert (one.phase, one.run.lost) == (Phase.UNKNOWN, True)
    assert judged(one, world(900)).slot_wish == "keep"
    (read,) = effects(one, world(900), ReadRun)
    assert isinstance(read, ReadRun)
    assert not read.prove
    back = after(one, world(900), run_seen())
    assert (back.phase, back.run.lost) == (Phase.DEPLOYING, False)


def test_an_outage_of_github_is_no_unknown_outcome_for_an_hour() -> None:
    """Blind is not lost: only after an hour is a person asked."""
    assert unread(deploying(), LOST_AFTER - 60).phase is Phase.DEPLOYING
    assert unread(deploying(), LOST_AFTER).phase is Phase.UNKNOWN


def test_a_bot_that_was_down_has_not_looked() -> None:
    """One look failed, then the bot was away for two hours: it looks before it says that it lost the run."""
    failing = EffectFailed(P, "look:run", "no", T0 + 120)
    one = after(deploying(), world(60), failing)
    assert after(one, world(7200), Woken(P)).phase is Phase.DEPLOYING


def test_a_cancel_of_a_run_that_is_gone_is_asked_for_all_the_same() -> None:
    """It may go on where nobody can look: GitHub is asked to stop it, and what it says is kept."""
    wished = after(deploying(), world(), Cancel(P, "ana"))
    one = unread(wished, GONE_AFTER, gone=True)
    assert len(effects(one, world(900), CancelRun)) == 1
    asked = after(one, world(900), CancelAccepted(P, True))
    assert asked.wish is not None
    assert (asked.phase, asked.wish.forced) == (Phase.UNKNOWN, True)


def test_naming_the_run_that_is_gone_keeps_what_is_known_of_it() -> None:
    """An admin types its own number: it is looked at again, and is not called somebody else's."""
    one = unread(deploying(), GONE_AFTER, gone=True)
    again = after(one, world(900), AdoptRun(P, "fay", RUN))
    assert again.run.lost
    other = after(one, world(900), AdoptRun(P, "fay", RUN + 1))
    assert (other.run.run_id, other.run.lost, other.run.repo) == (RUN + 1, False, "")


def test_an_attempt_that_begins_while_it_is_verified_is_told_after_the_end() -> None:
    """The promotion is verified as ever; when it has ended the further attempt is looked at, and what serves with it."""
    around = world(60, VERIFIED_RULES)
    verifying = after(ended("success", VERIFIED_RULES), around, run_seen(attempt=2, actor="cy-dev"))
    assert (verifying.phase, verifying.run.extra_attempt) == (Phase.VERIFYING, 2)
    assert "extra_attempt:2" not in {
        one.key for one in plan(verifying, around, judged(verifying, around)).effects
    }


def test_it_is_over_ends_what_was_followed_and_starts_nothing() -> None:
    """P1: there was a run, so that "it never started" would start a second one for one promotion."""
    one = after(unread(deploying(), GONE_AFTER, gone=True), world(900), NeverStarted(P, "fay"))
    assert one.ending is not None
    assert (one.phase, one.ending.by) == (Phase.CANCELLED, "fay")
    assert judged(one, world(900)).slot_wish == "free"


@pytest.mark.parametrize("conclusion", ["failure", "startup_failure", "action_required", "timed_out"])
def test_a_run_of_which_nothing_ran_pages_nobody(conclusion: str) -> None:
    """It broke before anything ran: errored, what was live is live, and there is nothing to roll back."""
    never = replace(run_seen("completed", conclusion, steps=()), nothing_ran=True)
    made = decision(deploying(), never, world())
    assert (made.promotion.phase, made.live) == (Phase.ERRORED, None)
    assert not ran(made.promotion)
    keys = {effect.key for effect in plan(made.promotion, world(), made.requirements).effects}
    assert not keys & {"page", "channel", "look:serving"}


def test_what_a_reviewer_rejected_in_github_is_rejected() -> None:
    """They are named, by their login there."""
    no = replace(run_seen("completed", "failure", steps=()), nothing_ran=True, rejected_by="cy-dev")
    one = after(deploying(), world(), no)
    assert one.ending is not None
    assert (one.phase, one.ending.cause, one.ending.by) == (Phase.REJECTED, "github", "cy-dev")


def test_a_deploy_that_found_no_runner_in_time_pages_nobody() -> None:
    """It is cancelled by the time-out, and nothing of it had run."""
    late = after(deploying(), world(HOUR), run_seen())
    never = replace(run_seen("completed", "cancelled", steps=NEVER_RAN), nothing_ran=True)
    one = after(late, world(HOUR + 20), never)
    assert one.ending is not None
    assert (one.phase, one.ending.cause) == (Phase.ERRORED, "timeout")


def test_a_further_attempt_of_a_success_makes_what_serves_unknown() -> None:
    """When it begins nobody knows; while it goes on it is read, and when it has ended the health URL is asked."""
    done = ended("success")
    around = world(600, VERIFIED_RULES)
    begun = decision(done, run_seen(attempt=2, actor="dee-dev"), around)
    assert begun.live is not None
    assert begun.live.serving is None
    assert effects(begun.promotion, around, LookAtServing) == []
    later = world(700, VERIFIED_RULES)
    (read,) = effects(begun.promotion, later, ReadRun)
    assert isinstance(read, ReadRun)
    assert read.after
    going = after(begun.promotion, later, run_seen(attempt=2))
    assert effects(going, later, ReadRun) == []
    over = after(going, later, run_seen("completed", "success", attempt=2))
    assert over.phase is Phase.SUCCEEDED
    assert len(effects(over, later, LookAtServing)) == 1
    seen = decision(over, ServingSeen(P, "v2.14.2"), later)
    assert seen.promotion.serving is not None
    assert seen.promotion.serving.version == "v2.14.2"
