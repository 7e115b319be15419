"""What GitHub's answers and silences mean: a definite no, a no for now, nothing done, or nobody knows."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.ports import Limited, Refused, Unclear, Unreachable, VendorError

DEFAULT_WAIT = 60.0  # seconds, where a limit comes without a time: GitHub asks for at least a minute
LONGEST_WAIT = 900.0
MOST_SENTENCE = 300


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer of GitHub's REST API."""

    status: int
    headers: Mapping[str, str]  # case-insensitive
    body: bytes

    @property
    def has_next(self) -> bool:
        """Whether a list goes on after this page."""
        return 'rel="next"' in self.headers.get("link", "")


def refusal_in(reply: Reply, now: Callable[[], float]) -> VendorError | None:
    """The error that an answer is; None for a yes."""
    if reply.status < 300:
        return None
    sentence = sentence_of(reply)
    if reply.status >= 500 or reply.status == 408:
        return Unclear("github", sentence)
    if _is_limit(reply, sentence):
        return Limited("github", sentence, _wait_of(reply, now()))
    if reply.status < 400:
        return Refused(
            "github", "the repository has moved: the catalog names its old address", str(reply.status)
        )
    return Refused("github", sentence, str(reply.status))


def is_unknown_version(reply: Reply) -> bool:
    """Whether a server refuses the API version that it was asked in: an older GitHub Enterprise Server."""
    return reply.status == 400 and "not a supported version" in sentence_of(reply)


def pause_after(reply: Reply, now: float) -> float | None:
    """Seconds until GitHub may be asked again, after a yes that spent what was left of the hour."""
    if reply.headers.get("x-ratelimit-remaining") != "0":
        return None
    reset = _number(reply.headers.get("x-ratelimit-reset"))
    return None if reset is None else min(LONGEST_WAIT, max(1.0, reset - now))


def failure_of(error: Exception) -> VendorError:
    """What a call that got no answer means: it certainly did nothing, or nobody can say."""
    import httpx  # as githubkit is: when GitHub was called

    never_sent = (
        httpx.ConnectError,
        httpx.ConnectTimeout,
        httpx.PoolTimeout,
        httpx.ProxyError,
        httpx.UnsupportedProtocol,
        httpx.InvalidURL,
    )
    if isinstance(error, never_sent):
        return Unreachable("github", "GitHub could not be reached")
    if isinstance(error, httpx.TimeoutException):
        return Unclear("github", "GitHub did not answer in time")
    return Unclear("github", "the connection to GitHub broke off")


def sentence_of(reply: Reply) -> str:
    """GitHub's own sentence, with the first of its details."""
    fields = _object_in(reply.body)
    message = fields.get("message")
    if not isinstance(message, str) or not message:
        return f"GitHub answered {reply.status}"
    return ": ".join([message.strip(), *_details(fields.get("errors"))])[:MOST_SENTENCE]


def _details(errors: object) -> list[str]:
    first = errors[0] if isinstance(errors, list) and errors else None
    detail = first.get("message") if isinstance(first, dict) else first
    return [detail] if isinstance(detail, str) and detail else []


def _is_limit(reply: Reply, sentence: str) -> bool:
    if reply.status == 429:
        return True
    if reply.status != 403:
        return False
    spent = reply.headers.get("x-ratelimit-remaining") == "0"
    return spent or "retry-after" in reply.headers or "secondary rate limit" in sentence.lower()


def _wait_of(reply: Reply, now: float) -> float:
    asked = _number(reply.headers.get("retry-after"))
    if asked is None and reply.headers.get("x-ratelimit-remaining") == "0":
        reset = _number(reply.headers.get("x-ratelimit-reset"))
        asked = None if reset is None else reset - now
    return min(LONGEST_WAIT, max(1.0, DEFAULT_WAIT if asked is None else asked))


def _number(text: str | None) -> float | None:
    return float(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 12 else None


def _object_in(body: bytes) -> dict[str, object]:
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}
