"""A full disk: nothing is acknowledged that was not written, nothing is sent, and it goes on when there is room (F22)."""

import resource

import pytest

from bot.playground.server import DATABASE
from bot.store.peek import peek
from tests.faults.bot_process import shown
from tests.faults.place import Place
from tests.faults.place import place as place

ASK = "/promote checkout@v2.14.3 to production because fix refunds"


@pytest.mark.timeout(180)
async def test_f22_a_full_disk_acknowledges_and_dispatches_nothing(place: Place) -> None:
    """No file of the process may grow: people are told so, `/readyz` is red, and afterwards one run is started."""
    bot, playground = place.bot, place.playground
    playground.world.run.seconds = 2.0
    await bot.says("ana", ASK)
    await bot.until(lambda: "Approve" in shown(playground, "P-1"), "the Approve button")
    await bot.says("bo", "/promote approve P-1")
    before = _disk_is_full(place)
    told = str(await bot.says("cy", "/promote approve P-1"))
    await bot.until(lambda: _is(place, "/readyz", 503), "red")

    assert "cannot reach my database" in told
    assert [one.by for one in bot.promotions["P-1"].approvals] == ["bo"]
    playground.world.clock.forward(60.0)
    assert await bot.status("/livez") == 200
    assert playground.github.runs_state() == []

    resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, before)
    await bot.until(bot.is_ready, "green")
    await bot.says("cy", "/promote approve P-1")
    await bot.until(lambda: bot.promotions["P-1"].phase == "succeeded", "the end")
    assert len(playground.github.runs_state()) == 1
    assert len(peek(bot.directory / DATABASE)) == 1


def _disk_is_full(place: Place) -> tuple[int, int]:
    """From now on the log of the database cannot grow; returns the limits there were."""
    log = place.bot.directory / f"{DATABASE}-wal"
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.prlimit(place.bot.pid, resource.RLIMIT_FSIZE, (log.stat().st_size, limits[1]))
    return limits


async def _is(place: Place, path: str, status: int) -> bool:
    return await place.bot.status(path) == status
