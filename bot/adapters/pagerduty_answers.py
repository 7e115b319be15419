"""What PagerDuty's answers and silences mean."""

import json
from collections.abc import Mapping
from typing import Protocol

from bot.ports import Limited, Refused, Unclear, Unreachable, VendorError

DEFAULT_WAIT = 60.0  # seconds, when PagerDuty limits without a time
LONGEST_WAIT = 900.0
MOST_SENTENCE = 300


class HttpAnswer(Protocol):
    """What is used of an answer of `requests`."""

    @property
    def status_code(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def content(self) -> bytes: ...


def judge_answer(answer: HttpAnswer) -> VendorError:
    """The error that an answer is."""
    status = answer.status_code
    if status == 429:
        return Limited("pagerduty", "PagerDuty asks to wait", _wait_of(answer.headers))
    if status >= 500 or status < 400:  # below 400: accepted, but the body was not what it should be
        return Unclear("pagerduty", f"PagerDuty answered {status}")
    return Refused("pagerduty", _sentence(answer), str(status))


def judge_failure(cause: BaseException | None) -> VendorError:
    """What a call that got no answer means: it certainly did nothing, or nobody can say."""
    from urllib3.exceptions import (
        ConnectTimeoutError,
        NewConnectionError,
    )  # with pdpyras, when PagerDuty was called

    if isinstance(_root(cause), NewConnectionError | ConnectTimeoutError):
        return Unreachable("pagerduty", "PagerDuty could not be reached")
    return Unclear("pagerduty", "the connection to PagerDuty broke off")


def _root(cause: BaseException | None) -> object:
    """`requests` wraps urllib3's MaxRetryError, which has the real `reason`."""
    from urllib3.exceptions import HTTPError

    inner = cause.args[0] if cause is not None and cause.args else None
    return getattr(inner, "reason", inner) if isinstance(inner, HTTPError) else inner


def _wait_of(headers: Mapping[str, str]) -> float:
    for name in ("Retry-After", "ratelimit-reset"):
        asked = headers.get(name, "")
        if asked.isascii() and asked.isdigit() and len(asked) < 9:
            return min(LONGEST_WAIT, max(1.0, float(asked)))
    return DEFAULT_WAIT


def _sentence(answer: HttpAnswer) -> str:
    """PagerDuty's message and its details; never the text of pdpyras, which quotes the end of the key."""
    try:
        fields = json.loads(answer.content)
    except (ValueError, RecursionError):
        fields = None
    said = fields.get("error", fields) if isinstance(fields, dict) else {}
    if not isinstance(said, dict) or not isinstance(said.get("message"), str):
        return f"PagerDuty answered {answer.status_code}"
    details = said.get("errors")
    words = [str(detail) for detail in details] if isinstance(details, list) else []
    return ": ".join([said["message"], "; ".join(words)] if words else [said["message"]])[:MOST_SENTENCE]
