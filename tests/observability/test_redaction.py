"""No secret is in a line of the log, whoever logged it: by its value, by its shape, in any spelling."""

import io
import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.logs import _formatter
from bot.redaction import LEFT_OUT, SHORTEST, Redaction
from bot.settings import load_settings
from tests.documents import ROOT
from tests.small_catalog import SMALL

ENOUGH = {"SLACK_BOT_TOKEN": "xoxb-1-sesame", "SLACK_SIGNING_SECRET": "signing-sesame", "GITHUB_APP_ID": "1"}
PEM = "-----BEGIN RSA PRIVATE KEY-----\nc2VzYW1lLW9wZW4tMQ==\nc2VzYW1lLW9wZW4tMg==\n-----END RSA PRIVATE KEY-----\n"
# Nothing that could be read out of, or together with, the words that stand in a secret's place.
LETTERS = st.characters(exclude_characters="()", exclude_categories=["Cs"])
SECRETS = st.text(LETTERS, min_size=SHORTEST, max_size=40).filter(lambda text: text not in LEFT_OUT)


def logged(secret: str, message: str, extra: str, error: str) -> str:
    """The line of a log that was told a secret, and then hears of it in three places."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(_formatter(Redaction([secret])))
    record = logging.makeLogRecord(
        {"name": "x", "levelno": 40, "levelname": "ERROR", "msg": message, "why": extra}
    )
    try:
        raise ValueError(error)
    except ValueError:
        record.exc_info = sys.exc_info()
    handler.emit(record)
    return written.getvalue()


@given(secret=SECRETS, before=st.text(max_size=10))
@example(secret="000000", before="\x90")
def test_a47_a_known_secret_is_left_out_of_each_line(secret: str, before: str) -> None:
    """In the message, in a field, in a traceback, in an address; and the line is still one JSON object.

    The example: what was taken out of the finished line was the end of an escape, and the rest was no JSON any more.
    """
    line = logged(secret, f"{before}{secret}", f"https://x/?key={quote(secret, safe='')}", f"at {secret}!")
    told = json.loads(line)
    assert [text for text in (told["event"], told["why"], told["exception"]) if secret in text] == []
    assert line.count("\n") == 1


def test_a47_it_is_found_in_whatever_is_logged() -> None:
    """Lists, dictionaries, their keys, and objects that show themselves."""

    class Shows:
        def __repr__(self) -> str:
            return "<sesame-open>"

    said = Redaction(["sesame-open"]).of(
        {"sesame-open": [1, None, ("sesame-open", {"a": Shows()})], "b": {2.5}}
    )
    assert said == {LEFT_OUT: [1, None, [LEFT_OUT, {"a": f"<{LEFT_OUT}>"}]], "b": [2.5]}


@pytest.mark.parametrize(
    "text",
    [
        "xoxb-123-abc", "xapp-1-A02-33", "ghs_16C7e42F292c6912E7", "github_pat_11AAA_bb", PEM, PEM.replace("\n", "\\n"),
        "eyJhbGciOi.eyJpc3MiOi.c2lnbmF0dXJl", "Bearer 0123456789abcdef0", "Basic eC1hY2Nlc3MtdG9rZW46Z2hz",
        "Token token=0123456789abcdefgh", "wss://wss-primary.slack.com/link/?ticket=1b2c-3d4e&app_id=1",
        "redis://greenlight:pa55word@10.0.0.1:6379/0", "https://hooks.slack.com/commands/T1/2/3",
    ],
)  # fmt: skip
def test_a47_what_has_the_shape_of_a_secret_is_left_out(text: str) -> None:
    """Tokens that are made while the bot runs, which no setting names."""
    said = Redaction()(f"before {text} after")
    assert LEFT_OUT in said
    assert said.startswith("before ")
    assert said.endswith(" after")
    hidden = (
        "123-abc",
        "A02",
        "16C7",
        "11AAA",
        "c2Vz",
        "c2lnb",
        "89abcdef",
        "eC1h",
        "1b2c",
        "pa55word",
        "T1/2/3",
    )
    assert [one for one in hidden if one in said] == []


@pytest.mark.parametrize(
    "text",
    [
        "P-142 checkout v2.14.3 to production", "a" * 40, "GET https://api.github.com/repos/acme/checkout/actions/runs/1",
        "basic checks passed", "the bearer of bad news", "redis://10.0.0.1:6379/0", "12:30:05", "https://x.example/a:b@c",
    ],
)  # fmt: skip
def test_what_an_operator_needs_stays(text: str) -> None:
    """A SHA, an address, a time and a sentence are no secrets."""
    assert Redaction(["sesame-open"])(text) == text


def test_each_secret_of_the_settings_is_known() -> None:
    """Those of the settings, the password in the store's address, and what the catalog will ask the environment for."""
    named = {"PAGERDUTY_ROUTING_KEY_BASKET": "routing-sesame", "GITHUB_WEBHOOK_SECRET": "hook-sesame"}
    paths = {"GITHUB_APP_PRIVATE_KEY": PEM, "STORE_URL": "redis://greenlight:store-sesame@127.0.0.1:6379/0"}
    found = load_settings({**ENOUGH, **named, **paths}).secrets()
    assert found == {
        "xoxb-1-sesame",
        "signing-sesame",
        "routing-sesame",
        "hook-sesame",
        "store-sesame",
        PEM,
        PEM.strip(),
    }


def test_what_the_catalog_names_is_known_whatever_its_name() -> None:
    """`routing_key: env:PD_CHECKOUT` makes a secret of PD_CHECKOUT."""
    settings = load_settings({**ENOUGH, "PD_CHECKOUT": "paging-sesame", "GITHUB_APP_PRIVATE_KEY": PEM})
    assert "paging-sesame" not in settings.secrets()
    assert "paging-sesame" in settings.secrets(["env:PD_CHECKOUT"])


def test_a47_a_secret_that_a_reloaded_catalog_names_is_left_out_from_then_on(tmp_path: Path) -> None:
    """The log of a bot that runs: of the catalog it began with, and of the one that follows."""
    program = (
        "import logging, sys; from pathlib import Path; from bot.adapters.clock import SystemClock\n"
        "from bot.catalog import load_catalog; from bot.logs import configure\n"
        "from bot.settings import load_settings; from bot.vendors import Vendors\n"
        "first, second = (load_catalog(Path(name)) for name in sys.argv[1:])\n"
        "settings = load_settings(); configure('INFO', settings.secrets())\n"
        "say = lambda: logging.getLogger('x').error('pages with sesame-one and sesame-two')\n"
        "vendors = Vendors(settings, first, SystemClock(), 1.0); say()\n"
        "vendors.follow(second); say()"
    )
    files = [tmp_path / "first.yml", tmp_path / "second.yml"]
    for file, name in zip(files, ("PD_ONE", "PD_TWO"), strict=True):
        file.write_text(SMALL.replace("PAGERDUTY_ROUTING_KEY_SHOP", name))
    environment = {**ENOUGH, "GITHUB_APP_PRIVATE_KEY": PEM, "PD_ONE": "sesame-one", "PD_TWO": "sesame-two"}
    ran = subprocess.run(
        [sys.executable, "-c", program, *files],
        cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert [json.loads(line)["event"] for line in ran.stderr.splitlines()] == [
        "pages with (left out) and sesame-two",
        "pages with (left out) and (left out)",
    ]


def test_a_path_of_a_key_is_no_secret(tmp_path: object) -> None:
    """It is shown when the file cannot be read; what is in the file is not."""
    key = ROOT / "tests" / "no-such-key"
    environment = {**ENOUGH, "GITHUB_APP_PRIVATE_KEY": PEM, "PLAYGROUND_KEY_FILE": str(key)}
    assert str(key) not in load_settings(environment).secrets()


@pytest.mark.parametrize(
    "raising", ["raise ValueError(secret)", "t = threading.Thread(target=lambda: fail()); t.start()"]
)
def test_a47_the_last_words_of_a_process_are_a_line_too(raising: str) -> None:
    """What nobody caught, in the process or in a thread of it, is one line of JSON without the secret."""
    program = (
        "import threading; from bot.logs import configure, log_what_nobody_caught\n"
        "secret = 'sesame-open'\ndef fail():\n    raise ValueError(secret)\n"
        f"configure('INFO', [secret]); log_what_nobody_caught()\n{raising}"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    (line,) = ran.stderr.splitlines()
    assert json.loads(line)["event"] == "nobody caught this"
    assert "ValueError" in json.loads(line)["exception"]
    assert "sesame-open" not in line


@pytest.mark.parametrize(
    "name", ["slack_bolt.AsyncApp", "slack_sdk.web.async_client", "urllib3.connectionpool"]
)
def test_libraries_do_not_tell_what_people_typed(name: str) -> None:
    """At DEBUG they would log each request; what goes wrong in them is still told."""
    program = (
        "import logging; from bot.logs import configure\n"
        f"configure('DEBUG'); one = logging.getLogger('{name}'); one.setLevel(logging.DEBUG)\n"
        "one.debug('typed'); one.warning('wrong')"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert [json.loads(line)["event"] for line in ran.stderr.splitlines()] == ["wrong"]
