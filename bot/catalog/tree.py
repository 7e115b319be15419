"""Reads YAML as a tree whose every key knows its line, and refuses early what only an attack needs.

PyYAML's event stream is read one event at a time, so a bomb is refused before it is built. Plain scalars follow
YAML 1.2's core rules: in 1.1, `22:00` would be the number 79200 and `mode: off` a boolean.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import yaml

from bot.catalog.problems import CatalogError, KeyPath, Problem, ascii_line, dotted

Value = None | bool | int | float | str | list["Value"] | dict[str, "Value"]

MOST_BYTES = 1_000_000
DEEPEST = 30
MOST_ENTRIES = 5_000  # of one mapping or list
MOST_VALUES = 100_000  # keys count too
LONGEST_TEXT = 10_000
LONGEST_KEY = 200

INT = re.compile(r"-?(0|[1-9][0-9]{0,17})")
FLOAT = re.compile(r"-?(0|[1-9][0-9]{0,17})\.[0-9]{1,18}")
WORDS: Mapping[str, Value] = {"": None, "~": None, "null": None, "true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Tree:
    """A file's values and the line of each key and list item."""

    name: str
    root: dict[str, Value]
    lines: Mapping[KeyPath, int]
    problems: tuple[Problem, ...]  # duplicate keys: told together with what else is wrong

    def line(self, path: KeyPath) -> int:
        """The line of a path, or of the nearest thing around it that is written."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 0)

    def problem(self, path: KeyPath, sentence: str) -> Problem:
        """A problem at the line of a path."""
        return Problem(self.line(path), sentence)


class _Refused(Exception):
    """Something that ends the reading at once."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(sentence)
        self.problem = Problem(line, sentence)


def read_tree(raw: bytes, name: str) -> Tree:
    """The tree of a file's bytes; raises CatalogError with one problem when it cannot be read at all."""
    try:
        return _Reader(_text(raw), name).tree()
    except _Refused as refused:
        raise CatalogError(name, (refused.problem,)) from None
    except yaml.MarkedYAMLError as error:
        raise CatalogError(name, (_grammar_problem(error),)) from None
    except yaml.YAMLError:
        sentence = "is not YAML: it holds a character that YAML does not allow."
        raise CatalogError(name, (Problem(0, sentence),)) from None


def _text(raw: bytes) -> str:
    if len(raw) > MOST_BYTES:
        raise _Refused(0, "is larger than 1 MB: a catalog is a few hundred lines.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _Refused(line, "is not UTF-8 text: save the file as UTF-8.") from None


def _grammar_problem(error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    why = ascii_line(error.problem or "it cannot be parsed", 120)
    if "cannot start any token" in why:
        why = "a value begins with a tab or a special character; indent with spaces, put the value in quotes"
    return Problem(mark.line + 1 if mark else 0, f"is not YAML: {why}.")


class _Reader:
    """Builds one tree from the events of one file."""

    def __init__(self, text: str, name: str) -> None:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        self._events: Iterator[yaml.Event] = iter(yaml.parse(text, Loader=loader))
        self._name = name
        self._lines: dict[KeyPath, int] = {}
        self._problems: list[Problem] = []
        self._values = 0

    def tree(self) -> Tree:
        first = self._next_content()
        if isinstance(first, yaml.StreamEndEvent):
            raise _Refused(0, "is empty: it needs at least `slack`, `environments` and `services`.")
        root = self._value(first, ())
        if not isinstance(root, dict):
            raise _Refused(
                _line(first), "must be a mapping: `services:` and the other keys at the left margin."
            )
        after = self._next_content()
        if not isinstance(after, yaml.StreamEndEvent):
            raise _Refused(_line(after), "holds a second document: keep one, without `---`.")
        return Tree(self._name, root, self._lines, tuple(self._problems))

    def _next_content(self) -> yaml.Event:
        frame = (yaml.StreamStartEvent, yaml.DocumentStartEvent, yaml.DocumentEndEvent)
        return next(event for event in self._events if not isinstance(event, frame))

    def _value(self, event: yaml.Event, path: KeyPath) -> Value:
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event, self._text(event))
        self._count(event)
        if isinstance(event, yaml.AliasEvent):
            raise _named(event)
        if not isinstance(event, yaml.CollectionStartEvent):
            raise _Refused(_line(event), "is not YAML: a value is missing here.")
        if event.anchor is not None:
            raise _named(event)
        if event.tag is not None:
            raise _tagged(event, str(event.tag))
        if len(path) > DEEPEST:
            raise _Refused(_line(event), f"is nested more than {DEEPEST} levels deep.")
        return self._mapping(path) if isinstance(event, yaml.MappingStartEvent) else self._list(path)

    def _text(self, event: yaml.ScalarEvent) -> str:
        """The text of a key or value that is nothing but text."""
        self._count(event)
        if event.anchor is not None:
            raise _named(event)
        if event.tag is not None:
            raise _tagged(event, str(event.tag))
        text = str(event.value)
        if len(text) > LONGEST_TEXT:
            raise _Refused(_line(event), f"holds a text of more than {LONGEST_TEXT} characters.")
        return text

    def _count(self, event: yaml.Event) -> None:
        self._values += 1
        if self._values > MOST_VALUES:
            raise _Refused(_line(event), f"holds more than {MOST_VALUES} keys and values.")

    def _list(self, path: KeyPath) -> list[Value]:
        items: list[Value] = []
        for event in self._until(yaml.SequenceEndEvent, path):
            here = (*path, len(items))
            self._lines[here] = _line(event)
            items.append(self._value(event, here))
        return items

    def _mapping(self, path: KeyPath) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for event in self._until(yaml.MappingEndEvent, path):
            key = self._key(event)
            here = (*path, key)
            line = _line(event)
            if key in found:
                first = self._lines[here]
                self._problems.append(
                    Problem(line, f"`{dotted(here)}` is written twice, first on line {first}.")
                )
            self._lines[here] = line
            found[key] = self._value(next(self._events), here)
        return found

    def _key(self, event: yaml.Event) -> str:
        if isinstance(event, yaml.AliasEvent):
            raise _named(event)
        if not isinstance(event, yaml.ScalarEvent):
            raise _Refused(_line(event), "has a key that is not a word.")
        key = self._text(event)
        if len(key) > LONGEST_KEY:
            raise _Refused(_line(event), f"has a key of more than {LONGEST_KEY} characters.")
        return key

    def _until(self, end: type[yaml.Event], path: KeyPath) -> Iterator[yaml.Event]:
        """The first event of each entry, up to the end of a list or mapping."""
        for entries, event in enumerate(self._events):
            if isinstance(event, end):
                return
            if entries >= MOST_ENTRIES:
                where = f"`{dotted(path)}`" if path else "the file"
                raise _Refused(_line(event), f"{where} has more than {MOST_ENTRIES} entries.")
            yield event


def _named(event: yaml.Event) -> _Refused:
    return _Refused(_line(event), "uses an anchor or an alias (`&name`, `*name`): write the value out.")


def _tagged(event: yaml.Event, tag: str) -> _Refused:
    shown = ascii_line(tag, 60)
    return _Refused(_line(event), f"uses the tag `{shown}`: tags are not allowed, write a plain value.")


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def _scalar(event: yaml.ScalarEvent, text: str) -> Value:
    if not event.implicit[0]:
        return text  # quoted
    if text in WORDS:
        return WORDS[text]
    if INT.fullmatch(text):
        return int(text)
    return float(text) if FLOAT.fullmatch(text) else text
