"""`greenlight tour`: two promotions, one of which fails and is undone, driven and checked through the control API.

It uses what the page uses and nothing else, so a step that passes here can be done by hand.
"""

import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from bot.playground.child import BotDidNotStart
from bot.playground.demo import promotions_in
from bot.playground.server import DATABASE, Playground
from bot.playground.tour_guide import PATIENCE, Guide, TourFailed

OK, FAILED = 0, 1
RUN_SECONDS = 6  # of each deploy run; the world's own 15 are for people who watch

Step = Callable[[Guide], Awaitable[str]]


async def tour(url: str, patience: float = PATIENCE) -> int:
    """Drive six steps in the playground at `url`, or in one of its own; 0, or 1 at the first that fails.

    `patience` is how many seconds a step looks for what should come.
    """
    try:
        async with _place(url) as place, _session(place) as session:
            return await _walk(Guide(session, patience))
    except (BotDidNotStart, OSError, aiohttp.ClientError) as trouble:
        print(f"The tour cannot be made: {trouble}", file=sys.stderr)
        return FAILED


@asynccontextmanager
async def _place(url: str) -> AsyncIterator[str]:
    """The address of a playground: the one that runs, or one that lasts as long as the tour."""
    if url:
        yield url
        return
    with tempfile.TemporaryDirectory(prefix="greenlight-tour-") as name:
        state_dir = Path(name)
        playground = Playground(state_dir, 0, "child", lambda: promotions_in(state_dir / DATABASE))
        try:
            await playground.start()
            yield playground.url
        finally:
            await playground.stop()


def _session(place: str) -> aiohttp.ClientSession:
    """A connection per call: a reset closes those that the old world still holds."""
    return aiohttp.ClientSession(place, connector=aiohttp.TCPConnector(force_close=True))


async def _walk(guide: Guide) -> int:
    await guide.reset()
    for number, (name, step) in enumerate(STEPS.items(), 1):
        try:
            seen = await step(guide)
        except TourFailed as failed:
            print(f"{number} {name} … FAILED: {failed}")
            return FAILED
        print(f"{number} {name} … ok: {seen}", flush=True)
    return OK


async def _request(guide: Guide) -> str:
    """Ana asks; a card appears in the channel."""
    await guide.bend({"run": {"seconds": RUN_SECONDS}})
    await guide.says("ana", "deploys", "/promote checkout@v2.14.3 to production because fix refunds")
    card = await guide.card("P-1", "deploys", "waiting for approval")
    return f"ana asked, and the card says “{card}”"


async def _approve(guide: Guide) -> str:
    """Who asked may not approve; two release managers do."""
    refused = await guide.clicks("ana", "P-1", "Approve")
    guide.expect("someone else must approve" in refused, f"ana approved her own request: {refused}")
    for person in ("bo", "cy"):
        await guide.clicks(person, "P-1", "Approve")
    await guide.card("P-1", "deploys", "approved by @bo and @cy", "starts", "deploy")
    return "ana may not approve what she asked for, bo and cy did"


async def _watch(guide: Guide) -> str:
    """The run is followed until the version is live and verified."""
    await guide.phase("P-1", "succeeded")
    serving = (await guide.state())["world"]["serving"]["checkout"]["production"]["version"]
    guide.expect(serving == "v2.14.3", f"checkout production serves {serving}")
    runs = (await guide.state())["runs"]
    guide.expect(len(runs) == 1, f"GitHub has {len(runs)} runs for one promotion")
    card = await guide.card("P-1", "deploys", "is live in production")
    return f"one run in GitHub, and the card says “{card}”"


async def _fail(guide: Guide) -> str:
    """The next deploy fails at its smoke tests: someone is paged and a channel opens."""
    await guide.bend({"run": {"conclusion": "failure", "step": "Smoke tests"}})
    await guide.says("ana", "deploys", "/promote storefront@v1.2.0 to production because new search")
    for person in ("bo", "cy"):
        await guide.clicks(person, "P-2", "Approve")
    await guide.phase("P-2", "failed")
    incident = await guide.incident("triggered")
    channel = await guide.incident_channel()
    return f"P-2 failed at Smoke tests, PagerDuty has incident {incident['number']}, #{channel} is open"


async def _roll_back(guide: Guide) -> str:
    """Whoever is on call rolls back from the incident channel and needs no approval."""
    await guide.bend({"run": {"conclusion": "success", "step": None}})
    channel = await guide.incident_channel()
    form = await guide.opens("dee", "P-2", "Roll back", channel)
    await guide.submits("dee", form, {"reason": "search answers 500"})
    await guide.phase("P-3", "succeeded")
    serving = (await guide.state())["world"]["serving"]["storefront"]["production"]["version"]
    guide.expect(serving == "v1.1.0", f"storefront production serves {serving}")
    await guide.incident("resolved")
    return f"dee rolled back from #{channel}, production is back on v1.1.0, the incident is resolved"


async def _why(guide: Guide) -> str:
    """Anyone can ask what happened, and only they see the answer."""
    told = await guide.says("eli", "deploys", "/promote why P-2")
    guide.expect("P-2" in told and "failed" in told.lower(), f"eli was told: {told or 'nothing'}")
    return f"eli is told “{told.splitlines()[0]}”"


STEPS: dict[str, Step] = {
    "request": _request,
    "approve": _approve,
    "watch": _watch,
    "fail": _fail,
    "roll back": _roll_back,
    "why": _why,
}
