"""The tour: it goes through against the real bot, and says so when something is not as it should be."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from bot.playground.child import free_port
from bot.playground.demo import promotions_in
from bot.playground.server import DATABASE, Playground
from bot.playground.slack.raw import Raw
from bot.playground.tour import STEPS, tour
from bot.playground.tour_guide import Guide, TourFailed


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Playground]:
    """A playground with the real bot beside it."""
    playground = Playground(tmp_path, 0, "child", lambda: promotions_in(tmp_path / DATABASE))
    await playground.start()
    yield playground
    await playground.stop()


@pytest.mark.timeout(240)
async def test_the_tour_goes_through(place: Playground, capsys: pytest.CaptureFixture[str]) -> None:
    """Request, approve, watch, fail, roll back, why: each step is checked, and the exit code is 0."""
    code = await tour(place.url)
    lines = capsys.readouterr().out.splitlines()
    assert (code, [line.partition(" … ")[0] for line in lines]) == (
        0,
        [f"{number} {name}" for number, name in enumerate(STEPS, 1)],
    )
    assert all(" … ok: " in line for line in lines)


@pytest.mark.timeout(120)
async def test_a_step_that_fails_ends_the_tour(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a bot nothing answers: the first step says what was seen, and the exit code is 1."""
    playground = Playground(tmp_path)
    await playground.start()
    try:
        code = await tour(playground.url, patience=1.0)
    finally:
        await playground.stop()
    assert (code, capsys.readouterr().out) == (1, "1 request … FAILED: no card\n")


async def test_a_playground_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    """An address at which nothing listens is named, on standard error."""
    code = await tour(f"http://127.0.0.1:{free_port()}")
    assert code == 1
    assert capsys.readouterr().err.startswith("The tour cannot be made: ")


async def test_a_refused_call_says_why() -> None:
    """What the control API answers to a call that makes no sense is passed on."""
    async with _answers({"error": "There is no eve here."}, status=400) as guide:
        with pytest.raises(TourFailed, match=r"POST /play/say answered 400: .*no eve here"):
            await guide.says("eve", "deploys", "/promote status")


async def test_a_form_that_is_refused_ends_the_step() -> None:
    """Errors in a form's fields are what was seen."""
    async with _answers({"errors": {"reason": "A reason is needed."}}) as guide:
        with pytest.raises(TourFailed, match=r"the form was refused: .*A reason is needed"):
            await guide.submits("dee", "V1", {"reason": ""})


@asynccontextmanager
async def _answers(answer: Raw, status: int = 200) -> AsyncIterator[Guide]:
    """A guide in front of a control API that gives one answer to everything."""

    async def say(_: web.Request) -> web.Response:
        return web.json_response(answer, status=status)

    application = web.Application()
    application.router.add_post("/play/{call}", say)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with aiohttp.ClientSession(f"http://127.0.0.1:{runner.addresses[0][1]}") as session:
        yield Guide(session)
    await runner.cleanup()
