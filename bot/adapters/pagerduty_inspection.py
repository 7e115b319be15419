"""PagerDuty as a checkup looks at it: services, who is on call, whose name notes are written in. Nobody is paged."""

import time
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote

from pydantic import BaseModel

from bot.adapters.pagerduty import DEADLINE, MOST_PAGES, PAGE, PagerDuty
from bot.adapters.pagerduty_threads import Account, PagerDutyThreads, got
from bot.adapters.wire import read
from bot.inspections import PagedService, Subscription
from bot.ports import Unclear


class Integration(BaseModel):
    """An integration of a service; its key is shown to some API keys only."""

    integration_key: str | None = None


class ServiceAnswer(BaseModel):
    """A service with its integrations."""

    name: str = ""
    status: str = ""
    integrations: list[Integration] = []


class OneService(BaseModel):
    """GET /services/ID."""

    service: ServiceAnswer


class User(BaseModel):
    """A person."""

    email: str = ""


class Users(BaseModel):
    """GET /users."""

    users: list[User]


class Delivery(BaseModel):
    """Where a webhook goes."""

    url: str | None = None
    temporarily_disabled: bool = False  # by PagerDuty, after too many failures


class SubscriptionAnswer(BaseModel):
    """A webhook."""

    active: bool = True
    delivery_method: Delivery = Delivery()

    @property
    def is_sent(self) -> bool:
        """Whether anything comes through it now."""
        return self.active and not self.delivery_method.temporarily_disabled


class Subscriptions(BaseModel):
    """GET /webhook_subscriptions: one page."""

    webhook_subscriptions: list[SubscriptionAnswer]
    more: bool = False


class PagerDutyLooks:
    """Reads as an API key may."""

    def __init__(
        self,
        api_key: str,
        *,
        api_url: str,
        events_url: str,
        deadline: float = DEADLINE,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._threads = PagerDutyThreads(Account(api_url, events_url, api_key, None), deadline)
        self._pager = PagerDuty(
            api_key=api_key, api_url=api_url, events_url=events_url, deadline=deadline, now=now
        )

    async def open(self) -> None:
        """Make the threads; nothing is sent yet."""
        self._threads.open()
        await self._pager.open()

    async def close(self) -> None:
        """Send nothing more."""
        self._threads.close()
        await self._pager.close()

    async def answers(self) -> None:
        """Raises Refused when the API key is not taken."""
        await self._got("/services", {"limit": 1})

    async def service(self, service: str) -> PagedService:
        """One service. Raises Refused with code 404 when there is none."""
        path, asked = f"/services/{quote(service, safe='')}", {"include[]": ["integrations"]}
        found = read("pagerduty", OneService, await self._got(path, asked)).service
        keys = frozenset(one.integration_key for one in found.integrations if one.integration_key)
        return PagedService(found.name, found.status, keys)

    async def on_call(self, service: str) -> frozenset[str]:
        """The user ids at the first level of the service's escalation policy."""
        return await self._pager.on_call(service)

    async def has_user(self, email: str) -> bool:
        """Whether somebody has exactly this address."""
        body = await self._got("/users", {"query": email, "limit": PAGE})
        found = read("pagerduty", Users, body).users
        return any(user.email.casefold() == email.casefold() for user in found)

    async def schedule_members(self, schedule: str) -> frozenset[str]:
        """The user ids on call on a schedule now. Raises Refused with code 404 when there is none."""
        return await self._pager.schedule_members(schedule)

    async def subscriptions(self) -> Sequence[Subscription]:
        """Every webhook that the API key may see."""
        found: list[Subscription] = []
        for page in range(MOST_PAGES):
            asked: dict[str, object] = {"limit": PAGE, "offset": page * PAGE}
            answer = read("pagerduty", Subscriptions, await self._got("/webhook_subscriptions", asked))
            found += [
                Subscription(one.delivery_method.url or "", one.is_sent)
                for one in answer.webhook_subscriptions
            ]
            if not answer.more:
                return found
        raise Unclear("pagerduty", f"there are more than {MOST_PAGES * PAGE} webhooks")

    async def _got(self, path: str, asked: Mapping[str, object]) -> bytes:
        return await self._threads.rest(lambda session: got(session, path, asked))
