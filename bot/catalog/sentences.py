"""Turns what pydantic says of a tree into sentences that a person can act on."""

from collections.abc import Mapping
from types import UnionType
from typing import Annotated, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from bot.catalog.problems import KeyPath, Problem, dotted, shown
from bot.catalog.tree import Tree
from bot.domain.nearest import nearest

LISTS = {"list_type": "a list such as [a, b]", "tuple_type": "a list such as [a, b]"}
KINDS = {
    "string_type": "text",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "dict_type": "a mapping, with keys of its own",
    "model_type": "a mapping, with keys of its own",
    "model_attributes_type": "a mapping, with keys of its own",
    **LISTS,
}
BOUNDS = {
    "greater_than_equal": "{ge} or more",
    "less_than_equal": "{le} or less",
    "greater_than": "more than {gt}",
}


def problems_of(error: ValidationError, model: type[BaseModel], tree: Tree) -> tuple[Problem, ...]:
    """One problem per mistake, at its line."""
    return tuple(_problem(detail, model, tree) for detail in error.errors(include_url=False))


def unknown_keys(error: ValidationError, model: type[BaseModel]) -> tuple[KeyPath, ...] | None:
    """The paths of unknown keys when nothing else is wrong, so that the rest can be checked without them."""
    details = error.errors(include_url=False)
    if any(detail["type"] != "extra_forbidden" for detail in details):
        return None
    return tuple(_walk(model, detail["loc"])[0] for detail in details)


def _problem(detail: ErrorDetails, model: type[BaseModel], tree: Tree) -> Problem:
    path, _ = _walk(model, detail["loc"])
    return tree.problem(path, _sentence(detail, path, model))


def _sentence(detail: ErrorDetails, path: KeyPath, model: type[BaseModel]) -> str:
    context: Mapping[str, object] = detail.get("ctx", {})
    got = shown(detail["input"])
    where = f"`{dotted(path)}`"
    match detail["type"]:
        case "catalog":
            return f"{where} {context['sentence']}"
        case "extra_forbidden":
            return _unknown_key(path, detail["loc"], model)
        case "missing":
            return f"{where} is missing: write {_description(detail['loc'], model)}."
        case "literal_error":
            return _unknown_word(where, detail["input"], _words(context))
        case "union_tag_invalid":
            return _unknown_gate(where, path, detail["input"], _words(context, "expected_tags"))
        case "too_short":
            return f"{where} is empty: it needs at least one entry."
        case kind if kind in KINDS:
            return f"{where} must be {KINDS[kind]}, got {got}."
        case kind if kind in BOUNDS:
            return f"{where} must be {BOUNDS[kind].format_map(dict(context))}, got {got}."
        case _:
            return f"{where} cannot be {got}: {detail['msg']}."


def _unknown_key(path: KeyPath, loc: KeyPath, model: type[BaseModel]) -> str:
    known = sorted(_keys(_walk(model, loc[:-1])[1]))
    like = nearest(str(path[-1]), known)
    hint = f"did you mean `{like}`?" if like else f"known keys are {', '.join(known)}."
    return f"`{dotted(path)}` is not a key that I know: {hint}"


def _unknown_word(where: str, value: object, words: tuple[str, ...]) -> str:
    like = nearest(value, words) if isinstance(value, str) else None
    hint = f" Did you mean {like}?" if like else ""
    return f"{where} must be one of {', '.join(words)}, got {shown(value)}.{hint}"


def _unknown_gate(where: str, path: KeyPath, body: object, kinds: tuple[str, ...]) -> str:
    kind = body.get("use") if isinstance(body, dict) else None
    like = nearest(kind, kinds) if isinstance(kind, str) else None
    hint = f"did you mean {like}?" if like else f"kinds are {', '.join(kinds)}."
    if kind == path[-1]:
        return f"{where} is not a kind of gate: {hint} A gate with a name of its own says `use`."
    return f"{where} uses {shown(kind)}, which is not a kind of gate: {hint}"


def _words(context: Mapping[str, object], key: str = "expected") -> tuple[str, ...]:
    listed = str(context.get(key, "")).replace(" or ", ", ")
    return tuple(word.strip().strip("'") for word in listed.split(",") if word.strip())


def _description(loc: KeyPath, model: type[BaseModel]) -> str:
    parent = _walk(model, loc[:-1])[1]
    field = _fields(parent).get(str(loc[-1]))
    return field.description or "it" if field else "it"


def _keys(annotation: object) -> tuple[str, ...]:
    return tuple(_fields(annotation))


def _fields(annotation: object) -> Mapping[str, FieldInfo]:
    found = _model(annotation)
    return {field.alias or name: field for name, field in found.model_fields.items()} if found else {}


def _walk(model: type[BaseModel], loc: KeyPath) -> tuple[KeyPath, object]:
    """The path as the file has it, without pydantic's own marks, and the type that stands there."""
    path: KeyPath = ()
    here: object = model
    for part in loc:
        tagged = _tagged(here, part)
        if tagged is not None:
            here = tagged
        elif part != "[key]":
            here = _inside(here, part)
            path = (*path, part)
    return path, here


def _tagged(annotation: object, tag: str | int) -> type[BaseModel] | None:
    """The member of a union of gates whose `use` is the tag."""
    members = [member for member in map(_model, _members(annotation)) if member is not None]
    if len(members) < 2:
        return None
    return next(
        (member for member in members if get_args(member.model_fields["use"].annotation) == (tag,)), None
    )


def _inside(annotation: object, part: str | int) -> object:
    """The type of one key or item of a type."""
    bare = _bare(annotation)
    if _model(bare):
        field = _fields(bare).get(str(part))
        return field.annotation if field else None
    arguments = get_args(bare)
    return arguments[-1] if get_origin(bare) in (dict, list) else None


def _model(annotation: object) -> type[BaseModel] | None:
    bare = _bare(annotation)
    return bare if isinstance(bare, type) and issubclass(bare, BaseModel) else None


def _bare(annotation: object) -> object:
    """A type without its annotations and without None."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    others = _members(annotation)
    return _bare(others[0]) if len(others) == 1 and others[0] is not annotation else annotation


def _members(annotation: object) -> tuple[object, ...]:
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) not in (Union, UnionType):
        return (annotation,)
    return tuple(member for member in get_args(annotation) if member is not type(None))
