"""What is reachable at all, by whom, and with which permissions; and what becomes of connections that hold still."""

import asyncio
import resource
from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import yaml

from bot.permissions import GITHUB_PERMISSIONS
from bot.settings import Settings
from tests.documents import ROOT, rows, section
from tests.security.wire import answered, connected, request, status_of
from tests.stories.said import replies
from tests.stories.story import Story

SCOPES = {
    "app_mentions:read",
    "channels:manage",
    "channels:read",
    "chat:write",
    "commands",
    "im:write",
    "pins:write",
    "usergroups:read",
    "users:read",
}
OPEN = {
    "/livez": 200,
    "/readyz": 200,
    "/slack/events": 405,
    "/github/webhooks": 405,
    "/pagerduty/webhooks": 405,
}
GUESSES = (
    "/", "/admin", "/admin/", "/api", "/api/v1", "/api/v1/promotions", "/api/v1/validations", "/play/state", "/play/world",
    "/play/say", "/debug", "/debug/pprof", "/console", "/graphql", "/health", "/healthz", "/config", "/settings", "/.env",
    "/.git/config", "/promotions.yml", "/greenlight.db", "/static/", "/sim/slack/api/auth.test", "/slack/install",
    "/slack/oauth_redirect", "/slack/events/", "/slack/events/..;/admin", "/%2e%2e/greenlight.db", "/livez/../admin",
    "//livez", "/metrics/", "/server-status", "/actuator", "/robots.txt", "/favicon.ico",
)  # fmt: skip
SILENT = 1_100  # connections, more than the bot keeps


def test_a68_the_scopes_of_the_slack_app_are_frozen() -> None:
    """What an app may read and write in a workspace grows on purpose only: no history, no files, no e-mail, no admin."""
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text())
    assert set(manifest["oauth_config"]["scopes"]) == {"bot"}
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == SCOPES
    assert set(manifest["settings"]["event_subscriptions"]["bot_events"]) == {
        "app_home_opened",
        "app_mention",
        "channel_shared",
        "channel_unshared",
    }
    assert manifest["settings"]["org_deploy_enabled"] is False


def test_a68_the_github_app_is_asked_for_no_more_than_it_needs() -> None:
    """The table that people set the App up by: one thing to write, which is starting workflows; the rest is read."""
    table = rows(section(ROOT / "docs" / "getting-started.md", "A GitHub App instead of a token"))
    assert [name for name, access, _ in table if "write" in access] == ["Actions"]
    names = {name.partition(" (")[0] for name, _, _ in table}
    assert names == {one.title for one in GITHUB_PERMISSIONS}
    assert names == {"Actions", "Checks", "Commit statuses", "Contents", "Members", "Metadata"}


def test_a69_it_listens_on_this_machine_unless_told_otherwise() -> None:
    """Without a setting nobody but this host reaches any route."""
    assert Settings.model_fields["http_host"].default == "127.0.0.1"


async def test_a69_there_is_nothing_but_the_documented_routes(story: Story) -> None:
    """A scan: six routes answer, everything that one would guess is 404, and no method does more."""
    async with aiohttp.ClientSession() as session:
        seen = {path: await _status(session, story, "GET", path) for path in (*OPEN, *GUESSES)}
        written = [await _status(session, story, "POST", path) for path in GUESSES]
        other = {
            await _status(session, story, method, path)
            for path in OPEN
            for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND")
        }
    assert seen == {**OPEN, **dict.fromkeys(GUESSES, 404)}
    assert set(written) == {404}
    assert other == {405}


async def _status(session: aiohttp.ClientSession, story: Story, method: str, path: str) -> int:
    async with session.request(method, f"{story.world.bot_url}{path}", allow_redirects=False) as answer:
        return answer.status


async def test_a69_metrics_are_not_for_those_who_come_through_a_proxy(story: Story) -> None:
    """The proxy that brings Slack's requests brings strangers' as well: for them the route is not there."""
    async with aiohttp.ClientSession(headers={"X-Forwarded-For": "203.0.113.7"}) as session:
        assert await _status(session, story, "GET", "/metrics") == 404


@contextmanager
def many_files() -> Iterator[None]:
    """Both ends of every connection are in this process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = max(soft, 4 * SILENT)
    resource.setrlimit(
        resource.RLIMIT_NOFILE, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard)
    )
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def test_a56_a_thousand_silent_connections_keep_nobody_out(story: Story) -> None:
    """More sockets than the bot keeps are opened and say nothing: a command is answered all the same."""
    with many_files():
        silent = await asyncio.gather(*(connected(story) for _ in range(SILENT)))
        try:
            assert "What runs where" in replies(await story.ana.types("/promote status"))[0]
        finally:
            for _, writer in silent:
                writer.close()


async def test_a56_a_body_that_drips_is_given_up(story: Story) -> None:
    """A byte now and then: 408 after the deadline for a body, while others are served."""
    reader, writer = await connected(story)
    whole = request("/slack/events", [(b"Content-Type", b"application/x-www-form-urlencoded")], b"x" * 1_000)
    writer.write(whole[:-990])
    dripping = asyncio.create_task(_drips(writer))
    try:
        assert "What runs where" in replies(await story.ana.types("/promote status"))[0]
        assert status_of(await reader.readline()) == 408
    finally:
        dripping.cancel()
        writer.close()


async def test_a56_a_header_that_never_ends_is_given_up(story: Story) -> None:
    """One more header line now and then: the connection is closed, without an answer or with 400 or 408."""
    reader, writer = await connected(story)
    writer.write(b"GET /livez HTTP/1.1\r\nHost: x\r\n")
    dripping = asyncio.create_task(_drips(writer, b"X-A: b\r\n"))
    try:
        assert status_of(await reader.readline()) in {0, 400, 408}
    except ConnectionError:
        pass
    finally:
        dripping.cancel()
        writer.close()


async def test_a57_a_header_as_large_as_a_book_is_refused(story: Story) -> None:
    """A hundred kilobytes of one header, and ten thousand of them: 400, 431 or a closed door, and nothing is logged."""
    long = request("/slack/events", [(b"X-Long", b"a" * 100_000)], b"")
    many = request("/slack/events", [(b"X-%d" % number, b"a") for number in range(10_000)], b"")
    for sent in (long, many):
        assert await answered(story, sent) in {0, 400, 401, 431}
    assert "What runs where" in replies(await story.ana.types("/promote status"))[0]


async def _drips(writer: asyncio.StreamWriter, drop: bytes = b"x") -> None:
    while not writer.is_closing():
        writer.write(drop)
        await writer.drain()
        await asyncio.sleep(0.5)
