"""Takes secrets out of whatever is about to be written, by their values and by the shapes that vendors give them.

Nothing of ours logs a secret. This is for what we did not write: a library's debug line, an address in an exception.
"""

import json
import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote

LEFT_OUT = "(left out)"
SHORTEST = 6  # characters; a shorter "secret" would blank out words
# Tokens that are made while we run, and so are known by their shape only: a GitHub App's, Slack's response addresses.
SHAPES = (
    r"xox[a-z]-[\w.-]+",
    r"xapp-[\w-]+",
    r"(?:gh[a-z]_|github_pat_)\w+",
    r"eyJ[\w-]+\.[\w-]+\.[\w-]+",
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----(?s:.{0,10000}?)-----END [A-Z ]*PRIVATE KEY-----",
    r"(?i:\b(?:bearer\s+|basic\s+|token token=)[\w.=+/~-]{16,})",
    r"(?<=[?&]ticket=)[^&\s\"'\\]+",
    r"(?<=://)[^/\s@\"'\\]*:[^/\s@\"'\\]*(?=@)",
    r"(?<=hooks\.slack\.com/)[^\s\"'\\]+",
)


class Redaction:
    """Leaves secrets out of a text; it holds them, and so does not show itself."""

    __slots__ = ("_found", "_hidden")

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._hidden: set[str] = set()
        self.hide(secrets)

    def hide(self, secrets: Iterable[str]) -> None:
        """Leave these out as well."""
        self._hidden |= {spelling for secret in secrets for spelling in _spellings(secret)}
        longest_first = sorted(self._hidden, key=lambda spelling: (-len(spelling), spelling))
        self._found = re.compile("|".join([*map(re.escape, longest_first), *SHAPES]))

    def __call__(self, text: str) -> str:
        """The text with words in the place of each secret."""
        return self._found.sub(LEFT_OUT, text)

    def of(self, value: object) -> object:
        """The same of whatever is logged: of every text in it, before it is spelled in JSON.

        Afterwards would be too late: what looks like a secret may begin inside an escape.
        """
        match value:
            case None | bool() | int() | float():
                return value
            case str():
                return self(value)
            case Mapping():
                return {self(str(name)): self.of(inner) for name, inner in value.items()}
            case list() | tuple() | set() | frozenset():
                return [self.of(inner) for inner in value]
            case _:
                return self(repr(value))


def _spellings(secret: str) -> set[str]:
    """A secret as it is, in JSON and in an address; of one with several lines each line that says something."""
    parts = {secret, *(line.strip() for line in secret.splitlines())}
    long = {part for part in parts if len(part) >= SHORTEST and not part.startswith("-----")}
    return {spelling for part in long for spelling in (part, json.dumps(part)[1:-1], quote(part, safe=""))}
