"""As whom GitHub is called: with one token, or as the App's installation on the repository's owner."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pydantic import BaseModel

from bot.adapters.github_answers import refusal_in
from bot.adapters.github_client import AppKey, GitHubClient
from bot.adapters.wire import read
from bot.ports import Refused

MARGIN = 120.0  # seconds that a token must still live, so that it does not end during a call


class Identity(Protocol):
    """Gives the token for a place: `repos/acme/checkout` or `orgs/acme`."""

    async def token(self, place: str) -> str: ...
    async def app_login(self) -> str:
        """The login under which an App acts; empty for a token, which has to be asked for its user."""
        ...

    def purse(self, place: str) -> str:
        """What the calls to this place share their limits with."""
        ...

    def forget(self, place: str) -> bool:
        """Drop a token that GitHub no longer takes; False when there is no other to be had."""
        ...

    async def close(self) -> None: ...


class PersonalToken:
    """One token for everything."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def token(self, place: str) -> str:
        """The token."""
        return self._token

    async def app_login(self) -> str:
        """Not an App."""
        return ""

    def purse(self, place: str) -> str:
        """One for everything."""
        return ""

    def forget(self, place: str) -> bool:
        """There is no other."""
        return False

    async def close(self) -> None:
        """Nothing is open."""


@dataclass(frozen=True, slots=True)
class Lease:
    """An installation token and when it ends."""

    token: str
    until: float


class Installation(BaseModel):
    """What is used of GitHub's answer about an installation."""

    id: int


class App(BaseModel):
    """What is used of GitHub's answer about the App itself."""

    slug: str


class FreshToken(BaseModel):
    """What is used of GitHub's answer with an installation token."""

    token: str
    expires_at: datetime


class AppInstallations:
    """Tokens of the App's installations, one per owner, asked for when needed and kept for their hour."""

    def __init__(self, key: AppKey, base_url: str, deadline: float, now: Callable[[], float]) -> None:
        self._client = GitHubClient(base_url, deadline, key)
        self._now = now
        self._asking = asyncio.Lock()
        self._installations: dict[str, int] = {}
        self._leases: dict[str, Lease] = {}

    async def token(self, place: str) -> str:
        """A token for the owner of `place` that lives for two more minutes at least."""
        owner = owner_of(place)
        async with self._asking:
            lease = self._leases.get(owner)
            if lease is None or lease.until - self._now() < MARGIN:
                lease = self._leases[owner] = await self._ask(place)
            return lease.token

    async def app_login(self) -> str:
        """GitHub's name for the App's bot: its slug with [bot]."""
        reply = await self._client.send("GET", "/app")
        if refusal := refusal_in(reply, self._now):
            raise refusal
        return f"{read('github', App, reply.body).slug}[bot]"

    def purse(self, place: str) -> str:
        """Each owner's installation has limits of its own."""
        return owner_of(place)

    def forget(self, place: str) -> bool:
        """Drop the owner's token and installation, so that the next call asks for both again."""
        owner = owner_of(place)
        self._installations.pop(owner, None)
        return self._leases.pop(owner, None) is not None

    async def close(self) -> None:
        """Close the App's own connections."""
        await self._client.close()

    async def _ask(self, place: str) -> Lease:
        installation = await self._installation(place)
        reply = await self._client.send("POST", f"/app/installations/{installation}/access_tokens")
        if refusal := refusal_in(reply, self._now):
            raise refusal
        fresh = read("github", FreshToken, reply.body)
        return Lease(fresh.token, fresh.expires_at.timestamp())

    async def _installation(self, place: str) -> int:
        owner = owner_of(place)
        if owner not in self._installations:
            reply = await self._client.send("GET", f"/{place}/installation")
            if reply.status == 404:
                raise Refused(
                    "github", f"the GitHub App is not installed on {place.partition('/')[2]}", "404"
                )
            if refusal := refusal_in(reply, self._now):
                raise refusal
            self._installations[owner] = read("github", Installation, reply.body).id
        return self._installations[owner]


def owner_of(place: str) -> str:
    """The account that `repos/acme/checkout` or `orgs/acme` belongs to, as GitHub compares it."""
    return place.split("/")[1].casefold()


def identity_of(
    credentials: str | AppKey, base_url: str, deadline: float, now: Callable[[], float]
) -> Identity:
    """As whom calls are made: with one token, or with those of the App's installations."""
    if isinstance(credentials, AppKey):
        return AppInstallations(credentials, base_url, deadline, now)
    return PersonalToken(credentials)
