"""The shortcuts of Slack's menus: which there are, and what each is used on."""

from bot.entrances import GLOBAL_SHORTCUTS, MESSAGE_SHORTCUTS
from bot.playground.control.clicks import room
from bot.playground.control.words import BadCall, mapping, word
from bot.playground.slack.raw import Raw
from bot.playground.slack.state import Message, Workspace
from bot.playground.world import Person


def shortcut_message(workspace: Workspace, person: Person, callback: str, place: object) -> Message | None:
    """The message that a message shortcut is used on, None for a global one. Raises BadCall when they do not fit."""
    if any(one.callback == callback for one in GLOBAL_SHORTCUTS):
        if place is not None:
            raise BadCall(f"{callback} is a global shortcut; it is not used on a message.")
        return None
    if all(one.callback != callback for one in MESSAGE_SHORTCUTS):
        there = ", ".join(one.callback for one in (*GLOBAL_SHORTCUTS, *MESSAGE_SHORTCUTS))
        raise BadCall(f"There is no shortcut {callback}; there are {there}.")
    return _message_at(workspace, person, mapping(place, "message"))


def _message_at(workspace: Workspace, person: Person, place: Raw) -> Message:
    name, ts = word(place, "channel"), word(place, "ts")
    message = room(workspace, person.slack if name == "greenlight" else name).messages.get(ts)
    if message is None:
        raise BadCall(f"There is no message {ts} in {name}.")
    return message
