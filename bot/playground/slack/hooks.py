"""Response URLs: what an app says after the acknowledgement, five times in thirty minutes."""

from bot.playground.slack.chat import judged_blocks
from bot.playground.slack.raw import Raw, SlackError, flag_argument
from bot.playground.slack.state import HOOK_SECONDS, HOOK_USES, Hook, Message, Workspace


def answer(workspace: Workspace, name: str, body: Raw) -> None:
    """Take one answer at a response URL. Raises SlackError used_url or expired_url when it is too late."""
    hook = workspace.hooks.get(name)
    if hook is None or workspace.world.clock.now() - hook.born > HOOK_SECONDS:
        raise SlackError("expired_url")
    if hook.uses >= HOOK_USES:
        raise SlackError("used_url")
    reply(workspace, hook, body)
    hook.uses += 1


def reply(workspace: Workspace, hook: Hook, body: Raw) -> None:
    """Show what an app answered: a new message, or a change of the one that was clicked."""
    if flag_argument(body, "delete_original"):
        _delete_original(workspace, hook)
        return
    blocks = judged_blocks(workspace, body.get("blocks"))
    text = str(body.get("text") or "")
    if not text and not blocks:
        raise SlackError("no_text")
    if flag_argument(body, "replace_original") and hook.original is not None:
        original = hook.original
        original.text, original.blocks = text, blocks
        original.edits += 1
        original.changed = workspace.change()
        return
    message = Message(hook.channel, workspace.next_ts(), text, workspace.world.bot_user, blocks)
    message.thread_ts = str(body["thread_ts"]) if body.get("thread_ts") else hook.thread_ts
    message.only_for = None if body.get("response_type") == "in_channel" else hook.person
    workspace.put(message)


def _delete_original(workspace: Workspace, hook: Hook) -> None:
    original = hook.original
    if original is None:
        raise SlackError("no_original")
    if original.only_for is None:
        workspace.channels[original.channel].messages.pop(original.ts, None)
    elif original in workspace.private.get(original.only_for, []):
        workspace.private[original.only_for].remove(original)
    workspace.change()
