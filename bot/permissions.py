"""What Greenlight is allowed by Slack and GitHub, and why: the manifests, the doctor and the docs all say this.

A Web API method that the adapter calls has its line here, and each scope has a method or an event that needs it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

# What Slack's documentation asks of a bot token for each method that is called.
SLACK_METHODS: Mapping[str, str] = {
    "auth.test": "",
    "bots.info": "users:read",
    "chat.getPermalink": "",
    "chat.postEphemeral": "chat:write",
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "conversations.create": "channels:manage",
    "conversations.info": "channels:read",
    "conversations.invite": "channels:manage",
    "conversations.list": "channels:read",
    "conversations.open": "im:write",
    "conversations.setTopic": "channels:manage",
    "pins.add": "pins:write",
    "usergroups.users.list": "usergroups:read",
    "users.info": "users:read",
    "views.open": "",
    "views.publish": "",
    "views.update": "",
}
# And for each event that is listened to.
SLACK_EVENTS: Mapping[str, str] = {
    "app_home_opened": "",
    "app_mention": "app_mentions:read",
    "channel_shared": "channels:read",
    "channel_unshared": "channels:read",
}
# What each scope of the bot token is for.
SLACK_SCOPES: Mapping[str, str] = {
    "app_mentions:read": "commands as a mention, in threads too",
    "channels:manage": "opens the incident channel, invites people, sets its topic",
    "channels:read": "finds a channel by its name, and sees whether it is shared with another company",
    "chat:write": "cards, replies, private answers",
    "commands": "/promote, /rollback and the shortcuts",
    "im:write": "answers that have no channel, and reminders, go to a direct message",
    "pins:write": "pins the card in the incident channel",
    "usergroups:read": "teams that the catalog names by slack_group",
    "users:read": "refuses guests, bots and people of other workspaces",
}
# The app-level token has one scope of its own.
SOCKET_SCOPE = "connections:write"


@dataclass(frozen=True, slots=True)
class Permission:
    """One permission of the GitHub App."""

    name: str  # as in a manifest
    title: str  # as GitHub's pages call it
    access: Literal["read", "write"]
    why: str
    of: Literal["repository", "organization"] = "repository"


GITHUB_PERMISSIONS = (
    Permission("actions", "Actions", "write", "starts, follows and cancels workflow runs"),
    Permission("checks", "Checks", "read", "the `checks` gate"),
    Permission("contents", "Contents", "read", "resolves versions, lists candidates, compares commits"),
    Permission("metadata", "Metadata", "read", "GitHub gives it to every app"),
    Permission("statuses", "Commit statuses", "read", "the `checks` gate"),
    Permission("members", "Members", "read", "teams that the catalog names by `github_team`", "organization"),
)
GITHUB_EVENTS: Mapping[str, str] = {
    "workflow_job": "steps of a run as they happen",
    "workflow_run": "the beginning and the end of a run",
}
