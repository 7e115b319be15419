"""Calls to GitHub's REST API: signed with the right token, read tolerantly, page by page."""

from collections.abc import AsyncIterator, Callable, Mapping
from typing import TypeVar
from urllib.parse import quote

from pydantic import BaseModel

from bot.adapters.github_answers import Reply, is_unknown_version, refusal_in
from bot.adapters.github_client import GitHubClient
from bot.adapters.github_identity import Identity
from bot.adapters.github_pauses import Pauses
from bot.adapters.wire import read
from bot.ports import Limited, Refused, Unclear

API_VERSION = "2026-03-10"
OLDER_VERSION = "2022-11-28"  # of a GitHub Enterprise Server that does not know ours yet
PAGE = 100

Model = TypeVar("Model", bound=BaseModel)
Query = Mapping[str, str | int]


class GitHubHttp:
    """Each call has a deadline and is sent once, save that an App's expired token is renewed."""

    def __init__(
        self, base_url: str, identity: Identity, *, deadline: float, now: Callable[[], float]
    ) -> None:
        self._client = GitHubClient(base_url, deadline)
        self._identity = identity
        self._now = now
        self._pauses = Pauses(now)
        self._version = API_VERSION

    async def close(self) -> None:
        """Close every connection."""
        await self._client.close()
        await self._identity.close()

    async def send(
        self, method: str, place: str, rest: str, *, params: Query | None = None, body: object = None
    ) -> Reply:
        """The answer to `method /place/rest`. Raises VendorError for everything but a yes."""
        purse = self._identity.purse(place)
        self._pauses.check(purse)
        try:
            reply = await self._answered(method, place, rest, params, body)
        except Limited as limit:
            self._pauses.heed(purse, limit)
            raise
        self._pauses.spent(purse, reply)
        return reply

    async def app_login(self) -> str:
        """The login under which an App acts; empty for a token."""
        return await self._identity.app_login()

    async def _answered(
        self, method: str, place: str, rest: str, params: Query | None, body: object
    ) -> Reply:
        asked_in = self._version
        reply = await self._try(method, place, rest, params, body)
        if reply.status == 401 and self._identity.forget(place):
            # A 401 says that nothing was done, so even a dispatch may be sent again.
            reply = await self._try(method, place, rest, params, body)
        if asked_in != OLDER_VERSION and is_unknown_version(reply):
            self._version = OLDER_VERSION  # nothing was done here either
            reply = await self._try(method, place, rest, params, body)
        if refusal := refusal_in(reply, self._now):
            raise refusal
        return reply

    async def get(self, place: str, rest: str, model: type[Model], params: Query | None = None) -> Model:
        """One document."""
        return read("github", model, (await self.send("GET", place, rest, params=params)).body)

    async def pages(
        self,
        place: str,
        rest: str,
        model: type[Model],
        params: Query | None = None,
        *,
        most: int = 10,
        whole: bool = True,
    ) -> AsyncIterator[Model]:
        """The pages of a list, `most` of them. Raises Unclear when it goes on and had to be read `whole`."""
        for page in range(1, most + 1):
            asked = {**(params or {}), "per_page": PAGE, "page": page}
            reply = await self.send("GET", place, rest, params=asked)
            yield read("github", model, reply.body)
            if not reply.has_next:
                return
        if whole:
            raise Unclear("github", f"a list has more than {most * PAGE} entries")

    async def _try(self, method: str, place: str, rest: str, params: Query | None, body: object) -> Reply:
        headers = {
            "Authorization": f"Bearer {await self._identity.token(place)}",
            "X-GitHub-Api-Version": self._version,
        }
        path = f"/{place}/{rest}".rstrip("/")
        return await self._client.send(method, path, params=params, body=body, headers=headers)


def repo_place(repo: str) -> str:
    """Where a repository (owner/name) lives in the API."""
    owner, _, name = repo.partition("/")
    return f"repos/{quoted(owner)}/{quoted(name)}"


def quoted(part: str) -> str:
    """One segment of a path, slashes quoted. Raises Refused for dots alone: they mean another folder."""
    if not part.strip("."):
        raise Refused("github", f"{part!r} is not a name", "name")
    return quote(part, safe="")
