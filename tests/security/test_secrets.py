"""Secrets stay secrets: in no log, no row, no file, no message, no answer to a stranger; and a log is one line."""

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.github_client import AppKey
from bot.app import Parts, build
from bot.domain.messages import Approve
from bot.playground.world import Fault, Vendor
from bot.settings import SettingsError, load_settings
from tests.security.reading import everything
from tests.stories.deploys import fails, is_asked
from tests.stories.github import fails as github_fails
from tests.stories.moments import rests
from tests.stories.parts import store_file, weak_store
from tests.stories.story import Story
from tests.stories.vendors import changes, refuses

SECRET = ("TOKEN", "SECRET", "KEY")  # what the names of secret settings end with, or hold
TRACES: tuple[tuple[Vendor, Fault], ...] = (
    ("slack", 500),
    ("slack", 401),
    ("github", 500),
    ("pagerduty", 401),
    ("pagerduty", 500),
)


class Ear(logging.Handler):
    """Everything that is logged at any level, whole: message, extras, traceback."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep all of it."""
        extras = {name: value for name, value in vars(record).items() if name not in {"args", "exc_info"}}
        self.heard.append(f"{self.format(record)} {extras!r}")


@pytest.fixture
def ear() -> Iterator[Ear]:
    """What an operator who runs with LOG_LEVEL=DEBUG would find."""
    ear, root = Ear(), logging.getLogger()
    before = root.level
    root.addHandler(ear)
    root.setLevel(logging.DEBUG)
    yield ear
    root.removeHandler(ear)
    root.setLevel(before)


def secrets(story: Story) -> list[str]:
    """Every secret that the bot was started with."""
    environment = story.playground.bot_environment()
    found = [value for name, value in environment.items() if any(word in name for word in SECRET)]
    assert len(set(found)) >= 8
    return found


async def a_bad_day(story: Story) -> None:
    """A deploy fails and is rolled back while each vendor fails and refuses, and the store and a click break."""
    story.expected_complaints.append("errand broke")
    for vendor, fault in TRACES:
        story.world.vendor.setdefault(vendor, []).append(fault)
    github_fails(story, "/dispatches", 429)
    github_fails(story, "/jobs", 401, 403, method="GET")
    refuses(story, "pagerduty", "/v2/enqueue", 500, 429)
    await fails(story)

    async def breaks() -> None:
        raise KeyError("a bug of ours")

    story.bot.courier.send(breaks)
    await story.bo.types("/promote rollback checkout in production because errors are up")
    await story.until("P-2", "succeeded")
    await story.bot.service.handle(Approve("P-1", "eli"))
    await story.settles()


def kept(story: Story) -> str:
    """Every byte of the store's files."""
    path = store_file(story)
    files = sorted(path.parent.glob(f"{path.name}*"))
    assert files
    return "".join(file.read_bytes().decode("latin-1") for file in files)


async def test_a47_after_a_bad_day_no_secret_is_anywhere(story: Story, ear: Ear) -> None:
    """Logs at DEBUG, audit, store, Slack, PagerDuty, GitHub's inputs, our own answers: zero hits."""
    await story.bot_restarts()
    await a_bad_day(story)
    audit = await story.bot.store.audit(0, 5_000)
    sinks = {
        "logs": "\n".join(ear.heard),
        "audit": "\n".join(map(str, audit)),
        "store": kept(story),
        "slack": "\n".join(text for _, text in everything(story)),
        "pagerduty": json.dumps([story.incidents, changes(story)]),
        "github": "\n".join(str(one.body) for one in story.dispatches()),
        "answers": await _answers(story),
    }
    canaries = [*secrets(story), "/sim/slack/response/"]
    hits = [(sink, canary) for canary in canaries for sink, text in sinks.items() if canary in text]
    assert hits == []
    assert all(sinks.values())


async def _answers(story: Story) -> str:
    async with aiohttp.ClientSession() as session:
        texts = []
        for path in ("/livez", "/readyz", "/metrics", "/", "/slack/events"):
            async with session.get(f"{story.world.bot_url}{path}") as answer:
                texts.append(f"{answer.status} {dict(answer.headers)} {await answer.text()}")
    return "\n".join(texts)


async def test_a47_a_bug_in_a_handler_shows_a_reference_and_no_traceback(story: Story, ear: Ear) -> None:
    """The person gets six letters to quote; the log has the traceback, without what was typed or any secret."""
    store = await weak_store(story)
    await is_asked(story)
    await rests(story)

    def breaks(change: object) -> bool:
        raise LookupError("a bug of ours")

    story.expected_complaints.append("handler broke")
    store.fails = breaks
    answer = await story.bo.types("/promote reject P-1 because sesame-opens-it")
    store.fails = lambda change: False
    (reply,) = answer["replies"]
    assert "Something went wrong on my side" in reply["text"]
    assert "LookupError" not in str(answer)
    logged = "\n".join(one for one in ear.heard if "handler broke" in one)
    assert "LookupError" in logged
    assert not [canary for canary in [*secrets(story), "sesame"] if canary in logged]


@pytest.mark.parametrize("name", ["GITHUB_APP_PRIVATE_KEY", "SLACK_BOT_TOKEN", "STORE_URL"])
def test_a47_a_setting_that_is_refused_is_not_quoted(name: str) -> None:
    """A secret in the wrong place, or broken, is named and never shown."""
    enough = {"SLACK_BOT_TOKEN": "t", "SLACK_SIGNING_SECRET": "s", "GITHUB_APP_ID": "1"}
    wrong = {
        "GITHUB_APP_PRIVATE_KEY": "sesame",
        "SLACK_BOT_TOKEN": "xapp-sesame",
        "STORE_URL": "ftp://:sesame@x",
    }
    with pytest.raises(SettingsError) as refused:
        load_settings({**enough, name: wrong[name]})
    assert name in str(refused.value)
    assert "sesame" not in str(refused.value)


async def test_a49_what_holds_secrets_does_not_print_them(story: Story) -> None:
    """The bot, its parts and a GitHub App's key, as a debugger or a log would show them."""
    settings = load_settings(story.playground.bot_environment())
    bot = build(settings, Parts(clock=story.clock))
    shown = [repr(settings), repr(bot), str(vars(bot)), repr(AppKey("1", "sesame-pem"))]
    assert not [canary for canary in [*secrets(story), "sesame-pem"] if canary in "".join(shown)]


async def test_a49_health_tells_strangers_nothing(story: Story) -> None:
    """Words and numbers of ours: no version, no setting, no name of a service or a person, no header of a library."""
    await is_asked(story)
    text = await _answers(story)
    names = ("U0ANA", "ana-dev", str(Path.cwd()), "aiohttp/", "Python/", "greenlight.db", "promotions.yml")
    assert [name for name in names if name in text] == []


@given(text=st.text(max_size=60), extra=st.text(max_size=60))
def test_a48_whatever_is_logged_is_one_line_of_json(text: str, extra: str) -> None:
    """Line breaks, escapes and half characters in a message, an extra field or an error stay inside their line."""
    from bot.logs import configure

    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    written = io.StringIO()
    try:
        configure("INFO")
        (handler,) = root.handlers
        assert isinstance(handler, logging.StreamHandler)
        handler.setStream(written)
        try:
            raise ValueError(text)
        except ValueError:
            logging.getLogger("x").exception("said %s", text, extra={"why": extra, "promotion": "P-1"})
    finally:
        root.handlers, root.level = handlers, level
    (line,) = written.getvalue().encode("utf-8", "replace").decode().splitlines()
    assert json.loads(line)["promotion"] == "P-1"
    assert not any(ord(character) < 32 for character in line)
