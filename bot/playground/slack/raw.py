"""Raw JSON of Slack's protocol: walking blocks and reading call arguments.

The simulator speaks the vendor's JSON, so its blocks, views and payloads stay plain objects; this is the
one alias that says so, and the few functions that know how elements hide inside blocks.
"""

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Raw = dict[str, Any]  # one JSON object, as Slack sends or receives it

BUTTONS = {"button", "workflow_button", "icon_button"}
INPUTS = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}  # type of element -> where its state keeps the value, where its initial value stands
INTERACTIVE = BUTTONS | set(INPUTS) | {"overflow", "feedback_buttons"}


class SlackError(Exception):
    """What Slack answers with `"ok": false`: the error's name and the fields beside it."""

    def __init__(self, code: str, **beside: object) -> None:
        super().__init__(code)
        self.code = code
        self.beside = beside


@dataclass(frozen=True, slots=True)
class Element:
    """An interactive element and the block around it."""

    block: Raw
    element: Raw

    @property
    def type(self) -> str:
        """The element's Block Kit type."""
        return str(self.element["type"])

    @property
    def block_id(self) -> str:
        """The id of the block around it."""
        return str(self.block["block_id"])

    @property
    def action_id(self) -> str:
        """The element's own id."""
        return str(self.element["action_id"])

    @property
    def words(self) -> str:
        """What is written on a button, empty for everything else."""
        text = self.element.get("text")
        return str(text.get("text", "")) if isinstance(text, dict) else ""


def elements_in(blocks: object) -> Iterator[Element]:
    """Every interactive element of these blocks in reading order, also inside cards and containers."""
    yield from _walk(blocks, {})


def _walk(node: object, around: Raw) -> Iterator[Element]:
    if isinstance(node, list):
        for item in node:
            yield from _walk(item, around)
    elif isinstance(node, dict):
        if node.get("type") in INTERACTIVE:
            yield Element(around, node)
            return
        inside = node if "block_id" in node else around
        for value in node.values():
            yield from _walk(value, inside)


def named(blocks: list[Raw]) -> list[Raw]:
    """A copy in which each block and element has an id: Slack makes one up where the app sent none."""
    mine = copy.deepcopy(blocks)
    for place, block in enumerate(mine):
        _name_block(block, f"block-{place}")
    for place, found in enumerate(elements_in(mine)):
        found.element.setdefault("action_id", f"action-{place}")
    return mine


def _name_block(block: Raw, name: str) -> None:
    block.setdefault("block_id", name)
    for key in ("child_blocks", "elements"):
        for place, inner in enumerate(block.get(key) or []):
            if isinstance(inner, dict) and inner.get("type") in (
                "card",
                "section",
                "actions",
                "input",
                "context",
            ):
                _name_block(inner, f"{name}-{place}")


def text_argument(arguments: Raw, name: str) -> str:
    """A required text argument. Raises SlackError invalid_arguments when it is missing."""
    value = arguments.get(name)
    if not isinstance(value, str) or not value:
        message = f"[ERROR] missing required field: {name}"
        raise SlackError("invalid_arguments", response_metadata={"messages": [message]})
    return value


def flag_argument(arguments: Raw, name: str) -> bool:
    """Whether an argument was sent as true, in any of the spellings that clients use."""
    return str(arguments.get(name, "")).lower() in ("true", "1")


def number_argument(arguments: Raw, name: str, default: int) -> int:
    """A whole number, or the default. Raises SlackError invalid_limit for anything else."""
    value = str(arguments.get(name) or default)
    if not value.isdigit():
        raise SlackError("invalid_limit")
    return int(value)


def unfolded(fields: dict[str, str]) -> Raw:
    """Form fields with those that carry JSON as text (blocks, view, metadata) parsed."""
    arguments: Raw = dict(fields)
    for name in ("blocks", "view", "metadata", "attachments"):
        if isinstance(arguments.get(name), str):
            try:
                arguments[name] = json.loads(arguments[name])
            except ValueError:
                code = "invalid_blocks_format" if name == "blocks" else "invalid_arguments"
                raise SlackError(code) from None
    return arguments
