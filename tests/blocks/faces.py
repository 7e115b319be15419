"""One face of every kind that people meet, for the golden cards and for looking at them."""

from collections.abc import Mapping
from dataclasses import replace

from bot.domain.face import (
    ApprovalFace,
    ApprovalNeed,
    Button,
    EvidenceChange,
    Face,
    IncidentFace,
    PathMark,
    RequirementFace,
    State,
)
from bot.domain.policy import Kind, Person, Verdict
from bot.domain.portrait import BUTTONS
from bot.domain.promotion import Change, Changes, Ending, Release, Replaced, Step
from bot.domain.readings import (
    ChecksReading,
    HealthReading,
    IncidentsReading,
    OpenIncident,
    Reading,
    Unreadable,
)

ASKED = 1_795_190_400.0  # 2026-11-20 16:00 UTC
ANA = Person("ana", "U0ANA", "ana-dev", "PANA")
BO = Person("bo", "U0BO", "bo-dev")
CY = Person("cy", "U0CY", "cy-dev")
DEE = Person("dee", "U0DEE", "dee-dev", "PDEE")
SHA = "1f0c9e2ab34d5566778899aabbccddeeff001122"
OLD = Release("0" * 40, "v2.14.2", ASKED - 6 * 86_400, "P-139", "ana")
NEW = Release(SHA, "v2.14.3", ASKED + 400, "P-142", "ana")
REPO = "https://github.com/acme/checkout"
RUN = f"{REPO}/actions/runs/8840"


def gate(
    name: str,
    use: str,
    verdict: Verdict,
    seen: Reading | None,
    environment: str = "staging",
    link: str = "",
) -> RequirementFace:
    """A gate's row."""
    return RequirementFace(name, "gate", verdict, use, environment, seen, link=link)


CHECKS = gate("checks", "checks", Verdict.MET, ChecksReading(12), link=f"{REPO}/commit/{SHA}/checks")
HEALTH = gate("health", "health", Verdict.MET, HealthReading(3, 3, 200, "v2.14.3"))
NOW = gate("health-now", "health", Verdict.MET, HealthReading(3, 3, 200, "v2.14.2"), "production")
INCIDENTS = gate("incidents", "incidents", Verdict.MET, IncidentsReading(), "production")
BRANCH = RequirementFace("branch", "branch", Verdict.MET, basis="main")
PATH = RequirementFace("path", "path", Verdict.MET, environment="staging")
APPROVALS = RequirementFace("approvals", "approvals", Verdict.PENDING)
VERIFIED = RequirementFace(
    "health", "verify", Verdict.MET, "health", "production", HealthReading(2, 2, 200, "v2.14.3")
)
GATES = (BRANCH, PATH, CHECKS, HEALTH, INCIDENTS, APPROVALS)
CHANGES = Changes(
    "v2.14.2",
    4,
    (
        Change("Fix EUR refunds", "ana-dev", f"{REPO}/pull/812", 812),
        Change("Bump deps", "renovate", f"{REPO}/pull/815", 815),
        Change("Log trace id", "bo-dev", f"{REPO}/pull/816", 816),
        Change("Typo", "bo-dev", f"{REPO}/commit/{SHA}", None, SHA),
    ),
    ("ana-dev", "bo-dev"),
    f"{REPO}/compare/v2.14.2...v2.14.3",
)
STEPS = (
    Step("Roll out green stack", "succeeded"),
    Step("Switch traffic", "running"),
    Step("Smoke tests in production", "pending"),
)
FAILED_STEPS = (*(replace(one, status="succeeded") for one in STEPS[:2]), replace(STEPS[2], status="failed"))
APPROVED = (ApprovalFace(BO, "checked canary graphs", True), ApprovalFace(CY, "", True))
PAGED = IncidentFace(4411, "https://acme.pagerduty.com/incidents/Q1", "C0INC", (DEE,))


def face(state: State, **changed: object) -> Face:
    """The story's promotion in a state: checkout v2.14.3 to production, asked by Ana."""
    base = Face(
        id="P-142",
        kind=Kind.PROMOTE,
        service="checkout",
        environment="production",
        version="v2.14.3",
        sha=SHA,
        repo="acme/checkout",
        requester=ANA,
        reason="fix refunds for EUR cards",
        created=ASKED,
        state=state,
        digest="abcdef0123456789",
        path=(
            PathMark("dev", "passed"),
            PathMark("staging", "passed"),
            PathMark("production", "passed" if state is State.SUCCEEDED else "here"),
        ),
        requirements=GATES,
        needs=(ApprovalNeed(2, 0, "release-managers", possible=(BO, CY)),),
        changes=CHANGES,
        workflow="deploy.yml",
        previous=OLD,
        target=OLD,
        buttons=_buttons(state),
    )
    return replace(base, **changed)  # type: ignore[arg-type]


def _buttons(state: State, *more: Button) -> tuple[Button, ...]:
    absent = {Button.REPLACE, Button.SKIP_WAIT, Button.VIEW_RUN, Button.OPEN_INCIDENT} - set(more)
    return tuple(one for one in BUTTONS[state] if one not in absent)


def deployed(state: State, **changed: object) -> Face:
    """The same after both approvals, with a run."""
    settled = (ApprovalNeed(2, 2, "release-managers"),)
    return face(
        state,
        **{
            "approvals": APPROVED,
            "needs": settled,
            "run_id": 8840,
            "run_url": RUN,
            "steps": STEPS,
            "asked_github_at": ASKED + 60,
            "buttons": _buttons(state, Button.VIEW_RUN),
            **changed,
        },
    )


def rollback(state: State, **changed: object) -> Face:
    """Dee's rollback of P-142."""
    return deployed(
        state,
        **{
            "id": "P-143",
            "kind": Kind.ROLLBACK,
            "version": "v2.14.2",
            "sha": OLD.sha,
            "requester": DEE,
            "reason": "errors after the deploy",
            "workflow": "rollback.yml",
            "undoes": "P-142",
            "needs": (),
            "approvals": (),
            "changes": None,
            "requirements": (),
            "previous": NEW,
            **changed,
        },
    )


_SLOW = replace(CHECKS, verdict=Verdict.PENDING, reading=ChecksReading(10, pending=("build", "test")))
_SICK = gate("health", "health", Verdict.UNMET, HealthReading(0, 5, 503, None, "HTTP 503"))
_BLIND = gate("p99", "p99", Verdict.UNMET, Unreadable("metrics answered 503 twice"))
_OPEN = gate(
    "incidents",
    "incidents",
    Verdict.UNMET,
    IncidentsReading((OpenIncident(4410, "Card payments slow", "https://acme.pagerduty.com/incidents/Q0"),)),
    "production",
)
_SKIPPED = replace(HEALTH, verdict=Verdict.WAIVED, reason="staging is down for the load test", by="ana")
_NO_INPUT = '422 Unexpected inputs provided: ["version"]'
_FAILED_HEALTH = replace(
    VERIFIED,
    verdict=Verdict.UNMET,
    reading=HealthReading(0, 5, 200, "v2.14.2", "answers v2.14.2, not v2.14.3"),
)

FACES: Mapping[str, Face] = {
    "checking": face(
        State.CHECKING,
        requirements=(BRANCH, PATH, _SLOW, gate("health", "health", Verdict.PENDING, None), INCIDENTS),
    ),
    "awaiting": face(State.AWAITING_APPROVAL, expires=ASKED + 4 * 3_600),
    "awaiting one more": face(
        State.AWAITING_APPROVAL,
        expires=ASKED + 4 * 3_600,
        needs=(ApprovalNeed(2, 1, "release-managers", possible=(CY,)),),
        approvals=(ApprovalFace(BO, "checked canary graphs", True),),
    ),
    "awaiting with a skipped check": face(
        State.AWAITING_APPROVAL,
        requirements=(BRANCH, PATH, CHECKS, _SKIPPED, INCIDENTS, APPROVALS),
        changes=replace(CHANGES, behind=2),
        replaces="P-141",
        buttons=(Button.APPROVE, Button.REJECT, Button.CANCEL, Button.REPLACE, Button.DETAILS),
    ),
    "awaiting again": face(
        State.AWAITING_APPROVAL,
        approvals=(ApprovalFace(BO, "", False), ApprovalFace(CY, "", False, checking=True)),
        voided=(EvidenceChange("version", "1f0c9e2", "77aa001"), EvidenceChange("rule wait", "600", "300")),
    ),
    "timer": face(
        State.TIMER,
        approvals=APPROVED,
        starts=ASKED + 1_200,
        wait=600.0,
        buttons=(Button.DETAILS, Button.SKIP_WAIT, Button.CANCEL),
    ),
    "queued": face(
        State.QUEUED,
        approvals=APPROVED,
        behind="P-141",
        position=2,
    ),
    "its turn": face(State.CHECKING, approvals=APPROVED, last_look=True),
    "blocked": face(
        State.BLOCKED,
        requirements=(BRANCH, PATH, CHECKS, _SICK, _BLIND, _OPEN),
        blocking=("health", "p99", "incidents"),
    ),
    "starting": deployed(State.STARTING, run_id=None, run_url="", steps=()),
    "starting unclear": deployed(State.STARTING, run_id=None, run_url="", steps=(), unclear="HTTP 502"),
    "deploying": deployed(State.DEPLOYING, attempt=2, usual=180.0),
    "waiting in github": deployed(State.DEPLOYING, steps=(), waiting_in_github=True),
    "cancelling": deployed(State.CANCELLING, cancelled_by="dee"),
    "verifying": deployed(
        State.VERIFYING,
        steps=tuple(replace(one, status="succeeded") for one in STEPS),
        requirements=(
            *GATES,
            replace(VERIFIED, verdict=Verdict.PENDING, reading=HealthReading(1, 1, 200, "v2.14.3")),
        ),
    ),
    "succeeded": deployed(
        State.SUCCEEDED,
        requirements=(*GATES, VERIFIED),
        took=372.0,
        serving=NEW,
        serving_known=True,
        ending=Ending("done", ASKED + 432),
    ),
    "replaced": deployed(
        State.REPLACED,
        requirements=(*GATES, VERIFIED),
        took=372.0,
        serving=NEW,
        serving_known=True,
        ending=Ending("done", ASKED + 432),
        replaced=Replaced(ASKED + 90_000, "v2.15.0", "P-150"),
    ),
    "rolled back": deployed(State.ROLLED_BACK, undone_by="P-143", undone_to="v2.14.2", took=372.0),
    "rollback succeeded": rollback(
        State.SUCCEEDED,
        took=171.0,
        serving=OLD,
        serving_known=True,
        left="P-142",
        impact=(ASKED + 60, ASKED + 540),
    ),
    "rollback replaced": rollback(
        State.REPLACED,
        took=171.0,
        serving=OLD,
        serving_known=True,
        replaced=Replaced(ASKED + 90_000, "v2.15.0"),
    ),
    "failed": deployed(
        State.FAILED,
        steps=FAILED_STEPS,
        took=243.0,
        serving=NEW,
        serving_known=True,
        incident=PAGED,
        ending=Ending("run", ASKED + 303, said="Smoke tests in production"),
        buttons=_buttons(State.FAILED, Button.VIEW_RUN, Button.OPEN_INCIDENT),
    ),
    "failed just now": deployed(
        State.FAILED,
        steps=FAILED_STEPS,
        took=243.0,
        serving_sought=True,
        ending=Ending("run", ASKED + 303, said="Smoke tests in production"),
    ),
    "failed in verification": deployed(
        State.FAILED,
        requirements=(*GATES, _FAILED_HEALTH),
        took=243.0,
        incident=IncidentFace(None, "", "", asked=False, delayed="PagerDuty answered 429"),
        ending=Ending("verification", ASKED + 303, said="health"),
        extra_attempt=2,
    ),
    "failed and rolled back": deployed(
        State.FAILED,
        steps=FAILED_STEPS,
        took=243.0,
        incident=PAGED,
        undone_by="P-143",
        undone_to="v2.14.2",
        ending=Ending("run", ASKED + 303, said="Smoke tests in production"),
        buttons=(Button.VIEW_RUN, Button.OPEN_INCIDENT, Button.DETAILS),
    ),
    "failed and replaced": deployed(
        State.FAILED,
        steps=FAILED_STEPS,
        took=243.0,
        serving=NEW,
        serving_known=True,
        incident=PAGED,
        target=None,
        replaced=Replaced(ASKED + 900, "v2.15.0", "P-150"),
        ending=Ending("run", ASKED + 303, said="Smoke tests in production"),
        buttons=(Button.VIEW_RUN, Button.OPEN_INCIDENT, Button.DETAILS),
    ),
    "unknown": deployed(State.UNKNOWN, run_id=None, run_url="", steps=()),
    "errored": deployed(
        State.ERRORED, run_id=None, run_url="", steps=(), ending=Ending("refused", ASKED + 62, said=_NO_INPUT)
    ),
    "rejected": face(
        State.REJECTED, ending=Ending("person", ASKED + 90, "bo", "not before the audit"), ended_by=BO
    ),
    "cancelled": face(State.CANCELLED, ending=Ending("person", ASKED + 90, "ana"), ended_by=ANA),
    "cancelled run": deployed(
        State.CANCELLED,
        cancelled_by="dee",
        ending=Ending("person", ASKED + 200, "dee", "wrong version"),
        ended_by=DEE,
    ),
    "expired": face(State.EXPIRED, ending=Ending("expired", ASKED + 4 * 3_600)),
    "superseded": face(State.SUPERSEDED, ending=Ending("person", ASKED + 90, "ana", "P-145"), ended_by=ANA),
    "emergency": face(State.AWAITING_APPROVAL, kind=Kind.EMERGENCY),
}
