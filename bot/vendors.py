"""The adapters to the outside, made from the settings; they are opened and closed together."""

from contextlib import AsyncExitStack

from bot.adapters.addresses import host_of
from bot.adapters.github import GitHubRepository
from bot.adapters.github_client import AppKey
from bot.adapters.http import HttpProbe
from bot.adapters.pagerduty import PagerDuty
from bot.adapters.slack import SlackChat
from bot.catalog import Catalog
from bot.ports import Clock
from bot.settings import Settings


class Vendors:
    """Slack, GitHub, PagerDuty and the services' own addresses."""

    def __init__(self, settings: Settings, catalog: Catalog, clock: Clock, github_deadline: float) -> None:
        self.slack = SlackChat(settings.slack_bot_token.get_secret_value(), base_url=settings.slack_api_url)
        self.github = GitHubRepository(
            _credentials(settings),
            base_url=settings.github_api_url,
            deadline=github_deadline,
            now=clock.now,
        )
        self.pagerduty = _pager(settings, clock)
        self.http = HttpProbe(_hosts(catalog))

    async def open(self, stack: AsyncExitStack) -> None:
        """Open each one, to be closed with the stack."""
        for adapter in (self.slack, self.github, self.pagerduty, self.http):
            await adapter.open()
            stack.push_async_callback(adapter.close)

    def follow(self, catalog: Catalog) -> None:
        """Reach what this catalog names, and nothing else."""
        self.http.allow(_hosts(catalog))


def _credentials(settings: Settings) -> str | AppKey:
    if settings.github_token is not None:
        return settings.github_token.get_secret_value()
    if settings.github_app_id is None or settings.github_app_private_key is None:
        raise ValueError("settings were not checked: there are no GitHub credentials")
    return AppKey(settings.github_app_id, settings.github_app_private_key.get_secret_value())


def _pager(settings: Settings, clock: Clock) -> PagerDuty:
    key = settings.pagerduty_api_key
    return PagerDuty(
        api_key=key.get_secret_value() if key is not None else None,
        from_email=settings.pagerduty_from,
        api_url=settings.pagerduty_api_url,
        events_url=settings.pagerduty_events_url,
        now=clock.now,
    )


def _hosts(catalog: Catalog) -> frozenset[str]:
    """The hosts that a probe may reach."""
    return frozenset(host_of(url) for url in catalog.health_urls())
