"""What is said in a promotion's thread, one function per occasion; each pings only those who must act."""

from blocks.text import count_of, date, duration, link, listed, untrusted
from blocks.words import approvals, channels, endings, evidence, names, serving, steps
from bot.domain.face import Face
from bot.domain.policy import Verdict
from bot.domain.promotion import Changes


def ready(face: Face) -> str:
    """The one mention of the approvers, when approval has become possible."""
    what = f"{approvals.pinged(face)}: {names.promotion(face.id)} is ready for review, {names.subject(face)}."
    where = channels.approve_on_home() if face.discreet else ""
    parts = [what, f"{evidence.summary(face)}.", _changes(face), _risk(face), where]
    return ":wave: " + " ".join(part for part in parts if part)


def _changes(face: Face) -> str:
    if face.changes is None or not face.changes.items:
        return ""
    items = [
        f"#{one.number}" if one.number is not None else names.commit(one.sha) for one in face.changes.items
    ]
    shown = listed([word for word in items[:5] if word])
    more = f" and {len(items) - 5} more" if len(items) > 5 else ""
    return f"Changes{_authors(face.changes)}: {link(face.changes.url, shown)}{more}." if shown else ""


def _authors(changes: Changes) -> str:
    people = [untrusted(one, 40) for one in changes.authors[:3]]
    more = len(changes.authors) - 3
    return f" by {listed([*people, f'{more} more'] if more > 0 else people)}" if people else ""


def _risk(face: Face) -> str:
    """What is known to speak against it, in one line; nothing when nothing is."""
    skipped = [evidence.safe_label(one) for one in face.requirements if one.verdict is Verdict.WAIVED]
    behind = face.changes.behind if face.changes else 0
    parts = [f"skipped {listed(skipped[:4])}"] if skipped else []
    parts += (
        [f"{count_of(behind, 'commit')} of what is live {'is' if behind == 1 else 'are'} not in it"]
        if behind
        else []
    )
    return f":warning: Risk: {'; '.join(parts)}." if parts else ""


def approved(face: Face, person: str) -> str:
    """Somebody said yes, and how far that brings it."""
    given = next((one for one in face.approvals if one.by.name == person), None)
    who = names.mention(given.by) if given else untrusted(person, 40)
    if given is not None and given.checking:
        return f"{who} approved {names.subject(face)}; it counts once I have checked the membership."
    note = f": “{untrusted(given.note, 200)}”" if given is not None and given.note else "."
    return f"{who} approved {names.subject(face)} ({approvals.tally(face)}){note}"


def voided(face: Face) -> str:
    """Why earlier approvals do not count any more."""
    what = approvals.changes(face) or "the evidence"
    return (
        f":warning: Earlier approvals of {names.promotion(face.id)} ({names.subject(face)}) no longer count, "
        f"because this changed: {what}. It needs approval again."
    )


def started(face: Face) -> str:
    """The deploy has begun, with its run."""
    run = f" as {steps.run(face)}" if steps.run(face) else ""
    return f":rocket: Started {names.workflow(face)}{run}: {names.subject(face)}."


def blocked(face: Face) -> str:
    """What stands in the way, for whoever asked."""
    rows = [one for one in face.requirements if one.name in face.blocking][:3]
    seen = "; ".join(f"{evidence.safe_label(one)}: {untrusted(evidence.seen(one), 160)}" for one in rows)
    return (
        f"{names.mention(face.requester)}: {names.promotion(face.id)} ({names.subject(face)}) is blocked. "
        f"{seen or evidence.blocking(face)}. Press Retry when it is mended, or "
        f"`/promote why {names.promotion(face.id)}`."
    )


def failed(face: Face) -> str:
    """The broadcast of a failure: where, what serves, and the incident."""
    after = f" after {duration(face.took)}" if face.took is not None else ""
    parts = [
        f":x: {names.promotion(face.id)}: {names.subject(face)} *failed* {endings.where(face)}{after}.",
        f"*{serving.now(face)}.*",
        f"{serving.incident(face)}." if serving.incident(face) else "",
        f"Asked by {names.mention(face.requester)}.",
    ]
    return " ".join(part for part in parts if part)


def rolled_back(face: Face) -> str:
    """The broadcast of a rollback that is done; the face is the rollback's or that of what it undid."""
    place = f"{names.service(face.service)} {names.environment(face.environment)}"
    if face.undone_by:
        to = names.version(face.undone_to) if face.undone_to else "the release before"
        by = f"{names.promotion(face.undone_by)} undid {names.promotion(face.id)}"
        moved = f"from {names.version(face.version)} to {to}"
        return f":leftwards_arrow_with_hook: {place} was rolled back {moved} ({by})."
    after = f" after {duration(face.took)}" if face.took is not None else ""
    undone = f" ({names.promotion(face.id)} undoes {names.promotion(face.undoes)})" if face.undoes else ""
    who = names.mention(face.requester)
    back = f"{place} was rolled back to {names.version(face.version)}{after} by {who}{undone}"
    return f":leftwards_arrow_with_hook: {back}."


def cancelled_serving(face: Face) -> str:
    """What a cancelled run left behind, as far as it is known."""
    cancelled = f":no_entry: The run of {names.subject(face)} was cancelled{endings.by(face)}"
    return (
        f"{cancelled}. *{serving.now(face)}.* "
        f"Look at {names.environment(face.environment)} before the next deploy, or roll back."
    )


def unknown(face: Face) -> str:
    """Nobody knows whether it ran: for whoever asked."""
    return (
        f":grey_question: {names.mention(face.requester)}: the outcome of {names.promotion(face.id)} "
        f"({names.subject(face)}) is unknown. {steps.unknown(face)} An admin can settle it on the card."
    )


def not_ours(face: Face, run: str) -> str:
    """The run that an admin named is not there or is another one's."""
    return (
        f"Run {untrusted(run, 20)} is not the run of {names.promotion(face.id)} ({names.subject(face)}): it is not in "
        f"{untrusted(face.repo, 100)}, or its workflow, its ref or its correlation id is another one, or somebody else "
        "started it. "
        "The outcome is still unknown; an admin can name another run on the card."
    )


def stranger(face: Face) -> str:
    """A run that carries our correlation id and that somebody else started."""
    one = face.stranger
    which = f"run {one.run_id}, started by {untrusted(one.starter, 40)}" if one is not None else "a run"
    return (
        f":warning: GitHub lists {which}, with the correlation id of {names.promotion(face.id)} "
        f"({names.subject(face)}). I did not start it and do not follow it. Somebody should look at why it is there."
    )


def held(face: Face) -> str:
    """GitHub keeps the run waiting for people: for whoever asked."""
    since = f" since {date(face.waiting_since)}" if face.waiting_since is not None else ""
    return (
        f":hourglass_flowing_sand: {names.mention(face.requester)}: {steps.run(face) or 'the run'} of "
        f"{names.promotion(face.id)} ({names.subject(face)}) has waited in GitHub{since} for a reviewer or a runner. "
        f"Nothing else deploys {names.service(face.service)} to {names.environment(face.environment)} meanwhile: "
        "somebody has to let it go on in GitHub, or cancel it here."
    )


def unstopped(face: Face) -> str:
    """GitHub did not stop a run that it was asked to stop: for whoever asked, because a person has to."""
    return (
        f":warning: {names.mention(face.requester)}: I could not cancel {steps.run(face) or 'the run'} of "
        f"{names.promotion(face.id)} ({names.subject(face)}). {steps.not_stopped(face)}; the deploy may go on. "
        "Stop it in GitHub or where it runs. I keep asking."
    )


def errored(face: Face) -> str:
    """The deploy could not be started: for whoever asked."""
    return (
        f":boom: {names.mention(face.requester)}: could not start {names.promotion(face.id)} "
        f"({names.subject(face)}). {endings.could_not_start(face)}"
    )


def page_failed(face: Face) -> str:
    """On-call was not paged: somebody must do it by hand."""
    delayed = face.incident.delayed if face.incident else ""
    why = f" ({untrusted(delayed, 160)})" if delayed else ""
    what = f"{names.promotion(face.id)}, {names.subject(face)}{why}"
    return (
        f":warning: {names.mention(face.requester)}: I could not page on-call for {what}. "
        f"Page them by hand in PagerDuty. {serving.now(face)}."
    )


def extra_attempt(face: Face) -> str:
    """Somebody re-ran the workflow in GitHub after the end."""
    return (
        f"{steps.extra_attempt(face)} {names.promotion(face.id)} stays as it is ({names.subject(face)}); "
        "ask again here if the new attempt should count."
    )
