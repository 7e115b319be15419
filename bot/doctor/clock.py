"""The host's clock, against those of Slack and GitHub: what Slack signs is refused when it is five minutes old."""

import asyncio
from collections.abc import Awaitable, Callable

from blocks.text import listed
from blocks.words.advice import clock as words
from bot.doctor.case import Case, Instruments
from bot.doctor.chart import Chart
from bot.ports import VendorError

DRIFT = 5.0  # seconds
WRONG = 60.0  # seconds; Slack's requests are refused at 300

Ask = Callable[[], Awaitable[float | None]]


async def look(chart: Chart, case: Case, instruments: Instruments) -> None:
    """Compare with whoever tells the time; why one does not is told where it is looked at itself."""
    broken = {subject for subject, _ in case.broken}
    askers: dict[str, tuple[str, Ask]] = {
        "slack": ("Slack", instruments.slack.ahead),
        "github": ("GitHub", instruments.github.ahead),
    }
    told: dict[str, float] = {}

    async def ask(name: str, asked: Ask) -> None:
        try:
            ahead = await asked()
        except VendorError:
            return
        if ahead is not None:
            told[name] = ahead

    await asyncio.gather(*(ask(*asker) for subject, asker in askers.items() if subject not in broken))
    _judge(chart, dict(sorted(told.items())))


def _judge(chart: Chart, told: dict[str, float]) -> None:
    if not told:
        chart.warns("clock", "this host", words.unknown())
    for name, ahead in told.items():
        if abs(ahead) > WRONG:
            chart.fails("clock", name, words.wrong(name, ahead))
        elif abs(ahead) > DRIFT:
            chart.warns("clock", name, words.drifting(name, ahead))
    right = [name for name, ahead in told.items() if abs(ahead) <= DRIFT]
    if right:
        chart.passes("clock", "this host", words.right(listed(right)))
