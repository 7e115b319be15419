"""The adapters to the outside, made from the settings; they are opened and closed together."""

from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from typing import Protocol

from pydantic import SecretStr

from bot.adapters.addresses import host_of
from bot.adapters.github import GitHubRepository
from bot.adapters.github_client import AppKey
from bot.adapters.http import HttpProbe
from bot.adapters.pagerduty import PagerDuty
from bot.adapters.slack import SlackChat
from bot.adapters.slack_socket import HEARTBEAT, Dialer
from bot.adapters.slack_sockets import SlackSockets, Told
from bot.catalog import Catalog
from bot.envelope import Open
from bot.logs import hide
from bot.ports import Clock, Refused
from bot.settings import Settings


class Outside(Protocol):
    """Something that is open while the bot runs."""

    async def open(self) -> None: ...
    async def close(self) -> None: ...


class Vendors:
    """Slack, GitHub, PagerDuty and the services' own addresses."""

    def __init__(
        self,
        settings: Settings,
        catalog: Catalog,
        clock: Clock,
        github_deadline: float,
        heartbeat: float = HEARTBEAT,
    ) -> None:
        self._clock = clock
        self._settings = settings
        self.slack = SlackChat(settings.slack_bot_token.get_secret_value(), base_url=settings.slack_api_url)
        self.github = GitHubRepository(
            credentials_of(settings),
            base_url=settings.github_api_url,
            deadline=github_deadline,
            now=clock.now,
        )
        self.pagerduty = _pager(settings, clock)
        self.http = HttpProbe(())
        self._dialers = _dialers(settings, heartbeat)
        self.follow(catalog)

    async def open(self, stack: AsyncExitStack) -> None:
        """Open each one, to be closed with the stack."""
        adapters: tuple[Outside, ...] = (self.slack, self.github, self.pagerduty, self.http, *self._dialers)
        for adapter in adapters:
            await adapter.open()
            stack.push_async_callback(adapter.close)

    def sockets(self, answer: Open, told: Told, counted: Callable[[int], None]) -> SlackSockets | None:
        """The sockets through which Slack reaches us; None: it comes over HTTP."""
        for dialer in self._dialers:
            return SlackSockets(dialer, answer, self._clock, told, counted=counted)
        return None

    def follow(self, catalog: Catalog) -> None:
        """Reach what this catalog names, and nothing else; what it names as a secret stays out of the log."""
        self.http.allow(hosts_of(catalog))
        hide(self._settings.secrets(catalog.references))


def _dialers(settings: Settings, heartbeat: float) -> tuple[Dialer, ...]:
    """In Socket Mode there is one."""
    if settings.slack_app_token is None:
        return ()
    return (Dialer(settings.slack_app_token.get_secret_value(), settings.slack_api_url, heartbeat),)


def credentials_of(settings: Settings) -> str | AppKey:
    """The token, or the App's key."""
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


def hosts_of(catalog: Catalog) -> frozenset[str]:
    """The hosts that a probe may reach; a URL that is never read adds none, and its gate says why."""
    hosts = set()
    for url in catalog.health_urls():
        with suppress(Refused):
            hosts.add(host_of(url))
    return frozenset(hosts)


def bytes_of(secret: SecretStr | None) -> bytes | None:
    """What a secret is made of, for signatures."""
    return secret.get_secret_value().encode() if secret is not None else None


def text_of(secret: SecretStr | None) -> str | None:
    """A secret as it is sent."""
    return secret.get_secret_value() if secret is not None else None
