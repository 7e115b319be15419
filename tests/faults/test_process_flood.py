"""More comes in than can be done: it is answered or honestly refused, nothing is kept for ever, and it passes (F100)."""

import asyncio
import gc
import threading
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any, cast
from urllib.parse import urlencode

import aiohttp
import pytest
from aiohttp import web

from bot.intake import Connections, Full, Listener, Room
from bot.playground.slack import payloads
from bot.playground.slack.raw import elements_in
from bot.slack_door import AT_ONCE
from bot.store.protocol import StoreDown
from bot.store.sqlite import SqliteStore
from bot.store.sqlite_writer import MOST_WAITING
from tests.observability.scrapes import page, scraped
from tests.stories.deploys import is_asked
from tests.stories.moments import rests
from tests.stories.parts import Beside, beside
from tests.stories.post import FORM, hooked, payload, signed
from tests.stories.said import replies
from tests.stories.story import Story

CLICKS = 10_000
SIDE_BY_SIDE = 300  # connections
LINE = "/promote checkout@v2.14.3 to production because fix refunds"


class StuckStore(Beside):
    """A store whose changes wait while it sticks."""

    def __init__(self, part: Any) -> None:
        super().__init__(part)
        self.goes_on = asyncio.Event()
        self.goes_on.set()
        self.stuck = 0

    async def commit(self, change: Any) -> Any:
        """Change, as soon as it goes on."""
        self.stuck += 1
        await self.goes_on.wait()
        self.stuck -= 1
        return await self.part.commit(change)


@pytest.mark.timeout(300)
async def test_f100_ten_thousand_clicks_leave_nothing_behind(story: Story) -> None:
    """Each is acknowledged or refused, two approvals count, and afterwards nothing waits anywhere."""
    await is_asked(story)
    await rests(story)
    clicks = _clicks(story)
    statuses: Counter[int] = Counter()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=SIDE_BY_SIDE)) as session:

        async def sender() -> None:
            for body in clicks:
                async with _sent(story, session, body) as answer:
                    statuses[answer.status] += 1

        await asyncio.gather(*(sender() for _ in range(SIDE_BY_SIDE)))
    print(f"\n{CLICKS} clicks: {dict(statuses)}")
    assert statuses.total() == CLICKS
    assert set(statuses) <= {200, 503}
    assert statuses[200] > 0

    await story.sees(lambda: story.bot.courier.waiting == 0, "the errands to be run")
    promotion = await story.stands("P-1")
    assert {one.by for one in promotion.approvals} <= {"bo", "cy"}
    assert len(promotion.approvals) == 2

    def has_let_go() -> bool:
        gc.collect()  # the turns are let go with the frames of those that were refused
        return not story.bot.service._turns

    await story.sees(has_let_go, "every turn to be let go")
    await story.sees(lambda: _is_empty(story), "the last request to be answered")
    assert (await page(story, "/readyz"))[0] == 200
    assert "What runs where" in replies(await story.eli.types("/promote status"))[0]


async def test_f100_beyond_the_limit_people_are_told_that_nothing_was_done(story: Story) -> None:
    """The store hangs and the house is full: a command gets words, a click and a webhook a 503; then it goes on."""
    store = await beside(story, "store", StuckStore)
    await is_asked(story)
    await rests(story)
    store.goes_on.clear()
    bodies = [_approval(story, n) for n in range(AT_ONCE)]
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        inside = [asyncio.create_task(_status(story, session, body)) for body in bodies]
        await story.sees(lambda: _are_inside(story, AT_ONCE), "a full house")
        told = replies(await story.cy.types("/promote approve P-1"))
        async with _sent(story, session, next(_clicks(story))) as answer:
            assert (answer.status, answer.headers["Retry-After"]) == (503, "1")
        store.goes_on.set()
        statuses = await asyncio.gather(*inside)

    assert "this was not done" in told[0]
    assert set(statuses) == {200}
    assert [one.by for one in (await story.stands("P-1")).approvals] == ["bo"]
    await story.cy.types("/promote approve P-1")
    await story.until("P-1", "succeeded")


async def test_f100_webhooks_have_a_room_of_their_own(story: Story) -> None:
    """While Slack's requests fill theirs, a delivery of GitHub's is taken."""
    store = await beside(story, "store", StuckStore)
    await is_asked(story)
    await rests(story)
    store.goes_on.clear()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        inside = [asyncio.create_task(_status(story, session, _approval(story, n))) for n in range(AT_ONCE)]
        await story.sees(lambda: _are_inside(story, AT_ONCE), "a full house")
        ping = b'{"zen": "Speak like a human."}'
        headers = {**hooked(story, "github", ping), "X-GitHub-Event": "ping"}
        async with session.post(
            f"{story.world.bot_url}/github/webhooks", data=ping, headers=headers
        ) as answer:
            assert answer.status == 202
        store.goes_on.set()
        await asyncio.gather(*inside)


async def test_f100_the_stores_line_is_bounded(tmp_path: Any) -> None:
    """A disk that hangs: what comes beyond the limit is told that the store is down, and the others are done."""
    store = SqliteStore(tmp_path / "greenlight.db")
    await store.open()
    try:
        disk = threading.Event()
        hangs = asyncio.create_task(store._writer.run(lambda _: disk.wait()))
        await asyncio.to_thread(_until_taken, store)
        waiting = [asyncio.create_task(store.next_due(0.0)) for _ in range(MOST_WAITING)]
        await asyncio.sleep(0)
        with pytest.raises(StoreDown, match="wait already"):
            await store.next_due(0.0)
        disk.set()
        assert await hangs
        assert set(await asyncio.gather(*waiting)) == {None}
        assert await store.next_due(0.0) is None
    finally:
        await store.close()


def test_a_room_counts_heads_and_bytes() -> None:
    """Full is full, by either, and whoever leaves makes room."""
    room = Room(2, 100)
    with room.taken(60):
        with pytest.raises(Full), room.taken(41):
            pass
        with room.taken(40), pytest.raises(Full), room.taken():
            pass
        assert room.inside == 1
    assert room.inside == 0


async def test_silent_connections_are_closed() -> None:
    """Who connects and says nothing, or half of a header, is sent away; who asks is answered meanwhile."""
    listener, port = await _listens(Connections(most=4, patience=0.2))
    try:
        silent = await asyncio.open_connection("127.0.0.1", port)
        half = await asyncio.open_connection("127.0.0.1", port)
        half[1].write(b"GET / HTTP/1.1\r\nHost: half")
        assert await _asks(port) == 200
        assert await silent[0].read() == b""
        assert await half[0].read() == b""
        assert await _asks(port) == 200
        for _, writer in (silent, half):
            writer.close()
    finally:
        await listener.close(0.1)


async def test_idle_connections_make_room() -> None:
    """All places are taken by silence: the oldest one leaves for whoever asks, before its time is up."""
    listener, port = await _listens(Connections(most=3, patience=600.0))
    try:
        silent = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
        assert await _asks(port) == 200
        assert await silent[0][0].read() == b""
        for _, writer in silent:
            writer.close()
    finally:
        await listener.close(0.1)


async def test_a_house_of_busy_connections_turns_the_next_one_away() -> None:
    """Nobody who is being answered is thrown out."""
    hold = asyncio.Event()
    listener, port = await _listens(Connections(most=1, patience=600.0), hold)
    try:
        asking = asyncio.create_task(_asks(port))
        await asyncio.wait_for(_until_connected(listener), 20.0)
        with pytest.raises(aiohttp.ClientError):
            await _asks(port)
        hold.set()
        assert await asking == 200
    finally:
        await listener.close(0.1)


async def _listens(connections: Connections, hold: asyncio.Event | None = None) -> tuple[Listener, int]:
    """An application that answers, when it is let, on a port of its own."""

    @web.middleware
    async def heard(request: web.Request, handler: Any) -> web.StreamResponse:
        connections.begins(request.protocol)
        try:
            return cast(web.StreamResponse, await handler(request))
        finally:
            connections.ends(request.protocol)

    async def answer(_: web.Request) -> web.Response:
        if hold is not None:
            await hold.wait()
        return web.Response(text="here")

    app = web.Application(middlewares=[heard])
    app.router.add_get("/", answer)
    listener = Listener(app, connections)
    await listener.open("127.0.0.1", 0)
    return listener, listener.port


async def _until_connected(listener: Listener) -> None:
    while not listener._connections._busy:  # noqa: ASYNC110  (nothing rings when a connection gets busy)
        await asyncio.sleep(0.01)


async def _asks(port: int) -> int:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}/", headers={"Connection": "close"}) as answer,
    ):
        return answer.status


def _sent(story: Story, session: aiohttp.ClientSession, body: bytes) -> Any:
    headers = {"Content-Type": FORM, **signed(story, body)}
    return session.post(f"{story.world.bot_url}/slack/events", data=body, headers=headers)


async def _status(story: Story, session: aiohttp.ClientSession, body: bytes) -> int:
    async with _sent(story, session, body) as answer:
        return cast(int, answer.status)


def _clicks(story: Story) -> Iterator[bytes]:
    """Clicks on Approve by everybody in turn, each a press of its own."""
    workspace, card = story.playground.slack.workspace, story.card("P-1")
    button = next(one for one in elements_in(card.blocks) if one.words == "Approve")
    people = list(story.world.people.values())
    where = payloads.in_message(workspace, card)
    actions = {"actions": [payloads.action(workspace, button, {})], "trigger_id": "TRIGGER"}
    bodies = [
        payload(payloads.interaction(workspace, person, "block_actions") | where | actions)
        for person in people
    ]
    for n in range(CLICKS):
        yield bodies[n % len(bodies)].replace(b"TRIGGER", b"%d.1.2" % n)


def _approval(story: Story, n: int) -> bytes:
    """A typed approval by everybody but Cy in turn, each line another one."""
    workspace = story.playground.slack.workspace
    people = [one for one in story.world.people.values() if one.name != "cy"]
    channel = workspace.channel("deploys")
    fields = payloads.slash_command(workspace, people[n % len(people)], channel, "/promote approve P-1")
    return urlencode({**fields, "trigger_id": f"{n}.3.4"}).encode()


async def _are_inside(story: Story, count: int) -> bool:
    return (await scraped(story)).value("greenlight_requests_in_flight") >= count


async def _is_empty(story: Story) -> bool:
    return (await scraped(story)).value("greenlight_requests_in_flight") == 0


def _until_taken(store: SqliteStore) -> None:
    while store._writer._waiting:
        time.sleep(0.001)
