"""Brings up mortal bots quickly: everything is imported once, and each bot is a fork of that.

Reads one JSON line per bot from standard input ({"environment": {...}, "log": "..."}) and answers with its process id.
"""

import asyncio
import ctypes
import gc
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable, Coroutine
from importlib import import_module
from typing import Any
from warnings import catch_warnings

from tests.durability.mortal import live

PR_SET_PDEATHSIG = 1  # linux/prctl.h
# A bot loads these where it needs them, which takes it longer than being born: here it is done once for all.
LAZY = (
    "anyio._backends._asyncio",
    "bot.store.redis",
    "bot.store.redis_link",
    "githubkit.auth",
    "githubkit.core",
    "githubkit.github",
    "githubkit.rest",
    "githubkit.versions",
    "hishel.httpx",
    "httpcore",
    "pdpyras",
    "slack_bolt.listener_matcher.async_builtins",
)
Life = Callable[[], Coroutine[Any, Any, None]]


def main(life: Life = live) -> None:
    """Fork a bot per line until standard input ends."""
    _die_with_parent()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the dead here: the kernel does
    _load()
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            _be_born(life, order["environment"], order["log"])
        print(child, flush=True)


def _load() -> None:
    with catch_warnings(action="ignore", category=UserWarning):  # pdpyras says that it is deprecated
        for name in LAZY:
            import_module(name)
    gc.collect()
    gc.freeze()  # what is here already is nobody's garbage: no fork looks through it


def _die_with_parent() -> None:
    """An interrupted test run must not leave bots behind: the kernel ends them with whoever forked them."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _be_born(life: Life, environment: dict[str, str], log: str) -> None:
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
        asyncio.run(life())
        code = 0
    finally:
        if code:
            traceback.print_exc()
        os._exit(code)


if __name__ == "__main__":
    main()
