"""Every fault and attack has a test or is listed as open, and the two pages say exactly what is there."""

import pytest

from tests.rows.found import ALL, ATTACKS, FAULTS, by_row, numbers_of, proofs
from tests.rows.pages import LISTS, page, written
from tests.rows.results import NEVER, Results
from tests.rows.row import NUMBER


def test_every_row_has_a_test_or_is_open() -> None:
    """A promise without a test says which part it waits for."""
    tests = by_row(proofs())
    assert [row.number for row in ALL.values() if row.number not in tests and not row.open_until] == []


def test_no_row_that_has_a_test_is_open() -> None:
    """Whoever builds the part that a row waited for takes the row off the open list."""
    tests = by_row(proofs())
    assert [row.number for row in ALL.values() if row.number in tests and row.open_until] == []


def test_no_test_names_a_row_that_is_not_there() -> None:
    """A number that was mistyped would prove nothing."""
    strange = [proof.id for proof in proofs() if not set(numbers_of(proof.name)) <= set(ALL)]
    assert strange == []


def test_no_number_is_given_twice() -> None:
    """A number is a name, and each list has its letter."""
    numbers = [row.number for row in (*FAULTS, *ATTACKS)]
    assert len(set(numbers)) == len(numbers)
    assert all(NUMBER.fullmatch(number) for number in numbers)
    assert {row.number[0] for row in FAULTS} == {"F"}
    assert {row.number[0] for row in ATTACKS} == {"A"}


def test_a_name_carries_its_rows() -> None:
    """Numbers stand right behind `test_`, several of them one after the other, and nothing else counts."""
    assert numbers_of("test_f38_f39_a_dispatch") == ("F38", "F39")
    assert numbers_of("test_a100_f01_both") == ("A100", "F01")
    assert numbers_of("test_a_happy_path") == ()
    assert numbers_of("test_two_f01_things") == ()


@pytest.mark.parametrize("name", LISTS)
def test_the_page_is_what_is_there_now(name: str) -> None:
    """A stale page fails: `make rows` runs the tests and writes it, `python -m tests.rows` only writes it."""
    assert page(name).read_text() == written()[name]


def test_a_row_is_as_good_as_its_worst_test() -> None:
    """One failure is a failure, and what was never run has not passed."""
    results = Results("2026-11-20", {"a": "passed", "b": "failed", "c": "skipped"})
    assert results.of(["a"]) == "passed"
    assert results.of(["a", "b", "c"]) == "failed"
    assert results.of(["a", "c"]) == "skipped"
    assert results.of(["a", "d"]) == NEVER
