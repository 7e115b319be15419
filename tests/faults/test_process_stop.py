"""SIGTERM in the middle of everything: handed over in time, and the next process goes on (F12)."""

import signal

import pytest

from tests.faults.bot_process import cards, shown
from tests.faults.place import Place
from tests.faults.place import place as place

IN_FLIGHT = 20


@pytest.mark.timeout(180)
async def test_f12_twenty_in_flight_are_handed_over(place: Place) -> None:
    """Every vendor hangs, one of them with a dispatch: exit code 0, and the next process ends all of them once.

    The code alone proves the ten seconds: a process that is not through by then leaves with another one.
    """
    bot, playground = place.bot, place.playground
    await _dispatches_into_silence(place)
    for n in range(IN_FLIGHT - 1):
        await bot.says("ana", f"/promote storefront@v9.{n}.0 to production because many want it")
    await bot.until(lambda: len(bot.promotions) == IN_FLIGHT, "everything to be asked")

    assert await bot.ends(signal.SIGTERM) == 0, bot.log[-3000:]
    assert "Traceback" not in bot.log

    place.proxy.lets_go()
    await bot.starts()
    await bot.until(lambda: not any(one.phase.is_open for one in bot.promotions.values()), "every end")
    ends = [one.phase.value for one in bot.promotions.values()]
    assert sorted(set(ends)) == ["rejected", "succeeded"]
    assert ends.count("succeeded") == 1
    assert len(bot.promotions) == IN_FLIGHT
    assert len(playground.github.runs_state()) == 1
    assert 1 <= len(cards(playground, "P-1")) <= 2


async def test_f12_an_idle_bot_leaves_at_once(place: Place) -> None:
    """Nothing is under way: exit code 0, and nothing that looks like a fault in the log."""
    assert await place.bot.ends(signal.SIGTERM) == 0
    assert "Traceback" not in place.bot.log


async def _dispatches_into_silence(place: Place) -> None:
    """P-1 is approved; from the moment GitHub hears of its dispatch nobody answers the bot any more."""
    bot, world = place.bot, place.playground.world
    world.run.seconds = 2.0

    def look() -> None:
        if world.ledger[-1].path.endswith("/dispatches"):
            world.listeners.remove(look)
            place.proxy.holds()

    world.listeners.append(look)
    await bot.says("ana", "/promote checkout@v2.14.3 to production because fix refunds")
    await bot.until(lambda: "Approve" in shown(place.playground, "P-1"), "the Approve button")
    for manager in ("bo", "cy"):
        await bot.says(manager, "/promote approve P-1")
    await bot.until(
        lambda: any(one.path.endswith("/dispatches") for one in world.ledger), "the dispatch to arrive"
    )
