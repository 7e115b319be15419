"""A githubkit client that stays open, whichever task uses it.

githubkit keeps its connections in a context variable, so a client that one task opened is closed for the next
one, which then makes new connections and a new TLS context for each call (27 ms instead of 1.6). Every call
therefore runs in the one context in which the client was opened.
"""

import asyncio
from collections.abc import Coroutine, Mapping
from contextlib import AsyncExitStack
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, TypeVar

from bot.adapters.github_answers import DEFAULT_WAIT, Reply, failure_of
from bot.adapters.wire import is_loopback
from bot.ports import Limited, Refused, Unclear

if TYPE_CHECKING:
    from githubkit import AppAuthStrategy, GitHub, UnauthAuthStrategy

    Client = GitHub[AppAuthStrategy | UnauthAuthStrategy]

CONNECT_TIMEOUT = 5.0  # seconds: a connection that takes longer certainly sent nothing

Got = TypeVar("Got")


@dataclass(frozen=True, slots=True)
class AppKey:
    """The GitHub App that the bot is; `private_key` is the PEM."""

    app_id: str
    private_key: str = field(repr=False)


class GitHubClient:
    """Sends single requests; opens at the first, because githubkit takes a quarter second to import."""

    def __init__(self, base_url: str, deadline: float, app: AppKey | None = None) -> None:
        self._base_url = base_url
        self._deadline = deadline
        self._app = app
        self._context: Context = copy_context()
        self._opening = asyncio.Lock()
        self._connections = AsyncExitStack()
        self._client: Client | None = None
        self._closed = False

    async def close(self) -> None:
        """Close every connection."""
        self._closed, self._client = True, None
        await self._inside(self._connections.aclose())

    async def send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str | int] | None = None,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """GitHub's answer, whatever it says. Raises Unreachable or Unclear when there is none in time, and Refused
        when this cannot be written down as a request."""
        client = await self._opened()
        from githubkit.exception import RequestError, RequestFailed

        asked = client.arequest(method, path, params=params, json=body, headers=headers)
        try:
            async with asyncio.timeout(self._deadline):
                answer = await self._inside(asked)
        except TimeoutError as late:
            raise Unclear("github", f"GitHub did not answer within {self._deadline:.0f} s") from late
        except RequestFailed as refused:
            answer = refused.response
        except RequestError as broken:
            raise failure_of(broken.exc) from broken
        except UnicodeError:  # its text may hold the token
            raise Refused("github", "the request holds what cannot be sent", "unsendable") from None
        except ValueError as garbled:  # a Retry-After that githubkit cannot read
            raise Limited("github", "GitHub asks to wait", DEFAULT_WAIT) from garbled
        return Reply(answer.status_code, answer.headers, answer.content)

    async def _opened(self) -> "Client":
        async with self._opening:
            if self._closed:
                raise RuntimeError("GitHub is closed")
            if self._client is None:
                await asyncio.to_thread(import_module, "githubkit")
                client = self._made()
                await self._inside(self._connections.enter_async_context(client))
                self._client = client
            return self._client

    def _made(self) -> "Client":
        from githubkit import AppAuthStrategy, GitHub, UnauthAuthStrategy
        from githubkit.cache import MemCacheStrategy
        from httpx import Timeout

        strategy = (
            AppAuthStrategy(self._app.app_id, self._app.private_key) if self._app else UnauthAuthStrategy()
        )
        return GitHub(
            strategy,
            base_url=self._base_url,
            user_agent="greenlight",
            timeout=Timeout(self._deadline, connect=min(CONNECT_TIMEOUT, self._deadline)),
            trust_env=not is_loopback(self._base_url),
            cache_strategy=MemCacheStrategy(),
            follow_redirects=False,
            http_cache=False,  # its cache ignores the timeout
            auto_retry=False,  # it would send a dispatch again after a 502
        )

    async def _inside(self, work: Coroutine[object, object, Got]) -> Got:
        return await asyncio.get_running_loop().create_task(work, context=self._context)
