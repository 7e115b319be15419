"""Bolt's hello world as its documentation has it; with `before` as second argument it answers when it is done."""

import sys

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult

from benchmarks.servers.serve import serve
from benchmarks.signed import BOT, SLACK_SECRET, TEAM


async def authorize(**_: object) -> AuthorizeResult:
    """Who we are, without asking Slack."""
    return AuthorizeResult(enterprise_id=None, team_id=TEAM, bot_id=BOT, bot_user_id="U0BOT")


app = AsyncApp(
    signing_secret=SLACK_SECRET,
    process_before_response=sys.argv[2:] == ["before"],
    authorize=authorize,
)


@app.command("/promote")
async def hello(ack: AsyncAck) -> None:
    """Hello."""
    await ack("ok")


async def events(request: web.Request) -> web.Response:
    """What `AsyncApp.server` does with a request."""
    answer: web.Response = await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))
    return answer


if __name__ == "__main__":
    serve(web.post("/slack/events", events))
