"""The floor for a slash command: aiohttp and Slack's signature, nothing is kept."""

import hashlib
import hmac
import time

from aiohttp import web

from benchmarks.servers.serve import serve
from benchmarks.signed import SLACK_SECRET

SECRET = SLACK_SECRET.encode()


async def command(request: web.Request) -> web.Response:
    """Check the signature and say yes."""
    body = await request.read()
    stamp = request.headers["X-Slack-Request-Timestamp"]
    signed = b"v0:" + stamp.encode() + b":" + body
    expected = "v0=" + hmac.new(SECRET, signed, hashlib.sha256).hexdigest()
    fresh = abs(time.time() - int(stamp)) < 300
    if not fresh or not hmac.compare_digest(expected, request.headers["X-Slack-Signature"]):
        return web.Response(status=401)
    return web.json_response({"text": "ok"})


if __name__ == "__main__":
    serve(web.post("/slack/events", command))
