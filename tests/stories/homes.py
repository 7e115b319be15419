"""Verbs for stories about Homes: who opens theirs, what stands there, and how often it was published."""

from typing import Any

from bot.playground.control.clicks import plain_words
from bot.playground.slack.raw import Element, elements_in
from bot.playground.slack.state import View
from bot.playground.world import Request
from tests.stories.said import plain
from tests.stories.story import Answer, Somebody, Story


async def opens_home(person: Somebody) -> Answer:
    """Open Home, and wait until it is there."""
    before = len(published(person.story, person))
    answer = await person.story.play("home", {"as": person.name})
    await person.story.sees(
        lambda: len(published(person.story, person)) > before, f"the Home of {person.name}"
    )
    return answer


def published(story: Story, person: Somebody | None = None) -> list[Request]:
    """Every time that Slack took a Home, of one person or of anybody."""
    asked = [one for one in story.asked("slack", "views.publish") if one.status == 200]
    slack = story.world.people[person.name].slack if person else None
    return [one for one in asked if slack is None or _body(one).get("user_id") == slack]


def home_of(person: Somebody) -> View:
    """Somebody's Home as Slack shows it."""
    slack = person.story.playground.slack.workspace
    return slack.homes[slack.world.people[person.name].slack]


def home_words(person: Somebody) -> str:
    """Everything that can be read on a Home, a line for each text."""
    found: list[str] = []
    _collect(home_of(person).body["blocks"], found)
    return plain("\n".join(found))


def buttons_of(person: Somebody) -> list[str]:
    """The words of every button on a Home."""
    return [one.words for one in elements_in(home_of(person).body["blocks"])]


async def presses_on_home(person: Somebody, words: str) -> Answer:
    """Press a button of one's Home."""
    found = _button(person, words)
    pressed: dict[str, Any] = {"as": person.name, "view": home_of(person).id, "action_id": found.action_id}
    pressed |= {"block_id": found.block_id, "confirm": True}
    return await person.story.meanwhile(person.story.play("click", pressed))


def _button(person: Somebody, words: str) -> Element:
    there = elements_in(home_of(person).body["blocks"])
    return next(one for one in there if plain_words(one.words) == words.lower())


def _body(request: Request) -> dict[str, Any]:
    return request.body if isinstance(request.body, dict) else {}


def _collect(block: object, found: list[str]) -> None:
    if isinstance(block, list):
        for one in block:
            _collect(one, found)
    elif isinstance(block, dict):
        text = block.get("text")
        if isinstance(text, str):
            found.append(text)
        for one in block.values():
            _collect(one, found)
