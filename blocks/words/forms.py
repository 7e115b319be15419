"""What forms say: titles, labels, hints and warnings. Titles and labels are plain text."""

from blocks.text import date, duration, raw, untrusted
from blocks.words import approvals, names, rules, states
from bot.domain.face import AuditLine, Face, RequestForm, RollbackForm

REQUEST = "Promote a service"
ROLL_BACK = "Roll back"
REJECT = "Reject"
DETAILS = "Details"
ADOPT_RUN = "I see the run"
CHECKING = "Checking…"
REASON_HINT = "Whoever reads the audit log, or is paged tonight, will read this."
SKIP_HINT = "Approvers see who skipped which check, and why."
RUN_HINT = "The number at the end of the run’s address in GitHub."


def retries(form: RequestForm) -> str:
    """Which promotion is tried again, or nothing."""
    return f"This tries {names.promotion(form.retries)} again." if form.retries else ""


def checking() -> str:
    """What a form shows until the answer is there."""
    return ":hourglass_flowing_sand: Checking. This takes a second or two."


def rollback_warning(form: RollbackForm) -> str:
    """What a rollback changes, and for whom."""
    return f"This changes {raw(form.environment, 40)} of {raw(form.service, 60)} for everyone."


def rollback_facts(form: RollbackForm) -> str:
    """From what, how, and what happens first."""
    since = f" (since {date(form.current.since)})" if form.current else ""
    now = f"*{names.version(form.current.version)}*{since}" if form.current else "unknown"
    lines = [
        f"*{names.service(form.service)} {names.environment(form.environment)}* · now serving: {now}",
        f"Method: workflow {untrusted(form.workflow, 80)} on {untrusted(form.repo, 100)}",
        f"Undoes {names.promotion(form.undoes)}." if form.undoes else "",
        f":warning: {names.promotion(form.in_flight)} is running and will be cancelled first."
        if form.in_flight
        else "",
        f"Needs {', '.join(approvals.wanted(rule) for rule in form.approvals[:4])}."
        if form.approvals
        else "",
        "No database migration is undone.",
    ]
    return "\n".join(line for line in lines if line)


def no_target(form: RollbackForm) -> str:
    """E23 in a form: there is nothing to go back to."""
    place = f"{names.service(form.service)} in {names.environment(form.environment)}"
    return (
        f"There is no earlier verified release of {place} that I recorded. "
        f"Promote a version that works instead: `/promote {names.service(form.service)}`"
    )


def reject_question(face: Face) -> str:
    """What is about to be rejected."""
    return f"*{names.title(face)}* · `{names.promotion(face.id)}` · asked by {names.handle(face.requester)}"


def details_ids(face: Face) -> str:
    """The raw ids of a promotion, to copy."""
    sha = untrusted(face.sha, 64)
    lines = [
        f"`{names.promotion(face.id)}` · {untrusted(face.repo, 100)} · commit `{sha}`"
        if sha
        else f"`{names.promotion(face.id)}`",
        f"> “{untrusted(face.reason, 1_000)}”" if face.reason.strip() else "",
        f"Run `{face.run_id}`, attempt {face.attempt}" if face.run_id is not None else "",
        f"Took {duration(face.took)}" if face.took is not None else "",
    ]
    return "\n".join(line for line in lines if line)


def details_head(face: Face) -> str:
    """Where a promotion stands."""
    return f"{states.icon(face)} *{names.title(face)}* · *{states.phrase(face)}*"


def details_gates(face: Face) -> list[str]:
    """Every requirement in a line."""
    return [rules.line(face, one) for one in face.requirements]


def audit_line(line: AuditLine) -> str:
    """One row of the audit log."""
    detail = f": {untrusted(line.detail, 200)}" if line.detail else ""
    return f"{date(line.at)} · {untrusted(line.actor, 40)} · {untrusted(line.action, 60)}{detail}"
