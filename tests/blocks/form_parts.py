"""What a form shows, read as a person reads it."""

from typing import Any

from blocks.rendition import View


def blocks_of(view: View) -> list[dict[str, Any]]:
    """The blocks of a view."""
    blocks = view["blocks"]
    assert isinstance(blocks, list)
    return blocks


def fields(view: View) -> list[tuple[str, str, str]]:
    """Each input: its block, its name, its kind."""
    inputs = [one for one in blocks_of(view) if one["type"] == "input"]
    return [(one["block_id"], one["element"]["action_id"], one["element"]["type"]) for one in inputs]


def said(view: View) -> list[str]:
    """What a form says between its inputs."""
    texts = [one["text"]["text"] for one in blocks_of(view) if one["type"] in ("alert", "section")]
    small = [part["text"] for one in blocks_of(view) if one["type"] == "context" for part in one["elements"]]
    return [*texts, *small]


def alerts(view: View) -> list[str]:
    """The warnings of a form."""
    return [f"{one['level']}: {one['text']['text']}" for one in blocks_of(view) if one["type"] == "alert"]


def radio(view: View, name: str) -> tuple[str, list[str]]:
    """What is chosen of one input, and all it offers, each with what stands below it."""
    element = next(
        one["element"] for one in blocks_of(view) if one.get("element", {}).get("action_id") == name
    )
    offered = [" · ".join([one["text"]["text"], *_below(one)]) for one in element["options"]]
    return element.get("initial_option", {}).get("value", ""), offered


def labels(view: View) -> list[str]:
    """The label of each input."""
    return [one["label"]["text"] for one in blocks_of(view) if one["type"] == "input"]


def _below(option: dict[str, Any]) -> list[str]:
    return [option["description"]["text"]] if "description" in option else []
