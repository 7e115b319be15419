"""One checkup: every subject side by side, each with its own deadline, all together with another."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import replace
from functools import partial

from blocks.words.advice import general
from bot.doctor import catalog, clock, github, pagerduty, services, settings, slack, store
from bot.doctor.case import Case, Instruments
from bot.doctor.chart import Chart
from bot.doctor.lack import lacks_setting
from bot.domain.checkup import SUBJECTS, Checkup

ALL = 60.0  # seconds for everything

Looker = Callable[[Chart, Case, Instruments], Awaitable[None]]


def _at_home(look: Callable[[Chart, Case], Awaitable[None]]) -> Looker:
    """A look that asks nobody outside."""
    return lambda chart, case, _: look(chart, case)


LOOKS: Mapping[str, Looker] = {
    "settings": _at_home(settings.look),
    "catalog": _at_home(catalog.look),
    "slack": slack.look,
    "github": github.look,
    "pagerduty": pagerduty.look,
    "services": services.look,
    "store": store.look,
    "clock": clock.look,
}


async def examine(
    case: Case, instruments: Instruments, only: Collection[str] = SUBJECTS, seconds: float = ALL
) -> Checkup:
    """Look at these subjects; what is not known within `seconds` is said to be unknown."""
    wanted = [Chart(name) for name in SUBJECTS if name in only]
    case = replace(case, asked=frozenset(only))
    await asyncio.gather(*(_within(chart, case, instruments, seconds) for chart in wanted))
    findings = tuple(finding for chart in wanted for finding in chart.findings)
    return Checkup(findings, instruments.clock.now())


async def _within(chart: Chart, case: Case, instruments: Instruments, seconds: float) -> None:
    broken = dict(case.broken)
    if chart.subject in broken:
        lacks_setting(chart, case, broken[chart.subject])
        return
    try:
        async with asyncio.timeout(seconds):
            await chart.examined(partial(LOOKS[chart.subject], chart, case, instruments))
    except TimeoutError:
        chart.fails("time", chart.subject, general.unfinished(seconds))
