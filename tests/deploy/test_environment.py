""".env.example: every setting of the bot, each explained, with the defaults that the code has."""

import re
from pathlib import Path

import pytest
from pydantic import SecretStr
from pydantic_core import PydanticUndefined

from bot.settings import Settings, SettingsError, load_settings
from tests.documents import ROOT

FILE = ROOT / ".env.example"
SETTING = re.compile(r"^(# )?([A-Z_]+)=(.*)$", re.MULTILINE)
FOUND = {name: (not mark, value) for mark, name, value in SETTING.findall(FILE.read_text())}
PLACEHOLDER = re.compile("…")
REAL = re.compile(r"(xox[abp]|xapp|gh[ps]|github_pat)[-_][A-Za-z0-9]{4}|PRIVATE KEY-----\\n[A-Za-z]")


def test_every_setting_is_there_once_and_no_other() -> None:
    """What can be set can be found here, and what is here can be set."""
    names = [name for _, name, _ in SETTING.findall(FILE.read_text())]
    assert sorted(names) == sorted(name.upper() for name in Settings.model_fields)


@pytest.mark.parametrize("name", [name.upper() for name in Settings.model_fields])
def test_it_is_explained(name: str) -> None:
    """A comment stands above each setting, or above the setting that it goes together with."""
    lines = FILE.read_text().splitlines()
    (at,) = [number for number, line in enumerate(lines) if re.match(rf"(# )?{name}=", line)]
    while SETTING.match(lines[at]):
        at -= 1
    assert lines[at].startswith("# ")
    assert len(lines[at]) > len("# DEBUG, INFO")


def test_what_has_no_mark_before_it_has_to_be_set() -> None:
    """Filled in as it stands it is enough: Socket Mode and a token, nothing else."""
    needed = {
        name: "xapp-1" if value.startswith("xapp") else "x" for name, (bare, value) in FOUND.items() if bare
    }
    assert set(needed) == {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "GITHUB_TOKEN"}
    assert load_settings(needed).slack_signing_secret is None
    for name in needed:
        with pytest.raises(SettingsError, match=name):
            load_settings({other: value for other, value in needed.items() if other != name})


def test_what_has_a_default_shows_it() -> None:
    """A commented line that is uncommented changes nothing, unless it is filled in."""
    defaults = {
        name.upper(): default.get_secret_value() if isinstance(default, SecretStr) else str(default)
        for name, default in ((name, field.default) for name, field in Settings.model_fields.items())
        if default not in (None, PydanticUndefined)
    }
    assert {name: FOUND[name] for name in defaults} == {
        name: (False, value) for name, value in defaults.items()
    }


def test_it_holds_no_secret() -> None:
    """Placeholders only: a file that is committed is read by everybody."""
    assert REAL.search(FILE.read_text()) is None
    secret = [name for name in FOUND if re.search("TOKEN|SECRET|KEY$|AUDIENCE", name)]
    assert [name for name in secret if not PLACEHOLDER.search(FOUND[name][1])] == []


@pytest.mark.parametrize("name", [name for name, (_, value) in FOUND.items() if PLACEHOLDER.search(value)])
def test_a_placeholder_that_was_left_is_refused(name: str) -> None:
    """In one line that names the setting, before anything is sent anywhere with it."""
    enough = {"SLACK_BOT_TOKEN": "x", "SLACK_SIGNING_SECRET": "x", "GITHUB_TOKEN": "x"}
    if name.startswith("GITHUB_APP"):
        enough = {**enough, "GITHUB_TOKEN": "", "GITHUB_APP_ID": "1"}
    if name == "GITHUB_APP_ID":
        enough["GITHUB_APP_PRIVATE_KEY"] = "-----BEGIN RSA PRIVATE KEY-----"
    with pytest.raises(SettingsError) as refused:
        load_settings({**enough, name: FOUND[name][1]})
    (sentence,) = refused.value.problems
    assert sentence.startswith(f"{name} is ")
    assert ": set " in sentence


def test_git_does_not_take_the_copy() -> None:
    """The file that holds the real ones is ignored."""
    assert ".env" in Path(ROOT / ".gitignore").read_text().split()
