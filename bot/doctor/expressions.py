"""Expressions of GitHub Actions, as far as one has to know which inputs they show. Pure, and in one pass over a text.

Whoever may write to a repository writes these texts: nothing here may take longer than the text is long.
"""

import re
from collections.abc import Iterator

BEGIN, END = "${{", "}}"
PIECE = re.compile(r"'[^']*'|\}\}")  # the end of an expression may stand in its quotes
INPUT = re.compile(r"(?:github\.event\.)?inputs(?:\.([A-Za-z_][A-Za-z0-9_-]*)|\[\s*'([^']+)'\s*\])")
FORMAT = re.compile(r"format\(\s*'((?:[^']|'')*)'\s*,(.*)\)", re.DOTALL)
PLACE = re.compile(r"\{\{|\}\}|\{([0-9]{1,3})\}")  # doubled braces are text
OR = "||"  # what stands before it is shown whenever it is not empty


def expressions(text: str) -> Iterator[str]:
    """What stands between `${{` and `}}`; one that is never closed is text."""
    begin = text.find(BEGIN)
    while begin >= 0:
        start = begin + len(BEGIN)
        end = next((found.start() for found in PIECE.finditer(text, start) if found[0] == END), None)
        if end is None:
            return
        yield text[start:end].strip()
        begin = text.find(BEGIN, end)


def inputs_in(text: str) -> frozenset[str]:
    """The inputs of the workflow that the expressions of a text name."""
    found = (INPUT.findall(inside) for inside in expressions(text))
    return frozenset(dotted or quoted for names in found for dotted, quoted in names)


def inputs_shown(text: str) -> frozenset[str]:
    """The inputs whose whole value is certain to stand in a text, whatever its expressions do with the others."""
    return frozenset(name for inside in expressions(text) for name in _shown(inside))


def _shown(expression: str) -> Iterator[str]:
    formatted = FORMAT.fullmatch(expression)
    if formatted is None:
        yield from _whole(expression)
        return
    places = {int(number) for number in PLACE.findall(formatted[1]) if number}
    for place, argument in enumerate(formatted[2].split(",")):  # a comma inside one makes it no input
        if place in places:
            yield from _whole(argument)


def _whole(expression: str) -> Iterator[str]:
    named = INPUT.fullmatch(expression.partition(OR)[0].strip())
    if named:
        yield named[1] or named[2]
