"""What a card shows: every state can be reached, each has its buttons, and a face has no clock."""

from dataclasses import replace

import pytest

from bot.domain.context import Context
from bot.domain.face import Button, Face, State
from bot.domain.incident_messages import IncidentSeen
from bot.domain.messages import (
    AdoptRun,
    Approve,
    Cancel,
    DispatchAccepted,
    EffectFailed,
    RunNotOurs,
    Undone,
    Woken,
)
from bot.domain.policy import Kind, Rules, digest_of
from bot.domain.portrait import BUTTONS, face_of
from bot.domain.promotion import Live, Phase, Promotion, Release
from tests.domain.builders import (
    BAD,
    GOOD,
    NEW,
    OLD_RELEASE,
    PRODUCTION,
    RULES,
    RUN,
    T0,
    VERSION,
    after,
    approved,
    at,
    context,
    deploying,
    ended,
    health,
    held,
    judged,
    promotion,
    reviewed,
    run_seen,
    unknown,
)
from tests.domain.stages import in_every_phase

P = "P-142"
WAIT = replace(RULES, wait=600.0, skip_wait=("sre",))
NEW_RELEASE = Release(NEW, "v2.14.3", T0 + 60, P, "ana")
NEWER_LIVE = Live("checkout", "production", Release("d" * 40, "v2.15.0", T0 + 80, "P-150"))
NOW_LIVE = Live("checkout", "production", NEW_RELEASE, (NEW_RELEASE, OLD_RELEASE))


def shown(one: Promotion, world: Context) -> Face:
    """The face of this moment."""
    return face_of(one, world, judged(one, world))


def with_live(live: Live, rules: Rules = RULES) -> Context:
    """The world with this in production."""
    world = at(context(rules), 90)
    return replace(world, lives={**world.lives, "production": live})


def faces() -> dict[State, Face]:
    """A face in every state, each reached through messages."""
    waiting = {
        State.CHECKING: shown(after(promotion(), context(), VERSION), context()),
        State.AWAITING_APPROVAL: shown(reviewed(), context()),
        State.TIMER: shown(approved(WAIT), context(WAIT)),
        State.QUEUED: shown(approved(), context(slot=held("P-141", T0, P))),
        State.BLOCKED: shown(after(reviewed(), context(), health(BAD)), context()),
    }
    cancelling = after(deploying(), context(slot=held()), Cancel(P, "ana"))
    rolled_back = after(ended(), context(), Undone(P, "P-143", "v2.14.2"))
    ends = {shown(one, with_live(NOW_LIVE)).state: shown(one, with_live(NOW_LIVE)) for one in _staged()}
    return {
        **ends,
        **waiting,
        State.CANCELLING: shown(cancelling, context()),
        State.REPLACED: shown(after(ended(), with_live(NEWER_LIVE), Woken(P)), with_live(NEWER_LIVE)),
        State.ROLLED_BACK: shown(rolled_back, with_live(NOW_LIVE)),
    }


def _staged() -> list[Promotion]:
    return [stage for phase, stage in in_every_phase().items() if phase is not Phase.WAITING]


FACES = faces()


def test_every_state_can_be_reached() -> None:
    """No word of the table is without a promotion that stands there."""
    assert set(FACES) == set(State) == set(BUTTONS)
    assert all(face.state is state for state, face in FACES.items())


@pytest.mark.parametrize(
    ("state", "buttons"),
    [
        (State.CHECKING, "details cancel"),
        (State.AWAITING_APPROVAL, "approve reject cancel details"),
        (State.TIMER, "details skip_wait cancel"),
        (State.QUEUED, "details cancel"),
        (State.BLOCKED, "retry cancel details"),
        (State.STARTING, "details"),
        (State.DEPLOYING, "cancel_run view_run details"),
        (State.CANCELLING, "view_run details"),
        (State.VERIFYING, "view_run details"),
        (State.SUCCEEDED, "roll_back view_run details"),
        (State.REPLACED, "view_run details"),
        (State.ROLLED_BACK, "view_run details"),
        (State.FAILED, "roll_back retry view_run details"),
        (State.UNKNOWN, "adopt_run never_started is_live details"),
        (State.ERRORED, "retry details"),
        (State.REJECTED, "request_again details"),
        (State.CANCELLED, "request_again details"),
        (State.EXPIRED, "request_again details"),
        (State.SUPERSEDED, "request_again details"),
    ],
)
def test_each_state_has_its_buttons(state: State, buttons: str) -> None:
    """experience.md, section 2: what may be pressed, and nothing that would be refused for certain."""
    assert [button.value for button in FACES[state].buttons] == buttons.split()


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("seconds", [61.0, 100.0, 3000.0])
def test_a_face_has_no_clock(phase: Phase, seconds: float) -> None:
    """The same promotion a while later, with nothing new, is the same face: no edit, no notification."""
    one = in_every_phase()[phase]
    slot = held() if phase.holds_slot else context().slot
    faces = [shown(one, at(context(slot=slot), when)) for when in (60.0, seconds)]
    assert digest_of(faces[0]) == digest_of(faces[1])


def test_a_face_has_no_revision() -> None:
    """What the store counts is no news for people."""
    assert shown(replace(reviewed(), revision=7), context()) == shown(reviewed(), context())


def test_a_vote_changes_the_face() -> None:
    """One of two is news."""
    one, world = reviewed(), context()
    voted = shown(after(one, world, Approve(P, "bo")), world)
    assert digest_of(voted) != digest_of(shown(one, world))
    assert [(need.have, need.count) for need in voted.needs] == [(1, 2)]
    assert [person.name for person in voted.needs[0].possible] == ["cy"]


def test_a_button_carries_the_evidence_that_is_shown() -> None:
    """R4: the digest on the card is the digest that is signed."""
    assert shown(reviewed(), context()).digest == judged(reviewed(), context()).digest


def test_the_queue_names_who_is_in_front_and_the_place() -> None:
    """Queued behind P-141, second in line."""
    face = shown(approved(), context(slot=held("P-141", T0, "P-140", P)))
    assert (face.behind, face.position) == ("P-141", 2)


def test_the_timer_names_when_it_starts() -> None:
    """A moment, never a countdown."""
    assert FACES[State.TIMER].starts == T0 + 600
    assert FACES[State.AWAITING_APPROVAL].starts is None


def test_the_question_names_when_it_expires() -> None:
    """Only while it is asked."""
    assert FACES[State.AWAITING_APPROVAL].expires == T0 + 4 * 3600
    assert FACES[State.QUEUED].expires is None


def test_what_counted_at_the_dispatch_is_what_is_shown_afterwards() -> None:
    """A team that changes later does not rewrite who let it through."""
    world = replace(context(slot=held()), teams={})
    assert [(one.by.name, one.counts) for one in shown(deploying(), world).approvals] == [
        ("bo", True),
        ("cy", True),
    ]


def test_deploy_now_is_offered_only_where_somebody_may() -> None:
    """No button that the rules refuse to everybody."""
    rules = replace(RULES, wait=600.0)
    assert Button.SKIP_WAIT not in shown(approved(rules), context(rules)).buttons


def test_roll_back_is_offered_while_this_one_serves() -> None:
    """A newer release hides the button of the older card, and nowhere to go hides it too."""
    newer = replace(NEW_RELEASE, sha="d" * 40, promotion="P-150")
    assert Button.ROLL_BACK in shown(ended(), with_live(NOW_LIVE)).buttons
    assert Button.ROLL_BACK not in shown(ended(), with_live(replace(NOW_LIVE, serving=newer))).buttons
    assert Button.ROLL_BACK not in shown(ended(), with_live(replace(NOW_LIVE, good=(NEW_RELEASE,)))).buttons


def test_an_older_waiting_promotion_may_be_replaced() -> None:
    """Only by a newer one, and only while both wait."""
    older = replace(promotion(), id="P-141", version="v2.14.1", created=T0 - 60)
    world = replace(context(), others=(older,))
    face = shown(reviewed(), world)
    assert face.replaces == "P-141"
    assert Button.REPLACE in face.buttons
    assert shown(reviewed(), replace(world, others=(replace(older, created=T0 + 60),))).replaces == ""
    rollback = replace(older, kind=Kind.ROLLBACK)
    assert shown(reviewed(), replace(world, others=(rollback,))).replaces == ""


def test_the_path_shows_where_the_commit_stands() -> None:
    """Passed before, here now, failed in red; what nobody recorded is unknown."""
    marks = {mark.environment: mark.mark for mark in shown(reviewed(), context()).path}
    assert marks == {"dev": "unknown", "staging": "passed", "production": "here"}
    assert shown(ended("failure"), context()).path[-1].mark == "failed"
    assert shown(ended(), context()).path[-1].mark == "passed"


def test_the_first_release_does_not_say_that_it_replaced_itself() -> None:
    """Incident: after the first promotion ever, the card read "v1.0.0, before: v1.0.0"."""
    first = replace(ended(), previous=None)
    assert shown(first, with_live(NOW_LIVE)).previous is None
    assert shown(reviewed(), with_live(PRODUCTION)).previous == OLD_RELEASE


def test_what_was_there_before_is_what_the_intent_saw() -> None:
    """Whatever is live later, the card goes on naming what this promotion replaced."""
    assert shown(ended(), with_live(NOW_LIVE)).previous == OLD_RELEASE


def test_trouble_is_shown_while_it_lasts() -> None:
    """A look that fails is told in a few words, and forgotten with the first that works."""
    world = context()
    one = after(reviewed(), world, EffectFailed(P, "look:health", "answered 503 twice", T0 + 5))
    assert "503" in shown(one, world).trouble
    assert shown(after(one, world, health(GOOD)), world).trouble == ""


def test_f85_a_page_that_is_late_is_shown_as_late() -> None:
    """People see that nobody was paged yet, and why."""
    one = after(
        ended("failure"), at(context(), 70), EffectFailed(P, "page", "429 Too Many Requests", T0 + 90)
    )
    incident = shown(one, at(context(), 70)).incident
    assert incident is not None
    assert (incident.asked, incident.delayed) == (False, "429 Too Many Requests")


def test_f86_an_incident_is_linked_when_it_was_read_back() -> None:
    """No link to what nobody has seen."""
    one = after(ended("failure"), at(context(), 70), IncidentSeen(P, "Q1", 4411, "https://pd.example/4411"))
    face = shown(one, at(context(), 70))
    assert Button.OPEN_INCIDENT in face.buttons
    assert face.incident is not None
    assert face.incident.number == 4411


def test_f55_a_run_that_waits_for_reviewers_says_so() -> None:
    """It waits over there, not here."""
    one = after(deploying(), context(slot=held()), run_seen("waiting"))
    assert shown(one, context(slot=held())).waiting_in_github


def test_a_run_that_was_not_ours_leaves_the_question_open() -> None:
    """The card of `unknown` goes on asking after a wrong answer."""
    world = at(context(slot=held()), 200)
    wrong = after(unknown(), world, AdoptRun(P, "fay", RUN), RunNotOurs(P, RUN))
    face = shown(wrong, world)
    assert (face.state, face.run_id) == (State.UNKNOWN, None)


def test_a_run_is_linked_as_soon_as_it_is_known() -> None:
    """The address comes from GitHub, never made up."""
    starting = FACES[State.STARTING]
    assert (starting.run_id, starting.run_url) == (None, "")
    one = after(in_every_phase()[Phase.DISPATCHING], context(), DispatchAccepted(P, 1, RUN, "https://gh/1"))
    assert (shown(one, context()).run_id, shown(one, context()).run_url) == (RUN, "https://gh/1")
