"""What an incident's channel, topic and PagerDuty show. PagerDuty and topics get plain text."""

from blocks.text import clip, link, raw
from blocks.words import approvals, endings, names, serving, steps
from bot.domain.face import Face, State
from bot.domain.policy import Kind

PAGE_MOST = 1_024  # PagerDuty's limit for a summary
TOPIC_MOST = 250


def _number(face: Face) -> str:
    return serving.incident_name(face) or "no incident number yet"


def _what(face: Face) -> str:
    if face.kind is Kind.ROLLBACK:
        return f"{raw(face.service, 60)} rollback to {raw(face.version, 80)} in {raw(face.environment, 40)}"
    return f"{raw(face.service, 60)} {raw(face.version, 80)} in {raw(face.environment, 40)}"


def _serving(face: Face) -> str:
    if face.undone_by and face.undone_to:
        return f"serving {raw(face.undone_to, 80)}"
    if face.serving_known and face.serving is not None:
        return f"serving {raw(face.serving.version, 80)}"
    return "serving unknown"


def _place(face: Face) -> str:
    failed = next((step.name for step in face.steps if step.status == "failed"), "")
    if face.ending is not None and face.ending.cause == "verification":
        return " in verification"
    return f" at {raw(failed, 80)}" if failed else ""


def topic(face: Face) -> str:
    """The channel's topic: what failed, the incident, and what serves."""
    if face.undone_by:
        state = f"rolled back to {raw(face.undone_to, 60) or 'the release before'}"
    elif face.state is State.FAILED:
        state = "failed"
    else:
        state = face.state.value
    return clip(f"{_what(face)} {state} - {_number(face)}{_lead(face)} - {_serving(face)}", TOPIC_MOST)


def _lead(face: Face) -> str:
    people = face.incident.on_call if face.incident is not None else ()
    return f" - on call: {raw(', '.join(one.name for one in people), 60)}" if people else ""


def page(face: Face) -> str:
    """The summary of the PagerDuty incident: what failed, where, and what serves."""
    good = serving.last_good(face)
    last = f", last good {raw(good.version, 80)}" if good is not None else ""
    how = "could not be cancelled, its run goes on in GitHub" if face.unstopped else f"failed{_place(face)}"
    return clip(f"{_what(face)} {how} ({raw(face.id, 20)}), {_serving(face)}{last}", PAGE_MOST)


def change(face: Face) -> str:
    """The summary of the PagerDuty change event: what is in the environment now, and who asked."""
    back = " (rollback)" if face.kind is Kind.ROLLBACK else ""
    who = f"asked by {raw(face.requester.name, 40)}"
    return clip(f"{_what(face)}: {face.state.value}{back}, {raw(face.id, 20)}, {who}", PAGE_MOST)


def rolled_back(face: Face) -> str:
    """The note on the PagerDuty incident when the environment is back."""
    to = raw(face.undone_to or face.version, 80)
    by = raw(face.undone_by or face.id, 20)
    return f"{raw(face.service, 60)} in {raw(face.environment, 40)} was rolled back to {to} by {by}."


def head(face: Face) -> str:
    """The first line of the incident card."""
    one = face.incident
    number = link(one.url, f"PD-{one.number}") if one is not None and one.number is not None else "Incident"
    state = "rolled back" if face.undone_by else "failed"
    return f":rotating_light: *{number} {names.title(face)} {state}* · `{names.promotion(face.id)}`"


def facts(face: Face) -> str:
    """Suspected change, what serves, last good, and the failure itself."""
    changes = face.changes
    compare = f" · {link(changes.url, 'changes')}" if changes is not None and changes.url else ""
    approved = approvals.approvers(face)
    by = f"{names.mention(face.requester)}{f', {approved}' if approved else ''}"
    said = endings.why_failed(face)
    lines = [
        f"Suspected change: {names.promotion(face.id)} ({by}){compare}",
        serving.line(face),
        f"Failed {endings.where(face)}{f': {said}' if said else ''}",
        steps.run(face),
    ]
    return "\n".join(line for line in lines if line)


def not_in_pagerduty(face: Face) -> str:
    """E22: PagerDuty cannot show who asked as one of its users, so the incident says it in words."""
    number = serving.incident_name(face)
    if not number or face.requester.pagerduty:
        return ""
    who = names.handle(face.requester)
    return (
        f"No PagerDuty user is known for {who}, so {number} was opened in my name and says who asked. "
        f"`people.{names.person(face.requester)}.pagerduty` in the catalog changes that."
    )


def on_call(face: Face) -> str:
    """Who is on call, or nothing."""
    return (
        f"on call: {names.mentions(face.incident.on_call)}" if face.incident and face.incident.on_call else ""
    )
