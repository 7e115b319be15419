"""Who we are in GitHub: the login that stands as actor on every run that we start.

It is asked once, when the first run is found that might be ours. Until GitHub has told it, such a run is not
believed and the look counts as failed, so that it is made again; a dispatch that finds no run needs no answer.
"""

import asyncio

from pydantic import BaseModel

from bot.adapters.github_http import GitHubHttp
from bot.adapters.wire import read
from bot.ports import Refused


class User(BaseModel):
    """The account that a token belongs to."""

    login: str


class Viewer(BaseModel):
    """The same by GraphQL."""

    viewer: User


class Viewed(BaseModel):
    """GraphQL's envelope."""

    data: Viewer


class Myself:
    """Our login, once GitHub has told it."""

    def __init__(self, http: GitHubHttp) -> None:
        self._http = http
        self._asking = asyncio.Lock()
        self.login = ""  # empty: not told yet

    async def ask(self) -> str:
        """The login. Raises VendorError when GitHub does not tell it now."""
        async with self._asking:
            self.login = self.login or await self._http.app_login() or await self._owner_of_token()
        return self.login

    async def _owner_of_token(self) -> str:
        """The token's user; a token of an installation has none, and GraphQL alone names its bot."""
        try:
            return (await self._http.get("user", "", User)).login
        except Refused as no:
            if no.code != "403":
                raise
        reply = await self._http.send("POST", "graphql", "", body={"query": "{viewer{login}}"})
        return read("github", Viewed, reply.body).data.viewer.login
