"""Slack's own JSON of people, channels, messages and views, as the Web API and payloads show them."""

from bot.playground.slack.inputs import values_of
from bot.playground.slack.raw import Raw
from bot.playground.slack.state import Channel, Message, View, Workspace
from bot.playground.world import Person, World

OTHERS = "T0OTHER"  # the workspace of another company


def user_json(world: World, person: Person) -> Raw:
    """A member as users.info shows one."""
    return {
        "id": person.slack,
        "team_id": person.team_id,
        "name": person.name,
        "real_name": person.title,
        "deleted": person.closed,
        "tz": "Europe/Paris",
        "tz_offset": 3600,
        "profile": {"email": email_of(person), "display_name": person.name, "real_name": person.title},
        "is_bot": False,
        "is_app_user": False,
        "is_restricted": person.guest,
        "is_ultra_restricted": False,
        "is_stranger": person.team_id != world.slack_team,
    }


def bot_json(world: World) -> Raw:
    """The bot as users.info shows it."""
    return {
        "id": world.bot_user,
        "team_id": world.slack_team,
        "name": "greenlight",
        "real_name": "Greenlight",
        "deleted": False,
        "tz": "UTC",
        "tz_offset": 0,
        "profile": {"api_app_id": world.slack_app, "bot_id": world.bot_id, "real_name": "Greenlight"},
        "is_bot": True,
        "is_app_user": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_stranger": False,
    }


def email_of(person: Person) -> str:
    """A person's address in the playground."""
    return f"{person.name}@acme.example"


def channel_json(workspace: Workspace, channel: Channel) -> Raw:
    """A conversation as conversations.info shows it."""
    shown: Raw = {
        "id": channel.id,
        "is_im": channel.direct_with is not None,
        "is_channel": channel.direct_with is None,
        "is_private": False,
        "is_archived": channel.archived,
        "is_member": workspace.world.bot_user in channel.members,
    }
    if channel.direct_with is not None:
        return shown | {"user": channel.direct_with}
    shape: Raw = {
        "name": channel.name,
        "creator": channel.creator,
        "topic": {"value": channel.topic},
        "purpose": {"value": ""},
    }
    sharing = workspace.world.shared.get(channel.name)
    shape |= {
        "is_shared": sharing == "shared",
        "is_ext_shared": sharing == "shared",
        "is_org_shared": False,
        "is_pending_ext_shared": sharing == "invited",
        "pending_connected_team_ids": [OTHERS] if sharing == "invited" else [],
    }
    return shown | shape | {"name_normalized": channel.name, "num_members": len(channel.members)}


def message_json(workspace: Workspace, message: Message) -> Raw:
    """A message as payloads and chat.postMessage show it."""
    shown: Raw = {
        "type": "message",
        "user": message.author,
        "ts": message.ts,
        "text": message.text,
        "team": workspace.world.slack_team,
        "blocks": message.blocks,
    }
    if message.author == workspace.world.bot_user:
        shown |= {"bot_id": workspace.world.bot_id, "app_id": workspace.world.slack_app}
    if message.thread_ts:
        shown["thread_ts"] = message.thread_ts
    if message.metadata:
        shown["metadata"] = message.metadata
    if message.edits:
        shown["edited"] = {"user": message.author, "ts": message.ts}
    return shown


def view_json(workspace: Workspace, view: View) -> Raw:
    """A view as views.* answers and payloads show it, with the state of its inputs."""
    world = workspace.world
    defaults: Raw = {
        "private_metadata": "",
        "callback_id": "",
        "external_id": "",
        "title": None,
        "submit": None,
        "close": None,
        "clear_on_close": False,
        "notify_on_close": False,
    }
    own: Raw = {
        "id": view.id,
        "team_id": world.slack_team,
        "app_id": world.slack_app,
        "app_installed_team_id": world.slack_team,
        "bot_id": world.bot_id,
        "hash": view.hash,
        "root_view_id": view.root,
        "previous_view_id": view.previous,
        "state": {"values": values_of(view)},
    }
    return defaults | view.body | own
