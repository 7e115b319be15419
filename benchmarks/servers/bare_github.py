"""The floor for a webhook: aiohttp and GitHub's signature; with `json` as second argument it parses the body too."""

import hashlib
import hmac
import json
import sys

from aiohttp import web

from benchmarks.servers.serve import serve
from benchmarks.signed import GITHUB_SECRET

SECRET = GITHUB_SECRET.encode()
PARSES = sys.argv[2:] == ["json"]


async def delivery(request: web.Request) -> web.Response:
    """Check the signature and say yes."""
    body = await request.read()
    expected = "sha256=" + hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, request.headers["X-Hub-Signature-256"]):
        return web.Response(status=401)
    if PARSES:
        json.loads(body)
    return web.Response(status=202)


if __name__ == "__main__":
    serve(web.post("/github/webhooks", delivery))
