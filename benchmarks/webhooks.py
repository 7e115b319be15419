"""S2: what GitHub tells is routed and stored before it is acknowledged, beside servers that only check signatures."""

import json
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from benchmarks import probot, seed, signed
from benchmarks.greenlight import SERVICES, bot, service
from benchmarks.load import Expected, LoadFailed, flat_out
from benchmarks.opened import opened
from benchmarks.plan import Plan
from benchmarks.processes import DidNotStart, Server, module, running
from benchmarks.rows import Missing, Rounds, Row, Told, microseconds
from benchmarks.stores import Place
from bot.store.protocol import Query, Store

ROUTED, IGNORED, THROUGHPUT = 2.5, 1.3, 2.0
ACCEPTED, OK = 202, 200
RUNNING = SERVICES  # promotions whose runs are told of: one in each place, as there can only be one
URLS = 46  # addresses in the description of a repository, which is most of a delivery
ABOUT_PROBOT = "throughput beside Probot's trivial handler"
Deliveries = Callable[[int, int], Sequence[bytes]]  # from a number on, so many


def of_runs(first: int, count: int) -> Sequence[bytes]:
    """Deliveries about runs of ours that are under way: each one is news."""
    return [
        signed.github("workflow_run", _run(number), f"d-{number}") for number in range(first, first + count)
    ]


def of_others(first: int, count: int) -> Sequence[bytes]:
    """Deliveries of a kind that is nothing to us, just as large."""
    return [signed.github("check_run", _run(number), f"d-{number}") for number in range(first, first + count)]


async def measure(plan: Plan, vendors: Server, places: Sequence[Place]) -> Sequence[Told]:
    """Everything about S2, on each place for stores."""
    rounds = Rounds()
    async with AsyncExitStack() as stack:
        references = {
            name: await stack.enter_async_context(running(module(*line, directory=plan.directory)))
            for name, line in {"bare": ("bare_github",), "parsed": ("bare_github", "json")}.items()
        }
        other, why = await _probot(plan, stack)
        for number in range(plan.rounds):
            for name, server in references.items():
                rounds.add(await _round(plan, name, server, of_runs))
            if other is not None:
                rounds.add(await _round(plan, "probot", other, of_runs, OK))
            for place in places:
                async with _ours(plan, vendors, place, number) as server:
                    rounds.add(await _round(plan, f"{place.name} routed", server, of_runs))
                    rounds.add(await _round(plan, f"{place.name} ignored", server, of_others))
    return [row for place in places for row in _rows(rounds, place, why)] + list(_references(rounds))


async def _probot(plan: Plan, stack: AsyncExitStack) -> tuple[Server | None, str]:
    """Probot where it can be had; else why it cannot."""
    try:
        command = await probot.installed(plan)
        return await stack.enter_async_context(running(command)), ""
    except (probot.NoProbot, DidNotStart) as why:
        return None, str(why).partition("\n")[0]


@asynccontextmanager
async def _ours(plan: Plan, vendors: Server, place: Place, number: int) -> AsyncIterator[Server]:
    """The bot on a store in which every place has a run under way; afterwards all that was told has to be there."""
    url = await place.new(f"s2-{number}")
    async with opened(url) as store:
        await seed.fill(store, RUNNING, seed.deploying, slot="want")
    async with running(bot(plan.directory / f"s2-{place.name}-{number}", vendors, url)) as server:
        yield server
    async with opened(url) as store:
        await _check(store, min(RUNNING, plan.requests))


async def _check(store: Store, told: int) -> None:
    promotions = await store.find(Query(limit=RUNNING))
    heard = sum(one.run.status == "in_progress" for one in promotions)
    if heard < told:
        raise LoadFailed(f"{told} runs were told of, {heard} are stored")


async def _round(
    plan: Plan, name: str, server: Server, deliveries: Deliveries, status: int = ACCEPTED
) -> dict[str, float]:
    taken = Expected(status)
    await flat_out(server.port, deliveries(1, plan.warm), taken)
    before = server.cpu
    measured = await flat_out(server.port, deliveries(1 + plan.warm, plan.requests), taken)
    return {f"{name} cpu": (server.cpu - before) / plan.requests, f"{name} rate": measured.rate}


def _rows(rounds: Rounds, place: Place, why_not: str) -> Iterator[Told]:
    bare = rounds["bare cpu"]
    for name, what, limit in (
        ("routed", "a `workflow_run` of ours, routed and stored", ROUTED),
        ("ignored", "an event that is nothing to us", IGNORED),
    ):
        cpu = rounds[f"{place.name} {name} cpu"]
        reference = f"bare aiohttp + HMAC: {microseconds(bare)}"
        what = f"{what}, {place.name}: processor time"
        yield Row("S2", what, microseconds(cpu), reference, cpu / bare, limit)
    if why_not:
        yield Missing("S2", f"{ABOUT_PROBOT}, {place.name}", why_not)
        return
    for name in ("routed", "ignored"):
        rate, other = rounds[f"{place.name} {name} rate"], rounds["probot rate"]
        what = f"{ABOUT_PROBOT}, {name}, {place.name}"
        yield Row("S2", what, f"{rate:.0f}/s", f"Probot: {other:.0f}/s", rate / other, THROUGHPUT, "least")


def _references(rounds: Rounds) -> Iterator[Told]:
    bare, parsed = rounds["bare cpu"], rounds["parsed cpu"]
    reference = f"bare aiohttp + HMAC: {microseconds(bare)}"
    yield Row(
        "S2", "aiohttp + HMAC + `json.loads`: processor time", microseconds(parsed), reference, parsed / bare
    )


def _run(number: int) -> bytes:
    """A delivery as large as GitHub's are: its address makes each one news to its promotion."""
    promotion = 1 + number % RUNNING
    name = service(promotion)
    base = f"https://api.github.com/repos/acme/{name}"
    return json.dumps(
        {
            "action": "in_progress",
            "workflow_run": {
                "id": seed.FIRST_RUN + promotion,
                "name": "deploy",
                "display_title": f"deploy {seed.correlation(promotion)}",
                "html_url": f"https://github.com/acme/{name}/actions/runs/{seed.FIRST_RUN + promotion}?news={number}",
                "status": "in_progress",
                "conclusion": None,
                "run_attempt": 1,
                "path": ".github/workflows/deploy.yml",
                "event": "workflow_dispatch",
                "head_branch": "main",
                "head_sha": f"{promotion:040x}",
                "actor": {"login": "greenlight[bot]", "id": 1},
                "triggering_actor": {"login": "greenlight[bot]", "id": 1},
                "repository": _repository(name, base),
            },
            "repository": _repository(name, base),
            "sender": {"login": "greenlight[bot]", "id": 1},
        }
    ).encode()


def _repository(name: str, base: str) -> dict[str, object]:
    addresses = {f"number_{number}_url": f"{base}/number{number}{{/sha}}" for number in range(URLS)}
    return {"id": 1, "name": name, "full_name": f"acme/{name}", "private": True, **addresses}
