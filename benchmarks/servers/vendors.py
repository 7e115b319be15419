"""Slack, GitHub and PagerDuty as far as the bot needs them to let people in; everything else they refuse.

With `limited` as second argument Slack answers 429 to whatever would write. Refusals are cheap on purpose: what is
measured is the bot, and the calls that it makes after an answer are no part of the answer.
"""

import sys

from aiohttp import web

from benchmarks.servers.serve import serve
from benchmarks.signed import APP, BOT, TEAM

LIMITED = sys.argv[2:] == ["limited"]
ROOM = {"id": "C0DEPLOYS", "name": "deploys", "is_ext_shared": False, "is_pending_ext_shared": False}


async def slack(request: web.Request) -> web.Response:
    """Who the bot and the people are, and who reads along in their channel; nothing else."""
    user = request.query.get("user", "")
    match request.match_info["method"]:
        case "auth.test":
            return _ok(team_id=TEAM, user_id="U0BOT", bot_id=BOT)
        case "bots.info":
            return _ok(bot={"id": BOT, "app_id": APP})
        case "users.info":
            return _ok(
                user={"id": user, "team_id": TEAM, "is_restricted": False, "is_ultra_restricted": False}
            )
        case "conversations.list":
            return _ok(channels=[ROOM])
        case "conversations.info":
            return _ok(channel=ROOM)
    if LIMITED:
        return web.json_response(
            {"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "30"}
        )
    return web.json_response({"ok": False, "error": "internal_error"}, status=503)


async def elsewhere(_: web.Request) -> web.Response:
    """GitHub and PagerDuty are down."""
    return web.Response(status=503)


def _ok(**fields: object) -> web.Response:
    return web.json_response({"ok": True, **fields})


if __name__ == "__main__":
    serve(web.route("*", "/slack/{method}", slack), web.route("*", "/{elsewhere:.*}", elsewhere))
