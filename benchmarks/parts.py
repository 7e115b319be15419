"""Where the time of an answer goes: a profile of the bot while it answers, summed up by part.

A profile weighs what is called often too heavily, so only the shares are told, and of the whole only what the
system's own clock says: the processor time of the loop's thread and of the store's threads.
"""

import asyncio
import os
import pstats
import signal
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks import machine, seed
from benchmarks.acks import ASKED, OK, SAID, Asking
from benchmarks.greenlight import bot
from benchmarks.load import Expected, flat_out
from benchmarks.opened import opened
from benchmarks.plan import Plan
from benchmarks.processes import Server, running
from benchmarks.rows import microseconds
from benchmarks.stores import Place
from benchmarks.webhooks import ACCEPTED, RUNNING, of_runs
from bot.store.protocol import SlotWish

WAITING = "select.epoll"  # the loop has nothing to do, or the store's threads have their turn
DEPTH = 12  # callers that are followed to find whose a call of the standard library is
# A part of the program by what is in the path of its files; the first that fits.
PARTS = (
    ("Bolt and slack_sdk", ("slack_bolt", "slack_sdk")),
    ("aiohttp", ("aiohttp", "multidict", "yarl")),
    ("store, its part on the loop", ("/bot/store/", "/redis/")),
    ("deciding", ("/bot/domain/", "/bot/gates/", "/bot/catalog/")),
    (
        "the door and its context",
        ("/bot/service", "/bot/contexts", "/bot/records", "/bot/audit", "/bot/bell"),
    ),
    (
        "counting and logs",
        ("/bot/metrics", "/bot/counted", "/bot/logs", "prometheus_client", "structlog", "logging"),
    ),
    ("requests and words", ("/handlers/", "/blocks/", "/bot/")),
    ("asyncio", ("/asyncio/", "/concurrent/", "/selectors", "/threading")),
)
Function = tuple[str, int, str]
Callers = Mapping[Function, tuple[int, int, float, float]]


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that is answered many times while it is looked at."""

    name: str
    asking: Asking
    status: int
    make: seed.Make | None
    count: int


@dataclass(frozen=True, slots=True)
class Profile:
    """What one answer costs, and the parts of the loop's share of it."""

    loop: float  # seconds of processor time
    threads: float
    shares: Mapping[str, float]


async def measure(plan: Plan, vendors: Server, places: Sequence[Place]) -> str:
    """A table: for each thing that is asked, and each place for stores, what the parts of the bot take."""
    profiles = {
        f"{SAID.get(subject.name, subject.name)}, {place.name}": await _profile(plan, vendors, place, subject)
        for place in places
        for subject in _subjects(plan)
    }
    return _table(profiles)


def _subjects(plan: Plan) -> Sequence[Subject]:
    asked = [
        Subject(one.name, one, OK, seed.waiting if one.on_waiting else None, plan.warm + plan.requests)
        for one in ASKED[:2]
    ]
    runs = Asking("a `workflow_run` of ours", of_runs, b"")
    return (*asked, Subject(runs.name, runs, ACCEPTED, seed.deploying, RUNNING))


async def _profile(plan: Plan, vendors: Server, place: Place, subject: Subject) -> Profile:
    url = await place.new(f"parts-{len(subject.name)}-{subject.status}")
    if subject.make is not None:
        async with opened(url) as store:
            slot: SlotWish = "want" if subject.make is seed.deploying else "free"
            await seed.fill(store, subject.count, subject.make, slot=slot)
    directory = plan.directory / f"parts-{place.name}-{len(subject.name)}-{subject.status}"
    file = directory / "profile"
    plain = bot(directory, vendors, url)
    profiled = replace(
        plain,
        arguments=[one.replace("servers.bot", "servers.profiled") for one in plain.arguments],
        environment={**plain.environment, "PROFILE": str(file)},
    )
    async with running(profiled) as server:
        loop, threads = await _answers(plan, server, subject)
    return Profile(loop, threads, _shares(file))


async def _answers(plan: Plan, server: Server, subject: Subject) -> tuple[float, float]:
    """Processor time of the loop and of the other threads for one answer: first without the profile, then with it."""
    requests = subject.asking.requests(1, plan.warm + plan.requests)
    half = plan.warm + plan.requests // 2
    expected = Expected(subject.status, subject.asking.says)
    await flat_out(server.port, requests[: plan.warm], expected)
    loop, whole = machine.cpu_seconds(server.pid, only_main=True), server.cpu
    await flat_out(server.port, requests[plan.warm : half], expected)
    loop, whole = machine.cpu_seconds(server.pid, only_main=True) - loop, server.cpu - whole
    os.kill(server.pid, signal.SIGUSR1)
    await asyncio.sleep(0)
    await flat_out(server.port, requests[half:], expected)
    answers = half - plan.warm
    return loop / answers, (whole - loop) / answers


def _shares(file: Path) -> Mapping[str, float]:
    """The share of each part in the time of the loop, its waiting left out."""
    stats: Mapping[Function, Any] = pstats.Stats(str(file)).stats  # type: ignore[attr-defined]
    spent: defaultdict[str, float] = defaultdict(float)
    for function, (_, _, own, _, callers) in stats.items():
        if WAITING not in function[2]:
            _spend(spent, stats, function, own, callers, DEPTH)
    return {part: seconds / sum(spent.values()) for part, seconds in spent.items()}


def _spend(
    spent: defaultdict[str, float],
    stats: Mapping[Function, Any],
    function: Function,
    own: float,
    callers: Callers,
    depth: int,
) -> None:
    """Time of one function goes to its part; of the standard library, to the parts that call it."""
    part = _part_of(function)
    whole = sum(figures[2] for figures in callers.values())
    if part or not depth or not whole:
        spent[part or "other"] += own
        return
    for caller, (_, _, theirs, _) in callers.items():
        _spend(spent, stats, caller, own * theirs / whole, stats[caller][4], depth - 1)


def _part_of(function: Function) -> str:
    return next((part for part, marks in PARTS if any(mark in function[0] for mark in marks)), "")


def _table(profiles: Mapping[str, Profile]) -> str:
    names = [*(part for part, _ in PARTS), "other"]
    lines = [("part", *profiles), ("---", *("---" for _ in profiles))]
    lines += [(name, *(_told(profile, name) for profile in profiles.values())) for name in names]
    lines.append(("the store's threads", *(microseconds(profile.threads) for profile in profiles.values())))
    whole = (microseconds(profile.loop + profile.threads) for profile in profiles.values())
    lines.append(("**one answer**", *whole))
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _told(profile: Profile, part: str) -> str:
    return microseconds(profile.loop * profile.shares.get(part, 0.0))
