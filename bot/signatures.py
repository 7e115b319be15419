"""Whether a request was really sent by Slack, GitHub or PagerDuty: HMAC-SHA256 over the raw bytes.

Everything here is asked about strangers' input, so it answers True or False and never raises. An empty secret
verifies nothing: an HMAC with an empty key is one that anybody can make.
"""

import hmac
import re

SLACK_WINDOW = 300.0  # seconds, Slack's advice against replays
MOST_PAGERDUTY_SIGNATURES = 10  # one per secret while they are rotated

_TIMESTAMP = re.compile(r"[0-9]{1,12}", re.ASCII)


def slack_signed(secret: bytes, body: bytes, timestamp: str | None, header: str | None, now: float) -> bool:
    """Whether `X-Slack-Signature` (v0=…) is Slack's for this body and is at most 5 minutes from `now`."""
    age = slack_age(secret, body, timestamp, header, now)
    return age is not None and abs(age) <= SLACK_WINDOW


def slack_age(
    secret: bytes, body: bytes, timestamp: str | None, header: str | None, now: float
) -> float | None:
    """How many seconds ago Slack signed this body, by this host's clock; None: Slack did not sign it."""
    if timestamp is None or not _TIMESTAMP.fullmatch(timestamp):
        return None
    signed = b"v0:" + timestamp.encode() + b":" + body
    return now - int(timestamp) if _same(header, "v0=", secret, signed) else None


def github_signed(secret: bytes, body: bytes, header: str | None) -> bool:
    """Whether `X-Hub-Signature-256` (sha256=…) is GitHub's for this body; SHA-1 is not accepted."""
    return _same(header, "sha256=", secret, body)


def pagerduty_signed(secret: bytes, body: bytes, header: str | None) -> bool:
    """Whether one of the signatures in `X-PagerDuty-Signature` (v1=…,v1=…) is PagerDuty's for this body."""
    if header is None:
        return False
    offered = header.split(",")[:MOST_PAGERDUTY_SIGNATURES]
    return any(_same(one.strip(" "), "v1=", secret, body) for one in offered)


def _same(header: str | None, scheme: str, secret: bytes, signed: bytes) -> bool:
    if header is None or not secret:
        return False
    expected = scheme + hmac.digest(secret, signed, "sha256").hex()
    return hmac.compare_digest(expected.encode(), header.encode("utf-8", "replace"))
