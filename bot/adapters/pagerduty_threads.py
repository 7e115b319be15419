"""pdpyras in threads, without its patience: it blocks, sleeps between retries, and waits for ever at a 429.

Every call gets a session of its own: the thread of a call that ran out of time still uses its session.
"""

import asyncio
import logging
import warnings
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from typing import Any, TypeVar

from bot.adapters.pagerduty_answers import judge_answer, judge_failure
from bot.adapters.wire import is_loopback
from bot.ports import Refused, Unclear, Unreachable, VendorError

MOST_THREADS = 4
LINGER = 1.0  # seconds that a thread may wait longer than its caller, who says first that time is up

Got = TypeVar("Got")
Session = Any  # pdpyras has no types


@dataclass(frozen=True, slots=True)
class Account:
    """Where PagerDuty is, and as whom its REST API is called; events carry their routing key instead."""

    api_url: str
    events_url: str
    api_key: str | None
    from_email: str | None


class PagerDutyThreads:
    """Runs blocking calls, four at a time, each within the deadline."""

    def __init__(self, account: Account, deadline: float) -> None:
        self._account = account
        self._deadline = deadline
        self._threads: ThreadPoolExecutor | None = None
        self._library: Any = None

    def open(self) -> None:
        """Make the pool; pdpyras is imported at the first call."""
        self._threads = ThreadPoolExecutor(MOST_THREADS, thread_name_prefix="pagerduty")

    def close(self) -> None:
        """Let running calls end by themselves; what has not begun never will."""
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)
            self._threads = None

    async def rest(self, ask: Callable[[Session], Got]) -> Got:
        """Run `ask` with a session of the REST API."""
        if not self._account.api_key:
            raise Refused("pagerduty", "PAGERDUTY_API_KEY is not set", "unset")
        return await self._run(lambda: self._call(self._rest_session(), ask))

    async def events(self, routing_key: str, tell: Callable[[Session], object]) -> None:
        """Run `tell` with a session of the Events API."""
        await self._run(lambda: self._call(self._events_session("EventsAPISession", routing_key), tell))

    async def changes(self, routing_key: str, tell: Callable[[Session], object]) -> None:
        """Run `tell` with a session of the Change Events API."""
        await self._run(lambda: self._call(self._events_session("ChangeEventsAPISession", routing_key), tell))

    async def _run(self, work: Callable[[], Got]) -> Got:
        if self._threads is None:
            raise RuntimeError("PagerDuty is not open")
        if self._library is None:
            self._library = await asyncio.to_thread(_pdpyras)
        running = self._threads.submit(work)
        try:
            async with asyncio.timeout(self._deadline):
                return await asyncio.wrap_future(running)
        except TimeoutError as late:
            if running.cancel():
                raise Unreachable("pagerduty", "too many calls to PagerDuty are waiting") from late
            raise Unclear("pagerduty", f"PagerDuty did not answer within {self._deadline:.0f} s") from late

    def _call(self, session: Session, work: Callable[[Session], Got]) -> Got:
        pdpyras = self._library
        try:
            with session:
                return work(session)
        except pdpyras.PDHTTPError as refused:
            told: VendorError = judge_answer(refused.response)
        except pdpyras.PDClientError as broken:
            raise judge_failure(broken.__cause__) from broken
        except VendorError as refused:
            told = refused
        # Where it came through, frames hold the answer, and with it a socket, until garbage is collected.
        raise told.with_traceback(None)

    def _rest_session(self) -> Session:
        session = self._library.APISession(self._account.api_key, default_from=self._account.from_email)
        return self._without_patience(session, self._account.api_url)

    def _events_session(self, kind: str, routing_key: str) -> Session:
        if not routing_key:
            raise Refused("pagerduty", "the routing key is empty", "unset")
        session = getattr(self._library, kind)(routing_key)
        return self._without_patience(session, self._account.events_url)

    def _without_patience(self, session: Session, url: str) -> Session:
        session.url = url.rstrip("/")
        session.timeout = self._deadline + LINGER
        session.trust_env = not is_loopback(url)
        session.max_network_attempts = 0
        # Given up before the first retry: only so does pdpyras hand out a 429 instead of sleeping on it.
        session.retry = {429: 1}
        session.max_http_attempts = -1
        session.max_redirects = 0
        return session


def got(session: Session, path: str, params: Mapping[str, object]) -> bytes:
    """The body that the REST API answers to a GET. Raises VendorError for everything but a yes."""
    answer = session.get(path, params=dict(params))
    if not answer.ok:
        raise judge_answer(answer)
    return bytes(answer.content)


def posted(session: Session, path: str, body: Mapping[str, object]) -> None:
    """POST to the REST API. Raises VendorError for everything but a yes."""
    answer = session.post(path, json=dict(body))
    if not answer.ok:
        raise judge_answer(answer)


def _pdpyras() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # it says at import that it is deprecated; we know
        library = import_module("pdpyras")
    logging.getLogger("pdpyras").setLevel(logging.CRITICAL)  # it logs a 429 as an error; ours says it better
    return library
