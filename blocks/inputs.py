"""The inputs of forms, each with one name for its block and its action."""

from collections.abc import Sequence

from blocks.pieces import plain
from blocks.rendition import Block
from blocks.text import raw

_MOST_REASON = 3_000


def line(
    name: str,
    label: str,
    initial: str,
    example: str,
    hint: str = "",
    *,
    least: int = 0,
    optional: bool = False,
) -> Block:
    """A line of text; `least` characters are asked for before the form can be sent."""
    element: Block = {"type": "plain_text_input", "action_id": name, "max_length": _MOST_REASON}
    element |= {"initial_value": initial[:_MOST_REASON]} if initial else {}
    element |= {"placeholder": plain(example, 150)} if example else {}
    element |= {"min_length": least} if least else {}
    return _input(name, label, element, hint=hint, optional=optional)


def choice(name: str, label: str, options: Sequence[str], chosen: str, *, acts: bool = False) -> Block:
    """One of some names: radio buttons for a few, a list for more, a search for very many or none known."""
    usable = offerable(options)
    offered = [_option(option) for option in usable]
    initial = {"initial_option": _option(chosen)} if chosen in usable else {}
    kind: Block
    if not offered or len(offered) > 100:
        initial = {"initial_option": _option(chosen)} if chosen and len(chosen) <= 75 else {}
        kind = {"type": "external_select", "min_query_length": 0}
    elif len(offered) <= 4 and not acts:
        kind = {"type": "radio_buttons", "options": offered}
    else:
        kind = {"type": "static_select", "options": offered}
    return _input(name, label, {**kind, "action_id": name, **initial}, acts=acts)


def checks(name: str, label: str, options: Sequence[str]) -> Block:
    """Some of a few names, at least one of them offerable; none is chosen by default."""
    offered = [_option(option) for option in offerable(options)[:10]]
    element: Block = {"type": "checkboxes", "action_id": name, "options": offered}
    return _input(name, label, element, optional=True)


def offerable(options: Sequence[str]) -> list[str]:
    """The names that can be an option, each once: Slack takes no empty ones and none past 75 characters."""
    return [option for option in dict.fromkeys(options) if option and len(option) <= 75]


def _option(value: str) -> Block:
    return {"text": plain(raw(value, 75), 75), "value": value}


def _input(
    name: str, label: str, element: Block, *, hint: str = "", optional: bool = False, acts: bool = False
) -> Block:
    block: Block = {"type": "input", "block_id": name, "label": plain(label, 100), "element": element}
    block |= {"hint": plain(hint, 200)} if hint else {}
    block |= {"optional": True} if optional else {}
    return block | ({"dispatch_action": True} if acts else {})
