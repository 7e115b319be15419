"""Requests as Slack and GitHub send them: signed, complete, ready to be written to a socket."""

import hashlib
import hmac
import json
import time
from urllib.parse import urlencode

SLACK_SECRET, GITHUB_SECRET = "bench-signing-secret", "bench-webhook-secret"
TEAM, APP, BOT = "T0BENCH", "A0BENCH", "B0BENCH"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


def slash(text: str, *, user: str = "U0ANA", trigger: str, command: str = "/promote") -> bytes:
    """A slash command."""
    fields = {
        "token": "legacy-verification-token",
        "team_id": TEAM,
        "team_domain": "acme",
        "channel_id": "C0DEPLOYS",
        "channel_name": "deploys",
        "user_id": user,
        "user_name": user.lower(),
        "command": command,
        "text": text,
        "api_app_id": APP,
        "is_enterprise_install": "false",
        "response_url": f"https://hooks.slack.invalid/commands/{TEAM}/{trigger}",
        "trigger_id": trigger,
    }
    return slack(urlencode(fields).encode(), FORM)


def click(promotion: str, action: str, *, user: str, trigger: str, rev: str) -> bytes:
    """A click on a button of a form, where no message has to be known."""
    payload = {
        "type": "block_actions",
        "api_app_id": APP,
        "team": {"id": TEAM, "domain": "acme"},
        "user": {"id": user, "username": user.lower(), "name": user.lower(), "team_id": TEAM},
        "trigger_id": trigger,
        "container": {"type": "view", "view_id": "V0BENCH"},
        "view": {"id": "V0BENCH", "type": "modal", "callback_id": "details", "state": {"values": {}}},
        "actions": [
            {
                "type": "button",
                "action_id": action,
                "block_id": "actions",
                "action_ts": f"{time.time():.6f}",
                "value": json.dumps({"id": promotion, "rev": rev}),
            }
        ],
    }
    return slack(urlencode({"payload": json.dumps(payload)}).encode(), FORM)


def slack(body: bytes, content_type: str) -> bytes:
    """A body with Slack's v0 signature over this moment."""
    stamp = str(int(time.time()))
    digest = _hmac(SLACK_SECRET, b"v0:" + stamp.encode() + b":" + body)
    headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}
    return post("/slack/events", headers, content_type, body)


def github(event: str, body: bytes, delivery: str) -> bytes:
    """A webhook delivery with GitHub's signature."""
    headers = {
        "X-GitHub-Event": event,
        "X-GitHub-Delivery": delivery,
        "X-Hub-Signature-256": f"sha256={_hmac(GITHUB_SECRET, body)}",
        "User-Agent": "GitHub-Hookshot/bench",
    }
    return post("/github/webhooks", headers, JSON, body)


def post(path: str, headers: dict[str, str], content_type: str, body: bytes) -> bytes:
    """An HTTP/1.1 request on a connection that stays open."""
    every = {"Host": "127.0.0.1", "Content-Type": content_type, "Content-Length": str(len(body)), **headers}
    head = "".join(f"{name}: {value}\r\n" for name, value in every.items())
    return f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + body


def _hmac(secret: str, signed: bytes) -> str:
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
