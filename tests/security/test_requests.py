"""What the door takes: only what the vendor signed, only once, and only what can be read in one way."""

import ast
import gzip
import hashlib
import hmac
import json
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import signatures
from bot.settings import SettingsError, load_settings
from tests.security.wire import answered, request
from tests.stories.moments import rests
from tests.stories.post import FORM, JSON, hooked, payload, posted, signed
from tests.stories.said import replies
from tests.stories.story import Story

ASK = "/promote checkout@v2.14.3 to production because fix refunds"
CANARY = "canary-of-the-body"
SECRETS = ("SLACK_SIGNING_SECRET", "GITHUB_WEBHOOK_SECRET", "PAGERDUTY_WEBHOOK_SECRET", "VALIDATIONS_SECRET")
fuzzed = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
HEADER = st.binary(max_size=120).map(lambda text: text.translate(None, b"\r\n"))


async def test_a01_a_forged_request_leaves_no_trace_of_its_body(
    story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    """401 for each door; neither a log nor the audit holds a word of what a stranger sent."""
    caplog.set_level("DEBUG")
    body = urlencode({"command": "/promote", "text": CANARY}).encode()
    for path in ("/slack/events", "/github/webhooks", "/pagerduty/webhooks"):
        assert await posted(story, body, {"X-Slack-Signature": CANARY}, path=path) == 401
    rows = await story.bot.store.audit(0)
    assert CANARY not in caplog.text + str(rows)


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("value", ["", " ", "\n"])
async def test_a02_an_empty_secret_refuses_to_start(story: Story, name: str, value: str) -> None:
    """Anybody could sign with an empty key, so a bot that was given one does not begin."""
    environment = {**story.playground.bot_environment(), name: value}
    with pytest.raises(SettingsError, match=name):
        load_settings(environment)


async def test_a02_without_a_signing_secret_there_is_no_bot(story: Story) -> None:
    """Slack's secret cannot be left out; the others may be, and then their route is not there."""
    environment = dict(story.playground.bot_environment())
    with pytest.raises(SettingsError, match="SLACK_SIGNING_SECRET"):
        load_settings({name: text for name, text in environment.items() if name != "SLACK_SIGNING_SECRET"})


async def test_a03_a_true_request_from_the_future_has_one_effect_however_often(story: Story) -> None:
    """A host that is ahead gives a thief ten minutes instead of five, and no second promotion."""
    body = command(story, ASK.removeprefix("/promote "))
    headers = signed(story, body, age=-290)
    assert [await posted(story, body, headers) for _ in range(3)] == [200] * 3
    story.passes(550)
    assert await posted(story, body, headers) == 200
    await rests(story)
    assert await story.bot.store.load("P-2") is None


@fuzzed
@given(stamp=HEADER, mark=HEADER)
async def test_a05_whatever_stands_in_the_headers_is_refused(story: Story, stamp: bytes, mark: bytes) -> None:
    """Bytes of any kind as a time and a signature: refused at every door, and never an error of ours."""
    headers = [
        (b"X-Slack-Request-Timestamp", stamp),
        (b"X-Slack-Signature", mark),
        (b"X-Hub-Signature-256", mark),
        (b"X-PagerDuty-Signature", mark),
    ]
    for path in ("/slack/events", "/github/webhooks", "/pagerduty/webhooks"):
        assert await answered(story, request(path, headers, b"text=status")) in {400, 401}


@fuzzed
@given(body=st.binary(max_size=300), other=st.binary(max_size=300))
async def test_a06_a_signature_opens_no_other_body(story: Story, body: bytes, other: bytes) -> None:
    """Signed for one body and sent with another: 401; with its own, whatever that is, never an error of ours."""
    statuses = [await posted(story, body, signed(story, body), kind) for kind in (FORM, JSON)]
    assert set(statuses) <= {200, 400, 404}
    if body != other:
        assert await posted(story, other, signed(story, body)) == 401


def command(story: Story, text: str, trigger: str = "1.2.3") -> bytes:
    """A whole slash command of Ana's, as Slack sends it."""
    fields = {
        "command": "/promote",
        "text": text,
        "user_id": "U0ANA",
        "team_id": story.world.slack_team,
        "api_app_id": story.world.slack_app,
        "channel_id": story.playground.slack.workspace.channel("deploys").id,
        "trigger_id": trigger,
    }
    return urlencode(fields).encode()


async def test_a06_a_body_that_can_be_read_in_two_ways_is_400(story: Story) -> None:
    """A command whose text, or whose author, stands there twice in any spelling, or in another character set."""
    whole = command(story, "status")
    assert await posted(story, whole, signed(story, whole)) == 200
    broken = [
        whole + b"&text=help",
        whole + b"&te%78t=help",
        whole + b"&user_id=U0BO",
        whole.decode().encode("utf-16"),
        whole + b"&x=%ff",
        whole + b"&payload=%7B%7D",
    ]
    assert [await posted(story, body, signed(story, body)) for body in broken] == [400] * len(broken)
    for kind in ("text/plain; charset=utf-7", "multipart/form-data", "application/xml"):
        assert await posted(story, whole, signed(story, whole), kind) == 400


def test_a07_signatures_are_compared_in_constant_time() -> None:
    """Nothing in the file that judges signatures compares two of them in any other way."""
    tree = ast.parse(Path(signatures.__file__).read_text())
    compared = [node for node in ast.walk(tree) if isinstance(node, ast.Compare)]
    plain = [
        ast.unparse(node) for node in compared if any(isinstance(op, ast.Eq | ast.In) for op in node.ops)
    ]
    calls = [ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    assert plain == []
    assert calls.count("hmac.compare_digest") == 1


async def test_a09_github_is_believed_with_sha256_only(story: Story) -> None:
    """No header, a SHA-1 one, another secret's, an upper-case one: 401; the true one is taken."""
    body = json.dumps({"zen": "Approachable is better than simple."}).encode()
    secret = story.world.secrets["github_webhook"].encode()
    sha1 = hmac.new(secret, body, hashlib.sha1).hexdigest()
    true = hooked(story, "github", body)
    digest = true["X-Hub-Signature-256"].removeprefix("sha256=")
    forged: list[dict[str, str]] = [
        {},
        {"X-Hub-Signature": f"sha1={sha1}"},
        {"X-Hub-Signature-256": f"sha1={sha1}"},
        {"X-Hub-Signature-256": digest},
        {"X-Hub-Signature-256": f"sha256={digest.upper()}"},
        {"X-Hub-Signature-256": f"sha256={hmac.new(b'', body, hashlib.sha256).hexdigest()}"},
    ]
    for headers in forged:
        assert await posted(story, body, headers, JSON, "/github/webhooks") == 401
    assert await posted(story, body, {**true, "X-GitHub-Event": "ping"}, JSON, "/github/webhooks") == 202


async def test_a57_packed_and_bottomless_bodies_are_refused(story: Story) -> None:
    """A megabyte of zeros packed into a kilobyte, and JSON without a bottom: 400, 401 or 413, at every door."""
    bomb = gzip.compress(b"0" * 40 * 1024**2)
    deep = b'{"a":' * 200_000
    for path, vendor in (("/slack/events", "slack"), ("/github/webhooks", "github")):
        sign = signed(story, deep) if vendor == "slack" else hooked(story, vendor, deep)
        assert await posted(story, deep, sign, JSON, path) == 400
        packed = signed(story, bomb) if vendor == "slack" else hooked(story, vendor, bomb)
        answer = await posted(story, bomb, {**packed, "Content-Encoding": "gzip"}, JSON, path)
        assert answer in {400, 401, 413}
    assert "What runs where" in replies(await story.ana.types("/promote status"))[0]


async def test_a57_an_interaction_that_is_too_deep_is_400(story: Story) -> None:
    """Nesting inside a signed interaction does not reach anything that recurses."""
    body = payload({"type": "block_actions"}).replace(b"block_actions", b"[" * 5_000)
    assert await posted(story, body, signed(story, body)) == 400
