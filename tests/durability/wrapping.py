"""Puts points around the parts of a bot: its store, its vendors, its performers and its web application."""

import inspect
import json
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any, cast
from urllib.parse import parse_qs
from warnings import catch_warnings

from aiohttp import web

from bot.app import T
from bot.domain.effects import Effect
from bot.domain.messages import Fact
from bot.performer import Performing
from bot.performers.tools import Scene, Tools
from bot.store.protocol import Commit, Outcome, Store
from tests.durability.fate import Fate
from tests.durability.points import BESIDE, call_of, label_of, requests_of, situations_of

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
BY: ContextVar[str] = ContextVar("by", default=BESIDE)  # the effect in whose name a vendor is called
SLACK_KINDS = {
    "block_actions": "slack_click",
    "view_submission": "slack_form",
    "block_suggestion": "slack_search",
}


class Wrapping:
    """What `Parts.around` is for these tests."""

    def __init__(self, fate: Fate) -> None:
        self._fate = fate

    def around(self, name: str, part: T) -> T:
        """The part, with a point before and after whatever counts."""
        wrapped: object
        match name:
            case "store":
                wrapped = MortalStore(cast(Store, part), self._fate)
            case "perform":
                wrapped = _labelled(cast(Performing, part))
            case "web":
                wrapped = self._watched(cast(web.Application, part))
            case _:
                wrapped = MortalPort(name, part, self._fate)
        return cast(T, wrapped)

    def _watched(self, application: web.Application) -> web.Application:
        application.middlewares.append(_at_points(self._fate))
        return application


class MortalStore:
    """A store whose every commit has a point on either side."""

    def __init__(self, store: Store, fate: Fate) -> None:
        self._store = store
        self._fate = fate

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def commit(self, change: Commit) -> Outcome:
        """Do it between two points."""
        situations = situations_of(change)
        self._fate.reach("before", situations)
        outcome = await self._store.commit(change)
        self._fate.reach("after", situations)
        return outcome


class MortalPort:
    """A vendor whose every call has a point on either side, also when it goes wrong."""

    def __init__(self, port: str, part: object, fate: Fate) -> None:
        self._port = port
        self._part = part
        self._fate = fate

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._part, name)
        return self._between_points(name, value) if inspect.iscoroutinefunction(value) else value

    def _between_points(self, method: str, call: Callable[..., Any]) -> Callable[..., Any]:
        async def called(*arguments: Any, **named: Any) -> Any:
            what = (call_of(BY.get(), self._port, method),)
            self._fate.reach("before", what)
            try:
                return await call(*arguments, **named)
            finally:
                self._fate.reach("after", what)

        return called


def _labelled(perform: Performing) -> Performing:
    """Performing that tells each call in whose name it is made."""

    async def labelled(tools: Tools, scene: Scene, effect: Effect) -> tuple[Fact, ...]:
        token = BY.set(label_of(effect))
        try:
            return await perform(tools, scene, effect)
        finally:
            BY.reset(token)

    return labelled


def _at_points(fate: Fate) -> Any:
    """A middleware with points where a request was read, where it is answered, and where the answer is sent."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.method != "POST":
            return await handler(request)
        what = requests_of(_kind_of(request, await _peeked(request)))
        fate.reach("before", what)
        answer = await handler(request)
        fate.reach("after", what)
        await answer.prepare(request)
        await answer.write_eof()
        fate.reach("acknowledged", what)
        return answer

    return middleware


async def _peeked(request: web.Request) -> bytes:
    """The body, which the handler reads again."""
    body = await request.content.read()
    with catch_warnings(action="ignore", category=DeprecationWarning):
        request.content.unread_data(body)
    return body


def _kind_of(request: web.Request, body: bytes) -> str:
    if request.path != "/slack/events":
        return request.path.split("/")[1]  # github, pagerduty
    fields = parse_qs(body.decode())
    if "payload" not in fields:
        return "slack_command"
    return SLACK_KINDS.get(json.loads(fields["payload"][0])["type"], "slack_event")
