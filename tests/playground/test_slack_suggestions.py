"""Searches of the simulated Slack: what the app is told, and which answers it takes."""

import json

import pytest

from bot.playground.slack import payloads, views
from bot.playground.slack.blocks import judge_view
from bot.playground.slack.elements import judge_suggestions
from bot.playground.slack.inputs import inputs_of, keep, values_of
from bot.playground.slack.raw import Raw
from tests.playground.practice_app import plain
from tests.playground.stage import Stage

OPTION: Raw = {"text": plain("v2.14.3"), "value": "v2.14.3"}


def modal(block: str, **more: object) -> Raw:
    """A modal with one search in it."""
    element = {"type": "external_select", "action_id": "version", "min_query_length": 0, **more}
    asked = {"type": "input", "block_id": block, "label": plain("Version"), "element": element}
    return {"type": "modal", "title": plain("Promote"), "submit": plain("Request"), "blocks": [asked]}


def opened(stage: Stage, view: Raw) -> Raw:
    """Open a modal for Ana."""
    answer = views.open_view(stage.slack.workspace, {"trigger_id": stage.trigger(), "view": view})
    return dict(answer["view"])


async def test_a_search_is_told_the_view_and_nothing_that_was_chosen(stage: Stage) -> None:
    """As in Slack: the block's id is all that tells one search from another."""
    workspace = stage.slack.workspace
    view = workspace.view(opened(stage, modal("version@checkout", initial_option=OPTION))["id"])
    (found,) = inputs_of(view)
    asked = payloads.suggestion(workspace, view, found, "v2")

    assert asked["view"]["state"] == {"values": {}}
    assert "state" not in asked
    assert (asked["action_id"], asked["block_id"], asked["value"]) == ("version", "version@checkout", "v2")
    json.dumps(asked)


async def test_what_was_chosen_stays_while_block_and_action_stay(stage: Stage) -> None:
    """An update with the same ids keeps the choice, whatever it fills in; another block starts anew."""
    workspace = stage.slack.workspace
    view = workspace.view(opened(stage, modal("version@checkout"))["id"])
    keep(view, inputs_of(view)[0], {"text": plain("v1"), "value": "v1"})
    update = {"view_id": view.id, "hash": view.hash}
    views.update_view(workspace, update | {"view": modal("version@checkout", initial_option=OPTION)})
    kept = values_of(view)["version@checkout"]["version"]["selected_option"]
    update = {"view_id": view.id, "hash": view.hash}
    views.update_view(workspace, update | {"view": modal("version@inventory", initial_option=OPTION)})

    assert kept["value"] == "v1"
    assert values_of(view) == {
        "version@inventory": {"version": {"type": "external_select", "selected_option": OPTION}}
    }


@pytest.mark.parametrize(
    "answer",
    [
        {"options": []},
        {"options": [OPTION]},
        {"options": [OPTION | {"description": plain("in staging")}]},
        {"option_groups": [{"label": plain("Tags"), "options": [OPTION]}]},
    ],
)
def test_answers_that_slack_shows(answer: Raw) -> None:
    """Options, options in groups, and none at all."""
    assert judge_suggestions(answer) == []


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"options": [OPTION], "option_groups": []},
        {"options": [OPTION] * 101},
        {"options": [OPTION | {"text": plain("x" * 76)}]},
        {"options": [OPTION | {"description": plain("x" * 76)}]},
        {"options": [OPTION | {"value": "x" * 151}]},
        {"options": [OPTION | {"hint": "no such field"}]},
        {"option_groups": [{"options": [OPTION]}]},
        {"option_groups": [{"label": plain("Tags"), "options": []}]},
    ],
)
def test_answers_that_slack_does_not_show(answer: Raw) -> None:
    """Too many, too long, unknown fields, a group without a heading or without options."""
    assert judge_suggestions(answer)


@pytest.mark.parametrize(
    "more", [{"options": [OPTION]}, {"min_query_length": -1}, {"initial_option": {"text": plain("v1")}}]
)
def test_a_search_is_judged_in_its_modal(more: Raw) -> None:
    """A search that brings its own options, a length below none, a first option without a value."""
    assert judge_view(modal("version", **more))
    assert judge_view(modal("version", initial_option=OPTION)) == []
