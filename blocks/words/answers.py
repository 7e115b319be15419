"""What people ask: what runs where, why something waits, what happened before."""

from collections.abc import Sequence

from blocks.text import count_of, date, duration, untrusted
from blocks.words import endings, names, rules, states
from bot.domain.face import Face, RequirementFace, State, StatusRow
from bot.domain.policy import Verdict
from bot.domain.promotion import Release

ROLL_BACK_TO_THIS = "Roll back to this"
STATUS = "What is deployed?"  # the title of the modal
MOST_NAMED = 8
_PLACED = frozenset(
    {"done", "run", "verification", "timeout"}
)  # what is said of these is the step, told already


def status(row: StatusRow) -> tuple[str, str]:
    """What runs in one environment, and what is on its way there."""
    return _live_words(row), " · ".join(
        f"{names.promotion(id)} {names.version(version)} {state.value}"
        for id, version, state in row.in_flight[:5]
    )


def _live_words(row: StatusRow) -> str:
    if not row.known or row.live is None:
        return "unknown"
    return f"*{names.version(row.live.version)}* since {date(row.live.since)}{_by(row.live)}"


def _by(release: Release) -> str:
    return f" ({names.promotion(release.promotion)})" if release.promotion else " (adopted)"


def nothing_to_show() -> str:
    """Status without a single row."""
    return "No service of the catalog matches. `/promote status all` lists all of them."


def your_services(shown: int, all_of_them: int) -> str:
    """That a status shows some services only, and how to see the others."""
    return f"Your services: {shown} of {all_of_them}. `/promote status all` lists every one."


def more_services(count: int) -> str:
    """That a list of services was cut."""
    return f"and {count} more services: name one to see it"


def why_lines(face: Face) -> list[str]:
    """Each rule with its verdict and what was seen, numbered."""
    rows = sorted(face.requirements, key=lambda one: one.verdict in (Verdict.MET, Verdict.WAIVED))
    return _numbered(face, rows)


def seen_lines(face: Face) -> list[str]:
    """What was seen of the gates until the end, numbered: readings and what was skipped, and nothing that is open."""
    told = [one for one in face.requirements if one.reading is not None or one.verdict is Verdict.WAIVED]
    return _numbered(face, told)


def _numbered(face: Face, rows: Sequence[RequirementFace]) -> list[str]:
    return [f"{place}. {rules.line(face, one)}" for place, one in enumerate(rows[:20], 1)]


def why_head(face: Face) -> str:
    """Where a promotion stands, in one line."""
    return _head(face, states.phrase(face))


def _head(face: Face, phrase: str) -> str:
    return f"{states.icon(face)} `{names.promotion(face.id)}` {names.title(face)}: *{phrase}*"


def history_line(face: Face, *, is_live: bool = False) -> str:
    """One promotion of the past in one line: what succeeded once need not serve any more."""
    when = face.ending.at if face.ending else face.created
    took = f" · {duration(face.took)}" if face.took is not None else ""
    gone = face.state in {State.SUCCEEDED, State.REPLACED} and not is_live
    head = _head(face, f"Succeeded{took}" if gone else states.phrase(face))
    parts = [f"{date(when)} · asked by {names.person(face.requester)}", _why(face)]
    return f"{head} · {' · '.join(part for part in parts if part)}"


def _why(face: Face) -> str:
    """In the words of whoever ended it, or of GitHub, unless the state says it already; else why it was asked for."""
    ended = "" if face.ending and face.ending.cause in _PLACED else endings.said(face.ending, 80)
    return ended or (f"“{untrusted(face.reason, 80)}”" if face.reason.strip() else "")


def history_title(service: str, environment: str, days: int) -> str:
    """Whose promotions a list shows."""
    return f"Promotions of {_place(service, environment)}{_span(days)}, newest first."


def history_is_cut(service: str, shown: int) -> str:
    """That there are older ones."""
    name = names.service(service)
    fewer = f"`/promote history {name} last 2d`"
    return f"The newest {shown} are shown. Ask for fewer days, or name an environment: {fewer}"


def no_history(service: str, environment: str, days: int) -> str:
    """Nothing was ever promoted there through Greenlight, or not lately."""
    what = f"No promotion of {_place(service, environment)} is recorded{_span(days)}."
    return f"{what} Start one: `/promote {names.service(service)}`"


def _place(service: str, environment: str) -> str:
    return f"{names.service(service)}{f' to {names.environment(environment)}' if environment else ''}"


def _span(days: int) -> str:
    return f" in the last {count_of(days, 'day')}" if days else ""


def go_back(face: Face) -> str:
    """What the button of a row of the past does, for those who cannot see the row."""
    return f"{ROLL_BACK_TO_THIS}: {face.service} in {face.environment}, {face.version}"


def all_rows(rows: Sequence[StatusRow]) -> str:
    """What runs where, in one sentence for a notification."""
    return f"What runs where. {'; '.join(map(_row, rows))}."


def _row(row: StatusRow) -> str:
    live, coming = status(row)
    place = f"{names.service(row.service)} {names.environment(row.environment)}"
    return f"{place}: {live}{f', on its way: {coming}' if coming else ''}"


def row_line(row: StatusRow) -> str:
    """One environment of a service in a line."""
    live, coming = status(row)
    return f"{names.environment(row.environment)}: {live}{f' · on its way: {coming}' if coming else ''}"
