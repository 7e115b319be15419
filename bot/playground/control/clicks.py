"""Finding the button that a person means: on the newest message, modal or home of a promotion."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.playground.control.words import BadCall, maybe_word, word
from bot.playground.slack.raw import BUTTONS, Element, Raw, SlackError, elements_in
from bot.playground.slack.state import Channel, Message, View, Workspace
from bot.playground.world import Person

_EMOJI = re.compile(r":[a-z0-9_+-]+:")


@dataclass(frozen=True, slots=True)
class Spot:
    """An interactive element and the message or view that it stands on."""

    place: Message | View
    found: Element


def promotion_of_message(message: Message) -> str | None:
    """The promotion that a message is about: its metadata says so, else its first button that names one."""
    payload = (message.metadata or {}).get("event_payload", {})
    if payload.get("promotion"):
        return str(payload["promotion"])
    ids = (promotion_of_button(found.element) for found in elements_in(message.blocks))
    return next((promotion for promotion in ids if promotion), None)


def promotion_of_button(element: Raw) -> str | None:
    """The promotion whose id a button's value carries as JSON, if it does."""
    try:
        value = json.loads(element.get("value") or "null")
    except ValueError:
        return None
    return str(value["id"]) if isinstance(value, dict) and value.get("id") else None


def buttons_of(
    workspace: Workspace, person: Person, promotion: str | None, channel: str | None
) -> list[Spot]:
    """The buttons that this person can press now, open modals first, then the newest message."""
    return [
        Spot(place, found)
        for place in _places(workspace, person, channel)
        for found in elements_in(_blocks(place))
        if found.type in BUTTONS and (promotion is None or _is_about(place, found, promotion))
    ]


def named_button(spots: list[Spot], words: str) -> Spot | None:
    """The newest place's button with these words; emoji do not count, and the beginning is enough."""
    wanted = plain_words(words)
    fitting = [spot for spot in spots if plain_words(spot.found.words).startswith(wanted)]
    if not fitting:
        return None
    here = [spot for spot in fitting if spot.place is fitting[0].place]
    return next((spot for spot in here if plain_words(spot.found.words) == wanted), here[0])


def plain_words(text: str) -> str:
    """A button's words without emoji, in small letters."""
    return " ".join(_EMOJI.sub(" ", text).lower().split())


def exact_spot(workspace: Workspace, person: Person, body: Raw) -> Spot:
    """The element that a call names by message or view, action_id and, where needed, block_id and value."""
    place = _named_place(workspace, person, body)
    wanted = word(body, "action_id")
    found = [e for e in elements_in(_blocks(place)) if e.action_id == wanted]
    if body.get("block_id"):
        found = [e for e in found if e.block_id == body["block_id"]]
    same_value = [e for e in found if e.type in BUTTONS and e.element.get("value") == body.get("value")]
    if not found:
        raise BadCall(f'Nothing here has the action_id "{wanted}".')
    return Spot(place, (same_value or found)[0])


def _named_place(workspace: Workspace, person: Person, body: Raw) -> Message | View:
    if body.get("view"):
        return own_view(workspace, person, word(body, "view"))
    ts = word(body, "message")
    private = [message for message in workspace.private.get(person.slack, []) if message.ts == ts]
    if private:
        return private[0]
    channel = maybe_word(body, "channel")
    rooms = [room(workspace, channel)] if channel else list(workspace.channels.values())
    for one in rooms:
        if ts in one.messages:
            return one.messages[ts]
    raise BadCall(f"There is no message {ts} for {person.name}.")


def own_view(workspace: Workspace, person: Person, view_id: str) -> View:
    """An open view of this person. Raises BadCall when there is none with this id."""
    try:
        view = workspace.view(view_id)
    except SlackError:
        raise BadCall(f"There is no open view {view_id}.") from None
    if view.person != person.slack:
        raise BadCall(f"The view {view_id} is not on {person.name}'s screen.")
    return view


def room(workspace: Workspace, name: str) -> Channel:
    """A channel by name or id. Raises BadCall when there is none."""
    try:
        return workspace.channel(name)
    except SlackError:
        raise BadCall(f"There is no channel {name}.") from None


def _places(workspace: Workspace, person: Person, channel: str | None) -> Iterator[Message | View]:
    if channel is None:
        view = workspace.view_of(person.slack)
        if view is not None:
            yield view
    messages = list(workspace.private.get(person.slack, []))
    for one in workspace.channels.values():
        if one.direct_with in (None, person.slack):
            messages += one.messages.values()
    if channel is not None:
        wanted = room(workspace, channel).id
        messages = [message for message in messages if message.channel == wanted]
    yield from sorted(messages, key=lambda message: message.ts, reverse=True)
    if channel is None and person.slack in workspace.homes:
        yield workspace.homes[person.slack]


def _blocks(place: Message | View) -> object:
    return place.blocks if isinstance(place, Message) else place.body.get("blocks")


def _is_about(place: Message | View, found: Element, promotion: str) -> bool:
    own = promotion_of_button(found.element)
    if own is not None:
        return own == promotion
    if isinstance(place, Message):
        return promotion_of_message(place) == promotion
    return promotion in str(place.body.get("private_metadata", ""))
