"""One call to Slack's Web API, and what its answer means. Nothing is ever sent twice.

Slack says no with HTTP 200 and `"ok": false`; 429 and 5xx are the only statuses that say something.
"""

import asyncio
from collections.abc import Mapping
from typing import TypeVar

import aiohttp
from pydantic import BaseModel
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.adapters.wire import is_loopback, read_object
from bot.ports import Limited, Refused, Unclear, Unreachable, VendorError

CONNECT_TIMEOUT = 5.0  # seconds: a connection that takes longer certainly sent nothing
DEFAULT_WAIT = 30.0  # seconds, when Slack limits without a time
LONGEST_WAIT = 900.0
MOST_SENTENCE = 300

LIMITED = ("ratelimited", "rate_limited")
# Slack's own trouble under HTTP 200: its documentation says that some of the work may have been done.
UNCLEAR = ("internal_error", "fatal_error", "service_unavailable", "request_timeout")

Model = TypeVar("Model", bound=BaseModel)
Arguments = Mapping[str, object]


class Done(BaseModel):
    """An answer of which nothing is used."""


class SlackCall:
    """Sends to one workspace; open it inside a running loop."""

    def __init__(self, token: str, base_url: str, deadline: float) -> None:
        self._token = token
        self._base_url = base_url
        self._deadline = deadline
        self._session: aiohttp.ClientSession | None = None
        self._client: AsyncWebClient | None = None

    async def open(self) -> None:
        """Make the connections' pool."""
        connecting = min(CONNECT_TIMEOUT, self._deadline)
        timeout = aiohttp.ClientTimeout(total=self._deadline, sock_connect=connecting)
        self._session = aiohttp.ClientSession(timeout=timeout)
        self._client = AsyncWebClient(
            self._token, base_url=self._base_url, session=self._session, retry_handlers=[]
        )
        if is_loopback(self._base_url):
            self._client.proxy = None  # slack_sdk takes HTTPS_PROXY from the environment for every address

    async def close(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()
        self._session = self._client = None

    async def tell(self, method: str, model: type[Model], arguments: Arguments) -> Model:
        """Call a method that changes something: the arguments go as JSON."""
        return await self._call(method, model, json=arguments)

    async def ask(self, method: str, model: type[Model], arguments: Arguments) -> Model:
        """Call a method that reads: the arguments go in the address, since Slack reads no JSON there."""
        return await self._call(method, model, params=arguments)

    async def told(self, method: str, model: type[Model]) -> tuple[Model, Mapping[str, str]]:
        """Call a method without arguments, for the headers of Slack's answer as well as for its fields."""
        answer = await self._answer(method, json={}, params=None)
        return read_object("slack", model, answer.data), answer.headers

    async def _call(
        self,
        method: str,
        model: type[Model],
        *,
        json: Arguments | None = None,
        params: Arguments | None = None,
    ) -> Model:
        answer = await self._answer(method, json=json, params=params)
        return read_object("slack", model, answer.data)

    async def _answer(
        self, method: str, *, json: Arguments | None, params: Arguments | None
    ) -> AsyncSlackResponse:
        if self._client is None:
            raise RuntimeError("Slack is not open")
        try:
            async with asyncio.timeout(self._deadline):
                return await self._client.api_call(
                    method,
                    http_verb="POST" if params is None else "GET",
                    json=None if json is None else dict(json),
                    params=None if params is None else dict(params),
                )
        except SlackApiError as refused:
            raise _refusal(refused) from refused
        except (aiohttp.ClientError, TimeoutError) as broken:
            raise _failure(broken, self._deadline) from broken
        except (ValueError, AttributeError) as garbled:  # what slack_sdk does with JSON that is no object
            raise Unclear("slack", "Slack's answer could not be read") from garbled


def _failure(error: Exception, deadline: float) -> VendorError:
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError | aiohttp.InvalidURL):
        return Unreachable("slack", "Slack could not be reached")
    if isinstance(error, TimeoutError):
        return Unclear("slack", f"Slack did not answer within {deadline:.0f} s")
    return Unclear("slack", "the connection to Slack broke off")


def _refusal(error: SlackApiError) -> VendorError:
    response = error.response
    if isinstance(response, AsyncSlackResponse):
        return _judge(response.status_code, response.headers, response.data)
    if isinstance(response, aiohttp.ClientResponse):  # slack_sdk could not read the body
        return _judge(response.status, response.headers, None)
    return Unclear("slack", "Slack's answer could not be read")


def _judge(status: int, headers: Mapping[str, str], body: object) -> VendorError:
    fields = body if isinstance(body, dict) else {}
    code = fields.get("error")
    if status == 429 or code in LIMITED:
        return Limited("slack", "Slack asks to wait", _wait_of(headers))
    if status >= 500 or not isinstance(code, str) or code in UNCLEAR:
        return Unclear("slack", f"Slack answered {code or status}")
    return Refused("slack", _sentence(code, fields), code)


def _wait_of(headers: Mapping[str, str]) -> float:
    asked = headers.get("Retry-After", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 9):
        return DEFAULT_WAIT
    return min(LONGEST_WAIT, max(1.0, float(asked)))


def _sentence(code: str, fields: Mapping[str, object]) -> str:
    """Slack's error word, with the first of the explanations that come with it."""
    beside = fields.get("response_metadata")
    messages = beside.get("messages") if isinstance(beside, dict) else None
    first = messages[0] if isinstance(messages, list) and messages else ""
    return f"{code}: {first}"[:MOST_SENTENCE] if isinstance(first, str) and first else code
