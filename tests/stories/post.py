"""Requests to the bot's own door as anybody could send them: signed, forged, old, broken."""

import hashlib
import hmac
import io
import json
from collections.abc import Mapping
from urllib.parse import urlencode

import aiohttp

from tests.stories.story import Story

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


def signature(secret: str, stamp: str, body: bytes) -> dict[str, str]:
    """Slack's two headers for a body."""
    digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


def signed(story: Story, body: bytes, *, age: float = 0.0) -> dict[str, str]:
    """The headers that Slack would send with a body, `age` seconds ago."""
    return signature(story.world.secrets["slack_signing"], str(int(story.clock.now() - age)), body)


async def posted(
    story: Story,
    body: bytes,
    headers: Mapping[str, str],
    content_type: str = FORM,
    path: str = "/slack/events",
) -> int:
    """The status that a body gets at one of the bot's doors, Slack's when none is named."""
    url = f"{story.world.bot_url}{path}"
    sent = {"Content-Type": content_type, **headers}
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=io.BytesIO(body), headers=sent) as answer,
    ):
        return answer.status


def hooked(story: Story, vendor: str, body: bytes) -> dict[str, str]:
    """The headers with which GitHub or PagerDuty would send a body."""
    secret = story.world.secrets[f"{vendor}_webhook"].encode()
    digest = hmac.new(secret, body, hashlib.sha256).hexdigest()
    if vendor == "pagerduty":
        return {"X-PagerDuty-Signature": f"v1={digest}"}
    return {"X-Hub-Signature-256": f"sha256={digest}", "X-GitHub-Event": "workflow_run"}


def payload(content: object) -> bytes:
    """An interaction as Slack sends it."""
    return urlencode({"payload": json.dumps(content)}).encode()
