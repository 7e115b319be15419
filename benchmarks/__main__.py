"""`make bench`: measures, prints the table, and keeps it in docs/performance.md."""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks import acks, flood, growth, machine, memory, parts, starts, webhooks
from benchmarks.load import LoadFailed
from benchmarks.plan import Plan, quick, smallest
from benchmarks.processes import DidNotStart, Server, module, running
from benchmarks.report import report
from benchmarks.rows import Missing, Told, table
from benchmarks.stores import Place, places

Measure = Callable[[Plan, Server, Sequence[Place]], Awaitable[Sequence[Told]]]
TARGETS: Mapping[str, Measure] = {
    "S1": acks.measure,
    "S2": webhooks.measure,
    "S5": growth.measure,
    "S7": memory.measure,
    "S8": starts.measure,
    "S9": flood.measure,
}
PARTS = "parts"
BROKEN = "all of it"
SIZES: Mapping[str, Callable[[Path], Plan]] = {"full": Plan, "quick": quick, "smallest": smallest}


def main(arguments: Sequence[str]) -> int:
    """Measure what is asked for; 0 when all of it could be measured, whatever came of it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument(
        "targets", nargs="*", metavar="TARGET", help=f"of {', '.join(TARGETS)} (default: all)"
    )
    parser.add_argument("--rounds", type=int, default=0, help="instead of the size's own number of rounds")
    parser.add_argument("--size", choices=SIZES, default="full")
    parser.add_argument(
        "--into", type=Path, default=None, help="the file to write; without one it is only printed"
    )
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="bench-") as directory:
        plan = SIZES[given.size](Path(directory))
        plan = replace(plan, rounds=given.rounds or plan.rounds)
        rows, where = asyncio.run(_measure(plan, given.targets or [*TARGETS, PARTS]))
    if given.into is not None:
        given.into.write_text(report(plan, rows, where, given.into))
    return int(any(row.what == BROKEN for row in rows))


async def _measure(plan: Plan, targets: Sequence[str]) -> tuple[list[Told], str]:
    """The rows of the targets, and where the time of an answer goes when that is asked for."""
    machine.pin(machine.load_core())
    rows: list[Told] = []
    where = "Not measured in this run."
    vendors = running(module("vendors", directory=plan.directory), machine.load_core())
    async with vendors as others, places(plan.directory) as stores:
        for target in [target for target in targets if target in TARGETS]:
            told = await _told(target, plan, others, stores)
            print(table(told), flush=True)
            rows += told
        if PARTS in targets:
            where = await parts.measure(plan, others, stores)
            print(where, flush=True)
    return rows, where


async def _told(target: str, plan: Plan, vendors: Server, stores: Sequence[Place]) -> Sequence[Told]:
    """What one benchmark tells; that it could not be measured is told as well, and fails the run at its end."""
    try:
        return await TARGETS[target](plan, vendors, stores)
    except (LoadFailed, DidNotStart) as why:
        return [Missing(target, BROKEN, " ".join(str(why).split()))]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
