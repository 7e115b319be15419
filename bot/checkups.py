"""`greenlight doctor`: a checkup from the command line, also while the bot runs and with settings that are broken."""

import asyncio
import logging
import os
import sys
from collections.abc import Collection

from bot.adapters.clock import SystemClock
from bot.doctor.case import Case
from bot.doctor.report import BROKEN, as_json, as_table, exit_code
from bot.doctor.usable import case_of
from bot.instruments import checkup
from bot.logs import configure, hide
from bot.settings import Environment, SettingsError, environment_in, secrets_in

log = logging.getLogger(__name__)


def doctor(only: Collection[str], *, as_data: bool) -> int:
    """Look, print what was found, and return the exit code; the log has only what broke on our side."""
    configure("ERROR", secrets_in(os.environ))
    return asyncio.run(_examined(only, as_data))


async def _examined(only: Collection[str], as_data: bool) -> int:
    """Whatever breaks here is something to mend, so that no program takes it for something to know of."""
    (outcome,) = await asyncio.gather(_printed(only, as_data), return_exceptions=True)
    if isinstance(outcome, BaseException):
        log.critical("the doctor broke", exc_info=outcome)
        return BROKEN
    return outcome


async def _printed(only: Collection[str], as_data: bool) -> int:
    environment, told = _environment()
    case = case_of(environment, told)
    _hide(case, environment)
    found = await checkup(case, SystemClock(), {*only, "settings"} if told else only)
    print(as_json(found) if as_data else as_table(found, coloured=_has_colours()))
    return exit_code(found)


def _environment() -> tuple[Environment, tuple[str, ...]]:
    """The environment with its file; without it when it cannot be read, and what is wrong with it."""
    try:
        return environment_in(), ()
    except SettingsError as unreadable:
        return os.environ, unreadable.problems


def _hide(case: Case, environment: Environment) -> None:
    references = case.catalog.references if case.catalog is not None else ()
    hide(case.settings.secrets(references) | secrets_in(environment, references))


def _has_colours() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")
