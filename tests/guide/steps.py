"""What a page tells its reader to do: commands to run, files to write or to fill in, lines to type in Slack."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_FENCE = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Step:
    """One fenced block: `console` is run, `yaml FILE` is written, `ini FILE` is filled in, `text PERSON` is typed."""

    kind: str
    of: str  # the file, or who types; empty: for reading only, unless it is run
    text: str

    @property
    def lines(self) -> list[str]:
        """Its lines, empty ones left out."""
        return [line for line in self.text.splitlines() if line.strip()]


def steps(page: Path) -> Iterator[Step]:
    """Every step of a page, in order."""
    for kind, of, text in _FENCE.findall(page.read_text()):
        if kind == "console" or of:
            yield Step(kind, of, text)


def presses(page: Path) -> list[tuple[str, str]]:
    """Who is told to press which button, in order: `Bo presses **Approve**`."""
    return [(who.lower(), what) for who, what in re.findall(r"(\w+) presses \*\*(.+?)\*\*", page.read_text())]
