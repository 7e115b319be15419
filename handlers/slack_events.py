"""Registers with Bolt what is no command, click or form: mentions, Slack's menus, and the tabs of the app."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.response import BoltResponse

from blocks import question_views, replies
from blocks.mention import as_mention
from blocks.rendition import Rendition
from bot.domain.policy import Person
from bot.entrances import GLOBAL_SHORTCUTS, MESSAGE_SHORTCUTS
from handlers import event_payloads, home, shortcuts
from handlers.admission import UNAVAILABLE, admit, said, whisper
from handlers.desk import Desk
from handlers.event_payloads import Mention
from handlers.failures import Broke, guarded
from handlers.mentions import Mentions

Listener = Callable[..., Awaitable[BoltResponse | None]]
HOME = "home"


def register_events(app: AsyncApp, desk: Desk) -> None:
    """Everything that bot/entrances.py declares; what Slack sends beyond it is acknowledged and nothing else."""
    for shortcut in (*GLOBAL_SHORTCUTS, *MESSAGE_SHORTCUTS):
        app.shortcut(shortcut.callback)(_on_shortcut(desk))
    app.shortcut(re.compile(".*"))(_on_shortcut(desk))
    listeners = {"app_mention": _on_mention(desk), "app_home_opened": _on_opened(desk)}
    listeners |= dict.fromkeys(("channel_shared", "channel_unshared"), _on_sharing(desk))
    for event, listener in listeners.items():
        app.event(event)(listener)
    app.event(re.compile(".*"))(_ignored)


def _on_mention(desk: Desk) -> Listener:
    mentions = Mentions(desk)

    async def listener(body: dict[str, Any]) -> BoltResponse | None:
        mention = event_payloads.mention(body)
        if not mentions.is_for_us(mention):
            return None
        person = admit(desk, mention.caller)
        if isinstance(person, Rendition):
            _answer(desk, mention, person)
            mentions.is_answered(mention)
            return None
        try:
            await guarded(lambda: mentions.answer(person, mention))
        except Broke as broke:
            return _broke(desk, mentions, mention, broke)
        return None

    return listener


def _broke(desk: Desk, mentions: Mentions, mention: Mention, broke: Broke) -> BoltResponse | None:
    """A fault of ours is owned up to and over; what the store did not take Slack brings again."""
    if broke.reason == "ours":
        _answer(desk, mention, said(broke))
        return None
    if mentions.put_off(mention):
        _answer(desk, mention, replies.comes_again())
    return BoltResponse(status=UNAVAILABLE)


def _answer(desk: Desk, mention: Mention, rendition: Rendition) -> None:
    whisper(desk, mention.caller, mention.channel, as_mention(rendition), mention.thread)


def _on_sharing(desk: Desk) -> Listener:
    """What Slack says of a channel only makes us look."""

    async def listener(body: dict[str, Any]) -> None:
        desk.channels.changed(event_payloads.channel(body))

    return listener


def _on_shortcut(desk: Desk) -> Listener:
    async def listener(ack: AsyncAck, body: dict[str, Any]) -> None:
        shortcut = event_payloads.shortcut(body)
        person = admit(desk, shortcut.caller)
        try:
            if isinstance(person, Person):
                await guarded(lambda: shortcuts.answer(desk, person, shortcut))
            else:
                shortcuts.show(desk, shortcut.trigger, question_views.said(person.text))
        except (
            Broke
        ) as broke:  # Slack sends it once, so that it was not kept is said where the answer would have been
            shortcuts.show(desk, shortcut.trigger, question_views.said(said(broke).text))
        await ack()

    return listener


def _on_opened(desk: Desk) -> Listener:
    async def listener(body: dict[str, Any]) -> BoltResponse | None:
        opened = event_payloads.opened(body)
        try:
            if opened.tab == HOME:
                await guarded(lambda: home.knocked(desk, opened.caller))
        except Broke:
            return BoltResponse(status=UNAVAILABLE)
        return None

    return listener


async def _ignored() -> None:
    """Slack tells more than we asked for: there is nothing to do."""
