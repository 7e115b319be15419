"""The Web API's counter: token, bent answers, rate limits, then the method; every call is in the ledger.

Slack says no with HTTP 200 and `"ok": false`; only a rate limit (429) and its own trouble (5xx) differ.
"""

import json
from collections.abc import Callable, Mapping

from aiohttp import web

from bot.permissions import SLACK_METHODS
from bot.playground.slack import chat, conversations, hooks, users, views
from bot.playground.slack.limits import RateLimits
from bot.playground.slack.raw import Raw, SlackError, unfolded
from bot.playground.slack.socket import Sockets
from bot.playground.slack.state import Workspace
from bot.playground.world import Fault, Request

Method = Callable[[Workspace, Raw], Raw]
_METHODS: Mapping[str, Method] = {
    **users.METHODS,
    **conversations.METHODS,
    **chat.METHODS,
    **views.METHODS,
}


class WebApi:
    """Answers `/sim/slack/api/METHOD` and the response URLs."""

    def __init__(self, workspace: Workspace, limits: RateLimits, sockets: Sockets) -> None:
        self._workspace = workspace
        self._limits = limits
        self._sockets = sockets

    def routes(self) -> list[web.RouteDef]:
        """The routes below /sim/slack."""
        return [
            web.route("*", "/sim/slack/api/{method}", self._call),
            web.post("/sim/slack/response/{hook}", self._hook),
        ]

    async def _call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        entry = self._noted(method)
        try:
            arguments = await _arguments(request)
            entry.body = {name: value for name, value in arguments.items() if name != "token"}
            answer = self._answer(method, arguments, _token(request, arguments), request.host)
        except SlackError as refusal:
            answer = _json_answer({"ok": False, "error": refusal.code, **refusal.beside})
        return self._entered(entry, answer)

    async def _hook(self, request: web.Request) -> web.Response:
        entry = self._noted("response_url")
        entry.body = await _json_object(request)
        bent = self._workspace.world.fault("slack")
        if isinstance(bent, int):
            return self._entered(entry, _bent(bent))
        try:
            hooks.answer(self._workspace, request.match_info["hook"], entry.body)
        except SlackError as refusal:
            status = 404 if refusal.code in ("expired_url", "used_url") else 400
            refused = {"ok": False, "error": refusal.code, **refusal.beside}
            return self._entered(entry, _json_answer(refused, status))
        return self._entered(entry, _bent(502) if bent else web.Response(text="ok"))

    def _answer(self, method: str, arguments: Raw, token: str, host: str) -> web.Response:
        bent = self._workspace.world.fault("slack")
        if isinstance(bent, int):
            return _bent(bent)
        if method == "apps.connections.open":
            return _json_answer({"ok": True, "url": self._sockets.address(host, token)})
        if self._workspace.world.slack_revoked:
            raise SlackError("token_revoked")
        _admit(token)
        needed = SLACK_METHODS.get(method, "")
        if needed and needed not in self._workspace.world.slack_scopes:
            raise SlackError("missing_scope", needed=needed)
        if method not in _METHODS:
            raise SlackError("unknown_method", req_method=method)
        wait = self._limits.wait_before(method, str(arguments.get("channel", "")))
        if wait:
            return _bent(429, wait)
        answer = _json_answer({"ok": True, **_METHODS[method](self._workspace, arguments)})
        return answer if bent is None else _bent(502)

    def _noted(self, path: str) -> Request:
        entry = Request("slack", "POST", path, self._workspace.world.clock.now())
        self._workspace.world.note(entry)
        return entry

    def _entered(self, entry: Request, answer: web.Response) -> web.Response:
        world = self._workspace.world
        answer.headers["Date"] = world.http_date()
        answer.headers["X-OAuth-Scopes"] = ",".join(sorted(world.slack_scopes))
        world.answered(entry, answer.status, answer.text)
        return answer


def _admit(token: str) -> None:
    if not token:
        raise SlackError("not_authed")
    if not token.startswith("xoxb-") or "playground" not in token:
        raise SlackError("invalid_auth")  # a token that looks real has no business here


async def _arguments(request: web.Request) -> Raw:
    fields: Raw = dict(request.query)
    if request.content_type == "application/json":
        return fields | await _json_object(request)
    form = await request.post()
    texts = {name: value for name, value in form.items() if isinstance(value, str)}
    return unfolded({name: str(value) for name, value in fields.items()} | texts)


async def _json_object(request: web.Request) -> Raw:
    try:
        body = json.loads(await request.read() or b"{}")
    except ValueError:
        raise SlackError("invalid_json") from None
    if not isinstance(body, dict):
        raise SlackError("json_not_object")
    return body


def _token(request: web.Request, arguments: Raw) -> str:
    bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bearer or str(arguments.get("token") or "")


def _bent(status: Fault, wait: int = 1) -> web.Response:
    if status == 429:
        headers = {"Retry-After": str(wait)}
        return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
    return web.Response(status=int(status), text="upstream connect error")


def _json_answer(body: Raw, status: int = 200) -> web.Response:
    return web.json_response(body, status=status)
