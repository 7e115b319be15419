"""What the request form says: labels, what stands below a version, warnings, and what a promotion will need."""

from typing import assert_never

from blocks.text import clock, count_of, duration, listed, raw, utc
from blocks.words import names
from bot.domain.candidates import Candidate
from bot.domain.forms import (
    LiveAlready,
    Needed,
    NotSeen,
    NotVerified,
    RequestForm,
    SlotBusy,
    Warned,
)
from bot.domain.policy import CODE_OWNERS, OWNER
from bot.domain.promotion import Live, Phase

TITLE = "Promote a service"
SUBMIT = "Check and request"
SERVICE, VERSION, TARGET, REASON = "Service", "Version", "To", "Reason"
REASON_EXAMPLE = "fix refunds for EUR cards"
REASON_HINT = "Whoever reads the audit log, or is paged tonight, will read this."
SKIP, WHY_SKIP = "Skip a health check", "Why it may be skipped"
SKIP_HINT = "Approvers see which check is skipped, who skips it, and why."
WHY_SKIP_HINT = "Needed when a check is skipped."
VERSION_HINT = "Type any tag, branch or commit."
BRANCHES, TAGS, TYPED = "Branches", "Tags, newest first", "As you typed it"
BLANK_REASON = "Reason needs at least 8 characters so that the audit log is useful."
BLANK_SKIP_REASON = (
    "Say in at least 8 characters why the health check may be skipped: approvers will read it."
)
MINUTE = 60.0
_AT_WORK = {
    Phase.DISPATCHING: "is starting its deploy",
    Phase.DEPLOYING: "is deploying",
    Phase.VERIFYING: "is being verified",
    Phase.UNKNOWN: "has an unknown outcome",
}


def retries(form: RequestForm) -> str:
    """Which promotion is tried again, or nothing."""
    return f"This tries {names.promotion(form.retries)} again." if form.retries else ""


def version_hint(form: RequestForm) -> str:
    """How to name a version, and how old the list is when GitHub does not tell a newer one; plain text."""
    if not form.silent:
        return VERSION_HINT
    age = f"the list is of {clock(form.listed)}" if form.listed is not None else "there is no list yet"
    return f"{VERSION_HINT} GitHub does not answer: {age}."


def service_below(repo: str) -> str:
    """What stands below a service in the list; plain text."""
    return raw(repo, 75)


def group(one: Candidate, before: str) -> str:
    """The heading that a version stands under; plain text."""
    match one.kind:
        case "verified":
            return f"Verified in {raw(before, 50)}"
        case "tag":
            return TAGS
        case "branch":
            return BRANCHES
        case "typed":
            return TYPED
        case other:
            assert_never(other)


def version_text(one: Candidate) -> str:
    """A version in the list; plain text."""
    if one.kind == "typed":
        return f"use “{raw(one.version, 50)}” as written"
    return raw(one.version, 75)


def version_below(one: Candidate, target: Live, now: float) -> str:
    """Why a version stands in the list; plain text."""
    parts = [_where(one, target, now), _ahead(one, target.environment)]
    if one.kind in ("tag", "branch") and one.sha:
        commit = raw(one.sha[:7], 10)
        parts.append(f"head is {commit}" if one.kind == "branch" else f"commit {commit}")
    return " · ".join(part for part in parts if part)


def _where(one: Candidate, target: Live, now: float) -> str:
    if one.live:
        return f"in {raw(target.environment, 20)} now"
    if one.kind != "verified":
        return ""
    place = raw(one.environment, 20)
    if not one.serving:
        return f"was verified in {place}"
    return f"in {place} for {_roughly(now - one.since)}" if one.since is not None else f"in {place}"


def _roughly(seconds: float) -> str:
    """A span by its greatest unit: `3 min`, `2 days`."""
    return " ".join(duration(seconds).split()[:2]) if seconds >= MINUTE else "less than a minute"


def _ahead(one: Candidate, environment: str) -> str:
    if one.ahead is None:
        return ""
    return f"{count_of(one.ahead, 'commit')} ahead of {raw(environment, 20)}"


def warning(one: Warned) -> str:
    """What somebody should know before they ask; plain text."""
    match one:
        case SlotBusy(promotion=promotion, phase=phase):
            return f"{raw(promotion, 20)} {_AT_WORK.get(phase, 'has the slot')}; you will queue behind it."
        case LiveAlready():
            return live_already(one)
        case NotVerified(version=version, environment=environment, before=before):
            known = f"{raw(version, 50)} is not verified in {raw(before, 30)}"
            return (
                f"{known}, and {raw(environment, 30)} only takes versions that are. Promote it there first."
            )
        case NotSeen(version=version, repo=repo, nearest=nearest):
            meant = f" Did you mean {raw(nearest, 40)}?" if nearest else ""
            return f"I have seen no tag or branch “{raw(version, 40)}” in {raw(repo, 60)}.{meant}"
        case other:
            assert_never(other)


def live_already(one: LiveAlready) -> str:
    """The version is live there already; plain text, so its time is in UTC."""
    by = f" ({raw(one.promotion, 20)})" if one.promotion else ""
    return f"{raw(one.version, 50)} has been in {raw(one.environment, 30)} since {utc(one.since)}{by}."


def other_service(service: str) -> str:
    """The service was changed, and the version is still one of the service before; plain text."""
    return f"This version was chosen for another service. Choose one of {raw(service, 60)}."


def no_stage(service: str, name: str, path: tuple[str, ...]) -> str:
    """The service has no such environment; plain text."""
    stages = " > ".join(raw(one, 30) for one in path[:8]) or "empty"
    return f"{raw(service, 60)} has no stage “{raw(name, 30)}”. Its path is {stages}."


def needs(form: RequestForm) -> str:
    """What the rules ask before the deploy starts."""
    parts = [_approvals(form.needed), _wait(form.needed), _gates(form.needed)]
    asked = " · ".join(part for part in parts if part)
    return f"*Needs:* {asked}" if asked else "*Needs:* nothing. It deploys at once."


def _approvals(needed: Needed) -> str:
    asked = [f"{count} of {_team(team)}" for count, team in needed.approvals[:4]]
    if not asked:
        return ""
    shut_out = [
        *([] if needed.self_approval else ["you"]),
        *([] if needed.author_approval else ["who wrote it"]),
    ]
    return listed(asked) + (f" (not {listed(shut_out, 'or')})" if shut_out else "")


def _team(name: str) -> str:
    """A team as people write to it; a role has no handle."""
    return names.team(name) if name in (OWNER, CODE_OWNERS) else f"@{names.team(name)}"


def _wait(needed: Needed) -> str:
    return f"{duration(needed.wait)} wait" if needed.wait else ""


def _gates(needed: Needed) -> str:
    shown = [names.environment(gate) for gate in needed.gates[:8]]
    more = [f"{len(needed.gates) - 8} more"] if len(needed.gates) > 8 else []
    return f"gates: {', '.join([*shown, *more])}" if shown else ""
