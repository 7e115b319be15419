"""chat.* and pins.*: posting, editing and deleting, with Slack's refusals."""

from bot.playground.slack.blocks import ONE_TABLE, judge_blocks, rich_blocks
from bot.playground.slack.raw import Raw, SlackError, flag_argument, named, text_argument
from bot.playground.slack.shapes import message_json
from bot.playground.slack.state import Channel, Message, Workspace

_POST_MOST = 40_000  # characters of text
_UPDATE_MOST = 4_000  # bytes of text: an edit takes far less than a post
_BLOCKS_MOST = 13_200  # characters over all blocks, measured by others at the real Slack


def post_message(workspace: Workspace, arguments: Raw) -> Raw:
    """chat.postMessage: a message or a thread reply by the bot."""
    channel = _open_channel(workspace, arguments)
    content = _content(workspace, arguments, _POST_MOST)
    thread = _thread(channel, arguments)
    message = Message(channel.id, workspace.next_ts(), content[0], workspace.world.bot_user, content[1])
    message.metadata = _metadata(arguments)
    message.thread_ts = thread
    message.broadcast = thread is not None and flag_argument(arguments, "reply_broadcast")
    workspace.put(message)
    return {"channel": channel.id, "ts": message.ts, "message": message_json(workspace, message)}


def update(workspace: Workspace, arguments: Raw) -> Raw:
    """chat.update: new content for one of the bot's own messages; text without blocks removes the blocks."""
    message = own_message(workspace, arguments, "cant_update_message")
    text, blocks = _content(workspace, arguments, _UPDATE_MOST)
    message.text = text
    message.blocks = blocks
    if "metadata" in arguments:
        message.metadata = _metadata(arguments)
    message.edits += 1
    message.changed = workspace.change()
    shown = message_json(workspace, message)
    return {"channel": message.channel, "ts": message.ts, "text": text, "message": shown}


def delete(workspace: Workspace, arguments: Raw) -> Raw:
    """chat.delete: take back one of the bot's own messages."""
    message = own_message(workspace, arguments, "cant_delete_message")
    del workspace.channels[message.channel].messages[message.ts]
    workspace.change()
    return {"channel": message.channel, "ts": message.ts}


def post_ephemeral(workspace: Workspace, arguments: Raw) -> Raw:
    """chat.postEphemeral: a message that only one member of the channel sees."""
    channel = _open_channel(workspace, arguments)
    person = text_argument(arguments, "user")
    if person not in channel.members:
        raise SlackError("user_not_in_channel")
    text, blocks = _content(workspace, arguments, _POST_MOST)
    message = Message(
        channel.id, workspace.next_ts(), text, workspace.world.bot_user, blocks, only_for=person
    )
    message.thread_ts = _thread(channel, arguments)
    workspace.put(message)
    return {"message_ts": message.ts}


def permalink(workspace: Workspace, arguments: Raw) -> Raw:
    """chat.getPermalink: the address of a message."""
    channel = workspace.channel(text_argument(arguments, "channel"))
    ts = text_argument(arguments, "message_ts")
    if ts not in channel.messages:
        raise SlackError("message_not_found")
    address = f"https://acme.slack.example/archives/{channel.id}/p{ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": address}


def add_pin(workspace: Workspace, arguments: Raw) -> Raw:
    """pins.add: pin a message to its channel."""
    channel = _open_channel(workspace, arguments)
    ts = text_argument(arguments, "timestamp")
    if ts not in channel.messages:
        raise SlackError("message_not_found")
    if ts in channel.pins:
        raise SlackError("already_pinned")
    channel.pins.append(ts)
    workspace.change()
    return {}


def own_message(workspace: Workspace, arguments: Raw, refusal: str) -> Message:
    """The bot's own message that `channel` and `ts` name. Raises SlackError `refusal` for others'."""
    channel = workspace.channel(text_argument(arguments, "channel"))
    message = channel.messages.get(text_argument(arguments, "ts"))
    if message is None:
        raise SlackError("message_not_found")
    if message.author != workspace.world.bot_user:
        raise SlackError(refusal)
    if channel.archived:
        raise SlackError("is_archived")
    return message


def judged_blocks(workspace: Workspace, blocks: object) -> list[Raw]:
    """Message blocks as Slack keeps them. Raises SlackError invalid_blocks with Slack's complaints."""
    if not blocks:
        return []
    complaints = judge_blocks(blocks, "message")
    if not complaints and _forced(workspace, blocks):
        complaints = ["unsupported type [json-pointer:/blocks/0/type]"]
    if complaints or not isinstance(blocks, list):
        metadata = {"messages": [f"[ERROR] {complaint}" for complaint in complaints]}
        code = "invalid_attachments" if any(ONE_TABLE in one for one in complaints) else "invalid_blocks"
        raise SlackError(code, errors=complaints, response_metadata=metadata)
    if _characters(blocks) > _BLOCKS_MOST:
        raise SlackError("msg_blocks_too_long")
    return named(blocks)


def _forced(workspace: Workspace, blocks: object) -> bool:
    mode = workspace.refuse_blocks
    return mode == "all" or (mode == "rich" and rich_blocks(blocks))


def _characters(node: object) -> int:
    if isinstance(node, dict):
        own = node.get("text")
        inner = sum(_characters(value) for value in node.values() if isinstance(value, dict | list))
        return inner + (len(own) if isinstance(own, str) else 0)
    return sum(_characters(item) for item in node) if isinstance(node, list) else 0


def _open_channel(workspace: Workspace, arguments: Raw) -> Channel:
    channel = workspace.channel(text_argument(arguments, "channel"))
    if channel.archived:
        raise SlackError("is_archived")
    if workspace.world.bot_user not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _content(workspace: Workspace, arguments: Raw, most: int) -> tuple[str, list[Raw]]:
    text = str(arguments.get("text") or "")
    if not text and not arguments.get("blocks"):
        raise SlackError("no_text")
    if (len(text) if most == _POST_MOST else len(text.encode())) > most:
        raise SlackError("msg_too_long")
    return text, judged_blocks(workspace, arguments.get("blocks"))


def _thread(channel: Channel, arguments: Raw) -> str | None:
    ts = arguments.get("thread_ts")
    if not ts:
        return None
    root = channel.messages.get(str(ts))
    if root is None:
        raise SlackError("thread_not_found")
    return root.thread_ts or root.ts


def _metadata(arguments: Raw) -> Raw | None:
    metadata = arguments.get("metadata")
    if not metadata:
        return None
    whole = isinstance(metadata, dict) and isinstance(metadata.get("event_payload"), dict)
    if not whole or not isinstance(metadata.get("event_type"), str):
        raise SlackError("invalid_metadata_format")
    return dict(metadata)


METHODS = {
    "chat.postMessage": post_message,
    "chat.update": update,
    "chat.delete": delete,
    "chat.postEphemeral": post_ephemeral,
    "chat.getPermalink": permalink,
    "pins.add": add_pin,
}
