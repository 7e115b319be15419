"""What came of a soak: judged by what GitHub, Slack and PagerDuty were asked, held against the record."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.domain.promotion import Promotion
from bot.playground.github.door import APP_LOGIN
from bot.playground.server import Playground
from bot.store.protocol import AuditRow, Query, Store
from tests.soak.crowd import Crowd, Word

PAGE = 200
STARTS = '"phase":"dispatching"'
NO = ("reject", "cancel")


@dataclass(frozen=True, slots=True)
class Record:
    """Everything that is stored, when everything has ended."""

    promotions: Mapping[str, Promotion]
    rows: Mapping[str, Sequence[AuditRow]]  # by subject
    held: tuple[str, ...]  # slots that somebody has
    due: float | None
    broken: int | None  # the first audit row that breaks the chain
    count: int  # of audit rows


@dataclass(frozen=True, slots=True)
class Verdict:
    """The bad things by name: each has to be empty."""

    bad: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def is_good(self) -> bool:
        """Whether nothing bad was found."""
        return not any(self.bad.values())


async def record_of(store: Store) -> Record:
    """Read everything."""
    promotions = await _promotions(store)
    rows: dict[str, list[AuditRow]] = {}
    last = 0
    while page := await store.audit(last):
        last = page[-1].number
        for row in page:
            rows.setdefault(row.subject, []).append(row)
    held = tuple(f"{one.service} {one.environment}: {one.holder}" for one in await store.slots_held())
    return Record(
        promotions={one.id: one for one in promotions},
        rows=rows,
        held=held,
        due=await store.next_due(0.0),
        broken=await store.verify_audit(),
        count=last,
    )


def judge(
    record: Record, playground: Playground, crowd: Crowd, *, deaths: int, faults: Sequence[str] = ()
) -> Verdict:
    """Everything that must not be."""
    extra = surplus(playground, crowd)
    excused = deaths + lost_answers(playground)
    return Verdict(
        {
            "double dispatches": doubled_runs(playground),
            "started after a no": _started_after_a_no(record, playground),
            "lost clicks": _lost(record, crowd),
            "stuck": _stuck(record),
            "slots still held": record.held,
            "incidents twice": _incidents_twice(playground),
            "messages twice without an excuse": extra if len(extra) > excused else (),
            "changes without an audit row": _unaudited(record),
            "audit chain broken": () if record.broken is None else (f"at row {record.broken}",),
            "faults of ours in the logs": faults,
        }
    )


def doubled_runs(playground: Playground) -> list[str]:
    """Correlation ids for which GitHub has more than one run of ours (P1)."""
    ours = (run for run in playground.github.runs.all if run.actor == APP_LOGIN)
    started = Counter(run.inputs.get("correlation_id", "") for run in ours)
    return [correlation for correlation, count in started.items() if count > 1]


def surplus(playground: Playground, crowd: Crowd) -> list[str]:
    """Cards beyond one for each promotion, and broadcasts beyond one of a kind."""
    extra = [
        f"card of {promotion}" for promotion in set(crowd.promised) for _ in crowd.board.cards(promotion)[1:]
    ]
    loud = Counter(
        f"broadcast {one.thread_ts} {one.text.split()[0]}"
        for one in playground.slack.messages("deploys")
        if one.broadcast
    )
    return extra + [name for name, count in loud.items() for _ in range(count - 1)]


def lost_answers(playground: Playground) -> int:
    """Posts that Slack may have done and answered with a failure: nobody could tell."""
    posts = (one for one in playground.world.ledger if one.path == "chat.postMessage")
    return sum(one.status >= 500 for one in posts)


def _started_after_a_no(record: Record, playground: Playground) -> list[str]:
    """Runs of promotions to which somebody's no was recorded before any intent was."""
    ran = {run.inputs.get("promotion_id", "") for run in playground.github.runs.all}
    return [promotion for promotion in sorted(ran) if _said_no_first(record.rows.get(promotion, ()))]


def _said_no_first(rows: Iterable[AuditRow]) -> bool:
    for row in rows:
        if STARTS in row.detail:
            return False
        if row.action in NO:
            return True
    return False


def _lost(record: Record, crowd: Crowd) -> list[str]:
    """What was acknowledged and is in no record."""
    gone = [f"request {one}" for one in sorted(set(crowd.promised)) if one not in record.promotions]
    gone += [f"typed: {word}" for word in crowd.told if not word.card and not _is_recorded(record, word)]
    pressed = Counter(replace(word, card="") for word in crowd.told if _was_on_the_card(record, word))
    return gone + [
        f"pressed {count}x: {word}" for word, count in pressed.items() if _rows(record, word) < count
    ]


def _is_recorded(record: Record, word: Word) -> bool:
    """Whether a typed word that was done has its row; a no after somebody's no changes nothing, and leaves none."""
    rows = record.rows.get(word.promotion, ())
    if word.action in NO:
        return any(row.action in NO for row in rows)
    return word.action == "retry" or any((row.actor, row.action) == (word.by, word.action) for row in rows)


def _was_on_the_card(record: Record, word: Word) -> bool:
    """A button was pressed, and not on an orphan, which is disarmed and leaves no row."""
    stored = record.promotions.get(word.promotion)
    card = stored.ledger.get("card") if stored else None
    return bool(word.card) and (card is None or card.ref == word.card)


def _rows(record: Record, word: Word) -> int:
    """How often somebody's press was done or refused: each leaves a row."""
    rows = record.rows.get(word.promotion, ())
    return sum(row.actor == word.by and row.action in {word.action, "refused"} for row in rows)


def _stuck(record: Record) -> list[str]:
    """What has not ended, and what is due although everything has."""
    left = [
        f"{one.id} {one.kind.value} {one.service} {one.environment} is {one.phase.value} {_errors(one)}"
        for one in record.promotions.values()
        if one.phase.is_open
    ]
    return left or ([] if record.due is None else ["something is due, and everything has ended"])


def _errors(promotion: Promotion) -> str:
    return " ".join(f"{key}: {entry.error}" for key, entry in promotion.ledger.items() if entry.error)


def _incidents_twice(playground: Playground) -> list[str]:
    keys = Counter(str(incident["dedup_key"]) for incident in playground.pagerduty.incidents_state())
    return [key for key, count in keys.items() if count > 1]


def _unaudited(record: Record) -> list[str]:
    """Promotions with fewer rows than changes (P6)."""
    return [
        one.id
        for one in record.promotions.values()
        if sum(row.action != "refused" for row in record.rows.get(one.id, ())) < one.revision
    ]


async def _promotions(store: Store) -> list[Promotion]:
    found: list[Promotion] = []
    before: str | None = None
    while page := await store.find(Query(before=before, limit=PAGE)):
        found += page
        before = page[-1].id
    return found
