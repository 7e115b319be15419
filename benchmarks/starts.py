"""S8: from the start of the process to the first signed request that is answered, and what it has in memory then."""

import asyncio
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from benchmarks import machine, signed
from benchmarks.greenlight import bot
from benchmarks.load import Expected, LoadFailed, flat_out
from benchmarks.plan import Plan
from benchmarks.processes import Command, DidNotStart, Server, end, free_port, module, spawn
from benchmarks.rows import Rounds, Row, Told, milliseconds
from benchmarks.stores import Place

SECONDS, MEMORY = 1.25, 1.35
PATIENCE, GLANCE = 30.0, 0.002
OK = 200
RUN = (sys.executable, "-m", "bot", "run")  # what people start
MEGABYTE = 1024.0**2


async def measure(plan: Plan, vendors: Server, places: Sequence[Place]) -> Sequence[Told]:
    """Everything about S8, on each place for stores."""
    rounds = Rounds()
    for number in range(plan.rounds):
        rounds.add(await _start("bolt", module("bolt", directory=plan.directory)))
        for place in places:
            url = await place.new(f"s8-{number}")
            ours = bot(plan.directory / f"s8-{place.name}-{number}", vendors, url, services=3)
            rounds.add(await _start(place.name, replace(ours, arguments=RUN)))
    return [row for place in places for row in _rows(rounds, place)]


async def _start(name: str, command: Command) -> dict[str, float]:
    port, began = free_port(), time.perf_counter()
    process = await spawn(command, machine.server_core(), port)
    try:
        await _answered(process, port)
        took = time.perf_counter() - began
        return {f"{name} start": took, f"{name} memory": float(machine.resident_bytes(process.pid))}
    finally:
        await end(process)


async def _answered(process: asyncio.subprocess.Process, port: int) -> None:
    """Return when a signed request has been answered."""
    request = signed.slash("help", trigger="start.1")
    deadline = time.perf_counter() + PATIENCE
    while time.perf_counter() < deadline and process.returncode is None:
        try:
            await flat_out(port, [request], Expected(OK), connections=1)
            return
        except (OSError, LoadFailed):
            await asyncio.sleep(GLANCE)
    raise DidNotStart(f"it does not answer; it ended with {process.returncode}")


def _rows(rounds: Rounds, place: Place) -> Iterator[Told]:
    took, other = rounds[f"{place.name} start"], rounds["bolt start"]
    yield Row(
        "S8",
        f"start to the first signed answer, {place.name}",
        milliseconds(took),
        f"bare Bolt: {milliseconds(other)}",
        took / other,
        SECONDS,
    )
    memory, less = rounds[f"{place.name} memory"] / MEGABYTE, rounds["bolt memory"] / MEGABYTE
    what = f"resident memory then, {place.name}"
    yield Row("S8", what, f"{memory:.0f} MB", f"bare Bolt: {less:.0f} MB", memory / less, MEMORY)
