"""What a Home says. Tables hold plain text; everything else is mrkdwn."""

from collections.abc import Mapping
from dataclasses import dataclass

from blocks.text import bare, count_of, date, link, raw, untrusted
from blocks.words import answers, card_lines, evidence, incidents, names, states
from blocks.words.commands import typed
from bot.domain.face import Face, State
from bot.domain.home import DAY, Drift, EnvironmentRow, HomeFace, Keep, ServiceRow, Step
from bot.domain.policy import Kind
from bot.domain.promotion import Release

WAITING = "Waiting for you"
FLYING = "Yours in flight"
RECENT = "Recent"
KEEPING = "Greenlight itself"
FIRST_STEPS = "First steps"
ENVIRONMENTS = ("Environment", "In flight", "Last change")
PROMOTE, STATUS, PREFERENCES, HELP = "Promote", "What is deployed?", "Preferences", "Help"
SKIP, DOCTOR = "Skip these steps", "Look at everything"
# The same for those who cannot see where a button stands.
PROMOTE_LONG = "Promote a service"
STATUS_LONG = "What is deployed? Each environment of your services"
PREFERENCES_LONG = "Preferences: reminders, quiet hours, direct messages"
HELP_LONG = "Help: what you can type"
SKIP_LONG = "Skip these steps and show the dashboard"
DOCTOR_LONG = "Look at everything that Greenlight needs"
NOTHING = "nothing"
NEVER = "–"
_SHOWN = 2  # promotions in a cell

_BROKE: Mapping[State, str] = {
    State.FAILED: "Failed",
    State.ERRORED: "Could not start",
    State.CANCELLED: "Cancelled",
}


@dataclass(frozen=True, slots=True)
class LastChange:
    """What came last to an environment, as plain text, with an icon where it did not end well."""

    text: str
    at: float
    emoji: str = ""


def services(*, is_owner: bool) -> str:
    """The title over the services: a person's own, or all."""
    return "Your services" if is_owner else "All services"


def nothing_waits() -> str:
    """Nobody waits for this person."""
    return "Nothing waits for your approval."


def step(face: HomeFace, which: Step, *, is_done: bool) -> str:
    """One of a newcomer's first steps, with an example that works as it stands."""
    return f"{':white_check_mark:' if is_done else ':white_large_square:'} {_step(face, which)}"


def _step(face: HomeFace, which: Step) -> str:
    match which:
        case Step.ASKED:
            return f"Ask for a promotion: press *{PROMOTE}*, or type `/promote`."
        case Step.DECIDED:
            return f"Approve or reject one, or ask why it stands where it stands: {typed(_why(face))}"
        case Step.PLANNED:
            return f"See what a promotion would take, without asking for it: {typed(_plan(face))}"


def _why(face: HomeFace) -> str:
    """Of the promotion that is nearest; of none, the service whose newest one is meant."""
    known = (*face.waiting, *face.flying, *face.recent)
    return f"/promote why {known[0].id}" if known else f"/promote why {_service(face)}"


def _plan(face: HomeFace) -> str:
    """Of a version that is on its way somewhere; where everything runs the same, of whatever comes next."""
    for row in face.services:
        if row.drift is not None and (ahead := dict(row.serving).get(row.drift.before)) is not None:
            return f"/promote plan {row.service}@{ahead.version} to {row.drift.environment}"
    return f"/promote plan {_service(face)}"


def _service(face: HomeFace) -> str:
    return face.services[0].service if face.services else "checkout"


def promotion(face: Face) -> str:
    """One promotion in a line: what, and where it stands."""
    return answers.why_head(face)


def ended(face: Face) -> str:
    """One promotion that is over, in a line; why it was asked for is quoted, and what a person said at its end."""
    return answers.history_line(face)


def incident(face: Face) -> str:
    """An open incident: its number, what failed, what it says, and who looks after it."""
    known = face.incident
    number = f"PD-{known.number}" if known and known.number else "Incident"
    name = link(known.url, number) if known and known.url else number
    where = f" · {names.channel(known.channel)}" if known and known.channel else ""
    stands = f":rotating_light: *{name} is {incidents.unread(face) or 'open'}*"
    return f"{stands} · {names.title(face)}: *{states.phrase(face)}*\n{_looked_after(face)}{where}"


def _looked_after(face: Face) -> str:
    known = face.incident
    lead = f", led by {names.person(known.lead)}" if known and known.lead else ""
    if known is None or known.acknowledged_at is None:
        return f"Nobody has acknowledged it{lead}"
    by = f" by {names.person(known.acknowledged_by)}" if known.acknowledged_by else ""
    return f"Acknowledged{by} {date(known.acknowledged_at)}{lead}"


def waiting(face: Face) -> str:
    """A promotion that waits for this person: what, who asked, and why."""
    reason = f": “{untrusted(face.reason, 200)}”" if face.reason else ""
    return f"{promotion(face)}\nAsked by {names.person(face.requester)}{reason}"


def proof(face: Face) -> str:
    """What approvers have to know: the gates with what was seen, the commits, and until when."""
    changes = face.changes
    commits = f"{count_of(changes.commits, 'commit')} since {names.version(changes.since)}" if changes else ""
    until = f"expires {date(face.expires)}" if face.expires is not None else ""
    return " · ".join(part for part in (evidence.passed_line(face), commits, until) if part)


def warnings(face: Face) -> list[str]:
    """What nobody may overlook beside an Approve button, as on the card: skipped checks, commits that would be lost,
    and why earlier approvals count no more."""
    return [
        *evidence.waivers(face),
        *card_lines.behind(face),
        *([card_lines.voided(face)] if face.voided else []),
    ]


def out_of_date(promotion: str) -> str:
    """E10: a button of Home showed other evidence than holds now."""
    return (
        f"Your Home showed {names.promotion(promotion)} as it was, so I did nothing but bring it up to date. "
        "Look at it again before you press."
    )


def unread() -> str:
    """E34: an account that was not read lets nobody in."""
    return "I have not read your Slack account yet, and I let nobody in unchecked. This page comes as soon as I have."


def more(count: int, what: str) -> str:
    """What did not fit."""
    return f"… and {count} more {what}. `/promote status` lists them all."


def in_flight(row: EnvironmentRow) -> str:
    """What is on its way to one environment, as plain text."""
    shown = [_flying(face) for face in row.in_flight[:_SHOWN]]
    left = len(row.in_flight) - _SHOWN
    return "; ".join([*shown, f"{left} more"] if left > 0 else shown) or NOTHING


def _flying(face: Face) -> str:
    what = f"{raw(face.id, 20)} {raw(face.service, 40)} {raw(face.version, 40)}"
    return f"{what}: {raw(states.phrase(face), 60)}"


def last_change(row: EnvironmentRow) -> LastChange | None:
    """What came last to one environment; None: nothing is known."""
    broke = row.broke
    if broke is not None and broke.ending is not None:
        word = _BROKE.get(broke.state, "Not done")
        return LastChange(f"{word}: {_tried(broke)}", broke.ending.at, states.ICONS[broke.state])
    if row.last is None:
        return None
    service, release = row.last
    return LastChange(f"{raw(service, 40)} {version(release)}", release.since)


def _tried(face: Face) -> str:
    what = raw(bare(names.version(face.version), 100), 40)
    if face.kind is Kind.ROLLBACK:
        return f"rollback of {raw(face.service, 40)} to {what}"
    return f"{raw(face.service, 40)} {what}"


def version(release: Release | None) -> str:
    """A version as plain text."""
    return raw(bare(names.version(release.version), 100), 40) if release else "unknown"


def drift(behind: Drift | None, now: float) -> str:
    """How far an environment is behind the one before it, as plain text: `production is 7 commits / 3 days behind`."""
    if behind is None:
        return NEVER
    commits = [count_of(behind.commits, "commit")] if behind.commits is not None else []
    days = int(max(0.0, now - behind.since) // DAY)
    age = [count_of(days, "day")] if days else ([] if commits else ["less than a day"])
    how_far = " / ".join([*commits, *age])
    return f"{raw(behind.environment, 30)} is {how_far} behind {raw(behind.before, 30)}"


def environment_line(row: EnvironmentRow) -> str:
    """One environment as a line, for clients that show no tables."""
    last = last_change(row)
    icon = f":{last.emoji}: " if last and last.emoji else ""
    came = f" · last: {icon}{untrusted(last.text, 130)}, {date(last.at)}" if last else ""
    return f"*{names.environment(row.environment)}*: {untrusted(in_flight(row), 300)} in flight{came}"


def service_line(row: ServiceRow, now: float) -> str:
    """One service as a line, for clients that show no tables."""
    runs = " · ".join(f"{names.environment(name)} {_safe(release)}" for name, release in row.serving)
    behind = f" · :warning: {untrusted(drift(row.drift, now), 120)}" if row.drift else ""
    return f"*{names.service(row.service)}*: {runs}{behind}"


def _safe(release: Release | None) -> str:
    return f"`{names.version(release.version)}`" if release else "unknown"


def health(keep: Keep) -> str:
    """Whether each part of the bot is well."""
    return " · ".join(
        f":{'white_check_mark' if is_well else 'x'}: {untrusted(part, 40)} {'is well' if is_well else 'is not well'}"
        for part, is_well in keep.parts
    )


def about(keep: Keep) -> str:
    """Which version runs, and by which catalog."""
    catalog = f"catalog `{untrusted(keep.digest[:12], 12)}`, read {date(keep.loaded)}"
    return f"Version {untrusted(keep.version, 40)} · {catalog}"


def refused(keep: Keep) -> str:
    """E26: a changed catalog does not count, and why."""
    lines = [f"• {untrusted(one, 300)}" for one in keep.refused[:5]]
    left = len(keep.refused) - len(lines)
    rest = [f"… and {left} more"] if left > 0 else []
    head = f":warning: *The catalog on disk is not used.* What was read {date(keep.loaded)} still counts."
    return "\n".join([head, *lines, *rest])


def skipped() -> str:
    """What the dashboard will be, for a newcomer."""
    return "When they are done, your services and what ended last are shown here instead."
