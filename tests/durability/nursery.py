"""Brings up mortal bots quickly: everything is imported once, and each bot is a fork of that.

Reads one JSON line per bot from standard input ({"environment": {...}, "log": "..."}) and answers with its process id.
"""

import asyncio
import ctypes
import json
import os
import signal
import sys

from tests.durability.mortal import live

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main() -> None:
    """Fork a bot per line until standard input ends."""
    _die_with_parent()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the dead here: the kernel does
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            _be_born(order["environment"], order["log"])
        print(child, flush=True)


def _die_with_parent() -> None:
    """An interrupted test run must not leave bots behind: the kernel ends them with whoever forked them."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _be_born(environment: dict[str, str], log: str) -> None:
    """Become a bot, and never come back."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    _die_with_parent()
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(out, 1)
    os.dup2(out, 2)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.clear()
    os.environ.update(environment)
    code = 1
    try:
        asyncio.run(live())
        code = 0
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
