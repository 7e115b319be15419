"""Verbs for forms: what somebody has on the screen, what a search offers them, and what they choose."""

from typing import Any

from bot.playground.slack.inputs import values_of
from bot.playground.slack.raw import Element
from bot.playground.slack.state import View
from tests.stories.said import plain
from tests.stories.story import Answer, Somebody, Story

Offer = list[tuple[str, str]]


def on_screen(person: Somebody) -> View:
    """The form that lies open on somebody's screen."""
    story = person.story
    view = story.playground.slack.workspace.view_of(story.world.people[person.name].slack)
    assert view is not None, f"{person.name} has no form open"
    return view


async def opens(person: Somebody, line: str, channel: str = "deploys") -> View:
    """Type a line that opens a form, on whatever lies open already."""
    story = person.story
    workspace, slack_id = story.playground.slack.workspace, story.world.people[person.name].slack
    before = workspace.view_of(slack_id)
    await person.types(line, channel=channel)
    await story.sees(lambda: workspace.view_of(slack_id) not in (None, before), "the form")
    return on_screen(person)


def element(view: View, name: str) -> Element:
    """An input of a form by its name."""
    block = next(one for one in _inputs(view) if one["element"]["action_id"] == name)
    return Element(block, block["element"])


def names(view: View) -> list[str]:
    """The inputs of a form, in order."""
    return [one["element"]["action_id"] for one in _inputs(view)]


def holds(view: View) -> dict[str, Any]:
    """What each input would be sent with now: chosen, typed, or filled in from the start."""
    kept = values_of(view)
    return {name: _value(state) for inputs in kept.values() for name, state in inputs.items()}


def says(view: View) -> list[str]:
    """What a form says between its inputs: alerts with their level, then sections and small lines."""
    return [line for block in view.body["blocks"] for line in _said(block)]


def says_about(view: View, head: str) -> str:
    """What a form says after `*head:*`."""
    return next(line for line in says(view) if line.startswith(f"*{head}:*"))


async def knows_the_list(story: Story) -> None:
    """The tags of checkout were read in the background, and Ana's form tells what changes."""
    await story.sees(lambda: story.bot.candidates.known("acme/checkout").at, "the tags")
    await story.sees(lambda: "Checking" not in str(on_screen(story.ana).body), "the changes")


async def offers(person: Somebody, name: str, query: str = "") -> Offer:
    """What a search shows when somebody types into it."""
    view = on_screen(person)
    found = element(view, name)
    asked = {"as": person.name, "view": view.id, "action_id": name, "block_id": found.block_id}
    answer = await person.story.play("options", {**asked, "query": query})
    return [(one["text"]["text"], one.get("description", {}).get("text", "")) for one in answer["options"]]


async def picks(person: Somebody, name: str, value: str) -> Answer:
    """Choose something of a select or radio buttons, and see the form drawn again by it."""
    view = on_screen(person)
    shown, found = view.hash, element(view, name)
    place = {"as": person.name, "view": view.id, "action_id": name, "block_id": found.block_id}
    answer = await person.story.play("click", {**place, "value": value})
    await person.story.sees(lambda: view.hash != shown, f"the form after {name}")
    return answer


def forges(person: Somebody, name: str, value: str) -> None:
    """Put a value into an input that its app never offered."""
    view, slack = on_screen(person), person.story.playground.slack
    option = {"text": {"type": "plain_text", "text": value[:75]}, "value": value}
    slack.people.types(view, element(view, name), option)


def _inputs(view: View) -> list[dict[str, Any]]:
    return [block for block in view.body["blocks"] if block["type"] == "input"]


def _value(state: dict[str, Any]) -> Any:
    if "selected_options" in state:
        return [one["value"] for one in state["selected_options"] or []]
    chosen = state.get("selected_option")
    return chosen["value"] if chosen else state.get("value") or ""


def _said(block: dict[str, Any]) -> list[str]:
    match block["type"]:
        case "alert":
            return [f"{block['level']}: {block['text']['text']}"]
        case "section":
            return [plain(block["text"]["text"])]
        case "context":
            return [plain(one["text"]) for one in block["elements"]]
        case _:
            return []
