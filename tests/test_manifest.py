"""The manifests say what the code does: its commands, shortcuts, events and scopes, and no more than that."""

import ast
import json
import re
from pathlib import Path

import pytest
import yaml

import bot.adapters
from bot import entrances
from bot.__main__ import main
from bot.manifest import WrongUrl, checked, github_manifest, scopes, slack_manifest
from bot.permissions import (
    GITHUB_EVENTS,
    GITHUB_PERMISSIONS,
    SLACK_EVENTS,
    SLACK_METHODS,
    SLACK_SCOPES,
    SOCKET_SCOPE,
)
from bot.playground.slack.raw import Raw
from tests.documents import ROOT

ADDRESS = "https://greenlight.example.com"
ADAPTERS = Path(bot.adapters.__file__).parent
METHOD = re.compile(r"[a-z]+(?:\.[a-z]+)?\.[a-zA-Z]+")
BY_APP_TOKEN = {"apps.connections.open"}


def test_the_manifest_is_what_the_code_writes() -> None:
    """The file at the top is the one for Socket Mode: `greenlight manifest slack > manifest.yml` writes it anew."""
    assert (ROOT / "manifest.yml").read_text() == slack_manifest()


def test_a68_the_manifest_asks_for_what_the_code_calls() -> None:
    """Each method that an adapter calls has its scope, each scope a method, an event or the commands, and a reason."""
    assert called_methods() == set(SLACK_METHODS) | BY_APP_TOKEN
    by_events = {SLACK_EVENTS[event] for event in entrances.EVENTS}
    assert set(scopes()) == ({*SLACK_METHODS.values(), "commands"} | by_events) - {""}
    assert set(SLACK_SCOPES) == set(scopes())
    assert slack()["oauth_config"] == {"scopes": {"bot": scopes()}}
    assert set(SLACK_EVENTS) == set(entrances.EVENTS)
    assert SOCKET_SCOPE not in SLACK_SCOPES


def test_socket_mode_names_no_address() -> None:
    """What people copy first needs no public address, and holds none that they would have to replace."""
    document = slack()
    assert document["settings"]["socket_mode_enabled"] is True
    assert "url" not in yaml.safe_dump(document)


def test_over_http_everything_comes_to_one_address() -> None:
    """Commands, clicks, options and events: signed requests to /slack/events."""
    settings, features = slack(ADDRESS)["settings"], slack(ADDRESS)["features"]
    there = f"{ADDRESS}/slack/events"
    assert settings["socket_mode_enabled"] is False
    assert {one["url"] for one in features["slash_commands"]} == {there}
    assert settings["event_subscriptions"]["request_url"] == there
    assert settings["interactivity"]["request_url"] == there
    assert settings["interactivity"]["message_menu_options_url"] == there


def test_both_ways_ask_for_the_same() -> None:
    """Whoever changes the way in changes nothing else."""
    socket, http = slack(), slack(ADDRESS)
    assert without_addresses(http) == without_addresses(socket)


@pytest.mark.parametrize("url", ["", ADDRESS])
def test_the_manifest_is_one_that_slack_takes(url: str) -> None:
    """The lengths and names of Slack's manifest reference."""
    document = slack(url)
    assert set(document) <= {"display_information", "features", "oauth_config", "settings"}
    about, features, settings = (document[name] for name in ("display_information", "features", "settings"))
    assert len(about["name"]) <= 35
    assert len(about["description"]) <= 140
    assert re.fullmatch("#[0-9a-f]{6}", about["background_color"])
    assert set(features) == {"app_home", "bot_user", "shortcuts", "slash_commands"}
    assert re.fullmatch("[a-z0-9._-]{1,80}", features["bot_user"]["display_name"])
    assert features["app_home"] == APP_HOME
    for command in features["slash_commands"]:
        assert re.fullmatch("/[a-z_-]{1,31}", command["command"])
        assert len(command["description"]) <= 2_000
        assert len(command["usage_hint"]) <= 1_000
    assert len(features["shortcuts"]) <= 10
    for shortcut in features["shortcuts"]:
        assert shortcut["type"] in {"global", "message"}
        assert len(shortcut["name"]) <= 24
        assert len(shortcut["description"]) <= 150
        assert len(shortcut["callback_id"]) <= 255
    assert set(settings) == SETTINGS
    assert settings["org_deploy_enabled"] is False
    assert settings["token_rotation_enabled"] is False


def test_the_manifest_knows_every_way_in() -> None:
    """Commands, shortcuts and events are those of bot/entrances.py."""
    features = slack()["features"]
    assert [one["command"] for one in features["slash_commands"]] == [one.name for one in entrances.COMMANDS]
    declared = (*entrances.GLOBAL_SHORTCUTS, *entrances.MESSAGE_SHORTCUTS)
    assert [one["callback_id"] for one in features["shortcuts"]] == [one.callback for one in declared]
    assert {one.type for one in entrances.GLOBAL_SHORTCUTS} == {"global"}
    assert {one.type for one in entrances.MESSAGE_SHORTCUTS} == {"message"}
    assert set(slack()["settings"]["event_subscriptions"]["bot_events"]) == set(entrances.EVENTS)


@pytest.mark.parametrize(
    "url",
    [
        "greenlight.example.com", "http://greenlight.example.com", "ftp://greenlight.example.com", "https://",
        "https://user:word@greenlight.example.com", "https://greenlight.example.com/?a=b", "https://x.example:0",
        "https://x.example:70000", "https://greenlight.example.com/\n", "https://[::1", "https://x.example/#a",
    ],
)  # fmt: skip
def test_a_wrong_address_is_refused_in_one_sentence(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is printed that somebody could install, and what to give is named."""
    with pytest.raises(WrongUrl):
        checked(url)
    for vendor in ("slack", "github"):
        assert main(["manifest", vendor, "--url", url]) == 1
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err.count("\n") == 1
        assert said.err.endswith("give one such as https://greenlight.example.com.\n")


def test_a_slash_at_the_end_is_no_part_of_the_address(capsys: pytest.CaptureFixture[str]) -> None:
    """Both are the same address, with a path before it or without."""
    assert main(["manifest", "slack", "--url", f"{ADDRESS}/"]) == 0
    assert capsys.readouterr().out == slack_manifest(ADDRESS)
    assert "url: https://x.example/bots/slack/events\n" in slack_manifest("https://x.example/bots/")


def test_a68_the_github_app_is_asked_for_by_its_table(capsys: pytest.CaptureFixture[str]) -> None:
    """Permissions and events of the manifest are the table's: one to write, which is starting workflows."""
    assert main(["manifest", "github", "--url", ADDRESS]) == 0
    app = json.loads(capsys.readouterr().out)
    assert app["default_permissions"] == {one.name: one.access for one in GITHUB_PERMISSIONS}
    assert [name for name, access in app["default_permissions"].items() if access != "read"] == ["actions"]
    assert app["hook_attributes"] == {"url": f"{ADDRESS}/github/webhooks", "active": True}
    assert app["default_events"] == list(GITHUB_EVENTS)
    assert app["public"] is False


def test_without_an_address_the_github_app_sends_nothing() -> None:
    """Behind a firewall the bot asks instead, so that there is no webhook that always fails."""
    app = json.loads(github_manifest())
    assert "hook_attributes" not in app
    assert "default_events" not in app


# Who may not write there cannot type a command there either.
APP_HOME = {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False}
SETTINGS = {
    "event_subscriptions", "interactivity", "org_deploy_enabled", "socket_mode_enabled", "token_rotation_enabled",
}  # fmt: skip


def slack(url: str = "") -> Raw:
    """The Slack app's manifest, read."""
    return dict(yaml.safe_load(slack_manifest(url)))


def without_addresses(document: Raw) -> Raw:
    """A manifest without what differs between the two ways in."""
    document["settings"].pop("socket_mode_enabled")
    for place in (document["settings"]["event_subscriptions"], document["settings"]["interactivity"]):
        for name in ("request_url", "message_menu_options_url"):
            place.pop(name, None)
    for command in document["features"]["slash_commands"]:
        command.pop("url", None)
    return document


def called_methods() -> set[str]:
    """Every Web API method that an adapter names in a call."""
    trees = [ast.parse(file.read_text()) for file in ADAPTERS.glob("slack*.py")]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    words = [word.value for call in calls for word in call.args if isinstance(word, ast.Constant)]
    return {word for word in words if isinstance(word, str) and METHOD.fullmatch(word)}
