"""Finds the tests that name rows, and the lists of rows, by reading the source: nothing is imported or run."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.documents import ROOT
from tests.rows import attacks, faults, outages
from tests.rows.row import Row

FAULTS = (
    *faults.CRASHES,
    *faults.CONCURRENCY,
    *outages.GITHUB,
    *outages.SLACK,
    *outages.OTHERS,
    *faults.TIME_AND_LOAD,
)
ATTACKS = (
    *attacks.REQUESTS,
    *attacks.PEOPLE,
    *attacks.SURFACES,
    *attacks.TEXT,
    *attacks.ADDRESSES,
    *attacks.RULES,
)
ALL: Mapping[str, Row] = {row.number: row for row in (*FAULTS, *ATTACKS)}

_NUMBERS = re.compile(r"test_((?:[af]\d+_)+)")


@dataclass(frozen=True, slots=True, order=True)
class Proof:
    """One test that names rows: where it is defined, and what it is called."""

    file: str  # tests/faults/test_process.py
    name: str

    @property
    def id(self) -> str:
        """`file::name`, also of a test that several files inherit."""
        return f"{self.file}::{self.name}"


def numbers_of(name: str) -> tuple[str, ...]:
    """The rows that a test's name carries: F38 and F39 of test_f38_f39_…"""
    carried = _NUMBERS.match(name)
    return tuple(carried[1].rstrip("_").upper().split("_")) if carried else ()


def proofs(folder: Path = ROOT / "tests") -> Iterator[Proof]:
    """Every test below a folder whose name carries a row, in the order of files and lines."""
    for file in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and numbers_of(node.name):
                yield Proof(file.relative_to(folder.parent).as_posix(), node.name)


def by_row(found: Iterator[Proof]) -> Mapping[str, list[Proof]]:
    """The tests of each row that has any."""
    tests: defaultdict[str, list[Proof]] = defaultdict(list)
    for proof in found:
        for number in numbers_of(proof.name):
            tests[number].append(proof)
    return tests
