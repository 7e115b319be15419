"""The process's settings: what is missing is named in one line, and no secret is ever shown."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.playground.seed import SECRETS, bot_settings
from bot.settings import WRITTEN_OUT, Settings, SettingsError, load_settings, load_store_url

SLACK = {"SLACK_BOT_TOKEN": "bot-token-1", "SLACK_SIGNING_SECRET": "signing-1"}
ENOUGH = {**SLACK, "GITHUB_TOKEN": "github-token-1"}
PEM = "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\n"


def problems(env: Mapping[str, str]) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as refused:
        load_settings(env)
    return refused.value.problems


def test_two_tokens_and_a_signing_secret_are_enough() -> None:
    """Everything else has a default."""
    settings = load_settings(ENOUGH)
    assert settings.slack_bot_token.get_secret_value() == "bot-token-1"
    assert (settings.http_host, settings.http_port) == ("127.0.0.1", 3000)
    assert settings.catalog == Path("promotions.yml")
    assert settings.store_url.get_secret_value() == "sqlite:///greenlight.db"
    assert settings.github_webhook_secret is None


def test_an_app_level_token_takes_the_place_of_the_signing_secret() -> None:
    """In Socket Mode nothing is signed; with both set it is Socket Mode all the same."""
    env = {"SLACK_BOT_TOKEN": "bot-token-1", "SLACK_APP_TOKEN": "xapp-1", "GITHUB_TOKEN": "github-token-1"}
    settings = load_settings(env)
    assert settings.slack_signing_secret is None
    assert settings.slack_app_token is not None
    assert "xapp-1" not in repr(settings)
    both = load_settings({**env, "SLACK_SIGNING_SECRET": "signing-1"})
    assert both.slack_app_token is not None


def test_the_playground_runs_with_the_same_settings() -> None:
    """What the playground sets is what a real installation sets."""
    settings = load_settings(bot_settings("http://127.0.0.1:8765", SECRETS))
    assert settings.slack_api_url == "http://127.0.0.1:8765/sim/slack/api/"
    assert settings.secret("env:PAGERDUTY_ROUTING_KEY_CHECKOUT").startswith("R")


def test_all_that_is_missing_is_named_at_once() -> None:
    """An empty environment is told everything that it needs, one line each."""
    assert problems({}) == (
        "SLACK_BOT_TOKEN is not set: set the bot token of the Slack app (OAuth & Permissions, xoxb-…).",
        "SLACK_APP_TOKEN is not set: set the app-level token of the Slack app (Basic Information, xapp-…), "
        "or SLACK_SIGNING_SECRET where Slack reaches this bot over HTTP.",
        "GITHUB_TOKEN is not set: set a token, or GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY_FILE.",
    )


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (
            {"GITHUB_WEBHOOK_SECRET": ""},
            "GITHUB_WEBHOOK_SECRET is empty: set the webhook's secret, "
            "or remove the setting to switch its route off.",
        ),
        (
            {"PAGERDUTY_WEBHOOK_SECRET": "  "},
            "PAGERDUTY_WEBHOOK_SECRET is empty: set the webhook's secret, "
            "or remove the setting to switch its route off.",
        ),
        (
            {"VALIDATIONS_SECRET": "\n"},
            "VALIDATIONS_SECRET is empty: set the webhook's secret, "
            "or remove the setting to switch its route off.",
        ),
        (
            {"SLACK_BOT_TOKEN": "xapp-1"},
            "SLACK_BOT_TOKEN is an app-level token: set the one that begins with xoxb-.",
        ),
        (
            {"SLACK_APP_TOKEN": "xoxb-1"},
            "SLACK_APP_TOKEN is a bot token: set the app-level token that begins with xapp-.",
        ),
        (
            {"SLACK_APP_TOKEN": "app-token-1"},
            "SLACK_APP_TOKEN is no app-level token: set the one that begins with xapp- (Basic Information).",
        ),
        (
            {"GITHUB_APP_ID": "12", "GITHUB_APP_PRIVATE_KEY": PEM},
            "GITHUB_TOKEN and GITHUB_APP_ID are both set: keep the app, or the token, not both.",
        ),
        (
            {"GITHUB_TOKEN": "", "GITHUB_APP_ID": "12"},
            "GITHUB_APP_PRIVATE_KEY_FILE is not set: set the path of the GitHub app's private key (PEM).",
        ),
        (
            {"GITHUB_TOKEN": "", "GITHUB_APP_PRIVATE_KEY": PEM},
            "GITHUB_APP_ID is not set: set the number of the GitHub app that the private key belongs to.",
        ),
        (
            {"GITHUB_TOKEN": "", "GITHUB_APP_ID": "Iv1.abc", "GITHUB_APP_PRIVATE_KEY": PEM},
            "GITHUB_APP_ID is not a number: set the app id, not the client id.",
        ),
        (
            {"GITHUB_TOKEN": "", "GITHUB_APP_ID": "12", "GITHUB_APP_PRIVATE_KEY": "secret-1"},
            "GITHUB_APP_PRIVATE_KEY is not a private key: "
            "set the PEM that GitHub gave (-----BEGIN RSA PRIVATE KEY-----).",
        ),
        (
            {
                "GITHUB_TOKEN": "",
                "GITHUB_APP_ID": "12",
                "GITHUB_APP_PRIVATE_KEY_FILE": "/nonexistent/key.pem",
            },
            "GITHUB_APP_PRIVATE_KEY_FILE cannot be read (No such file or directory): "
            "set the path of the GitHub app's private key.",
        ),
        (
            {
                "GITHUB_TOKEN": "",
                "GITHUB_APP_ID": "12",
                "GITHUB_APP_PRIVATE_KEY": PEM,
                "GITHUB_APP_PRIVATE_KEY_FILE": "key.pem",
            },
            "GITHUB_APP_PRIVATE_KEY and GITHUB_APP_PRIVATE_KEY_FILE are both set: keep one of them.",
        ),
        (
            {"GITHUB_API_URL": "github.example"},
            "GITHUB_API_URL is not a base URL: set one such as https://api.github.com.",
        ),
        (
            {"SLACK_API_URL": "https://me:secret-1@slack.example/"},
            "SLACK_API_URL is not a base URL: set one such as https://slack.com/api/.",
        ),
        (
            {"STORE_URL": "redis://:secret-1@db/one"},
            "STORE_URL ends in no database: set a number such as /0 there.",
        ),
        (
            {"STORE_URL": "rediss://:secret-1@db?ca=/nonexistent/ca.pem"},
            "STORE_URL names a file after ca= that cannot be read: set the authority's certificate (PEM).",
        ),
        (
            {"STORE_URL": "sqlite:///:memory:"},
            "STORE_URL does not name a file that lasts: set one such as sqlite:///greenlight.db.",
        ),
        ({"HTTP_PORT": "70000"}, "HTTP_PORT is not a port: set a number from 0 to 65535."),
        ({"HTTP_PORT": "http"}, "HTTP_PORT is not a port: set a number from 0 to 65535."),
        (
            {"LOG_LEVEL": "LOUD"},
            "LOG_LEVEL is not a level: set one of DEBUG, INFO, WARNING, ERROR, CRITICAL.",
        ),
        (
            {"PAGERDUTY_FROM": "anä@example.com"},
            "PAGERDUTY_FROM is not an e-mail address: set that of a PagerDuty user.",
        ),
        (
            {"PAGERDUTY_FROM": "ana"},
            "PAGERDUTY_FROM is not an e-mail address: set that of a PagerDuty user.",
        ),
    ],
)
def test_a_wrong_setting_says_what_to_set(changed: dict[str, str], sentence: str) -> None:
    """One line names the setting and the way out, and never quotes what may be a secret."""
    assert problems({**ENOUGH, **changed}) == (sentence,)
    assert "secret-1" not in sentence


@pytest.mark.parametrize("name", WRITTEN_OUT)
@pytest.mark.parametrize("text", ["…", "secret-1\nsecret-2", "sécret-1", "secret\x00-1"])
def test_what_no_header_can_carry_is_refused(name: str, text: str) -> None:
    """A placeholder that was left, a line break, an accent: one line says what to set, and quotes nothing."""
    written = f"xapp-{text}" if name == "SLACK_APP_TOKEN" else text
    (sentence,) = problems({**ENOUGH, name: written})
    assert sentence.startswith(f"{name} is a placeholder, or holds what is in no key")
    assert sentence.endswith(f": set {WRITTEN_OUT[name]}.")
    assert "secret" not in sentence.partition(":")[0]


def test_every_secret_setting_is_looked_through() -> None:
    """Save those that are read in parts: the key of an app and the address of a store."""
    secret = {
        name.upper() for name, one in Settings.model_fields.items() if "SecretStr" in str(one.annotation)
    }
    assert secret - set(WRITTEN_OUT) == {"GITHUB_APP_PRIVATE_KEY", "STORE_URL"}


@pytest.mark.parametrize(
    "url",
    [
        "redis://db",
        "rediss://:secret@db/1",
        "redis+sentinel://s1,s2/main/0",
        "redis://db?cluster=true",
        "redis://db?unproven=true",
    ],
)
def test_every_kind_of_redis_may_be_named(url: str) -> None:
    """Each is a store, and its password stays hidden."""
    settings = load_settings({**ENOUGH, "STORE_URL": url})
    assert settings.store_url.get_secret_value() == url
    assert "secret" not in repr(settings.store_url)


def test_tools_find_the_same_store() -> None:
    """What needs no other setting reads STORE_URL alone, with the same default and the same refusals."""
    assert load_store_url({}) == load_settings(ENOUGH).store_url.get_secret_value()
    with pytest.raises(SettingsError, match="ends in no database"):
        load_store_url({"STORE_URL": "redis://db/x"})


def test_a49_no_secret_is_shown() -> None:
    """Printing the settings shows that secrets are set, not what they are."""
    secrets = {
        name: f"hidden-{number}"
        for number, name in enumerate(
            (
                "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "GITHUB_TOKEN",
                "GITHUB_WEBHOOK_SECRET", "PAGERDUTY_ROUTING_KEY", "PAGERDUTY_API_KEY",
                "PAGERDUTY_WEBHOOK_SECRET", "VALIDATIONS_SECRET", "PAGERDUTY_ROUTING_KEY_CHECKOUT",
            )
        )
    } | {"STORE_URL": "redis://bot:hidden-store@db/0"}  # fmt: skip
    settings = load_settings(secrets)
    for text in (repr(settings), str(settings), str(settings.model_dump()), settings.model_dump_json()):
        assert "hidden-" not in text


def test_a_reference_is_read_when_it_is_used() -> None:
    """The catalog says env:NAME; the value is looked up at that moment, and its absence names the setting."""
    env = dict(ENOUGH)
    settings = load_settings(env)
    with pytest.raises(KeyError, match="PAGERDUTY_ROUTING_KEY_STORE"):
        settings.secret("env:PAGERDUTY_ROUTING_KEY_STORE")
    env["PAGERDUTY_ROUTING_KEY_STORE"] = "R1\n"
    assert settings.secret("env:PAGERDUTY_ROUTING_KEY_STORE") == "R1"


@pytest.mark.parametrize("reference", ["R0KEY", "env:", "env:lower", "env:A B", ""])
def test_what_is_no_reference_is_not_looked_up(reference: str) -> None:
    """Only env:NAME is a reference; what else stands there is not repeated."""
    with pytest.raises(KeyError, match="env:NAME"):
        load_settings(ENOUGH).secret(reference)


def test_a_private_key_may_be_in_a_file(tmp_path: Path) -> None:
    """The key of the file is the key, as if it were set itself."""
    key = tmp_path / "app.pem"
    key.write_text(PEM)
    settings = load_settings(
        {**SLACK, "GITHUB_APP_ID": "12", "GITHUB_APP_PRIVATE_KEY_FILE": str(key)},
    )
    assert settings.github_app_private_key is not None
    assert settings.github_app_private_key.get_secret_value() == PEM


def test_a_private_key_on_one_line_gets_its_lines_back() -> None:
    """Where an environment cannot hold line ends, \\n stands for them."""
    settings = load_settings(
        {**SLACK, "GITHUB_APP_ID": "12", "GITHUB_APP_PRIVATE_KEY": PEM.replace("\n", "\\n")},
    )
    assert settings.github_app_private_key is not None
    assert settings.github_app_private_key.get_secret_value() == PEM


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    """In one line, which does not quote it."""
    file = tmp_path / ".env"
    file.write_bytes("SLACK_BOT_TOKEN=sécret-1\n".encode("latin-1"))
    with pytest.raises(SettingsError) as refused:
        load_settings(env_file=file)
    assert refused.value.problems == (".env is not written in UTF-8: save it as UTF-8.",)


def test_a_file_gives_what_the_environment_does_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A .env file works, for settings and for references, and the environment wins over it."""
    file = tmp_path / ".env"
    file.write_text(
        "SLACK_BOT_TOKEN=from-file\nSLACK_SIGNING_SECRET=s\nGITHUB_TOKEN=g\nHTTP_PORT=4000\nROUTING_KEY_X='R9'\n"
    )
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "GITHUB_APP_ID", "ROUTING_KEY_X"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTP_PORT", "5000")
    settings = load_settings(env_file=file)
    assert settings.slack_bot_token.get_secret_value() == "from-file"
    assert settings.http_port == 5000
    assert settings.secret("env:ROUTING_KEY_X") == "R9"
