"""The inputs of forms. The action's id is the input's name; so is the block's, unless what it offers depends on
another input: then Slack has to forget what was chosen when that one changes, and it goes by both ids."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from blocks.pieces import plain
from blocks.rendition import Block, Blocks
from blocks.text import raw

_MOST_REASON = 3_000
_MOST_VALUE = (
    150  # characters of an option, a name of the longest kind within; of the text beside it Slack takes 75
)
NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose, with a line below it."""

    value: str
    text: str = ""  # empty: the value
    below: str = ""


def line(
    name: str,
    label: str,
    initial: str,
    example: str,
    hint: str = "",
    *,
    least: int = 0,
    optional: bool = False,
    block: str = "",
    begins: bool = False,
) -> Block:
    """A line of text; `least` characters are asked for before the form can be sent. One that `begins` has the focus."""
    element: Block = {"type": "plain_text_input", "action_id": name, "max_length": _MOST_REASON}
    element |= {"initial_value": initial[:_MOST_REASON]} if initial else {}
    element |= {"placeholder": plain(example, 150)} if example else {}
    element |= {"min_length": least} if least else {}
    element |= {"focus_on_load": True} if begins else {}
    return _input(name, label, element, hint=hint, optional=optional, block=block)


def paragraph(
    name: str,
    label: str,
    initial: str,
    example: str,
    hint: str,
    *,
    most: int,
    least: int = 0,
    optional: bool = False,
) -> Block:
    """Several lines of text, at most so many characters."""
    made = line(name, label, initial[:most], example, hint, least=least, optional=optional)
    return made | {"element": _as_block(made["element"]) | {"multiline": True, "max_length": most}}


def _as_block(element: object) -> Block:
    return dict(element) if isinstance(element, dict) else {}


def choice(
    name: str,
    label: str,
    options: Sequence[str],
    chosen: str,
    *,
    acts: bool = False,
    below: Mapping[str, str] = NOTHING,
    block: str = "",
) -> Block:
    """One of some names, each with a line `below` it: radio buttons for a few, a list for more.

    With none, or more than a list takes, it is a search.
    """
    usable = offerable(options)
    if not usable or len(usable) > 100:
        return search(name, label, Option(chosen) if chosen else None, "", acts=acts, block=block)
    named = [Option(one, below=below.get(one, "")) for one in usable]
    return pick(name, label, named, chosen, acts=acts, block=block)


def pick(
    name: str, label: str, options: Sequence[Option], chosen: str, *, acts: bool = False, block: str = ""
) -> Block:
    """One of a hundred options at most, each offerable and of its own value: radio buttons for a few, else a list."""
    offered = {one.value: option(one) for one in options}
    kind = "radio_buttons" if len(offered) <= 4 else "static_select"
    element: Block = {"type": kind, "action_id": name, "options": list(offered.values())}
    element |= {"initial_option": offered[chosen]} if chosen in offered else {}
    return _input(name, label, element, acts=acts, block=block)


def search(
    name: str,
    label: str,
    chosen: Option | None,
    hint: str,
    *,
    acts: bool = False,
    block: str = "",
    example: str = "",
) -> Block:
    """One of very many: what is offered is asked for while somebody types, from the first letter on."""
    element: Block = {"type": "external_select", "action_id": name, "min_query_length": 0}
    element |= {"initial_option": option(chosen)} if chosen and is_offerable(chosen.value) else {}
    element |= {"placeholder": plain(example, 150)} if example else {}
    return _input(name, label, element, hint=hint, acts=acts, block=block)


def checks(name: str, label: str, options: Sequence[str], *, block: str = "", hint: str = "") -> Block:
    """Some of a few names, at least one of them offerable; none is chosen by default."""
    offered = [option(Option(one)) for one in offerable(options)[:10]]
    element: Block = {"type": "checkboxes", "action_id": name, "options": offered}
    return _input(name, label, element, hint=hint, optional=True, block=block)


def offerable(options: Sequence[str]) -> list[str]:
    """The names that can be an option, each once: Slack takes no empty ones and none past 150 characters."""
    return [one for one in dict.fromkeys(options) if is_offerable(one)]


def is_offerable(value: str) -> bool:
    """Whether a name can be an option."""
    return 0 < len(value) <= _MOST_VALUE


def option(one: Option) -> Block:
    """One option as Slack takes it; its words are plain text."""
    shown: Block = {"text": plain(one.text or raw(one.value, 75), 75), "value": one.value}
    return shown | ({"description": plain(one.below, 75)} if one.below else {})


def found(groups: Mapping[str, Sequence[Option]]) -> Mapping[str, Blocks]:
    """What a search answers: its options below their headings, or in one list when there is no heading."""
    usable = {
        label: [option(one) for one in ones if is_offerable(one.value)] for label, ones in groups.items()
    }
    there = {label: ones for label, ones in usable.items() if ones}
    if set(there) <= {""}:
        return {"options": there.get("", [])}
    return {"option_groups": [{"label": plain(label, 75), "options": ones} for label, ones in there.items()]}


def _input(
    name: str,
    label: str,
    element: Block,
    *,
    hint: str = "",
    optional: bool = False,
    acts: bool = False,
    block: str = "",
) -> Block:
    made: Block = {
        "type": "input",
        "block_id": block or name,
        "label": plain(label, 100),
        "element": element,
    }
    made |= {"hint": plain(hint, 200)} if hint else {}
    made |= {"optional": True} if optional else {}
    return made | ({"dispatch_action": True} if acts else {})
