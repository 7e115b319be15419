"""What was seen of each requirement, in words: the gates' readings, the branch, the path, and waivers."""

from collections.abc import Sequence
from typing import assert_never

from blocks.text import count_of, listed, raw, untrusted
from blocks.words import names
from bot.domain.authors import UNKNOWN_LIVE
from bot.domain.face import Face, RequirementFace
from bot.domain.policy import REMOVED, Person, Verdict
from bot.domain.readings import ChecksReading, HealthReading, IncidentsReading, Reading, Unreadable

RESULTS = {
    Verdict.MET: ("white_check_mark", "Passed"),
    Verdict.PENDING: ("hourglass_flowing_sand", "Checking"),
    Verdict.UNMET: ("x", "Not passed"),
    Verdict.WAIVED: ("warning", "Skipped"),
}
_NOT_EVIDENCE = {"approvals", "wait", "slot"}
_GATES = {"gate", "unavailable"}
_EVERYWHERE = {"checks", "incidents"}  # gates that look at the commit or the service, not at an environment
_FIRST_SHOWN = (Verdict.UNMET, Verdict.PENDING, Verdict.WAIVED, Verdict.MET)


def shown(face: Face, most: int) -> tuple[RequirementFace, ...]:
    """The requirements that are evidence, in order; of too many, those that stand in the way first."""
    rows = [one for one in face.requirements if one.kind not in _NOT_EVIDENCE]
    if len(rows) > most:
        rows.sort(key=lambda one: _FIRST_SHOWN.index(one.verdict))
    return tuple(rows[:most])


def obstacles(face: Face, most: int) -> tuple[RequirementFace, ...]:
    """The requirements that are evidence and neither passed nor were skipped, unmet ones first."""
    rows = [one for one in face.requirements if one.kind not in _NOT_EVIDENCE]
    unmet = [one for one in rows if one.verdict is Verdict.UNMET]
    return (*unmet, *(one for one in rows if one.verdict is Verdict.PENDING))[:most]


def evidence_count(face: Face) -> int:
    """How many requirements are evidence."""
    return sum(one.kind not in _NOT_EVIDENCE for one in face.requirements)


def gate_count(face: Face) -> int:
    """How many of them are gates, which look at the world: wherever gates are counted, it is these."""
    return sum(one.kind in _GATES for one in face.requirements)


def gates_done(face: Face) -> int:
    """How many gates passed or were skipped."""
    done = (Verdict.MET, Verdict.WAIVED)
    return sum(one.kind in _GATES and one.verdict in done for one in face.requirements)


def what(face: Face) -> str:
    """What is checked, in a sentence: `3 gates`, or the rules where there is no gate."""
    count = gate_count(face)
    return count_of(count, "gate") if count else "the rules"


def label(one: RequirementFace) -> str:
    """A requirement's name for people, as plain text: `Health now`."""
    return raw(_words(one), 40) or "Gate"


def safe_label(one: RequirementFace) -> str:
    """A requirement's name for people, inside mrkdwn."""
    return untrusted(_words(one), 40) or "Gate"


def _words(one: RequirementFace) -> str:
    words = one.name.removeprefix("verify:").replace("-", " ").strip()
    return words[:1].upper() + words[1:] if words.split(" ")[0].isalpha() else words


def seen(one: RequirementFace) -> str:
    """What was seen of a requirement, not yet safe to show: it quotes the world."""
    if one.verdict is Verdict.WAIVED:
        return f"skipped by {one.by}: {one.reason}"
    if one.kind == "unavailable" and one.name == REMOVED:
        return "the catalog no longer sends this service there, so nothing new is started"
    if one.kind == "unavailable":
        return "this version of Greenlight cannot judge this rule yet, so it counts as not passed"
    if one.reading is None:
        return _without_reading(one)
    where = f"{one.environment}: " if one.environment and one.use not in _EVERYWHERE else ""
    is_open = one.verdict in (Verdict.UNMET, Verdict.PENDING)
    asked = f"; the rule: {one.basis}" if one.basis and is_open else ""
    return f"{where}{reading(one.reading)}{asked}"


def _without_reading(one: RequirementFace) -> str:
    if one.kind == "store":
        return "it took over from another one: a run that it may have forgotten has to show first"
    if one.verdict is Verdict.PENDING:
        return f"looking ({one.basis})" if one.basis else "looking"
    met = one.verdict is Verdict.MET
    match one.kind:
        case "branch":
            on = one.basis or "an allowed branch"
            return f"on {on}" if met else f"the version is gone, or not on {on}"
        case "path":
            before = one.environment or "the environment before"
            return f"succeeded in {before}" if met else f"this commit has not succeeded in {before}"
        case "approvals":
            return "given" if met else "not given"
        case "wait":
            return "over" if met else "not over"
        case "slot":
            return "its turn" if met else "another promotion is before it"
        case "authors":
            return _authors(one.reason)
        case "role":
            return "may ask" if met else "whoever asked may not ask for this any more"
        case _:
            return one.basis or ("as required" if met else "not as required")


def _authors(why: str) -> str:
    if why == UNKNOWN_LIVE:
        return (
            "nobody recorded what is live, so who wrote the changes is not known: /promote adopt records it"
        )
    return "too much changes to tell who wrote it: promote it in smaller steps"


def reading(value: Reading) -> str:
    """What a look brought back, not yet safe to show."""
    match value:
        case ChecksReading():
            return _checks(value)
        case HealthReading():
            return _health(value)
        case IncidentsReading():
            return _incidents(value)
        case Unreadable(why=why):
            return f"I could not read it ({why.rstrip('.')}). I count that as not passed"
        case _:
            assert_never(value)


def _checks(value: ChecksReading) -> str:
    parts = [f"{_few(value.failed, value.more_failed)} failed"] if value.failed else []
    parts += [f"waiting for {_few(value.pending, value.more_pending)}"] if value.pending else []
    missing = _few(value.missing, value.more_missing)
    parts += [f"{missing} not seen on this commit"] if value.missing else []
    skipped = [f"{value.skipped} skipped"] if value.skipped else []
    if not parts and not value.passed:
        return (
            ", ".join(["no green check on this commit", *skipped]) if skipped else "no checks on this commit"
        )
    return ", ".join([*parts, f"{value.passed} passed", *skipped])


def _health(value: HealthReading) -> str:
    status = f"HTTP {value.status}" if value.status is not None else "no answer"
    named = f", {value.version}" if value.version else ""
    if value.wrong is not None:
        told = "" if str(value.status) in value.wrong or status in value.wrong else f"{status}, "
        return f"{value.wrong} ({told}{count_of(value.attempts, 'look')})"
    if not value.attempts:
        return "looking"
    return f"{count_of(value.good_in_a_row, 'good answer')} in a row ({status}{named})"


def _incidents(value: IncidentsReading) -> str:
    if not value.open:
        return "none open"
    return "open: " + _few([f"PD-{one.number} {one.title}" for one in value.open], value.more)


def _few(words: Sequence[str], more: int = 0) -> str:
    """A few of the words and how many others there are: `more` are not even among the words."""
    in_all = len(words) + more
    if in_all <= 4 and not more:
        return listed(words)
    return listed([*words[:3], f"{in_all - len(words[:3])} more"])


def summary(face: Face) -> str:
    """All gates in one phrase: `All 5 gates passed`, `4 of 5 gates passed, 1 skipped`."""
    verdicts = [one.verdict for one in face.requirements if one.kind in _GATES]
    if not verdicts:
        return "There are no gates"
    passed, skipped = verdicts.count(Verdict.MET), verdicts.count(Verdict.WAIVED)
    if passed == len(verdicts):
        return "The gate passed" if passed == 1 else f"All {passed} gates passed"
    words = f"{passed} of {count_of(len(verdicts), 'gate')} passed"
    return f"{words}, {skipped} skipped" if skipped else words


def passed_line(face: Face) -> str:
    """The passed gates in one line, each with what was seen, and apart from them what else holds."""
    met = [one for one in face.requirements if one.verdict is Verdict.MET]
    gates = [_said(safe_label(one), untrusted(_short(one), 60)) for one in met if one.kind == "gate"]
    others = ", ".join(untrusted(seen(one), 60) for one in met if one.kind in ("branch", "path"))
    return " · ".join([f"*{summary(face)}*", *gates[:6], *([f"Also: {others}"] if others else [])])


def readings_line(face: Face) -> str:
    """What was seen of each passed gate, as one line of plain text: the most telling first."""
    met = [one for one in face.requirements if one.verdict is Verdict.MET]
    gates = [_said(label(one), raw(_short(one), 40)) for one in met if one.kind == "gate"]
    others = ", ".join(raw(seen(one), 40) for one in met if one.kind in ("branch", "path"))
    return " · ".join([*gates[:4], *([f"Also: {others}"] if others else [])])


def _said(name: str, short: str) -> str:
    return f"{name}: {short}" if short else name


def rest(more: int) -> str:
    """How many rows did not fit, and where they are."""
    return f"and {count_of(more, 'more row')}: see Details"


def _short(one: RequirementFace) -> str:
    if isinstance(one.reading, HealthReading) and one.reading.status is not None:
        return f"answers {one.reading.status}"
    return reading(one.reading) if one.reading is not None else ""


def row(one: RequirementFace) -> str:
    """One requirement as a line of mrkdwn."""
    emoji, result = RESULTS[one.verdict]
    return f":{emoji}: *{safe_label(one)}* {result.lower()} · {untrusted(seen(one), 160)}"


def waivers(face: Face) -> list[str]:
    """What approvers must not overlook: the gates that somebody chose to skip, at most five."""
    skipped = [one for one in face.requirements if one.verdict is Verdict.WAIVED]
    return [waiver(one, face.requester if one.by == face.requester.name else None) for one in skipped[:5]]


def waiver(one: RequirementFace, by: Person | None) -> str:
    """One gate that somebody chose to skip, who did, and why."""
    who = names.mention(by) if by else untrusted(one.by, 40)
    kind = " check" if one.use == "health" else ""
    return f":warning: *{safe_label(one)}{kind} skipped by {who}:* “{untrusted(one.reason, 200)}”"


def blocking(face: Face) -> str:
    """The names of what is not met, at most three."""
    titles = {one.name: safe_label(one) for one in face.requirements}
    return _few([titles.get(name) or untrusted(name, 40) for name in face.blocking]) or "a requirement"
