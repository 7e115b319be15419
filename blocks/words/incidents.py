"""What an incident's channel, topic and PagerDuty show. PagerDuty and topics get plain text."""

from collections.abc import Callable

from blocks.text import clip, date, link, raw, untrusted, utc
from blocks.words import approvals, endings, names, sentences, serving, steps
from bot.domain.face import Face, State
from bot.domain.policy import Kind, Person

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
        return f"went back to {raw(face.undone_to, 80)}"
    if face.replaced is not None:
        now = raw(face.replaced.version, 80)
        return f"replaced by {now}" if now else "serving unknown"
    if face.serving_known and face.serving is not None:
        return f"serving {raw(face.serving.version, 80)}"
    return "serving unknown"


def _place(face: Face) -> str:
    failed = next((step.name for step in face.steps if step.status == "failed"), "")
    if face.ending is not None and face.ending.cause == "verification":
        return " in verification"
    return f" at {raw(failed, 80)}" if failed else ""


def topic(face: Face) -> str:
    """The channel's topic: what failed, the incident, who leads it, and what serves."""
    parts = [_failure(face), _number(face), _lead(face), _serving(face)]
    return clip(" - ".join(part for part in parts if part), TOPIC_MOST)


def _failure(face: Face) -> str:
    """`checkout v2.14.3 failed in production, resolved`; what it went back to is said where it says what serves."""
    rollback = "rollback to " if face.kind is Kind.ROLLBACK else ""
    happened = "failed" if face.state is State.FAILED else face.state.value
    what = (
        f"{raw(face.service, 60)} {rollback}{raw(face.version, 80)} {happened} in {raw(face.environment, 40)}"
    )
    is_over = face.incident is not None and face.incident.resolved_at is not None
    undone = ", rolled back" if face.undone_by and not face.undone_to else ""
    return f"{what}{undone}{', resolved' if is_over else ''}"


def _lead(face: Face) -> str:
    """The lead, and while there is none who is on call."""
    one = face.incident
    if one is None:
        return ""
    if one.lead is not None:
        return f"lead: {raw(one.lead.name, 60)}"
    people = ", ".join(who.name for who in one.on_call)
    return f"on call: {raw(people, 60)}" if people else ""


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


def sentence(face: Face) -> str:
    """What there is to know of the promotion and of its incident, as plain sentences without pings."""
    one = face.incident
    lead = f", lead: {names.person(one.lead)}" if one is not None and one.lead is not None else ""
    number = serving.incident_name(face) or "The incident"
    return f"{sentences.sentence(face)} {number} is {_stands(face, names.person, utc)}{lead}."


def head(face: Face) -> str:
    """The first line of the incident card: the incident, what happened, and where it stands."""
    one = face.incident
    number = link(one.url, f"PD-{one.number}") if one is not None and one.number is not None else "Incident"
    stands = _stands(face)
    where = f"*{stands[0].upper()}{stands[1:]}*"
    return f"{_icon(face)} *{number} {_happened(face)}* · {where} · `{names.promotion(face.id)}`"


def _icon(face: Face) -> str:
    if face.incident is not None and face.incident.resolved_at is not None:
        return ":white_check_mark:"
    return ":leftwards_arrow_with_hook:" if face.undone_by else ":rotating_light:"


def _happened(face: Face) -> str:
    if not face.undone_by:
        return f"{names.title(face)} failed"
    place = f"{names.service(face.service)} {names.environment(face.environment)}"
    return f"{place} went back to {names.version(face.undone_to) or 'the release before'}"


def _stands(
    face: Face, who: Callable[[Person], str] = names.mention, when: Callable[[float], str] = date
) -> str:
    """Where the incident stands, in a word, with who brought it there and when."""
    one = face.incident
    if one is not None and one.resolved_at is not None:
        return _done("resolved", one.resolved_by, one.resolved_at, who, when)
    if one is not None and one.acknowledged_at is not None:
        return _done("acknowledged", one.acknowledged_by, one.acknowledged_at, who, when)
    return unread(face, when) or "open, not acknowledged"


def unread(face: Face, when: Callable[[float], str] = date) -> str:
    """Why it is not called open: PagerDuty was not read, or not for long; empty: it was."""
    one = face.incident
    if one is None or one.resolved_at is not None:
        return ""
    if one.unread_since is not None:
        return f"not known to be open: PagerDuty was last read {when(one.unread_since)}"
    is_there = one.number is not None or one.asked
    return "in PagerDuty, its status was not read" if is_there and not one.status else ""


def _done(
    word: str, by: Person | None, at: float, who: Callable[[Person], str], when: Callable[[float], str]
) -> str:
    return f"{word}{f' by {who(by)}' if by is not None else ''} {when(at)}"


def facts(face: Face) -> str:
    """Suspected change, what serves, last good, and the failure itself."""
    changes = face.changes
    compare = f" · {link(changes.url, 'changes')}" if changes is not None and changes.url else ""
    approved = approvals.approvers(face)
    by = f"{names.mention(face.requester)}{f', {approved}' if approved else ''}"
    said, run = endings.why_failed(face), steps.run(face)
    lines = [
        f"Suspected change: {names.promotion(face.id)} ({by}){compare}",
        serving.line(face),
        f"Failed {endings.where(face)}{f': {said}' if said else ''}{f' · {run}' if run else ''}",
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


def people(face: Face) -> str:
    """Who leads, and who is on call."""
    one = face.incident
    if one is None:
        return ""
    lead = names.mention(one.lead) if one.lead is not None else "nobody yet"
    called = f" · On call: {names.mentions(one.on_call)}" if one.on_call else ""
    return f"Lead: {lead}{called}"


def untold(face: Face) -> str:
    """What PagerDuty does not know of what was done here."""
    one = face.incident
    return (
        f":warning: Not everything reached PagerDuty: {untrusted(one.untold, 120)}"
        if one and one.untold
        else ""
    )
