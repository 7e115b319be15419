"""Lines of the card: the path's origin, what changes, who acted, and what keeps it from going on."""

from blocks.text import count_of, date, duration, link, untrusted
from blocks.words import approvals, endings, evidence, names, past, states, steps
from bot.domain.face import Face, State
from bot.domain.promotion import Change

_UNDER_WAY = (State.DEPLOYING, State.CANCELLING, State.VERIFYING)


def origin(face: Face) -> str:
    """The small line below the head: path, commit, who asked and when."""
    parts = [
        states.path(face),
        f"`{names.commit(face.sha)}`" if face.sha else "",
        f"asked by {names.mention(face.requester)} {date(face.created)}",
        f"expires {date(face.expires)}" if face.expires and face.state is State.AWAITING_APPROVAL else "",
        f"undoes {names.promotion(face.undoes)}" if face.undoes else "",
    ]
    return " · ".join(part for part in parts if part)


def reason(face: Face) -> list[str]:
    """Why somebody asked, quoted; nothing when no reason was given."""
    return [f"> “{untrusted(face.reason, 300)}”"] if face.reason.strip() else []


def changes_line(face: Face) -> list[str]:
    """What changes since the live version: a count that links to the comparison, and three items."""
    changes = face.changes
    if changes is None:
        return []
    since = f" since {names.version(changes.since)}" if changes.since else ""
    count = f"{changes.commits} commit{'' if changes.commits == 1 else 's'}{since}"
    items = [item(one) for one in changes.items[:3]]
    more = [f"and {len(changes.items) - 3} more"] if len(changes.items) > 3 else []
    return [" · ".join([link(changes.url, count), *items, *more]), *behind(face)]


def behind(face: Face) -> list[str]:
    """How much of what is live this version lacks; nothing when it lacks nothing."""
    lost = face.changes.behind if face.changes else 0
    verb = "is" if lost == 1 else "are"
    return (
        [f":warning: {count_of(lost, 'commit')} of what is live {verb} *not in this version*"] if lost else []
    )


def item(one: Change) -> str:
    """One commit or pull request, with its link."""
    if one.number is None:
        return link(one.url, untrusted(one.title, 60) or names.commit(one.sha))
    return f"{link(one.url, f'#{one.number}')} {untrusted(one.title, 60)}".rstrip()


def voided(face: Face) -> str:
    """Why what people signed does not count now."""
    return f":warning: *Earlier approvals no longer count.* Changed since: {approvals.changes(face)}"


def its_turn(face: Face) -> str:
    """Below a card that only waits: who approved, what is done again, and an older one beside it."""
    again = (
        "Gates are checked again at the start." if evidence.gate_count(face) and not face.last_look else ""
    )
    older = f"{names.promotion(face.replaces)} waits here too and is older." if face.replaces else ""
    return _row(approvals.approvers(face), again, older)


def by_whom(face: Face) -> str:
    """Below a deploy: who approved it, its run, since when, and what GitHub waits for."""
    goes = face.state in _UNDER_WAY and face.run_id is not None
    since = f"since {date(face.asked_github_at)}" if goes and face.asked_github_at is not None else ""
    return _row(approvals.approvers(face), steps.run(face), since, steps.waiting_in_github(face))


def cancelling(face: Face) -> str:
    """Who asked to stop the run, and what came of that so far."""
    who = f"{untrusted(face.cancelled_by, 40)} asked to cancel. " if face.cancelled_by else ""
    return f"{who}{steps.stopping(face)}"


def succeeded(face: Face) -> str:
    """Below what went well: the proof, what served before, and who approved."""
    proved = [one for one in face.requirements if one.kind == "verify" and one.reading is not None][:3]
    proof = [f"{evidence.safe_label(one)} {untrusted(evidence.seen(one), 80)}" for one in proved]
    before = f"previous {names.version(face.previous.version)}" if face.previous else ""
    return _row(*proof, before, ran(face), approvals.approvers(face))


def ran(face: Face) -> str:
    """How long what a rollback left was there; empty when that is not recorded."""
    if face.impact is None:
        return ""
    began, ended = face.impact
    took = duration(ended - began)
    return f"{names.promotion(face.left)} was there from {date(began)} to {date(ended)} ({took} at most)"


def replaced(face: Face) -> str:
    """Below what was live once: from when to when, and what came then."""
    return _row(past.span(face), ran(face), approvals.approvers(face))


def rolled_back(face: Face) -> str:
    """What undid it, and to what; what serves an hour later is another card's matter."""
    by = f"{names.promotion(face.undone_by)} undid this" if face.undone_by else "This was undone"
    back = f"{names.environment(face.environment)} went back to {names.version(face.undone_to)}"
    return f"{by}; {back}." if face.undone_to else f"{by}."


def nobody_knows() -> str:
    """Below an unknown outcome: who can settle it, and what waits for that."""
    return "An admin can name the run or say what happened · nothing else deploys here meanwhile · E18"


def nothing_ran() -> str:
    """An end before anything was deployed."""
    return "Nothing was deployed."


def trouble(face: Face) -> str:
    """A look or a call that fails for now: what the vendor said, and who does what about it."""
    said = untrusted(face.trouble.rstrip("."), 200)
    if face.trouble_until is not None:
        keeps = f"{names.promotion(face.id)} keeps its place; no action needed"
        return f":hourglass: I was asked to wait: “{said}”. I go on {date(face.trouble_until)}. {keeps} · E19"
    return f":warning: It did not work just now: “{said}”. I keep trying.{endings.remedy_of_trouble(face)}"


def _row(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
