"""How GitHub lets calls in: tokens, API versions, rate limits, its words for errors, and pages of lists."""

import base64
import json
from collections.abc import Mapping, Sequence
from typing import TypeVar
from urllib.parse import urlencode

from bot.playground.door import MALFORMED, Answer, Call, Door, Refused
from bot.playground.github.documents import APP_SLUG
from bot.playground.world import World

BASE = "/sim/github"
DOCS = "https://docs.github.com/rest"
API_VERSIONS = ("2022-11-28", "2026-03-10")
HOURLY_LIMIT = 5_000
HOUR = 3600.0
APP_LOGIN = f"{APP_SLUG}[bot]"

Item = TypeVar("Item")
SENTENCES = {
    401: "Bad credentials",
    403: "Resource not accessible by integration",
    404: "Not Found",
    429: "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
    500: "Server Error",
    502: "Server Error",
    503: "No server is currently available to service your request. Sorry about that.",
}


class GitHubDoor(Door):
    """GitHub's counter; `retry_after` is what a forced 429 says, in seconds (None: nothing)."""

    def __init__(self, world: World) -> None:
        super().__init__(world, "github", BASE, admit=self._check, bent=self._forced, dress=self._headers)
        self.retry_after: int | None = 2
        self.secondary_limits = 0  # calls that are next refused with 403 and no time
        self.moved_to = "/repositories/1"  # where a forced redirect leads, below the base
        self.scopes = {"repo", "read:org"}  # of a classic token; the others have none
        self.versions: tuple[str, ...] = API_VERSIONS  # fewer on an older Enterprise Server
        self._used = 0
        self._hour = world.clock.now()
        self._exhausted_until = 0.0

    @property
    def exhausted_until(self) -> float:
        """When the primary limit ends that was spent last."""
        return self._exhausted_until

    def exhaust(self, seconds: float) -> None:
        """Answer every call with the primary rate limit for that long."""
        self._exhausted_until = self.world.clock.now() + seconds

    def _check(self, call: Call) -> None:
        token = token_of(call)
        if not token:
            raise refusal(401, "Requires authentication")
        if "playground" not in token and not _is_app_jwt(token):
            raise refusal(401, "Bad credentials")
        if _is_app_jwt(token) and not _for_apps(call):
            raise refusal(403, "Resource not accessible by integration")
        version = api_version(call)
        if version not in self.versions:
            known = ", ".join(f'"{name}"' for name in reversed(self.versions))
            asked = f'The version you specified in the "X-GitHub-API-Version" request header, "{version}",'
            raise refusal(400, f"{asked} is not a supported version. Supported: {known}.")
        if call.body is MALFORMED:
            raise refusal(400, "Problems parsing JSON")
        if self.world.clock.now() < self._exhausted_until:
            raise refusal(403, f"API rate limit exceeded for {actor_of(call)}.")
        if self.secondary_limits:
            self.secondary_limits -= 1
            raise refusal(403, SENTENCES[429])

    def _forced(self, status: int) -> Answer:
        named = status == 429 and self.retry_after is not None
        headers = {"Retry-After": str(self.retry_after)} if named else {}
        if 300 <= status < 400:
            headers["Location"] = self.url + self.moved_to
        return error(status, SENTENCES.get(status, "Server Error"), headers)

    def _headers(self, call: Call) -> Mapping[str, str]:
        scopes = (
            {"X-OAuth-Scopes": ", ".join(sorted(self.scopes))} if token_of(call).startswith("ghp_") else {}
        )
        return {**self._rate_limit(), **scopes}

    def _rate_limit(self) -> Mapping[str, str]:
        now = self.world.clock.now()
        if now >= self._hour + HOUR:
            self._used, self._hour = 0, now
        self._used += 1
        exhausted = now < self._exhausted_until
        remaining = 0 if exhausted else max(1, HOURLY_LIMIT - self._used)
        reset = self._exhausted_until if exhausted else self._hour + HOUR
        return {
            "Date": self.world.http_date(),
            "X-RateLimit-Limit": str(HOURLY_LIMIT),
            "X-RateLimit-Remaining": str(remaining),
            "X-RateLimit-Used": str(HOURLY_LIMIT - remaining),
            "X-RateLimit-Reset": str(int(reset)),
            "X-RateLimit-Resource": "core",
            "X-GitHub-Media-Type": "github.v3; format=json",
        }


def error(status: int, message: str, headers: Mapping[str, str] | None = None) -> Answer:
    """GitHub's error document."""
    return Answer(
        status, {"message": message, "documentation_url": DOCS, "status": str(status)}, headers or {}
    )


def refusal(status: int, message: str) -> Refused:
    """`error`, to be raised."""
    return Refused(error(status, message))


def token_of(call: Call) -> str:
    """What came in the Authorization header, without its scheme."""
    scheme, _, token = call.http.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.casefold() in ("bearer", "token") else ""


def actor_of(call: Call) -> str:
    """Who a call is made as: the App's bot, or the person that a `ghp_playground_LOGIN` token belongs to."""
    token = token_of(call)
    login = token.partition("playground_")[2] if token.startswith(("ghp_", "github_pat_")) else ""
    return login or APP_LOGIN


def api_version(call: Call) -> str:
    """The API version that a call asks for; the oldest without a header."""
    return call.http.headers.get("X-GitHub-Api-Version", API_VERSIONS[0])


def page_of(call: Call, items: Sequence[Item], *, per_page: int = 30) -> tuple[list[Item], dict[str, str]]:
    """The page of `items` that a call asks for (at most 100 a page), and its Link header."""
    size = min(100, _positive(call.asked("per_page"), per_page))
    page = _positive(call.asked("page"), 1)
    last = max(1, -(-len(items) // size))
    links = {"prev": page - 1, "next": page + 1, "last": last, "first": 1}
    wanted = [name for name in links if (name in ("next", "last")) == (page < last) or page not in (1, last)]
    shown = [f'<{_at_page(call, links[name])}>; rel="{name}"' for name in wanted if 1 <= links[name] <= last]
    start = (page - 1) * size
    return list(items[start : start + size]), ({"Link": ", ".join(shown)} if last > 1 else {})


def _at_page(call: Call, page: int) -> str:
    query = {**dict(call.http.query), "page": str(page)}
    return f"{call.http.url.with_query(None)}?{urlencode(query)}"


def _positive(asked: str, otherwise: int) -> int:
    return int(asked) if asked.isdecimal() and int(asked) > 0 else otherwise


def _for_apps(call: Call) -> bool:
    path = call.http.path.removeprefix(BASE)
    return path.startswith("/app") or path.endswith("/installation")


def _is_app_jwt(token: str) -> bool:
    """Whether this is an App's JWT of at most ten minutes; its signature is not ours to check."""
    parts = token.split(".")
    if len(parts) != 3:
        return False
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=="))
        return 0 < int(claims["exp"]) - int(claims["iat"]) <= 11 * 60
    except (ValueError, KeyError, TypeError):
        return False
