"""conversations.*: channels, who is in them, topics and direct messages."""

import re
from typing import TypeVar

from bot.playground.slack.raw import Raw, SlackError, flag_argument, number_argument, text_argument
from bot.playground.slack.shapes import channel_json
from bot.playground.slack.state import Channel, Workspace

Item = TypeVar("Item")
_NAME = re.compile(r"[a-z0-9_-]+")
_NAME_MOST = 80
_TOPIC_MOST = 250
_INVITE_MOST = 100


def list_channels(workspace: Workspace, arguments: Raw) -> Raw:
    """conversations.list: the public channels, in pages."""
    rooms = [
        c for c in workspace.rooms() if not (c.archived and flag_argument(arguments, "exclude_archived"))
    ]
    page, cursor = paged(rooms, arguments)
    shown = [channel_json(workspace, channel) for channel in page]
    return {"channels": shown, "response_metadata": {"next_cursor": cursor}}


def info(workspace: Workspace, arguments: Raw) -> Raw:
    """conversations.info: one channel, by id only."""
    return {"channel": channel_json(workspace, _by_id(workspace, arguments))}


def members(workspace: Workspace, arguments: Raw) -> Raw:
    """conversations.members: who is in a channel, in pages."""
    page, cursor = paged(_by_id(workspace, arguments).members, arguments)
    return {"members": page, "response_metadata": {"next_cursor": cursor}}


def create(workspace: Workspace, arguments: Raw) -> Raw:
    """conversations.create: a public channel with the bot in it."""
    name = arguments.get("name")
    if not isinstance(name, str) or not name:
        raise SlackError("invalid_name_required")
    if len(name) > _NAME_MOST:
        raise SlackError("invalid_name_maxlength")
    if not _NAME.fullmatch(name):
        raise SlackError("invalid_name_specials")
    if not name.strip("_-"):
        raise SlackError("invalid_name_punctuation")
    channel = workspace.add_channel(name, [workspace.world.bot_user])
    return {"channel": channel_json(workspace, channel)}


def invite(workspace: Workspace, arguments: Raw) -> Raw:
    """conversations.invite: all of the people or none, unless `force` takes those who can come."""
    channel = _joined(workspace, arguments)
    users = [user.strip() for user in text_argument(arguments, "users").split(",") if user.strip()]
    if len(users) > _INVITE_MOST:
        raise SlackError("too_many_users")
    refused = [refusal for user in users if (refusal := _refusal(workspace, channel, user))]
    barred = {refusal["user"] for refusal in refused}
    if refused and (len(barred) == len(users) or not flag_argument(arguments, "force")):
        raise SlackError(str(refused[0]["error"]), errors=refused)
    channel.members += [user for user in users if user not in barred]
    workspace.change()
    shown: Raw = {"channel": channel_json(workspace, channel)}
    return shown | ({"errors": refused} if refused else {})


def set_topic(workspace: Workspace, arguments: Raw) -> Raw:
    """conversations.setTopic: the line at the top of a channel."""
    channel = _joined(workspace, arguments)
    topic = str(arguments.get("topic") or "")
    if len(topic) > _TOPIC_MOST:
        raise SlackError("too_long")
    channel.topic = topic
    workspace.change()
    return {"channel": channel_json(workspace, channel)}


def open_direct(workspace: Workspace, arguments: Raw) -> Raw:
    """conversations.open: the direct message with one person."""
    users = text_argument(arguments, "users").split(",")
    if len(users) != 1:
        raise SlackError("not_enough_users")
    return {"channel": {"id": workspace.direct(workspace.person(users[0]).slack).id}}


def archive(workspace: Workspace, arguments: Raw) -> Raw:
    """conversations.archive: close a channel for good; the general one stays."""
    channel = _by_id(workspace, arguments)
    if channel.archived:
        raise SlackError("already_archived")
    if channel.name == "general":
        raise SlackError("cant_archive_general")
    if workspace.world.bot_user not in channel.members:
        raise SlackError("not_in_channel")
    channel.archived = True
    workspace.change()
    return {}


def paged(items: list[Item], arguments: Raw) -> tuple[list[Item], str]:
    """One page of at most `limit` items from `cursor` on, and the cursor of the next, empty at the end."""
    limit = min(number_argument(arguments, "limit", 100), 1000)
    cursor = str(arguments.get("cursor") or "next:0")
    if not cursor.startswith("next:") or not cursor[5:].isdigit():
        raise SlackError("invalid_cursor")
    start = int(cursor[5:])
    end = start + limit
    return items[start:end], f"next:{end}" if end < len(items) else ""


def _by_id(workspace: Workspace, arguments: Raw) -> Channel:
    channel = workspace.channels.get(text_argument(arguments, "channel"))
    if channel is None:
        raise SlackError("channel_not_found")
    return channel


def _joined(workspace: Workspace, arguments: Raw) -> Channel:
    channel = _by_id(workspace, arguments)
    if channel.archived:
        raise SlackError("is_archived")
    if workspace.world.bot_user not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _refusal(workspace: Workspace, channel: Channel, user: str) -> Raw | None:
    known = {person.slack for person in workspace.world.people.values()}
    if user == workspace.world.bot_user:
        code = "cant_invite_self"
    elif user not in known:
        code = "user_not_found"
    elif user in channel.members:
        code = "already_in_channel"
    else:
        return None
    return {"ok": False, "error": code, "user": user}


METHODS = {
    "conversations.list": list_channels,
    "conversations.info": info,
    "conversations.members": members,
    "conversations.create": create,
    "conversations.invite": invite,
    "conversations.setTopic": set_topic,
    "conversations.open": open_direct,
    "conversations.archive": archive,
}
