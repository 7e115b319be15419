"""Every way into the bot from Slack: what the manifest asks for is what the handlers register, from this one list."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class SlashCommand:
    """A command that people type."""

    name: str  # /promote
    description: str
    usage_hint: str


@dataclass(frozen=True, slots=True)
class Shortcut:
    """An entry of Slack's menus: `global` beside the composer, `message` beside each message, in threads too."""

    callback: str
    name: str  # at most 24 characters
    description: str
    type: Literal["global", "message"]


COMMANDS = (
    SlashCommand(
        "/promote",
        "Take a version of a service to the next environment",
        "checkout@v2.14.3 to production because fix refunds",
    ),
    SlashCommand(
        "/rollback",
        "Go back to the last version that was verified",
        "checkout because errors after the deploy",
    ),
)
PROMOTE = Shortcut("shortcut.promote", "Promote a service", "Opens the request form", "global")
WHAT_IS_DEPLOYED = Shortcut(
    "shortcut.status", "What is deployed?", "Shows privately what runs where", "global"
)
EXPLAIN = Shortcut(
    "shortcut.explain", "Explain this promotion", "Shows each requirement and what it waits for", "message"
)
UNDO = Shortcut("shortcut.rollback", "Roll back this promotion", "Opens the rollback form", "message")
ATTACH = Shortcut(
    "shortcut.attach", "Attach to incident", "Keeps the message as a note of the incident", "message"
)
GLOBAL_SHORTCUTS = (PROMOTE, WHAT_IS_DEPLOYED)
MESSAGE_SHORTCUTS = (EXPLAIN, UNDO, ATTACH)
EVENTS = ("app_home_opened", "app_mention", "channel_shared", "channel_unshared")
