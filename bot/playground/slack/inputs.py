"""The state of a view's inputs: what was typed or chosen, or what the app gave as the start."""

from bot.playground.slack.raw import INPUTS, Element, Raw, elements_in
from bot.playground.slack.state import View


def inputs_of(view: View) -> list[Element]:
    """The elements of a view that hold a value, in reading order."""
    return [found for found in elements_in(view.body.get("blocks")) if found.type in INPUTS]


def values_of(view: View) -> dict[str, dict[str, Raw]]:
    """`view.state.values` as Slack sends it: every input, also the untouched ones."""
    values: dict[str, dict[str, Raw]] = {}
    for found in inputs_of(view):
        kept = view.values.get(found.block_id, {}).get(found.action_id)
        values.setdefault(found.block_id, {})[found.action_id] = kept or untouched(found)
    return values


def untouched(found: Element) -> Raw:
    """The state of an input that nobody touched."""
    key, initial = INPUTS[found.type]
    empty: list[Raw] | None = [] if key in ("selected_options", "selected_users") else None
    return {"type": found.type, key: found.element.get(initial, empty)}


def keep(view: View, found: Element, value: object) -> None:
    """Remember what a person typed or chose in one input."""
    key, _ = INPUTS[found.type]
    view.values.setdefault(found.block_id, {})[found.action_id] = {"type": found.type, key: value}


def forget_gone_inputs(view: View) -> None:
    """Drop the values of inputs that an update took away; Slack matches them by both ids."""
    there = {(found.block_id, found.action_id, found.type) for found in inputs_of(view)}
    view.values = {
        block: kept
        for block, values in view.values.items()
        if (kept := {a: v for a, v in values.items() if (block, a, v["type"]) in there})
    }


def incomplete(view: View) -> dict[str, str]:
    """What Slack itself says below inputs before it sends anything: block id -> sentence."""
    errors: dict[str, str] = {}
    values = values_of(view)
    for block in view.body.get("blocks", []):
        if block.get("type") == "input":
            sentence = _judge_input(block, values)
            if sentence:
                errors[block["block_id"]] = sentence
    return errors


def _judge_input(block: Raw, values: dict[str, dict[str, Raw]]) -> str | None:
    element = block["element"]
    state = values[block["block_id"]][element["action_id"]]
    value = state[INPUTS[element["type"]][0]]
    if value in (None, "", []):
        return None if block.get("optional") else "Please complete this required field."
    if element["type"] != "plain_text_input":
        return None
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if len(value) < least:
        return f"Please use at least {least} characters."
    return None if len(value) <= most else f"Please use at most {most} characters."
