"""Never twice, never a guess: who may send, who looks first, and what an answer of an older try is worth."""

from dataclasses import replace

import pytest

from bot.domain.context import Context
from bot.domain.effects import Dispatch, Effect, LookForRun, ReadRun
from bot.domain.errors import NotAllowed
from bot.domain.intent import SETTLE
from bot.domain.messages import (
    AdoptRun,
    Cancel,
    DispatchAccepted,
    DispatchRefused,
    DispatchUnclear,
    EffectFailed,
    IsLive,
    Message,
    NeverStarted,
    NotSent,
    RunNotFound,
    RunNotOurs,
    Woken,
)
from bot.domain.plan import plan
from bot.domain.plan_looks import SEND_WITHIN
from bot.domain.policy import Rules
from bot.domain.promotion import Phase, Promotion, Run
from bot.domain.run_facts import LOST_AFTER
from tests.domain.builders import (
    HEALTHY,
    RULES,
    RUN,
    T0,
    VERIFIED_RULES,
    VERSION,
    after,
    approved,
    at,
    context,
    decision,
    dispatching,
    held,
    judged,
    refusal,
    run_seen,
    unknown,
)

P = "P-142"


def world(seconds: float = 0.0, rules: Rules = RULES) -> Context:
    """The world while P-142 holds the slot."""
    return at(context(rules, slot=held()), seconds)


def github(one: Promotion, around: Context) -> list[Effect]:
    """What is asked of GitHub now."""
    return [effect for effect in plan(one, around, judged(one, around)).effects if effect.lane == "github"]


def second_try() -> Promotion:
    """The first dispatch did not leave; everything was looked at again and the second intent is there."""
    back = after(dispatching(), world(), NotSent(P, 1, "rate limited", T0 + 60))
    one = after(back, world(61), VERSION, HEALTHY)
    assert one.phase is Phase.DISPATCHING
    return one


def test_the_process_that_intends_sends_without_looking() -> None:
    """The first try of an unbroken process is the only one that need not look first."""
    assert github(dispatching(), world()) == [Dispatch("dispatch:1", 1, 1000.0, look_first=False)]


def test_the_intent_is_a_decision_of_its_own() -> None:
    """It freezes the try's number, the process and its boot time, and keeps what served before."""
    one = dispatching()
    assert one.intent is not None
    assert (one.intent.number, one.intent.process, one.intent.boottime) == (1, "this", 1000.0)
    assert one.previous is not None
    assert one.previous.version == "v2.14.2"


@pytest.mark.parametrize(
    "around",
    [
        replace(world(), process="another"),
        replace(world(), boottime=1000.0 + SEND_WITHIN + 0.1),
        replace(world(), boottime=3.0),
    ],
    ids=["another process", "too late", "rebooted"],
)
def test_f05_f06_anybody_else_looks_and_does_not_send(around: Context) -> None:
    """Another process, five seconds later or after a reboot, only a look can tell."""
    effects = github(dispatching(), around)
    assert [type(effect) for effect in effects] == [LookForRun]


def test_f97_the_wall_clock_does_not_decide_who_may_send() -> None:
    """A clock that jumps an hour forward neither stops a dispatch nor lets an old one out."""
    jumped = replace(world(), now=T0 + 3600.0)
    assert [type(effect) for effect in github(dispatching(), jumped)] == [Dispatch]


def test_f38_after_an_unclear_answer_only_looks_are_planned() -> None:
    """502 after sending. No second POST, not even by the same process in the same second."""
    one = after(dispatching(), world(), DispatchUnclear(P, 1, "502 Bad Gateway"))
    assert [type(effect) for effect in github(one, world())] == [LookForRun]
    assert one.phase is Phase.DISPATCHING


def test_f43_accepted_without_a_run_id_is_looked_for() -> None:
    """Older servers answer 204; the run is found by its correlation id, never guessed."""
    one = after(dispatching(), world(), DispatchAccepted(P, 1, None, ""))
    assert one.phase is Phase.DISPATCHING
    assert [type(effect) for effect in github(one, world())] == [LookForRun]


def test_accepted_with_a_run_id_deploys() -> None:
    """The answer names the run, and from here on it is read."""
    one = after(dispatching(), world(), DispatchAccepted(P, 1, RUN, "u"))
    assert (one.phase, one.run.run_id, one.run.status) == (Phase.DEPLOYING, RUN, "queued")


def test_f41_refused_is_an_end_with_githubs_sentence() -> None:
    """Nothing runs, nobody is paged, and nobody tries again by themselves."""
    one = after(dispatching(), world(), DispatchRefused(P, 1, "422", "Unexpected inputs provided"))
    assert one.phase is Phase.ERRORED
    assert one.ending is not None
    assert one.ending.said == "422 Unexpected inputs provided"
    keys = {effect.key for effect in plan(one, world(), judged(one, world())).effects}
    assert not keys & {"page", "channel", "dispatch:1"}


@pytest.mark.parametrize("seconds", [0.0, SETTLE - 1])
def test_an_empty_list_before_the_settle_time_says_nothing(seconds: float) -> None:
    """GitHub's list lags: no run there yet does not mean that none was started."""
    one = after(dispatching(), world(), DispatchUnclear(P, 1, "502"))
    assert after(one, world(seconds), RunNotFound(P, 1)).phase is Phase.DISPATCHING


def test_unclear_and_no_run_after_the_settle_time_is_unknown() -> None:
    """The one honest answer; the slot stays held, and looking goes on."""
    one = unknown()
    assert one.phase is Phase.UNKNOWN
    assert judged(one, world(200)).slot_wish == "keep"
    planned = plan(one, world(200), judged(one, world(200)))
    assert planned.wake is not None


def test_a_dispatch_that_nobody_can_look_up_becomes_a_persons_matter() -> None:
    """Incident: GitHub answered every look with 404, and the promotion held its slot in dispatching for ever."""

    def failed(seconds: float) -> EffectFailed:
        return EffectFailed(P, "look:run", "404 Not Found", T0 + seconds + 60.0)

    one = after(dispatching(), world(10.0), failed(10.0))
    assert after(one, world(LOST_AFTER), failed(LOST_AFTER)).phase is Phase.DISPATCHING
    lost = after(one, world(LOST_AFTER + 10.0), failed(LOST_AFTER + 10.0))
    assert lost.phase is Phase.UNKNOWN
    assert not any(isinstance(effect, Dispatch) for effect in github(lost, world(LOST_AFTER + 90.0)))


def test_a_sender_that_died_goes_back_to_waiting_once() -> None:
    """No report and no run after the settle time: checked again from the start, the next time it is unknown."""
    restarted = replace(world(10), process="another")
    died = at(restarted, SETTLE + 11)
    looked = after(dispatching(), restarted, RunNotFound(P, 1))
    once = after(looked, died, RunNotFound(P, 1))
    assert (once.phase, once.returned, once.run) == (Phase.WAITING, True, Run())
    again = after(once, died, VERSION, HEALTHY)
    assert again.phase is Phase.DISPATCHING
    assert [effect.look_first for effect in github(again, died) if isinstance(effect, Dispatch)] == [True]
    assert after(again, at(died, 2 * SETTLE + 12), RunNotFound(P, 2)).phase is Phase.UNKNOWN


@pytest.mark.parametrize("seconds", [SETTLE + 1, 3600.0])
def test_a_process_that_was_down_has_not_watched(seconds: float) -> None:
    """Its first look comes after the settle time by every clock, and still begins to count at nothing."""
    restarted = replace(world(seconds), process="another")
    once = after(dispatching(), restarted, RunNotFound(P, 1))
    assert once.phase is Phase.DISPATCHING
    assert after(once, at(restarted, seconds + SETTLE - 1), RunNotFound(P, 1)).phase is Phase.DISPATCHING
    assert after(once, at(restarted, seconds + SETTLE), RunNotFound(P, 1)).phase is Phase.WAITING


def test_f97_a_wall_clock_that_jumps_has_not_watched() -> None:
    """Ten minutes ahead by the wall clock alone, and no second on the one that nobody can set."""
    one = after(dispatching(), world(), DispatchUnclear(P, 1, "502"), RunNotFound(P, 1))
    jumped = replace(world(), now=T0 + 600.0)
    assert after(one, jumped, RunNotFound(P, 1)).phase is Phase.DISPATCHING


def test_two_processes_that_look_in_turn_watch_together() -> None:
    """What passed between two looks of one process counts, whoever looked before and after."""
    one, seconds = dispatching(), 0.0
    while one.phase is Phase.DISPATCHING and seconds < 10 * SETTLE:
        seconds += 10.0
        one = after(one, replace(world(seconds), process=f"process {seconds // 20}"), RunNotFound(P, 1))
    assert (one.phase, seconds) == (Phase.WAITING, 2 * SETTLE + 10)


def test_what_was_not_sent_is_checked_again_from_the_start() -> None:
    """Version, gates and teams are looked at again before the second intent; the first looks are too old."""
    back = after(dispatching(), world(1), NotSent(P, 1, "too late after the intent", T0 + 6))
    assert back.phase is Phase.WAITING
    assert not judged(back, world(1)).fresh
    assert [effect.key for effect in github(back, world(6))] == ["look:version"]
    one = second_try()
    assert one.intent is not None
    assert one.intent.number == 2


def test_f63_the_version_is_not_looked_at_before_github_may_be_asked_again() -> None:
    """GitHub asked for a pause, and gets it."""
    back = after(dispatching(), world(1), NotSent(P, 1, "rate limited", T0 + 60))
    assert github(back, world(59)) == []
    assert [effect.key for effect in github(back, world(60))] == ["look:version"]


@pytest.mark.parametrize(
    "late",
    [
        DispatchAccepted(P, 1, 1, "u"),
        DispatchRefused(P, 1, "422", "no"),
        DispatchUnclear(P, 1, "502"),
        NotSent(P, 1, "late", T0 + 600),
    ],
    ids=lambda message: type(message).__name__,
)
def test_a_late_answer_cannot_speak_for_a_newer_try(late: Message) -> None:
    """An answer of try 1 that arrives while try 2 is under way changes nothing."""
    one = second_try()
    assert after(one, world(62), late) == one


def test_a_look_of_an_older_try_does_not_end_a_newer_one() -> None:
    """RunNotFound of try 1 says nothing of the run of try 2, however late it is."""
    one = second_try()
    looked = after(one, world(61 + SETTLE), RunNotFound(P, 1))
    assert (looked.phase, looked.intent) == (Phase.DISPATCHING, one.intent)


def test_f06_a_run_that_is_found_is_adopted() -> None:
    """Accepted before the kill, adopted after it: one run."""
    one = after(dispatching(), replace(world(30), process="another"), run_seen())
    assert (one.phase, one.run.run_id) == (Phase.DEPLOYING, RUN)


def test_f44_a_run_that_is_found_late_is_adopted_out_of_unknown() -> None:
    """The list caught up; nobody has to press anything."""
    one = after(unknown(), world(400), run_seen())
    assert (one.phase, one.run.run_id, one.since) == (Phase.DEPLOYING, RUN, T0 + 400)


def test_f50_a_run_that_ended_meanwhile_is_an_end() -> None:
    """The first look after a long absence finds the run over, and that is the end of it."""
    assert after(unknown(), world(7200), run_seen("completed", "success")).phase is Phase.SUCCEEDED


def returned() -> Promotion:
    """The sender died, nothing was listed in time, and everything is being checked again."""
    restarted = replace(world(), process="another")
    late = at(restarted, SETTLE)
    one = after(after(dispatching(), restarted, RunNotFound(P, 1)), late, RunNotFound(P, 1))
    assert (one.phase, one.returned) == (Phase.WAITING, True)
    return one


def test_a_run_that_turns_up_while_everything_is_checked_again_is_followed() -> None:
    """Incident: a signed event named the run of the first try, was ignored in `waiting`, and a second run began."""
    one = after(returned(), world(SETTLE + 1), run_seen())
    assert (one.phase, one.run.run_id) == (Phase.DEPLOYING, RUN)


def test_a_run_that_turns_up_while_another_holds_the_slot_is_followed_when_the_slot_is_back() -> None:
    """It is remembered, and never started again; a run needs the slot to be followed."""
    elsewhere = at(context(slot=held("P-143")), SETTLE + 1)
    one = after(returned(), elsewhere, run_seen())
    assert (one.phase, one.run.run_id) == (Phase.WAITING, RUN)
    back = at(context(slot=held(since=T0 + SETTLE + 2)), SETTLE + 3)
    followed = after(one, back, VERSION, HEALTHY)
    assert (followed.phase, followed.intent) == (Phase.DEPLOYING, one.intent)
    assert [type(effect) for effect in github(followed, at(back, SETTLE + 20))] == [ReadRun]


def test_without_an_intent_no_run_is_ours() -> None:
    """Nothing was ever asked of GitHub: whatever an event says, it is not about this promotion."""
    assert after(approved(), at(context(), 1), run_seen()).run == Run()


@pytest.mark.parametrize("status", ["in_progress", "completed"])
def test_a_run_that_turns_up_after_the_end_is_told_and_opens_what_serves(status: str) -> None:
    """P10: cancelled because no run was found, and then there is one: what serves is not what it was."""
    gone = after(returned(), world(SETTLE + 1), Cancel(P, "ana", "never mind"))
    assert gone.phase is Phase.CANCELLED
    made = decision(gone, run_seen(status, "success" if status == "completed" else ""), world(SETTLE + 60))
    late = made.promotion
    assert (late.phase, late.run.run_id, late.serving_seen) == (Phase.CANCELLED, RUN, None)
    assert made.live is not None
    assert made.live.serving is None
    keys = {effect.key for effect in plan(late, world(SETTLE + 60), made.requirements).effects}
    assert not keys & {"dispatch:2", "page"}


def test_f61_an_admin_names_the_run_and_it_is_proved_first() -> None:
    """Until it was read, a run that a person named counts for nothing."""
    named = after(unknown(), world(200), AdoptRun(P, "fay", RUN))
    assert named.phase is Phase.UNKNOWN
    assert [effect.key for effect in github(named, world(200))] == ["look:run"]
    assert after(named, world(201), run_seen()).phase is Phase.DEPLOYING
    wrong = after(named, world(201), RunNotOurs(P, RUN))
    assert (wrong.phase, wrong.run.run_id) == (Phase.UNKNOWN, None)


def test_an_admin_says_that_it_never_started() -> None:
    """Back to waiting, where everything is looked at again."""
    back = after(unknown(), world(200), NeverStarted(P, "fay"))
    assert back.phase is Phase.WAITING
    assert not judged(back, world(200)).fresh


def test_an_admin_says_that_it_is_live() -> None:
    """It is verified where the rules say how, and believed where they do not."""
    assert after(unknown(), world(200), IsLive(P, "fay")).phase is Phase.SUCCEEDED
    verified = after(unknown(VERIFIED_RULES), world(200, VERIFIED_RULES), IsLive(P, "fay"))
    assert verified.phase is Phase.VERIFYING


@pytest.mark.parametrize("by", ["ana", "bo", "mallory"])
def test_only_admins_settle_the_unknown(by: str) -> None:
    """Neither the requester nor an approver may say what became of a run."""
    for message in (AdoptRun(P, by, RUN), NeverStarted(P, by), IsLive(P, by)):
        assert isinstance(refusal(unknown(), message, world(200)), NotAllowed)


def test_nothing_is_sent_before_everything_was_looked_at_after_the_slot() -> None:
    """A freeze, a lost member or a moved tag between the last look and the slot is seen before the intent."""
    taken = after(approved(), at(context(slot=held(since=T0 + 30)), 30), Woken(P))
    assert taken.phase is Phase.WAITING
    around = at(context(slot=held(since=T0 + 30)), 31)
    only_version = after(taken, around, VERSION)
    assert only_version.phase is Phase.WAITING
    assert after(only_version, around, HEALTHY).phase is Phase.DISPATCHING
