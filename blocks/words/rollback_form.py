"""What the rollback form says: what it changes for everyone, what it stops, and what it cannot undo."""

from blocks.text import count_of, date, duration, raw, untrusted
from blocks.words import approvals, names
from bot.domain.forms import RollbackForm, Target
from bot.domain.promotion import Release

TITLE = "Roll back"
SERVICE, IN, BACK_TO, REASON = "Service", "In", "Back to", "Reason"
REASON_EXAMPLE = "errors after the deploy"


def warning(form: RollbackForm) -> str:
    """What a rollback changes, and for whom; plain text."""
    return f"This changes {raw(form.environment, 40)} of {raw(form.service, 60)} for everyone."


def stops(form: RollbackForm) -> str:
    """What is running and ends by it; plain text, nothing when nothing runs."""
    return f"{raw(form.in_flight, 20)} is running and will be cancelled first." if form.in_flight else ""


def moved(form: RollbackForm) -> str:
    """That what serves is not what the form showed before; plain text, nothing when it is."""
    if not form.moved:
        return ""
    now = f"it is {release(form, form.current, 60)} now" if form.current else "nobody knows what does now"
    return f"What serves changed while this form was open: {now}. Nothing was rolled back; look again."


def missing(form: RollbackForm) -> str:
    """That what was asked for is nothing to go back to; plain text, nothing when it is."""
    if not form.missing:
        return ""
    return f"{raw(form.missing, 60)} is no verified release to go back to here. Choose one below."


def release(form: RollbackForm, one: Release, most: int) -> str:
    """A release, with its commit where another one of the form has the same name; plain text."""
    others = [*(target.release for target in form.targets), *([form.current] if form.current else [])]
    repeats = len({other.sha for other in others if other.version == one.version} | {one.sha}) > 1
    name = one.sha[:7] if one.version == one.sha else one.version
    return f"{raw(name, most - 10)} ({raw(one.sha[:7], 7)})" if repeats else raw(name, most)


def move(form: RollbackForm) -> str:
    """From what to what."""
    place = f"*{names.service(form.service)} {names.environment(form.environment)}*"
    now = f"*{_named(form, form.current)}*" if form.current else "unknown"
    back = f"*{_named(form, form.chosen)}*" if form.chosen else "choose below"
    since = f" (since {date(form.current.since)})" if form.current else ""
    return f"{place} · now serving: {now}{since} → {back}"


def _named(form: RollbackForm, one: Release) -> str:
    return untrusted(release(form, one, 80), 80)


def ran(one: Target) -> str:
    """For how long a release served; plain text."""
    return f"ran {_about(one.ran)}" if one.ran is not None else ""


def facts(form: RollbackForm) -> str:
    """What it will not undo, how it is done, how long that takes and who has to agree."""
    undone = f"Undoes {names.promotion(form.undoes)}." if form.undoes else ""
    lines = [
        "*Will not undo:* database migrations and data stay as they are now.",
        f"*Method:* workflow {untrusted(form.workflow, 80)} on {untrusted(form.repo, 100)}. {undone}".rstrip(),
        _expected(form),
        f"*Needs:* {', '.join(approvals.wanted(rule) for rule in form.approvals[:4])}."
        if form.approvals
        else "",
    ]
    return "\n".join(line for line in lines if line)


def _expected(form: RollbackForm) -> str:
    one = form.expected
    if one is None:
        return "*Expected:* not known yet; no deploy there has succeeded through me."
    return f"*Expected:* ~{duration(one.seconds)} (median of {count_of(one.count, one.of)})"


def _about(seconds: float) -> str:
    """A span by its greatest unit: `6 days`, `18 min`."""
    return " ".join(duration(seconds).split(" ")[:2])


def no_target(form: RollbackForm) -> str:
    """E23 in a form: there is nothing to go back to."""
    place = f"{names.service(form.service)} in {names.environment(form.environment)}"
    return (
        f"There is no earlier verified release of {place} that I recorded. "
        f"Promote a version that works instead: `/promote {names.service(form.service)}`"
    )
