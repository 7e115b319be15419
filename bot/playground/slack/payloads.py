"""The JSON of what people do, as Slack sends it to an app."""

from bot.playground.slack.inputs import values_of
from bot.playground.slack.raw import Element, Raw
from bot.playground.slack.shapes import OTHERS, message_json, view_json
from bot.playground.slack.state import Channel, Message, View, Workspace
from bot.playground.world import Person

VERIFICATION = "playground-verification-token"  # the deprecated one that Slack still sends


def slash_command(workspace: Workspace, person: Person, channel: Channel, line: str) -> dict[str, str]:
    """The form fields of a slash command, without its response URL and trigger."""
    command, _, text = line.partition(" ")
    return {
        "token": VERIFICATION,
        "team_id": person.team_id,
        "team_domain": "acme",
        "channel_id": channel.id,
        "channel_name": channel.name,
        "user_id": person.slack,
        "user_name": person.name,
        "command": command,
        "text": escaped(text.strip()),
        "api_app_id": workspace.world.slack_app,
        "is_enterprise_install": "false",
    }


def escaped(text: str) -> str:
    """What a person typed as Slack passes it on: the three control characters become entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def interaction(workspace: Workspace, person: Person, kind: str) -> Raw:
    """The part that every interaction payload has."""
    return {
        "type": kind,
        "token": VERIFICATION,
        "api_app_id": workspace.world.slack_app,
        "team": {"id": workspace.world.slack_team, "domain": "acme"},
        "user": {"id": person.slack, "username": person.name, "name": person.name, "team_id": person.team_id},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def in_message(workspace: Workspace, message: Message) -> Raw:
    """Where a click happened: in a message. One person's private message is not shown to the app again."""
    channel = workspace.channels[message.channel]
    container: Raw = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.only_for is not None,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    place: Raw = {"container": container, "channel": {"id": channel.id, "name": channel.name}}
    shown = {} if message.only_for is not None else {"message": message_json(workspace, message)}
    return place | shown | {"state": {"values": {}}}


def in_view(workspace: Workspace, view: View) -> Raw:
    """Where a click happened: in a modal or home."""
    container: Raw = {"type": "view", "view_id": view.id}
    return {"container": container, "view": view_json(workspace, view), "state": {"values": values_of(view)}}


def suggestion(workspace: Workspace, view: View, found: Element, query: str) -> Raw:
    """What a select asks its options with: Slack shows the view, and nothing of what was chosen in it."""
    place = in_view(workspace, view)
    place["view"]["state"] = {"values": {}}
    del place["state"]
    return place | {"action_id": found.action_id, "block_id": found.block_id, "value": query}


def action(workspace: Workspace, found: Element, chosen: Raw) -> Raw:
    """One entry of a block_actions payload; `chosen` is the state of a select or input."""
    element = found.element
    entry: Raw = {
        "type": found.type,
        "action_id": found.action_id,
        "block_id": found.block_id,
        "action_ts": workspace.next_ts(),
    }
    kept = ("text", "value", "style", "url", "confirm") if found.type == "button" else ()
    return entry | {name: element[name] for name in kept if name in element} | chosen


def shortcut(workspace: Workspace, person: Person, callback: str, message: Message | None) -> Raw:
    """A shortcut of the composer's menu, or of a message's; Slack names no app in either."""
    payload = interaction(workspace, person, "shortcut" if message is None else "message_action")
    payload |= {"callback_id": callback, "action_ts": workspace.next_ts()}
    del payload["api_app_id"]
    if message is None:
        return payload
    channel = workspace.channels[message.channel]
    shown = {"type": "message", **message_json(workspace, message)}
    return payload | {
        "channel": {"id": channel.id, "name": channel.name},
        "message_ts": message.ts,
        "message": shown,
    }


def sharing(workspace: Workspace, channel: Channel, *, is_shared: bool) -> Raw:
    """The event of a channel that another company came into, or left: nobody of ours did it."""
    other = {"connected_team_id": OTHERS} if is_shared else {"previously_connected_team_id": OTHERS}
    kind = "channel_shared" if is_shared else "channel_unshared"
    told = envelope(
        workspace, {"type": kind, "channel": channel.id, "event_ts": workspace.next_ts(), **other}
    )
    return told | {"is_ext_shared_channel": is_shared}


def event(workspace: Workspace, person: Person, content: Raw) -> Raw:
    """The envelope of the Events API around what a person did."""
    return envelope(workspace, {"user": person.slack, "team": person.team_id, **content})


def envelope(workspace: Workspace, content: Raw) -> Raw:
    """The envelope of the Events API."""
    world = workspace.world
    authorization = {"team_id": world.slack_team, "user_id": world.bot_user, "is_bot": True}
    return {
        "token": VERIFICATION,
        "team_id": world.slack_team,
        "context_team_id": world.slack_team,
        "api_app_id": world.slack_app,
        "type": "event_callback",
        "event_id": workspace.next_id("Ev0PLAY"),
        "event_time": int(world.clock.now()),
        "authorizations": [authorization | {"enterprise_id": None, "is_enterprise_install": False}],
        "is_ext_shared_channel": False,
        "event": content,
    }
