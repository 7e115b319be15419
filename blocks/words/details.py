"""What the details of one promotion say: what happened when, each rule with its evidence, changes, the audit log."""

from blocks.text import count_of, date, duration, link, moment, untrusted
from blocks.words import audit_rows, changes, happened, names, rules, states
from bot.domain.face import Face, RequirementFace
from bot.domain.forms import AuditLine, Details, Tab
from bot.domain.ledger import VERIFY

TITLE = "Details"
TABS: dict[Tab, str] = {
    "timeline": "Timeline",
    "gates": "Gates",
    "changes": "Changes",
    "audit": "Audit",
}
_LOOKS = frozenset({"version_seen", "incident_seen", "run_not_found"})


def head(face: Face) -> str:
    """Where a promotion stands."""
    return f"{states.icon(face)} *{names.title(face)}* · *{states.phrase(face)}*"


def ids(details: Details) -> str:
    """The raw ids of a promotion, to copy, and where its run is."""
    face = details.face
    run = link(face.run_url, f"run {face.run_id}") if face.run_id is not None else ""
    parts = [
        f"`{names.promotion(face.id)}`",
        f"commit `{untrusted(face.sha, 64)}`" if face.sha else "",
        f"{run}, attempt {face.attempt}" if run else "",
        f"correlation `{untrusted(details.correlation, 40)}`" if details.correlation else "",
        f"undoes {names.promotion(face.undoes)}" if face.undoes else "",
    ]
    return " · ".join(part for part in parts if part)


def reason(face: Face) -> str:
    """Who asked, where, and why."""
    asked = f"Asked by {names.mention(face.requester)} {date(face.created)} in {untrusted(face.repo, 100)}"
    took = f" · took {duration(face.took)}" if face.took is not None else ""
    said = f"\n> “{untrusted(face.reason, 1_000)}”" if face.reason.strip() else ""
    return f"{asked}{took}{said}"


def lines(details: Details) -> list[str]:
    """What stands under the chosen tab, line by line."""
    match details.tab:
        case "timeline":
            return _timeline(details)
        case "gates":
            return _gates(details)
        case "changes":
            return _changes(details.face)
        case "audit":
            return _audit(details)


def _timeline(details: Details) -> list[str]:
    rows = [one for one in _without_repeats(details) if happened.is_news(one)]
    cut = [_older(details.audit[0].at)] if details.is_cut else []
    return [*map(happened.sentence, details.before), *cut, *map(happened.sentence, rows)]


def _without_repeats(details: Details) -> list[AuditLine]:
    """What is looked at again and again is news once, and that is an early row."""
    firsts = {one.action: one for one in reversed(details.audit) if one.action in _LOOKS}
    news = [] if details.is_cut else list(firsts.values())
    return [one for one in details.audit if one.action not in _LOOKS or one in news]


def _older(at: float) -> str:
    return f"_Rows of the audit log from before {date(at)} are not shown here: `greenlight audit export` has them all._"


def _gates(details: Details) -> list[str]:
    found = [_gate(details, one) for one in details.gates]
    return found or ["Nothing was checked: it ended before that."]


def _gate(details: Details, one: RequirementFace) -> str:
    at = details.looked.get(f"{VERIFY}{one.name}" if one.kind == "verify" else one.name)
    below = [
        f"the rule: {untrusted(one.basis, 200)}" if one.basis and one.kind in ("gate", "verify") else "",
        f"looked at {moment(at)}" if at is not None else "",
        link(one.link, "source") if link(one.link, "source") != "source" else "",
    ]
    more = " · ".join(part for part in below if part)
    return rules.line(details.face, one) + (f"\n      {more}" if more else "")


def _changes(face: Face) -> list[str]:
    known = face.changes
    if known is None:
        return ["What changes is not known: GitHub was not asked, or nothing is recorded as live there."]
    since = f" since {names.version(known.since)}" if known.since else ""
    behind = [f":warning: {count_of(known.behind, 'commit')} live there now: not in this version"]
    return [
        link(known.url, count_of(known.commits, "commit") + since),
        *(changes.line(one) for one in known.items),
        *(behind if known.behind else []),
    ]


def _audit(details: Details) -> list[str]:
    cut = [_older(details.audit[0].at)] if details.is_cut else []
    return [*cut, *audit_rows.rows(details.audit)] or ["No row of the audit log is about it."]


def tab_for_readers(face: Face, tab: Tab) -> str:
    """What a tab's button is called for those who do not see where it stands; plain text."""
    return f"{TABS[tab]} of promotion {names.promotion(face.id)}"


def not_shown(count: int) -> str:
    """How much of a tab does not fit in a form."""
    return f"… and {count_of(count, 'line')} more"


def not_shown_before(count: int) -> str:
    """How much of a tab in order of time does not fit in a form."""
    return f"{count_of(count, 'earlier line')} not shown …"
