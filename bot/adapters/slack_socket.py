"""One socket to Slack (Socket Mode): opened with the app-level token, read frame by frame, answered on the same line.

slack_sdk has a client for this, which is not used: it lets the old connection go before the new one is there,
acknowledges on whichever connection is the newest, tries again at fixed intervals, keeps what it has read in a queue
without end, and writes what people typed into the log.
"""

import asyncio
import logging
from collections.abc import Mapping
from urllib.parse import urlsplit

import aiohttp
from pydantic import BaseModel, Field, ValidationError
from slack_sdk.proxy_env_variable_loader import load_http_proxy_from_env

from bot.adapters.slack_call import SlackCall
from bot.adapters.wire import is_loopback
from bot.envelope import Envelope
from bot.ports import Unclear, Unreachable

log = logging.getLogger(__name__)
DEADLINE = 10.0  # seconds: for the address, for the connection and for Slack's hello, each
# Seconds of silence after which Slack is asked for a sign of life; it has half as long to give one.
HEARTBEAT = 8.0
CLOSING = 1.0  # seconds that Slack has to agree to the end
MOST_BYTES = 4 * 1024**2  # of one frame: more than a request may have, which is refused one by one


class Frame(BaseModel):
    """The fields that are used of what Slack sends through a socket."""

    type: str
    envelope_id: str = ""
    payload: dict[str, object] = Field(default_factory=dict)
    accepts_response_payload: bool = False
    reason: str = ""  # of a disconnect
    size: int = 0  # bytes, as it came

    @property
    def envelope(self) -> Envelope:
        """What is handed on."""
        return Envelope(self.type, self.payload, self.size)


class Address(BaseModel):
    """What is used of Slack's answer to apps.connections.open. The URL holds a ticket: it is not logged."""

    url: str


class Socket:
    """A connection on which Slack has said hello."""

    def __init__(self, wire: aiohttp.ClientWebSocketResponse) -> None:
        self._wire = wire

    async def next(self) -> Frame | None:
        """The next frame that can be read; None: the connection is over, or Slack gave no sign of life."""
        while True:
            message = await self._wire.receive()
            if message.type is aiohttp.WSMsgType.TEXT:
                if frame := _frame(message.data):
                    return frame
            elif message.type is not aiohttp.WSMsgType.BINARY:
                return None

    async def acknowledge(self, frame: Frame, payload: Mapping[str, object] | None) -> bool:
        """Tell Slack that an envelope is taken, with what it is to show; False: the connection is over."""
        answer: dict[str, object] = {"envelope_id": frame.envelope_id}
        if payload is not None and frame.accepts_response_payload:
            answer["payload"] = payload
        try:
            await self._wire.send_json(answer)
        except (ConnectionError, aiohttp.ClientError):
            return False
        return True

    async def close(self) -> None:
        """End the connection."""
        await self._wire.close()


class Dialer:
    """Opens sockets of one app; open it inside a running loop."""

    def __init__(self, token: str, base_url: str, heartbeat: float = HEARTBEAT) -> None:
        self._call = SlackCall(token, base_url, DEADLINE)
        self._is_loopback = is_loopback(base_url)
        self._heartbeat = heartbeat
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Make the connections' pool; nothing is sent yet."""
        await self._call.open()
        self._session = aiohttp.ClientSession()

    async def close(self) -> None:
        """Close every connection."""
        await self._call.close()
        if self._session is not None:
            await self._session.close()
        self._session = None

    async def dial(self) -> tuple[Socket, Frame]:
        """A socket, and Slack's first frame on it: a hello, or why there is none. Raises VendorError."""
        address = await self._call.tell("apps.connections.open", Address, {})
        wire = await self._connected(address.url)
        socket = Socket(wire)
        try:
            async with asyncio.timeout(DEADLINE):
                first = await socket.next()
        except TimeoutError:
            first = None
        if first is None:
            await socket.close()
            raise Unclear("slack", "Slack said nothing on a new socket")
        return socket, first

    async def _connected(self, url: str) -> aiohttp.ClientWebSocketResponse:
        if self._session is None:
            raise RuntimeError("Slack is not open")
        if urlsplit(url).scheme != "wss" and not self._is_loopback:
            raise Unclear("slack", "Slack named an address for sockets that is not encrypted")
        try:
            async with asyncio.timeout(DEADLINE):
                return await self._session.ws_connect(
                    url,
                    heartbeat=self._heartbeat,
                    max_msg_size=MOST_BYTES,
                    timeout=aiohttp.ClientWSTimeout(ws_close=CLOSING),
                    proxy=None if self._is_loopback else load_http_proxy_from_env(),
                )
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError):  # its text may hold the ticket
            raise Unreachable("slack", "no socket to Slack could be opened") from None


def _frame(text: str) -> Frame | None:
    try:
        frame = Frame.model_validate_json(text)
    except ValidationError:
        log.warning("a frame of Slack's could not be read", extra={"bytes": len(text.encode())})
        return None
    frame.size = len(text.encode())
    return frame
