"""What Slack tells of mentions, of its menus and of the app's tabs, as small types: strict in what is used."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handlers.payloads import Caller, Malformed, sender


@dataclass(frozen=True, slots=True)
class Mention:
    """A message that names the bot, in a channel or a thread."""

    caller: Caller
    text: str  # as Slack marks it up
    channel: str
    thread: str  # ts of the thread's first message; empty: in the channel itself
    delivery: str  # the same when Slack sends it again
    is_ours: bool  # written by a bot, or edited: nobody asks us anything by it


@dataclass(frozen=True, slots=True)
class Shortcut:
    """An entry of one of Slack's menus."""

    caller: Caller
    callback: str
    trigger: str
    channel: str = ""  # empty: a global one
    message: str = ""  # ts
    thread: str = ""  # ts of the first message of the thread that it is in
    text: str = ""  # of the message, as Slack marks it up
    author: str = ""  # Slack id of whoever wrote it
    author_name: str = ""  # of an app that wrote it under a name


@dataclass(frozen=True, slots=True)
class Opened:
    """Somebody opened one of the bot's tabs."""

    caller: Caller
    tab: str  # home or messages


def shortcut(body: Mapping[str, Any]) -> Shortcut:
    """A shortcut payload (global) or a message_action payload (on a message). Slack names no app in either."""
    try:
        message = body.get("message") or {}
        who = sender(body)
        return Shortcut(
            caller=Caller(who.user, who.team, who.app or None),
            callback=_text(body["callback_id"]),
            trigger=_text(body["trigger_id"]),
            channel=_text((body.get("channel") or {}).get("id", "")),
            message=_text(message.get("ts") or body.get("message_ts") or ""),
            thread=_text(message.get("thread_ts", "")),
            text=_text(message.get("text") or ""),
            author=_text(message.get("user") or ""),
            author_name=_text(message.get("username") or ""),
        )
    except (KeyError, AttributeError, TypeError) as wrong:
        raise Malformed(f"a shortcut that is not one: {wrong!r}") from None


def mention(body: Mapping[str, Any]) -> Mention:
    """An event_callback of an app_mention."""
    try:
        event = body["event"]
        return Mention(
            caller=_author(body),
            text=_text(event["text"]),
            channel=_text(event["channel"]),
            thread=_text(event.get("thread_ts") or ""),
            delivery=_text(body["event_id"]),
            is_ours=any(event.get(mark) for mark in ("bot_id", "edited", "subtype")),
        )
    except (KeyError, AttributeError, TypeError) as wrong:
        raise Malformed(f"a mention that is not one: {wrong!r}") from None


def opened(body: Mapping[str, Any]) -> Opened:
    """An event_callback of an app_home_opened."""
    try:
        return Opened(_author(body), _text(body["event"].get("tab", "home")))
    except (KeyError, AttributeError, TypeError) as wrong:
        raise Malformed(f"an opened tab that is none: {wrong!r}") from None


def channel(body: Mapping[str, Any]) -> str:
    """The channel that an event_callback is about: its id."""
    try:
        return _text(body["event"]["channel"])
    except (KeyError, AttributeError, TypeError) as wrong:
        raise Malformed(f"an event about no channel: {wrong!r}") from None


def _author(body: Mapping[str, Any]) -> Caller:
    """Who an event is by; somebody of another workspace in a shared channel is named with their own."""
    event = body["event"]
    team = event.get("user_team") or event.get("team") or body.get("team_id") or ""
    return Caller(_text(event.get("user") or ""), _text(team), _text(body.get("api_app_id") or ""))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} where Slack sends text")
    return value
