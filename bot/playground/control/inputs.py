"""From the plain values of a script to what Slack keeps for each kind of input."""

from collections.abc import Iterable

from bot.playground.control.words import BadCall
from bot.playground.slack.inputs import inputs_of, values_of
from bot.playground.slack.people import People
from bot.playground.slack.raw import INPUTS, Element, Raw
from bot.playground.slack.state import View
from bot.playground.world import Person


class NoSuchInput(Exception):
    """The view has no input with this name."""


async def fill(people: People, person: Person, view: View, found: Element, plain: object) -> bool:
    """Put a plain value into an input as the person would; whether that changed it."""
    value = await chosen(people, person, view, found, plain)
    key, _ = INPUTS[found.type]
    if values_of(view)[found.block_id][found.action_id][key] == value:
        return False
    await people.choose(person, view, found, value)
    return True


def input_named(view: View, name: str) -> Element:
    """The input with this block_id, action_id or label. Raises NoSuchInput."""
    wanted = name.strip().lower()
    there = inputs_of(view)
    for names in (_block_id, _action_id, label_of):
        for found in there:
            if names(found).strip().lower() == wanted:
                return found
    raise NoSuchInput(name)


def described(view: View) -> list[Raw]:
    """What a view asks for, for someone who guessed a name wrong."""
    return [
        {
            "block_id": found.block_id,
            "action_id": found.action_id,
            "label": label_of(found),
            "type": found.type,
            "options": [option["value"] for option in offered(found)],
        }
        for found in inputs_of(view)
    ]


def label_of(found: Element) -> str:
    """The words above an input."""
    words = found.block.get("label") or found.element.get("placeholder") or found.block.get("text") or {}
    return str(words.get("text", "")).strip("*: ")


def offered(found: Element) -> list[Raw]:
    """The options that an element carries itself."""
    grouped = [option for group in found.element.get("option_groups", []) for option in group["options"]]
    return list(found.element.get("options") or grouped)


async def chosen(people: People, person: Person, view: View | None, found: Element, plain: object) -> object:
    """The value as Slack keeps it for this kind of input. Raises BadCall when it does not offer that."""
    if plain in (None, "", []):
        return [] if found.type in ("checkboxes",) or found.type.startswith("multi_") else None
    if "users" in found.type:
        return _users(people, found, plain)
    if INPUTS[found.type][0] in ("selected_option", "selected_options"):
        return await _options(people, person, view, found, plain)
    return plain if found.type == "datetimepicker" else str(plain)


async def _options(
    people: People, person: Person, view: View | None, found: Element, plain: object
) -> object:
    wanted = plain if isinstance(plain, list) else [plain]
    options = offered(found)
    picked = []
    for one in wanted:
        name = str(one.get("value")) if isinstance(one, dict) else str(one)
        if view is not None and "external" in found.type:
            options = await people.options(person, view, found, name)
        picked.append(_option(options, name, label_of(found)))
    return picked if INPUTS[found.type][0] == "selected_options" else picked[0]


def _option(options: Iterable[Raw], name: str, label: str) -> Raw:
    for option in options:
        if name.lower() in (str(option["value"]).lower(), str(option["text"]["text"]).lower()):
            return option
    for option in options:
        if str(option["text"]["text"]).lower().startswith(name.lower()):
            return option
    there = ", ".join(str(option["value"]) for option in options) or "nothing"
    raise BadCall(f'"{label}" does not offer "{name}"; it offers {there}.')


def _users(people: People, found: Element, plain: object) -> object:
    ids = [people.slack_id(str(name)) for name in (plain if isinstance(plain, list) else [plain])]
    return ids if found.type.startswith("multi_") else ids[0]


def _block_id(found: Element) -> str:
    return found.block_id


def _action_id(found: Element) -> str:
    return found.action_id
