"""The manifests from which the Slack app and the GitHub App are made, written from what the code does."""

import json
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

import yaml

from bot import entrances
from bot.permissions import GITHUB_EVENTS, GITHUB_PERMISSIONS, SLACK_EVENTS, SLACK_METHODS, SLACK_SCOPES

SLACK_PATH, GITHUB_PATH = "/slack/events", "/github/webhooks"
NOWHERE = "http://localhost:3000"  # GitHub wants a homepage, and the code of the new app comes back there
SOCKET_HEAD = """\
# The Slack app: https://api.slack.com/apps > Create New App > From a manifest.
# In Socket Mode the bot opens the connections to Slack, so it needs no public address. Make an app-level token with
# the scope connections:write (Basic Information > App-Level Tokens) and set SLACK_APP_TOKEN to it.
# For HTTP: greenlight manifest slack --url https://greenlight.example.com
"""
HTTP_HEAD = """\
# The Slack app: https://api.slack.com/apps > Create New App > From a manifest.
# Slack sends everything to {address}, signed: set SLACK_SIGNING_SECRET (Basic Information).
"""

Document = dict[str, object]


class WrongUrl(Exception):
    """An address that neither Slack nor GitHub could reach, in a sentence that says what to give."""


def slack_manifest(url: str = "") -> str:
    """The Slack app's manifest as YAML: for Socket Mode, or for HTTP when `url` is where Slack reaches the bot."""
    address = f"{checked(url)}{SLACK_PATH}" if url else ""
    head = HTTP_HEAD.format(address=address) if address else SOCKET_HEAD
    written = yaml.safe_dump(slack_document(address), sort_keys=False, allow_unicode=True, width=200)
    return head + "\n".join(_explained(written.splitlines())) + "\n"


def github_manifest(url: str = "") -> str:
    """The GitHub App's manifest as JSON; without `url` GitHub sends no webhooks, and the bot asks instead."""
    base = checked(url) if url else NOWHERE
    app: Document = {
        "name": "Greenlight",
        "url": base,
        "description": "Takes a version of a service to production safely, from Slack.",
        "public": False,
        "redirect_url": base,
        "default_permissions": {one.name: one.access for one in GITHUB_PERMISSIONS},
    }
    if url:
        app["hook_attributes"] = {"url": f"{base}{GITHUB_PATH}", "active": True}
        app["default_events"] = list(GITHUB_EVENTS)
    return json.dumps(app, indent=2) + "\n"


def scopes() -> list[str]:
    """What the bot token needs: for the methods that are called, the events that are heard, and the commands."""
    needed = {*SLACK_METHODS.values(), *(SLACK_EVENTS[event] for event in entrances.EVENTS), "commands"}
    return sorted(needed - {""})


def slack_document(address: str) -> Document:
    """The manifest's content; an empty address means Socket Mode."""
    return {
        "display_information": {
            "name": "Greenlight",
            "description": "Takes a version of a service to production safely.",
            "background_color": "#1a7f37",
        },
        "features": _features(address),
        "oauth_config": {"scopes": {"bot": scopes()}},
        "settings": _settings(address),
    }


def checked(url: str) -> str:
    """An address without its last slash; raises WrongUrl when Slack and GitHub could not reach it."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise WrongUrl(_wanted(url)) from None
    plain = not (parts.username or parts.password or parts.query or parts.fragment)
    if parts.scheme != "https" or not parts.hostname or port == 0 or not plain or not url.isprintable():
        raise WrongUrl(_wanted(url))
    return url.rstrip("/")


def _wanted(url: str) -> str:
    return f"{url!r} is no address that Slack or GitHub can reach: give one such as https://greenlight.example.com."


def _features(address: str) -> Document:
    return {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,  # else nobody could type a command there
        },
        "bot_user": {"display_name": "greenlight", "always_online": True},
        "shortcuts": [_shortcut(one) for one in (*entrances.GLOBAL_SHORTCUTS, *entrances.MESSAGE_SHORTCUTS)],
        "slash_commands": [_command(one, address) for one in entrances.COMMANDS],
    }


def _shortcut(shortcut: entrances.Shortcut) -> Document:
    return {
        "name": shortcut.name,
        "type": shortcut.type,
        "callback_id": shortcut.callback,
        "description": shortcut.description,
    }


def _command(command: entrances.SlashCommand, address: str) -> Document:
    return {
        "command": command.name,
        **_at(address, "url"),
        "description": command.description,
        "usage_hint": command.usage_hint,
        "should_escape": False,
    }


def _settings(address: str) -> Document:
    return {
        "event_subscriptions": {**_at(address, "request_url"), "bot_events": sorted(entrances.EVENTS)},
        "interactivity": {
            "is_enabled": True,
            **_at(address, "request_url"),
            **_at(address, "message_menu_options_url"),
        },
        "org_deploy_enabled": False,
        "socket_mode_enabled": not address,
        "token_rotation_enabled": False,
    }


def _at(address: str, name: str) -> Mapping[str, str]:
    return {name: address} if address else {}


def _explained(lines: list[str]) -> Iterator[str]:
    """Each scope with what it is for, where whoever installs the app reads it."""
    for line in lines:
        why = SLACK_SCOPES.get(line.strip().removeprefix("- "))
        yield f"{line}  # {why}" if why else line
