"""Who may ask for what, and what a request is turned away for."""

from dataclasses import replace

import pytest

from bot.domain.context import Context
from bot.domain.errors import (
    AlreadyAsked,
    NotAllowed,
    NotApprover,
    NotChecked,
    NotReadyForApproval,
    ReasonNeeded,
    UnknownGate,
    WrongPhase,
)
from bot.domain.messages import (
    Cancel,
    Reject,
    Retry,
    SkipWait,
    Supersede,
    VersionNotFound,
    VersionRefused,
    Woken,
)
from bot.domain.policy import Kind, Person, Verdict
from bot.domain.promotion import Phase, Promotion
from tests.domain.builders import (
    BAD,
    HEALTHY,
    PEOPLE,
    RULES,
    T0,
    TEAMS,
    VERSION,
    after,
    approved,
    at,
    context,
    group,
    health,
    judged,
    promotion,
    refusal,
    request,
    reviewed,
)

P = "P-142"
WAIT = replace(RULES, wait=600.0, skip_wait=("sre",))


def beside(*others: Promotion) -> Context:
    """A world with other open promotions to the same place."""
    return replace(context(), others=others)


def newer() -> Promotion:
    """P-150, asked for by Bo a minute later."""
    return replace(promotion(), id="P-150", version="v2.14.4", requester="bo", created=T0 + 60)


def test_a_request_opens_a_promotion() -> None:
    """It carries what was asked, and the nonce that it will keep."""
    one = after(None, context(), request())
    assert (one.phase, one.version, one.requester, one.correlation) == (
        Phase.WAITING,
        "v2.14.3",
        "ana",
        "f" * 32,
    )
    assert (one.created, one.since, one.sha) == (T0, T0, None)


@pytest.mark.parametrize("reason", ["", "fix", "       x      "])
def test_a_reason_is_long_enough_to_be_of_use(reason: str) -> None:
    """Eight characters that are not blanks; the refusal shows the whole line."""
    told = refusal(None, replace(request(), reason=reason), context())
    assert isinstance(told, ReasonNeeded)
    assert told.example.startswith("/promote checkout@v2.14.3 to production because")


def test_a_role_may_be_needed_to_ask() -> None:
    """Eli is not of payments; the refusal names who is."""
    rules = replace(RULES, may_request=("payments",))
    told = refusal(None, request(by="eli"), context(rules))
    assert told == NotAllowed("request", ("payments",), (PEOPLE["ana"], PEOPLE["dee"]))
    assert isinstance(refusal(None, request(by="mallory"), context()), NotAllowed)


def test_f71_asking_twice_is_answered_with_the_first() -> None:
    """The same version by the same kind is one promotion; a rollback to it is another thing."""
    open_one = replace(promotion(), id="P-141")
    assert refusal(None, request(), beside(open_one)) == AlreadyAsked("P-141", PEOPLE["ana"])
    over = replace(open_one, phase=Phase.CANCELLED)
    assert after(None, beside(over), request()).phase is Phase.WAITING
    assert after(None, beside(replace(open_one, kind=Kind.ROLLBACK)), request()).phase is Phase.WAITING


def test_only_a_health_gate_may_be_skipped_and_only_with_a_reason() -> None:
    """What is skipped becomes a waiver that approvers see."""
    skip = replace(request(), skip=("health",), skip_reason="the probe is broken")
    one = after(None, context(), skip)
    assert [(waiver.gate, waiver.by) for waiver in one.waivers] == [("health", "ana")]
    assert isinstance(refusal(None, replace(skip, skip_reason="no"), context()), ReasonNeeded)
    assert isinstance(refusal(None, replace(skip, skip=("p99",)), context()), UnknownGate)


def test_a_version_that_names_nothing_is_rejected_with_the_nearest() -> None:
    """E05: no card; the private answer names versions that exist."""
    one = after(promotion(), context(), VersionNotFound(P, "missing", ("v2.14.2", "v2.14.1")))
    assert one.phase is Phase.REJECTED
    assert one.ending is not None
    assert (one.ending.cause, one.ending.nearest) == ("missing", ("v2.14.2", "v2.14.1"))


def test_f59_a_version_that_vanishes_later_holds_the_deploy_up() -> None:
    """Deleted while it waited. It is not rejected behind people's backs, and it does not go out."""
    one = after(reviewed(), context(), VersionNotFound(P, "missing", ()))
    assert one.phase is Phase.WAITING
    assert judged(one, context()).verdict("branch") is Verdict.UNMET


def test_a_version_that_may_not_be_looked_up_ends_the_request() -> None:
    """The app cannot see the repository: a person has to mend that, with GitHub's own words."""
    one = after(promotion(), context(), VersionRefused(P, "404", "Not Found"))
    assert one.phase is Phase.ERRORED
    later = after(reviewed(), context(), VersionRefused(P, "404", "Not Found"))
    assert later.phase is Phase.WAITING
    assert later.ledger["look:version"].not_before == T0 + 60


def test_an_approver_may_reject_with_a_reason() -> None:
    """The end names who and why."""
    one = after(reviewed(), context(), Reject(P, "bo", "too risky"))
    assert one.phase is Phase.REJECTED
    assert one.ending is not None
    assert (one.ending.by, one.ending.said) == ("bo", "too risky")
    assert isinstance(refusal(reviewed(), Reject(P, "bo", "  "), context()), ReasonNeeded)
    assert isinstance(refusal(reviewed(), Reject(P, "eli", "no"), context()), NotApprover)


def test_a_rejection_by_somebody_whose_team_is_not_known_is_refused() -> None:
    """P8: an end cannot be taken back, so it is not given on a maybe."""
    world = replace(context(), teams={**TEAMS, "release-managers": group("release-managers", None)})
    assert refusal(reviewed(), Reject(P, "bo", "no"), world) == NotChecked("membership")


@pytest.mark.parametrize("by", ["ana", "bo", "dee", "fay"])
def test_a_waiting_promotion_is_cancelled_at_once(by: str) -> None:
    """By whoever asked, approves, owns or administers."""
    assert after(reviewed(), context(), Cancel(P, by, "no")).phase is Phase.CANCELLED


def test_a_stranger_cannot_cancel_or_retry() -> None:
    """Eli is told who can."""
    assert isinstance(refusal(reviewed(), Cancel(P, "eli"), context()), NotAllowed)
    assert isinstance(refusal(reviewed(), Retry(P, "eli"), context()), NotAllowed)


def test_a_retry_forgets_what_was_not_met_and_nothing_else() -> None:
    """The gate that says no is looked at again at once; a good one keeps its look."""
    blocked = after(reviewed(), context(), health(BAD))
    assert after(blocked, context(), Retry(P, "ana")).gates == {}
    assert after(reviewed(), context(), Retry(P, "ana")).gates == reviewed().gates
    assert after(reviewed(), context(), Retry(P, "ana", "health")).gates == {}
    assert refusal(reviewed(), Retry(P, "ana", "p99"), context()) == UnknownGate(P, "p99", ("health",))


def test_deploy_now_skips_the_rest_of_the_wait() -> None:
    """For those whom the environment names, and only when all approvals are there."""
    one = approved(WAIT)
    skipped = after(one, context(WAIT), SkipWait(P, "fay"))
    assert skipped.skip_wait_by == "fay"
    assert judged(skipped, context(WAIT)).verdict("wait") is Verdict.MET
    changed = replace(skipped, skip_wait_for="of other evidence")
    assert judged(changed, context(WAIT)).verdict("wait") is Verdict.PENDING
    assert isinstance(refusal(one, SkipWait(P, "bo"), context(WAIT)), NotAllowed)
    assert isinstance(refusal(reviewed(WAIT), SkipWait(P, "fay"), context(WAIT)), NotReadyForApproval)
    assert isinstance(refusal(approved(), SkipWait(P, "fay"), context()), NotAllowed)


def test_a_newer_promotion_takes_an_older_ones_place() -> None:
    """Whoever asked for the newer one may; the end names it."""
    one = after(reviewed(), beside(newer()), Supersede(P, "bo", "P-150"))
    assert one.phase is Phase.SUPERSEDED
    assert one.ending is not None
    assert one.ending.said == "P-150"


def test_nothing_is_superseded_by_what_is_not_there() -> None:
    """A closed, a missing or a strange newer promotion takes nobody's place."""
    closed = replace(newer(), phase=Phase.CANCELLED)
    assert isinstance(refusal(reviewed(), Supersede(P, "bo", "P-150"), beside(closed)), WrongPhase)
    assert isinstance(refusal(reviewed(), Supersede(P, "bo", "P-150"), beside()), WrongPhase)
    assert isinstance(refusal(reviewed(), Supersede(P, "eli", "P-150"), beside(newer())), NotAllowed)


def test_an_end_by_a_person_is_final_whatever_becomes_true() -> None:
    """Cancelled stays cancelled although everything is met a moment later."""
    cancelled = after(approved(), context(), Cancel(P, "ana"))
    assert after(cancelled, at(context(), 60), VERSION, HEALTHY, Woken(P)) == cancelled


def test_a_person_who_left_the_catalog_keeps_their_name() -> None:
    """History is not rewritten when somebody leaves."""
    assert context().person("zoe") == Person("zoe", "")
