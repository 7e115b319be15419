"""The load: requests that were built before, over connections that stay open, with the least work per answer."""

import asyncio
import re
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

LENGTH = re.compile(rb"(?i)content-length: (\d+)")
END_OF_HEAD = b"\r\n\r\n"
PATIENCE = 60.0  # seconds for one measurement
MOST_AT_ONCE = 64  # connections of a load that has a pace
Answered = Callable[[int, bytes], None]


class LoadFailed(Exception):
    """What was asked for could not be measured: answers of the wrong kind, or none."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of some requests: how long each one took, and all of them together."""

    latencies: tuple[float, ...]  # seconds, in order
    seconds: float
    wrong: int = 0  # answers that were not what was expected, where that is counted

    @property
    def rate(self) -> float:
        """Answers per second."""
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """The time within which this share of the answers came, in seconds."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class Line(asyncio.Protocol):
    """One connection: one request at a time."""

    def __init__(self) -> None:
        self._buffer = b""
        self._transport: asyncio.WriteTransport | None = None
        self._answered: Answered | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way out."""
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def connection_lost(self, error: Exception | None) -> None:
        """An answer that is still waited for will not come."""
        if self._answered is not None:
            self._tell(0, b"connection lost")

    def send(self, request: bytes, answered: Answered) -> None:
        """Send one request; `answered` is told its status and body."""
        assert self._transport is not None
        self._answered = answered
        self._transport.write(request)

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()

    def data_received(self, data: bytes) -> None:
        """Collect one answer."""
        self._buffer += data
        head = self._buffer.find(END_OF_HEAD)
        if head < 0:
            return
        length = LENGTH.search(self._buffer, 0, head)
        body = self._buffer[head + len(END_OF_HEAD) :]
        if len(body) >= (int(length[1]) if length else 0):
            status, self._buffer = int(self._buffer[9:12]), b""
            self._tell(status, body)

    def _tell(self, status: int, body: bytes) -> None:
        answered, self._answered = self._answered, None
        if answered is not None:
            answered(status, body)


@dataclass(frozen=True, slots=True)
class Expected:
    """What every answer has to be: one that is not would be measured for something it did not do."""

    status: int
    said: bytes = b""
    counted: bool = False  # wrong ones are counted; else they end the measurement


class _Tally:
    """Collects the answers of one measurement."""

    def __init__(self, count: int, expected: Expected) -> None:
        self._count = count
        self._expected = expected
        self._latencies: list[float] = []
        self._wrong: list[str] = []
        self._done = asyncio.Event()
        self._began = time.perf_counter()

    def count(self, since: float, status: int, body: bytes) -> None:
        """One answer, to a request that was due at `since`."""
        self._latencies.append(time.perf_counter() - since)
        if status != self._expected.status or self._expected.said not in body:
            self._wrong.append(f"{status} {body[:300]!r}")
        if len(self._latencies) == self._count:
            self._done.set()

    async def complete(self) -> Measured:
        """Everything, once the last answer is there; raises LoadFailed when it does not come, or one was wrong."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._done.wait()
        except TimeoutError:
            raise LoadFailed(f"{len(self._latencies)} of {self._count} were answered") from None
        seconds = time.perf_counter() - self._began
        if self._wrong and not self._expected.counted:
            raise LoadFailed(f"{len(self._wrong)} answers are not {self._expected}, such as {self._wrong[0]}")
        return Measured(tuple(self._latencies), seconds, len(self._wrong))


async def flat_out(
    port: int, requests: Sequence[bytes], expected: Expected, connections: int = 16
) -> Measured:
    """As fast as the server answers: each connection sends its next request when it has an answer."""
    lines = await _lines(port, connections)
    left, tally = iter(requests), _Tally(len(requests), expected)

    def go_on(line: Line) -> None:
        request = next(left, None)
        if request is None:
            return
        since = time.perf_counter()

        def answered(status: int, body: bytes) -> None:
            tally.count(since, status, body)
            go_on(line)

        line.send(request, answered)

    for line in lines:
        go_on(line)
    return await _finished(tally, lines)


async def paced(port: int, requests: Sequence[bytes], expected: Expected, rate: float) -> Measured:
    """So many a second, whether or not the server keeps up: waiting for a free connection counts as waiting."""
    lines = await _lines(port, MOST_AT_ONCE)
    free, late, tally = deque(lines), deque[tuple[bytes, float]](), _Tally(len(requests), expected)

    def send(line: Line, request: bytes, since: float) -> None:
        def answered(status: int, body: bytes) -> None:
            tally.count(since, status, body)
            if late:
                send(line, *late.popleft())
            else:
                free.append(line)

        line.send(request, answered)

    began = time.perf_counter()
    for number, request in enumerate(requests):
        await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
        now = time.perf_counter()
        if free:
            send(free.popleft(), request, now)
        else:
            late.append((request, now))
    return await _finished(tally, lines)


async def _lines(port: int, count: int) -> list[Line]:
    loop = asyncio.get_running_loop()
    made = [await loop.create_connection(Line, "127.0.0.1", port) for _ in range(count)]
    return [line for _, line in made]


async def _finished(tally: _Tally, lines: Iterable[Line]) -> Measured:
    try:
        return await tally.complete()
    finally:
        for line in lines:
            line.close()
