"""Following the run: only `success` is success, an end is believed from the API alone, and people may stop it."""

from dataclasses import replace

import pytest

from bot.domain.effects import CancelRun, Page, ReadRun, ResolveIncident
from bot.domain.errors import NotAllowed
from bot.domain.messages import Cancel, CancelAccepted, EffectDone, NotSent, Woken
from bot.domain.plan import plan
from bot.domain.promotion import Phase
from bot.domain.run_facts import FORCE_AFTER, FORCE_AGAIN, UNSTOPPED_AFTER
from tests.domain.builders import (
    T0,
    after,
    deploying,
    dispatching,
    ended,
    judged,
    refusal,
    run_seen,
)
from tests.domain.runs import HOUR, NEVER_RAN, RAN, P, effects, heard, world


@pytest.mark.parametrize(
    "conclusion",
    [
        "failure",
        "skipped",
        "neutral",
        "stale",
        "action_required",
        "startup_failure",
        "timed_out",
        "",
        "a word of tomorrow",
    ],
)
def test_f56_only_success_is_success(conclusion: str) -> None:
    """Every other word that a run may end with is a failure, known or not."""
    one = after(deploying(), world(), run_seen("completed", conclusion, steps=()))
    assert one.phase is Phase.FAILED
    assert one.ending is not None
    assert one.ending.cause == "run"


def test_success_is_success() -> None:
    """The conclusion `success` ends it where nothing has to be verified."""
    assert after(deploying(), world(), run_seen("completed", "success")).phase is Phase.SUCCEEDED


def test_the_failed_step_is_named() -> None:
    """People read which step failed, not that something did."""
    one = after(deploying(), world(), run_seen("completed", "failure", steps=RAN))
    assert one.ending is not None
    assert one.ending.said == "smoke"


def test_f53_cancelled_in_github_is_cancelled() -> None:
    """Somebody pressed Cancel over there; the event of the end names them, and nobody is paged."""
    event = replace(heard("completed", "cancelled"), actor="dee-dev")
    one = after(deploying(), world(), event, run_seen("completed", "cancelled", steps=RAN, actor="ana-dev"))
    assert one.phase is Phase.CANCELLED
    assert one.ending is not None
    assert (one.ending.cause, one.ending.by) == ("github", "dee-dev")
    keys = {effect.key for effect in plan(one, world(), judged(one, world())).effects}
    assert "page" not in keys
    assert judged(one, world()).slot_wish == "free"


def test_who_cancelled_is_not_guessed() -> None:
    """P10: the API names whoever started the run, which is not whoever stopped it."""
    one = after(deploying(), world(), run_seen("completed", "cancelled", steps=RAN, actor="ana-dev"))
    assert one.ending is not None
    assert (one.ending.cause, one.ending.by) == ("github", "")


def test_f54_dropped_by_a_concurrency_group_is_superseded() -> None:
    """A pending run that GitHub replaced never ran a step, and did not fail; its event names no person."""
    event = replace(heard("completed", "cancelled"), actor="greenlight[bot]")
    never = replace(run_seen("completed", "cancelled", steps=NEVER_RAN), nothing_ran=True)
    one = after(deploying(), world(), event, never)
    assert one.phase is Phase.SUPERSEDED
    assert one.ending is not None
    assert one.ending.cause == "concurrency"


def test_an_end_from_a_webhook_is_only_an_announcement() -> None:
    """Rule 5: a signed event wakes us, and the API is read at once; until then nothing has ended."""
    one = after(deploying(), world(), heard("completed", "failure"))
    assert one.phase is Phase.DEPLOYING
    assert one.run.end_announced
    assert len(effects(one, world(), ReadRun)) == 1
    assert after(one, world(61), run_seen("completed", "success")).phase is Phase.SUCCEEDED


def test_an_announcement_that_was_not_true_is_forgotten() -> None:
    """The API says that it goes on: then it goes on, and is read at the usual pace."""
    one = after(deploying(), world(), heard("completed", "failure"), run_seen())
    assert one.phase is Phase.DEPLOYING
    assert not one.run.end_announced
    assert effects(one, world(), ReadRun) == []


def test_f49_events_that_come_late_do_not_turn_the_run_back() -> None:
    """`queued` after `in_progress` is old news."""
    one = after(deploying(), world(), heard("in_progress"), heard("queued"))
    assert one.run.status == "in_progress"


def test_f61_another_run_is_not_ours() -> None:
    """Facts about a run with another id change nothing once ours is known."""
    one = deploying()
    assert after(one, world(), run_seen("completed", "success", run_id=1)) == one


def test_f51_a_second_attempt_after_a_failure_is_told_and_not_adopted() -> None:
    """A re-run by a person is shown on the card, and never turns a failure green."""
    failed = ended("failure")
    again = after(failed, world(600), run_seen("completed", "success", attempt=2, actor="dee-dev"))
    assert again.phase is Phase.FAILED
    assert (again.run.extra_attempt, again.run.actor) == (2, "dee-dev")
    assert after(again, world(601), run_seen("completed", "success", attempt=2, actor="eli-dev")) == again
    assert (again.serving, again.serving_seen) == (None, None)


def test_f46_a_silent_run_is_read() -> None:
    """A lost webhook costs ten seconds."""
    one = deploying()
    assert effects(one, world(9), ReadRun) == []
    assert len(effects(one, world(10), ReadRun)) == 1


def test_a_long_run_is_read_less_often() -> None:
    """After ten minutes every half minute is enough."""
    one = after(deploying(), world(700), run_seen())
    assert effects(one, world(729), ReadRun) == []
    assert len(effects(one, world(730), ReadRun)) == 1


def test_f50_github_is_asked_before_a_run_times_out() -> None:
    """The bot was away for two hours; the run succeeded in time, and that is what counts."""
    away = world(2 * HOUR)
    woken = after(deploying(), away, Woken(P))
    assert woken.wish is None
    assert len(effects(woken, away, ReadRun)) == 1
    assert after(woken, away, run_seen("completed", "success")).phase is Phase.SUCCEEDED


def test_an_end_that_was_announced_after_the_deadline_is_read_first() -> None:
    """Incident: the redelivered webhook of a run that had ended well was taken for a sign of life.

    The run had been silent past its deadline, so it was "timed out" and a cancel was asked for.
    """
    one = after(deploying(), world(2 * HOUR), heard("completed", "success"))
    assert one.wish is None
    assert effects(one, world(2 * HOUR), CancelRun) == []


def test_a_run_that_still_runs_at_the_deadline_is_stopped() -> None:
    """It is read, it still runs, it is cancelled, and that is a failure by time-out."""
    late = after(deploying(), world(HOUR), run_seen())
    assert late.wish is not None
    assert late.wish.by == ""
    assert len(effects(late, world(HOUR), CancelRun)) == 1
    stopped = after(late, world(HOUR + 20), run_seen("completed", "cancelled", steps=RAN))
    assert stopped.phase is Phase.FAILED
    assert stopped.ending is not None
    assert stopped.ending.cause == "timeout"


def test_a_run_that_succeeds_although_it_was_late_succeeded() -> None:
    """P10: what GitHub says is the end, whatever was wished."""
    late = after(deploying(), world(HOUR), run_seen())
    assert after(late, world(HOUR + 5), run_seen("completed", "success")).phase is Phase.SUCCEEDED


@pytest.mark.parametrize("by", ["ana", "bo", "dee", "fay"])
def test_a_cancel_while_it_runs_is_a_wish(by: str) -> None:
    """The requester, approvers, owners and admins may; the phase follows what GitHub says."""
    wished = after(deploying(), world(), Cancel(P, by, "wrong version"))
    assert wished.phase is Phase.DEPLOYING
    assert wished.wish is not None
    assert wished.wish.by == by
    asked = effects(wished, world(), CancelRun)
    assert [effect.force for effect in asked if isinstance(effect, CancelRun)] == [False]
    gone = after(wished, world(70), run_seen("completed", "cancelled", steps=RAN))
    assert gone.phase is Phase.CANCELLED
    assert gone.ending is not None
    assert (gone.ending.cause, gone.ending.by, gone.ending.said) == ("person", by, "wrong version")


def test_a_stranger_cannot_cancel() -> None:
    """Eli is in no team that may."""
    assert isinstance(refusal(deploying(), Cancel(P, "eli"), world()), NotAllowed)


def test_the_first_wish_stands() -> None:
    """Two people who cancel wish the same; the card names the first."""
    both = after(deploying(), world(), Cancel(P, "ana"), Cancel(P, "bo"))
    assert both.wish is not None
    assert both.wish.by == "ana"


def test_f66_a_cancel_that_github_took_is_not_asked_for_again_and_is_forced_later() -> None:
    """Five minutes later the run is forced to stop, and every five minutes again; nobody claims that it stopped."""
    asked = after(deploying(), world(), Cancel(P, "ana"), CancelAccepted(P, False))
    assert effects(asked, world(61), CancelRun) == []
    forced = effects(asked, world(60 + FORCE_AFTER), CancelRun)
    assert [effect.force for effect in forced if isinstance(effect, CancelRun)] == [True]
    done = after(asked, world(60 + FORCE_AFTER), CancelAccepted(P, True))
    assert effects(done, world(59 + FORCE_AFTER + FORCE_AGAIN), CancelRun) == []
    assert len(effects(done, world(60 + FORCE_AFTER + FORCE_AGAIN), CancelRun)) == 1
    assert done.phase is Phase.DEPLOYING


def test_f66_a_cancel_that_github_never_takes_is_forced_as_well() -> None:
    """Answered with 500 for five minutes: it is asked by force, as if GitHub had said yes and done nothing."""
    wished = after(deploying(), world(), Cancel(P, "ana"))
    forced = effects(wished, world(60 + FORCE_AFTER), CancelRun)
    assert [effect.force for effect in forced if isinstance(effect, CancelRun)] == [True]


def test_f66_a_run_that_cannot_be_stopped_is_a_persons_matter() -> None:
    """After ten minutes the card says so and on-call is paged once; resolved when the run ends after all."""
    wished = after(deploying(), world(), Cancel(P, "ana"), CancelAccepted(P, False))
    late = world(60 + UNSTOPPED_AFTER)
    assert effects(wished, world(59 + UNSTOPPED_AFTER), Page) == []
    (page,) = effects(wished, late, Page)
    paged = after(wished, late, EffectDone(P, page.key, "k"))
    assert effects(paged, world(61 + UNSTOPPED_AFTER), Page) == []
    stopped = after(paged, late, run_seen("completed", "cancelled"))
    assert stopped.phase is Phase.CANCELLED
    assert len(effects(stopped, late, ResolveIncident)) == 1


def test_f55_the_time_that_github_holds_a_run_back_is_not_the_deploys() -> None:
    """An hour is what the deploy may take; the three days at the reviewers do not count."""
    held = after(deploying(), world(60), run_seen("waiting"))
    assert held.run.waiting_since == T0 + 60
    days = after(held, world(72 * HOUR), run_seen("waiting"))
    assert days.wish is None
    going = after(days, world(72 * HOUR), run_seen("in_progress"))
    assert going.run.waited == 72 * HOUR - 60
    assert after(going, world(72 * HOUR + 1800), run_seen("in_progress")).wish is None
    late = after(going, world(73 * HOUR), run_seen("in_progress"))
    assert late.wish is not None


def test_f30_a_cancel_before_the_run_is_known_stops_the_run_when_it_is() -> None:
    """Cancelled between the intent and GitHub's answer."""
    wished = after(dispatching(), world(1), Cancel(P, "ana"))
    assert wished.phase is Phase.DISPATCHING
    running = after(wished, world(2), run_seen())
    assert len(effects(running, world(2), CancelRun)) == 1


def test_f30_a_cancel_of_what_was_not_sent_ends_it() -> None:
    """Nothing runs, so the wish is granted at once."""
    wished = after(dispatching(), world(1), Cancel(P, "ana", "no"))
    one = after(wished, world(2), NotSent(P, 1, "rate limited", T0 + 60))
    assert one.phase is Phase.CANCELLED
    assert one.ending is not None
    assert (one.ending.cause, one.ending.by) == ("person", "ana")
