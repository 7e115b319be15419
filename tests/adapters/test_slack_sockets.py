"""Socket Mode on the wire: envelopes and their receipts, sockets that end in every way, and no storm of tries."""

import asyncio
import logging
from itertools import pairwise

import pytest

from bot.adapters.slack_backoff import LONGEST, Backoff
from bot.adapters.slack_sockets import DRAIN, LASTED, PATIENCE, SHUT_OUT, SWITCHED_OFF
from bot.envelope import Receipt
from bot.playground.slack.socket import Sockets
from tests.adapters.socket_place import place

SHORT, PATIENT = 1.0, 60.0  # real seconds to hand over
AT_THE_END = 1  # of what comes one after the other, that may cross the end of a socket


async def test_two_sockets_share_what_comes() -> None:
    """Each envelope goes through one of them, and its receipt comes back with what Slack is to show."""
    async with place() as here:
        await here.sees(lambda: here.sockets.alive() == 2)
        for _ in range(4):
            assert (await here.asks())["payload"] == {"text": "hello"}
        assert [one.delivered for one in here.sim.open] == [2, 2]
        assert here.bot.told == [True, True]


async def test_a_receipt_says_no_more_than_slack_takes() -> None:
    """Clicks and events are acknowledged without words, which Slack would refuse."""
    async with place(lines=1) as here:
        await here.sees(here.sockets.alive)
        answer = await here.sim.deliver("events_api", {"type": "event_callback"}, {})
        assert set(answer) == {"envelope_id"}


async def test_what_was_not_stored_is_not_acknowledged() -> None:
    """An acknowledgement is a receipt: without one Slack tells the person."""
    async with place(lines=1) as here:
        await here.sees(here.sockets.alive)
        here.bot.receipt = None
        asked = asyncio.create_task(here.asks())
        await here.sees(lambda: here.bot.opened)
        here.bot.receipt = Receipt()
        assert "payload" not in await here.asks()
        assert not asked.done()
        await here.first.close()
        with pytest.raises(ConnectionError):
            await asked


async def test_a_frame_that_cannot_be_read_costs_nothing() -> None:
    """Neither half a frame nor one of an unknown kind ends a socket."""
    async with place(lines=1) as here:
        await here.sees(here.sockets.alive)
        await here.first.says({"type": 7})
        await here.first.says({"type": "news from the future"})
        assert (await here.asks())["payload"] == {"text": "hello"}
        assert here.sim.opened == 1


async def test_f72_a_socket_that_dies_silently_is_found_and_replaced() -> None:
    """Nothing is closed and nothing comes: a sign of life that stays out is enough."""
    async with place(heartbeat=0.2) as here:
        await here.sees(lambda: here.sockets.alive() == 2)
        silent = here.first
        silent.is_silent = True
        await here.passes_until(lambda: here.sim.opened == 3)
        assert silent not in here.sim.open
        await here.sees(lambda: here.sockets.alive() == 2)
        for _ in range(2):
            assert (await here.asks())["payload"] == {"text": "hello"}


@pytest.mark.parametrize("notice", ["warning", "refresh_requested"])
async def test_a_socket_is_replaced_before_it_goes(notice: str) -> None:
    """Slack gives notice: the new one is open first, and what is in hand on the old one is answered there."""
    async with place(lines=1) as here:
        await here.sees(here.sockets.alive)
        old = here.first
        here.clock.passes(LASTED)
        here.bot.goes_on.clear()
        asked = asyncio.create_task(here.asks())
        await here.sees(lambda: here.bot.opened)
        await old.leaves(notice)
        await here.sees(lambda: here.sockets.alive() == 2)
        here.bot.goes_on.set()
        assert (await asked)["payload"] == {"text": "hello"}
        here.clock.passes(DRAIN)
        await here.sees(lambda: old not in here.sim.open)
        assert here.sockets.alive() == 1


async def test_f73_too_many_sockets_are_not_tried_again_at_once() -> None:
    """Another process holds the last place: this one waits half a minute and longer, and what it has goes on."""

    def one_place(sim: Sockets) -> None:
        sim.most = 1

    async with place(before=one_place) as here:
        await here.sees(lambda: here.sim.opened == 2 and here.sockets.alive() == 1)
        began = here.clock.at
        await here.passes_until(lambda: here.sim.opened == 4)
        assert here.clock.at - began >= 2 * PATIENCE["too_many_websockets"]
        assert here.bot.told == [True]
        here.sim.most = 2
        await here.passes_until(lambda: here.sockets.alive() == 2)


async def test_f72_socket_mode_is_switched_off_and_on(caplog: pytest.LogCaptureFixture) -> None:
    """It is said once and paged, tried once a minute, and told when it is over."""
    async with place() as here:
        await here.sees(lambda: here.sockets.alive() == 2)
        here.sim.refusal = SWITCHED_OFF
        for one in tuple(here.sim.open):
            await one.leaves(SWITCHED_OFF)
        await here.sees(lambda: here.sockets.alive() == 0)
        asked = len(here.slack.world.ledger)
        await here.passes_until(lambda: len(here.slack.world.ledger) >= asked + 6)
        assert _errors(caplog) == ["Slack lets no socket open"]
        assert here.bot.told[2:4] == [False, False]
        here.sim.refusal = ""
        await here.passes_until(lambda: here.sockets.alive() == 2)
        assert here.bot.told[-1] is True


@pytest.mark.parametrize("code", ["invalid_auth", "token_revoked", "missing_scope"])
async def test_a_refused_token_is_said_once_and_tried_seldom(
    code: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A token that Slack does not take costs one line in the log, and two tries a minute at most."""

    def refuses(sim: Sockets) -> None:
        sim.refusal = code

    async with place(lines=1, before=refuses) as here:
        ledger = here.slack.world.ledger
        await here.sees(lambda: ledger)
        began = here.clock.at
        await here.passes_until(lambda: len(ledger) == 5)
        assert here.clock.at - began >= 4 * SHUT_OUT
        assert _errors(caplog) == ["Slack lets no socket open"]
        assert here.bot.told == [False] * 5


async def test_f72_f73_no_storm_of_tries_while_slack_is_down() -> None:
    """Every try waits longer than the one before, up to a minute: an hour of trouble costs two lines few calls."""
    async with place(lines=1) as here:
        await here.sees(here.sockets.alive)
        here.slack.world.vendor_always["slack"] = 503
        asked = len(here.slack.world.ledger)
        await here.first.close()
        end = here.clock.at + 3600
        await here.passes_until(lambda: here.clock.at >= end, step=15.0)
        assert 0 < len(here.slack.world.ledger) - asked <= 3600 / 45 + 6
        tries = [one.at for one in here.slack.world.ledger[asked:]]
        assert tries == sorted(tries)
        here.slack.world.vendor_always.clear()
        await here.passes_until(lambda: here.sockets.alive() == 1)


async def test_who_rests_hangs_up_what_is_idle_and_answers_what_comes_meanwhile() -> None:
    """On SIGTERM Slack is sent elsewhere at once; on a socket that has to stay, for an answer, the next click is taken."""
    async with place() as here:
        await here.sees(lambda: here.sockets.alive() == 2)
        here.bot.goes_on.clear()
        first = asyncio.create_task(here.asks())
        await here.sees(lambda: here.bot.opened)
        resting = asyncio.create_task(here.sockets.rest(PATIENT))
        await here.sees(lambda: len(here.sim.open) == 1)
        late = asyncio.create_task(here.asks())
        await here.sees(lambda: len(here.bot.opened) == 2)
        assert not resting.done()
        here.bot.goes_on.set()
        assert [(await one)["payload"] for one in (first, late)] == [{"text": "hello"}] * 2
        await resting
        assert (here.sim.open, here.sim.opened) == ([], 2)


async def test_people_who_go_on_clicking_do_not_hold_up_the_end() -> None:
    """There is always something in hand: after half of the time nothing more is taken, and then it is over."""
    async with place(lines=1) as here:
        await here.sees(here.sockets.alive)
        line = here.first
        here.bot.goes_on.clear()
        asked = [asyncio.create_task(here.asks())]
        await here.sees(lambda: here.bot.opened)
        resting = asyncio.create_task(here.sockets.rest(SHORT))
        while here.sim.open:
            asked.append(asyncio.create_task(here.asks()))
            await here.sees(lambda: asked[-1].done() or line.delivered == len(asked))
        await resting
        answers = await asyncio.gather(*asked, return_exceptions=True)
        assert {type(one) for one in answers} <= {ConnectionError, ConnectionResetError}
        assert line.delivered - len(here.bot.opened) > AT_THE_END


def test_tries_grow_apart_and_never_in_step() -> None:
    """About twice as long each time, a minute at most, and different for two that failed together."""
    lucky, unlucky = Backoff(lambda: 0.0), Backoff(lambda: 1.0)
    short, long = [[one.after() for _ in range(9)] for one in (lucky, unlucky)]
    assert all(a < b for a, b in zip(short, long, strict=True))
    assert all(a <= b for a, b in pairwise(long))
    assert max(long) == LONGEST
    unlucky.worked()
    assert unlucky.after() == long[0]


def _errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.message for one in caplog.records if one.levelno >= logging.ERROR]
