"""A promotion's document always fits: what explains gives way to what decides."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.policy import Kind
from bot.domain.promotion import (
    Approval,
    Change,
    Changes,
    Entry,
    Evidence,
    GateFact,
    Promotion,
    Run,
    Step,
)
from bot.domain.readings import ChecksReading
from bot.domain.size import cut, slim
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
