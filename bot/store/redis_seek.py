"""Finds the server to talk to: the one that is named, the master that sentinels name, the node that has our slot."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

from redis.asyncio.connection import Connection, SSLConnection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.crc import key_slot
from redis.exceptions import AuthenticationError, RedisError

from bot.store.redis_errors import Trouble, Unfit
from bot.store.redis_url import Address, RedisPlace

PATIENCE = 0.3  # seconds for one sentinel or node, then the next is asked

MASTER = "GET-MASTER-ADDR-BY-NAME"

Seek = Callable[[], Awaitable[Address]]
Options = dict[str, Any]  # what redis-py's connections take


def options_of(place: RedisPlace) -> Options:
    """How redis-py connects to the servers of this place; its own retries are off."""
    options: Options = {"protocol": 2, "driver_info": None, "client_name": place.name}
    options |= {"socket_timeout": None, "socket_connect_timeout": None, "retry": Retry(NoBackoff(), 0)}
    options |= {"username": place.username, "password": place.password}
    if place.tls:
        options |= {"ssl_cert_reqs": "required", "ssl_check_hostname": True, "ssl_ca_certs": place.ca}
    return options


def seek_of(place: RedisPlace) -> Seek:
    """How to find the server of this place, each time anew."""
    if place.kind == "one":
        return _Named(place.addresses[0])
    return _Asked(place)


async def is_backed(place: RedisPlace, master: Address) -> bool:
    """Whether a sentinel that reaches the majority of them says that this server is the master.

    Without sentinels there is nobody to ask; a cluster's node stops by itself when it cannot reach the majority.
    """
    return place.kind != "sentinel" or await _Asked(place).backs(master)


class _Named:
    def __init__(self, address: Address) -> None:
        self._address = address

    async def __call__(self) -> Address:
        return self._address


class _Asked:
    """Asks sentinels or nodes one after the other, beginning with whoever answered last."""

    def __init__(self, place: RedisPlace) -> None:
        self._place = place
        self._known = list(place.addresses)

    async def __call__(self) -> Address:
        for address in tuple(self._known):
            try:
                async with asyncio.timeout(PATIENCE):
                    found = await self._ask(address)
            except (RedisError, OSError, TimeoutError):
                continue
            if found is not None:
                self._known.remove(address)
                self._known.insert(0, address)
                return found
        who = "sentinel" if self._place.kind == "sentinel" else "node of the cluster"
        why = f"no {who} says where the master is: see that one of them can be reached from here"
        raise Unfit(Trouble(why, "elsewhere"))

    async def backs(self, master: Address) -> bool:
        """Whether some sentinel knows this one as the master, and could fail over if it were not."""
        for sentinel in self._known:
            with suppress(RedisError, OSError, TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    await self._put_to(sentinel, "CKQUORUM")  # an error, where the majority is out of reach
                    if _master(await self._put_to(sentinel, MASTER)) == master:
                        return True
        return False

    async def _ask(self, address: Address) -> Address | None:
        if self._place.kind == "sentinel":
            return _master(await self._put_to(address, MASTER))
        async with self._line(address, options_of(self._place)) as line:
            nodes = await _call(line, "CLUSTER", "SLOTS")
        self._learn(nodes, address)
        return _owner(nodes, key_slot(self._place.name.encode()), address)

    async def _put_to(self, sentinel: Address, question: str) -> Any:
        """Sentinels have users of their own and none as a rule; one that asks for a password gets the master's."""
        options = options_of(self._place)
        command = ("SENTINEL", question, self._place.service)
        try:
            async with self._line(sentinel, options | {"username": None, "password": None}) as line:
                return await _call(line, *command)
        except AuthenticationError:
            async with self._line(sentinel, options) as line:
                return await _call(line, *command)

    @asynccontextmanager
    async def _line(self, address: Address, options: Options) -> AsyncIterator[Connection]:
        options = options | {"host": address[0], "port": address[1], "client_name": None}
        line = SSLConnection(**options) if self._place.tls else Connection(**options)
        try:
            await line.connect()
            yield line
        finally:
            await line.disconnect(nowait=True)

    def _learn(self, nodes: Sequence[Any], asked: Address) -> None:
        """The nodes that were named at the start may be gone one day."""
        for shard in nodes:
            for node in shard[2:]:
                address = _address(node, asked)
                if address not in self._known:
                    self._known.append(address)


async def _call(line: Connection, *command: str) -> Any:
    await line.send_command(*command)
    return await line.read_response()


def _master(answer: Sequence[bytes] | None) -> Address | None:
    return (answer[0].decode(), int(answer[1])) if answer else None


def _owner(nodes: Sequence[Any], slot: int, asked: Address) -> Address | None:
    for first, last, master, *_ in nodes:
        if first <= slot <= last:
            return _address(master, asked)
    return None


def _address(node: Sequence[Any], asked: Address) -> Address:
    """A node that does not know its own address is the one that was asked."""
    return (node[0].decode() if node[0] else asked[0], int(node[1]))
