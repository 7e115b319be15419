"""A promotion's document always fits: what explains gives way to what decides."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.incident import Incident, IncidentNote
from bot.domain.policy import Kind, Verdict
from bot.domain.promotion import (
    Approval,
    Change,
    Changes,
    Entry,
    Evidence,
    GateFact,
    Phase,
    Promotion,
    Run,
    Step,
)
from bot.domain.readings import ChecksReading, IncidentsReading, OpenIncident, Reading
from bot.domain.size import clipped, cut, slim
from bot.gates.checks import judge
from bot.store.codec import LIMIT, size_of


def largest() -> Promotion:
    """Everything as long and as many as it can become."""
    wide = "⚠" * 1000
    evidence = Evidence(
        sha="a" * 40,
        rules=tuple((f"section {number}", "d" * 16) for number in range(9)),
        waivers=(),
        gates=tuple((f"gate-{number}", "met", "basis " * 10) for number in range(8)),
    )
    return Promotion(
        id="P-1",
        kind=Kind.PROMOTE,
        service="s" * 60,
        environment="e" * 60,
        version="v" * 128,
        requester="r" * 40,
        reason=cut(wide, 3000),
        created=1.0,
        correlation="c" * 32,
        changes=Changes(
            "v1", 20, tuple(Change(wide[:80], "a" * 39, "https://x/" + "u" * 100) for _ in range(20)), (), ""
        ),
        approvals=tuple(Approval(f"p{n}", f"{n:016x}", 1.0, cut(wide, 200)) for n in range(20)),
        signed={f"{n:016x}": evidence for n in range(20)},
        gates={
            f"gate-{n}": GateFact(f"gate-{n}", 1.0, ChecksReading(0, failed=("f" * 60,) * 5), "basis " * 10)
            for n in range(8)
        },
        run=Run(steps=tuple(Step("n" * 80, "succeeded", "https://x/" + "u" * 100) for _ in range(40))),
        ledger={
            f"approved:p{n}:aaaaaa": Entry(1.0, 2.0, "1700000000.000100", "C0", "d" * 16) for n in range(25)
        },
    )


def test_the_largest_promotion_still_fits() -> None:
    """Shedding detail brings the worst case under the limit, and keeps every approval."""
    before = largest()
    assert size_of(before) > LIMIT
    after = slim(before, LIMIT, size_of)
    assert size_of(after) <= LIMIT
    assert [one.by for one in after.approvals] == [one.by for one in before.approvals]
    assert after.gates == before.gates


def test_a_matrix_of_red_checks_still_fits() -> None:
    """Incident: 260 shards of one matrix failed; their names did not fit, and the promotion stood still."""
    shards = tuple(f"integration / matrix (python 3.12, postgres 16, shard {n} of 260)" for n in range(260))
    seen = clipped(ChecksReading(4, failed=shards))
    assert isinstance(seen, ChecksReading)
    assert (len(seen.failed), seen.more_failed, seen.passed) == (10, 250, 4)
    many = {
        f"gate-{n}": GateFact(f"gate-{n}", 1.0, _everything_red(), "basis", "https://x/") for n in range(12)
    }
    after = slim(replace(largest(), gates=many), LIMIT, size_of)
    assert size_of(after) <= LIMIT
    assert {judge(fact.reading) for fact in after.gates.values()} == {Verdict.UNMET}


def _everything_red() -> Reading:
    names = tuple("⚠" * 90 for _ in range(90))
    return clipped(ChecksReading(0, names, names, names))


def test_many_open_incidents_are_counted() -> None:
    """An outage opens hundreds of incidents: ten are named, all are counted, and the verdict is the same."""
    flood = IncidentsReading(tuple(OpenIncident(n, "x" * 500, "https://pd/" + "u" * 500) for n in range(300)))
    seen = clipped(flood)
    assert isinstance(seen, IncidentsReading)
    assert (len(seen.open), seen.more) == (10, 290)
    assert clipped(seen) == seen


def test_no_line_of_the_ledger_is_dropped() -> None:
    """A line that is gone would be said again: only what went wrong is cut."""
    loud = {f"note:{n}": Entry(1.0, 2.0, "17.1", "C0", "d" * 16, error="⚠" * 100) for n in range(30)}
    after = slim(replace(largest(), ledger=loud), LIMIT, size_of)
    assert size_of(after) <= LIMIT
    assert {(key, entry.done) for key, entry in after.ledger.items()} == {(key, 2.0) for key in loud}


def test_the_largest_promotion_with_the_most_notes_fits() -> None:
    """An incident that everybody wrote about: nothing of what was told of it is told again, and nobody's note is gone."""
    notes = tuple(
        IncidentNote("d" * 40, 1.5e9 + 0.123456, '"' * 300, "https://x/" + "u" * 40) for _ in range(20)
    )
    wordy = Incident("k" * 140, 4411, "Q" * 20, "https://x/" + "u" * 100, "C" * 11, "c" * 80, notes=notes)
    told = {f"{key}{n}": Entry(1.5e9, 1.5e9) for n in range(20) for key in ("note:", "told:noted:")}
    before = replace(largest(), incident=wordy, ledger={**largest().ledger, **told})
    after = slim(before, LIMIT, size_of)
    assert size_of(after) <= LIMIT
    assert after.ledger.keys() == before.ledger.keys()
    assert after.incident is not None
    assert len(after.incident.notes) == 20


def test_everything_that_can_be_many_at_once_fits() -> None:
    """Incident: a hundred authors and the record of an incident stood beside the rest, and Resolve could not be kept."""
    by, at = "d" * 40, 1.5e9 + 0.123456
    notes = tuple(IncidentNote(by, at, '"' * 170, "https://x/" + "u" * 80) for _ in range(20))
    wordy = Incident("k" * 140, 4411, "Q" * 20, "https://x/" + "u" * 100, "C" * 11, "c" * 80, notes=notes)
    led = replace(wordy, on_call=("p" * 40,) * 15, lead=by, lead_since=at, acknowledged_by=by, looked=at)
    keys = [f"{key}{n}" for n in range(1, 21) for key in ("note:", "told:noted:")]
    lines = [
        f"{key}:1500000000" for key in ("acknowledge", "told:acknowledged", "told:lead", "duties", "close")
    ]
    ledger = {**largest().ledger, **dict.fromkeys((*keys, *lines), Entry(at, at))}
    wrote = tuple(f"{n:03d}" + "a" * 36 for n in range(100))
    changes = Changes("v1", 20, (), wrote, "", base="a" * 40, everyone=True)
    before = replace(largest(), phase=Phase.FAILED, changes=changes, incident=led, ledger=ledger)
    after = slim(before, LIMIT, size_of)
    assert size_of(after) <= LIMIT
    assert {(key, entry.done) for key, entry in after.ledger.items()} == {
        (key, entry.done) for key, entry in ledger.items()
    }
    assert after.changes is not None
    assert not after.changes.everyone, "an empty list is not said to name everybody"


def test_a_promotion_that_fits_is_left_alone() -> None:
    """Nothing is shed without need."""
    small = replace(largest(), changes=None, approvals=(), signed={}, run=Run(), reason="short")
    assert size_of(small) <= LIMIT
    assert slim(small, LIMIT, size_of) == small


@given(st.text(max_size=300), st.integers(min_value=3, max_value=200))
def test_a_cut_text_is_never_longer_and_never_broken(text: str, most: int) -> None:
    """At most so many bytes, and always whole characters."""
    shorter = cut(text, most)
    assert len(shorter.encode()) <= most
    assert shorter == text or shorter.endswith(("…", "?")) or len(text.encode("utf-8", "replace")) <= most
