"""Tables in Markdown."""

from collections.abc import Iterable, Sequence

ORIGIN = "This page is written from the code by `python -m tests.reference`, and a test holds it to the code."


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table with these heads; what a cell holds may not end it."""
    lines = [_line(head), "|" + "---|" * len(head), *(_line([_cell(one) for one in row]) for row in rows)]
    return "\n".join(lines)


def code(text: str) -> str:
    """Text as code; nothing stays nothing."""
    return f"`{text}`" if text else ""


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cell(text: str) -> str:
    return text.replace("\n", " ").replace("|", "\\|")
