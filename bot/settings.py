"""Secrets and settings of the process, from the environment and a `.env` file. The environment wins.

A wrong setting is named in one line that says what to set, and never quotes what was set: it may be a secret.
"""

import os
import re
from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import PrivateAttr, SecretStr
from pydantic_settings import BaseSettings, DotEnvSettingsSource, SettingsConfigDict

from bot.store.redis_url import SCHEMES as REDIS
from bot.store.redis_url import WrongUrl, place_of

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
WEBHOOK_SECRETS = ("GITHUB_WEBHOOK_SECRET", "PAGERDUTY_WEBHOOK_SECRET", "VALIDATIONS_SECRET")
URLS = ("SLACK_API_URL", "GITHUB_API_URL", "PAGERDUTY_API_URL", "PAGERDUTY_EVENTS_URL")
SQLITE = "sqlite:///"
DEFAULT_STORE = f"{SQLITE}greenlight.db"
E_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
REFERENCE = re.compile(r"env:([A-Z][A-Z0-9_]*)")
SECRET = re.compile("TOKEN|SECRET|PASSWORD|(?:^|_)KEY(?:_|$)(?!FILE)")  # in the name of what is one
LARGEST_KEY = 100_000  # bytes of a private key file
# What goes into headers and signatures as it is, and what to set.
WRITTEN_OUT = {
    "SLACK_BOT_TOKEN": "the bot token of the Slack app (OAuth & Permissions, xoxb-…)",
    "SLACK_APP_TOKEN": "the app-level token of the Slack app (Basic Information, xapp-…)",
    "SLACK_SIGNING_SECRET": "the signing secret of the Slack app (Basic Information)",
    "GITHUB_TOKEN": "a token of GitHub as it was shown there (ghp_…)",
    "GITHUB_WEBHOOK_SECRET": "the webhook's secret",
    "PAGERDUTY_ROUTING_KEY": "the integration key (Events API v2) of a PagerDuty service",
    "PAGERDUTY_API_KEY": "a REST API key of PagerDuty",
    "PAGERDUTY_WEBHOOK_SECRET": "the webhook's secret",
    "VALIDATIONS_SECRET": "the secret",
    "OIDC_AUDIENCE": "the audience",
}

Environment = Mapping[str, str]


class SettingsError(Exception):
    """Settings that cannot work, one line per problem."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class Settings(BaseSettings):
    """What the process runs with. Each field is the setting of the same name in capitals."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    slack_bot_token: SecretStr
    slack_signing_secret: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_api_url: str = "https://slack.com/api/"
    github_token: SecretStr | None = None
    github_app_id: str | None = None
    github_app_private_key: SecretStr | None = None  # of the setting itself or of GITHUB_APP_PRIVATE_KEY_FILE
    github_app_private_key_file: Path | None = None
    github_webhook_secret: SecretStr | None = None  # None: the route is off; so with the other webhooks
    github_api_url: str = "https://api.github.com"
    pagerduty_routing_key: SecretStr | None = None
    pagerduty_api_key: SecretStr | None = None
    pagerduty_api_url: str = "https://api.pagerduty.com"
    pagerduty_events_url: str = "https://events.pagerduty.com"
    pagerduty_webhook_secret: SecretStr | None = None
    pagerduty_from: str | None = None
    validations_secret: SecretStr | None = None
    oidc_audience: str | None = None
    store_url: SecretStr = SecretStr(DEFAULT_STORE)  # that of a Redis may hold a password
    catalog: Path = Path("promotions.yml")
    http_host: str = "127.0.0.1"
    http_port: int = 3000
    log_level: str = "INFO"
    _environment: Environment = PrivateAttr(default_factory=dict)

    def secret(self, reference: str) -> str:
        """The secret that the catalog calls env:NAME, read now; raises KeyError(NAME) when it is not set."""
        match = REFERENCE.fullmatch(reference)
        if match is None:
            raise KeyError("env:NAME")
        found = self._environment.get(match[1], "").strip()
        if not found:
            raise KeyError(match[1])
        return found

    def secrets(self, references: Iterable[str] = ()) -> frozenset[str]:
        """Every value that must be shown nowhere: of the secret settings, of what the environment names so, and of
        what the catalog refers to as env:NAME."""
        url = self.store_url.get_secret_value()
        fields = [getattr(self, name) for name in type(self).model_fields if name != "store_url"]
        own = [value.get_secret_value() for value in fields if isinstance(value, SecretStr)]
        password = place_of(url).password if url.startswith(REDIS) else None
        return frozenset(filter(None, (*own, password))) | secrets_in(self._environment, references)


def secrets_in(environment: Environment, references: Iterable[str] = ()) -> frozenset[str]:
    """Every value that an environment names as a secret, and what is referred to as env:NAME."""
    known = {reference.removeprefix("env:") for reference in references}
    return frozenset(
        value for name, value in environment.items() if value and (SECRET.search(name) or name in known)
    )


def load_settings(env: Environment | None = None, env_file: Path = Path(".env")) -> Settings:
    """The settings of `env`, or of the environment and the `.env` file; raises SettingsError with every problem."""
    environment = environment_in(env_file) if env is None else env
    known = [name.upper() for name in Settings.model_fields]
    given = {name: environment[name].strip() for name in known if name in environment}
    key, key_problems = _private_key(given)
    problems = (*_problems(given), *key_problems)
    if problems:
        raise SettingsError(problems)
    values = {name.lower(): value for name, value in given.items() if value}
    if key:
        values["github_app_private_key"] = key
    if "log_level" in values:
        values["log_level"] = values["log_level"].upper()
    settings = Settings.model_validate(values)
    settings._environment = environment
    return settings


def load_store_url(env: Environment | None = None, env_file: Path = Path(".env")) -> str:
    """STORE_URL alone, for tools that need nothing else; raises SettingsError when it names no store."""
    environment = environment_in(env_file) if env is None else env
    url = environment.get("STORE_URL", "").strip()
    problems = tuple(_store({"STORE_URL": url}))
    if problems:
        raise SettingsError(problems)
    return url or DEFAULT_STORE


def environment_in(env_file: Path = Path(".env")) -> Environment:
    """The environment as it is at each reading, over the file as it was at the start.

    Raises SettingsError when there is a file that cannot be read.
    """
    return ChainMap(os.environ, _written_in(env_file))


def _written_in(file: Path) -> dict[str, str]:
    try:
        written = DotEnvSettingsSource(Settings, env_file=file, case_sensitive=True).env_vars
    except UnicodeDecodeError:
        raise SettingsError((f"{file.name} is not written in UTF-8: save it as UTF-8.",)) from None
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else "unknown reason"
        raise SettingsError((f"{file.name} cannot be read ({reason}): let the bot read it.",)) from None
    return {name: value for name, value in written.items() if value is not None}


def _problems(given: Environment) -> Iterator[str]:
    yield from _unwritable(given)
    yield from _slack(given)
    yield from _github(given)
    yield from _webhooks(given)
    yield from _urls(given)
    yield from _store(given)
    yield from _process(given)


def _unwritable(given: Environment) -> Iterator[str]:
    """A placeholder that was left, or a line break within: no vendor gave that, and no header can carry it."""
    for name, what in WRITTEN_OUT.items():
        if not is_writable(given.get(name, "")):
            yield f"{name} is a placeholder, or holds what is in no key (a line break, an accent): set {what}."


def is_writable(secret: str) -> bool:
    """Whether a header can carry it as it is."""
    return secret.isascii() and secret.isprintable()


def _slack(given: Environment) -> Iterator[str]:
    if not given.get("SLACK_BOT_TOKEN"):
        yield "SLACK_BOT_TOKEN is not set: set the bot token of the Slack app (OAuth & Permissions, xoxb-…)."
    elif given["SLACK_BOT_TOKEN"].startswith("xapp-"):
        yield "SLACK_BOT_TOKEN is an app-level token: set the one that begins with xoxb-."
    yield from _slack_way_in(given.get("SLACK_APP_TOKEN", ""), given.get("SLACK_SIGNING_SECRET", ""))


def _slack_way_in(app_token: str, signing_secret: str) -> Iterator[str]:
    """Slack comes through sockets that we open, or over HTTP with a signature: one of them has to be set up."""
    if app_token.startswith("xoxb-"):
        yield "SLACK_APP_TOKEN is a bot token: set the app-level token that begins with xapp-."
    elif app_token and not app_token.startswith("xapp-"):
        yield "SLACK_APP_TOKEN is no app-level token: set the one that begins with xapp- (Basic Information)."
    if not app_token and not signing_secret:
        yield (
            "SLACK_APP_TOKEN is not set: set the app-level token of the Slack app (Basic Information, xapp-…), "
            "or SLACK_SIGNING_SECRET where Slack reaches this bot over HTTP."
        )


def _github(given: Environment) -> Iterator[str]:
    token, app = given.get("GITHUB_TOKEN"), given.get("GITHUB_APP_ID")
    key = given.get("GITHUB_APP_PRIVATE_KEY") or given.get("GITHUB_APP_PRIVATE_KEY_FILE")
    if token and (app or key):
        yield "GITHUB_TOKEN and GITHUB_APP_ID are both set: keep the app, or the token, not both."
    elif not token and not app and not key:
        yield "GITHUB_TOKEN is not set: set a token, or GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY_FILE."
    elif app and not key:
        yield "GITHUB_APP_PRIVATE_KEY_FILE is not set: set the path of the GitHub app's private key (PEM)."
    elif key and not app:
        yield "GITHUB_APP_ID is not set: set the number of the GitHub app that the private key belongs to."
    if app and not (app.isascii() and app.isdigit()):
        yield "GITHUB_APP_ID is not a number: set the app id, not the client id."


def _private_key(given: Environment) -> tuple[str | None, tuple[str, ...]]:
    """The app's private key from the setting or its file, and what is wrong with it."""
    inline, file = given.get("GITHUB_APP_PRIVATE_KEY"), given.get("GITHUB_APP_PRIVATE_KEY_FILE")
    if inline and file:
        problem = "GITHUB_APP_PRIVATE_KEY and GITHUB_APP_PRIVATE_KEY_FILE are both set: keep one of them."
        return None, (problem,)
    if inline:
        return _pem("GITHUB_APP_PRIVATE_KEY", inline.replace("\\n", "\n"))
    return _key_of_file(Path(file)) if file else (None, ())


def _key_of_file(path: Path) -> tuple[str | None, tuple[str, ...]]:
    name = "GITHUB_APP_PRIVATE_KEY_FILE"
    try:
        with path.open("rb") as source:
            text = source.read(LARGEST_KEY).decode("ascii")
    except UnicodeDecodeError:
        text = ""
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else "unknown reason"
        return None, (f"{name} cannot be read ({reason}): set the path of the GitHub app's private key.",)
    return _pem(name, text)


def _pem(name: str, text: str) -> tuple[str | None, tuple[str, ...]]:
    if text.isascii() and text.strip().startswith("-----BEGIN ") and "PRIVATE KEY-----" in text:
        return text, ()
    return None, (
        f"{name} is not a private key: set the PEM that GitHub gave (-----BEGIN RSA PRIVATE KEY-----).",
    )


def _webhooks(given: Environment) -> Iterator[str]:
    """An empty secret would let everyone sign; leaving it out is how the route is switched off."""
    for name in WEBHOOK_SECRETS:
        if given.get(name) == "":
            yield f"{name} is empty: set the webhook's secret, or remove the setting to switch its route off."


def _urls(given: Environment) -> Iterator[str]:
    for name in URLS:
        if given.get(name) and not _is_base(given[name]):
            yield f"{name} is not a base URL: set one such as {Settings.model_fields[name.lower()].default}."


def _is_base(url: str) -> bool:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    plain = not (parts.username or parts.password or parts.query or parts.fragment)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and port != 0 and plain


def _store(given: Environment) -> Iterator[str]:
    url = given.get("STORE_URL", "")
    if url.startswith(REDIS):
        yield from _redis(url)
    elif url and (not url.startswith(SQLITE) or url.removeprefix(SQLITE) in ("", ":memory:")):
        yield "STORE_URL does not name a file that lasts: set one such as sqlite:///greenlight.db."


def _redis(url: str) -> Iterator[str]:
    try:
        authority = place_of(url).ca
    except WrongUrl as wrong:
        yield f"STORE_URL {wrong}."
        return
    if authority is not None and not os.access(authority, os.R_OK):
        yield "STORE_URL names a file after ca= that cannot be read: set the authority's certificate (PEM)."


def _process(given: Environment) -> Iterator[str]:
    port = given.get("HTTP_PORT", "")
    if port and not (port.isascii() and port.isdigit() and len(port) <= 5 and int(port) <= 65_535):
        yield "HTTP_PORT is not a port: set a number from 0 to 65535."
    if given.get("LOG_LEVEL") and given["LOG_LEVEL"].upper() not in LEVELS:
        yield f"LOG_LEVEL is not a level: set one of {', '.join(LEVELS)}."
    address = given.get("PAGERDUTY_FROM")
    if address and not (is_writable(address) and E_MAIL.fullmatch(address)):
        yield "PAGERDUTY_FROM is not an e-mail address: set that of a PagerDuty user."
