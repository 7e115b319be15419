"""What Greenlight needs to be granted, as a checkup compares it with what is."""

from collections.abc import Mapping

from bot.permissions import GITHUB_EVENTS, GITHUB_PERMISSIONS, SLACK_SCOPES

SCOPES = frozenset(SLACK_SCOPES)
MEMBERS = "members"  # only for teams with github_team
# Permissions of a GitHub App, by the names of GitHub's API.
PERMISSIONS: Mapping[str, str] = {one.name: one.access for one in GITHUB_PERMISSIONS if one.name != MEMBERS}
TITLES: Mapping[str, str] = {one.name: one.title for one in GITHUB_PERMISSIONS}
OPTIONAL = frozenset({MEMBERS, "repository_hooks", "environments"})  # the last two only a checkup can use
EVENTS: Mapping[str, str] = {name: f"{name.replace('_', ' ').capitalize()}s" for name in GITHUB_EVENTS}
