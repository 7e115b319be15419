"""How commands are written in sentences, and lists of names in them."""

from collections.abc import Sequence

from blocks.text import listed, untrusted
from blocks.words import names


def typed(command: str) -> str:
    """A command to type, as code."""
    return f"`{untrusted(command, 200)}`"


def why(promotion: str) -> str:
    """The command that explains a promotion."""
    return f"`/promote why {names.promotion(promotion)}`"


def named(words: Sequence[str], last: str = "and") -> str:
    """Names in a row, at most ten."""
    shown = [untrusted(word, 60) for word in words[:10]]
    return listed([*shown, f"{len(words) - 10} more"] if len(words) > 10 else shown, last) or "none"
