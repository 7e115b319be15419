"""Reads the repository's own pages: their tables, links and code words."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = (
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").rglob("*.md")),
)

_CODE = re.compile(r"`([^`]+)`")
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_IMAGE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
_CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def prose(page: Path) -> str:
    """A page without its fenced code."""
    return _FENCE.sub("", page.read_text())


def section(page: Path, heading: str) -> str:
    """What stands below a heading, to the next heading of any level. KeyError when there is none."""
    parts = re.split(r"^#+ (.+)$", prose(page), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))[heading]


def rows(text: str) -> list[list[str]]:
    """The cells of every table row, header rows left out."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    rules = [index for index, line in enumerate(lines) if set(line) <= set("|-: ")]
    heads = {index - 1 for index in rules} | set(rules)
    return [_cells(line) for index, line in enumerate(lines) if index not in heads]


def code_words(text: str) -> list[str]:
    """Everything that stands in backticks, in order."""
    return _CODE.findall(text)


def console(page: Path) -> list[str]:
    """What a page tells its reader to type into a shell."""
    return _CONSOLE.findall(page.read_text())


def images(page: Path) -> list[tuple[str, str]]:
    """What each picture shows, in words, and where it is."""
    return _IMAGE.findall(prose(page))


def links(page: Path) -> list[str]:
    """The targets of all links and images."""
    return _LINK.findall(prose(page))


def anchors(page: Path) -> set[str]:
    """The fragments that a page's headings answer to, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", prose(page), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]
