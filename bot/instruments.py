"""The doctor's instruments, made from the settings: opened for one checkup, and closed after it."""

from collections.abc import AsyncIterator, Callable, Collection
from contextlib import AsyncExitStack, asynccontextmanager

from bot.adapters.github_inspection import GitHubLooks
from bot.adapters.http import HttpProbe
from bot.adapters.pagerduty_inspection import PagerDutyLooks
from bot.adapters.slack_inspection import SlackLooks
from bot.catalog import CatalogFile
from bot.doctor.case import Arrivals, Case, Instruments
from bot.doctor.examination import ALL, examine
from bot.doctor.rounds import Rounds
from bot.doctor.usable import case_of_bot
from bot.domain.checkup import SUBJECTS, Checkup
from bot.ports import Clock
from bot.settings import Settings
from bot.store.look import StoreLooks
from bot.vendors import credentials_of, hosts_of


async def checkup(
    case: Case, clock: Clock, only: Collection[str] = SUBJECTS, seconds: float = ALL
) -> Checkup:
    """Look at these subjects with instruments of its own, so that what the bot holds open stays untouched."""
    async with _opened(case, clock) as instruments:
        return await examine(case, instruments, only, seconds)


@asynccontextmanager
async def _opened(case: Case, clock: Clock) -> AsyncIterator[Instruments]:
    settings = case.settings
    slack = _slack(settings, clock.now)
    github = GitHubLooks(credentials_of(settings), base_url=settings.github_api_url, now=clock.now)
    pagerduty = _pagerduty(settings, clock.now)
    probe = HttpProbe(hosts_of(case.catalog) if case.catalog else ())
    async with AsyncExitStack() as stack:
        for instrument in (slack, github, pagerduty, probe):
            await instrument.open()
            stack.push_async_callback(instrument.close)
        store = StoreLooks(settings.store_url.get_secret_value(), clock.now)
        yield Instruments(slack, github, pagerduty, probe, store, clock)


def _slack(settings: Settings, now: Callable[[], float]) -> SlackLooks:
    app_token = settings.slack_app_token
    return SlackLooks(
        settings.slack_bot_token.get_secret_value(),
        app_token.get_secret_value() if app_token is not None else "",
        base_url=settings.slack_api_url,
        now=now,
    )


def _pagerduty(settings: Settings, now: Callable[[], float]) -> PagerDutyLooks:
    key = settings.pagerduty_api_key
    return PagerDutyLooks(
        key.get_secret_value() if key is not None else "",
        api_url=settings.pagerduty_api_url,
        events_url=settings.pagerduty_events_url,
        now=now,
    )


def rounds(
    settings: Settings, catalog: CatalogFile, clock: Clock, arrivals: Callable[[], Arrivals]
) -> Rounds:
    """The doctor of a bot that runs, and so knows what has come from Slack."""
    return Rounds(lambda: checkup(case_of_bot(settings, catalog.current, arrivals()), clock), clock)
