"""From the signal to the end of the process: within ten seconds, whatever hangs."""

import asyncio
import logging
import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)
LAST_RESORT = 9.5  # seconds after the signal: whoever sent it waits ten, and then it is SIGKILL
# Seconds that each has when the bot is asked to stop; together with what is closed then they stay below that.
ANSWERS = 3.0  # requests that are being answered
GRACE = 6.0  # calls that are in the air
ERRANDS = 1.0  # private replies
AT_ONCE = 0.1  # what a bot that is cut off still has
HANDED_OVER, CUT_OFF = 0, 1


async def until_stopped(serve: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    """Serve until SIGTERM or SIGINT, and then leave the process at once when everything is handed over.

    Python would wait for each thread that still waits for PagerDuty or for a name, for a minute if need be.
    """
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, _stop, stop)
    await serve(stop)
    _leave(HANDED_OVER)


def _stop(stop: asyncio.Event) -> None:
    stop.set()
    last_resort = threading.Timer(LAST_RESORT, _cut_off)
    last_resort.daemon = True
    last_resort.start()


def _cut_off() -> None:
    """What is stored is stored: the next process goes on as after a crash."""
    log.error("not handed over in time")
    _leave(CUT_OFF)


def _leave(code: int) -> None:
    logging.shutdown()
    sys.stdout.flush()
    os._exit(code)
