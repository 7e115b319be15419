"""How commands are written in sentences, and lists of names in them."""

from collections.abc import Mapping, Sequence

from blocks.text import listed, untrusted
from blocks.words import names

_ACTIONS: Mapping[str, str] = {
    "rollback": "roll back",
    "skipwait": "skip the wait of",
    "supersede": "replace",
    "adoptrun": "name the run of",
    "neverstarted": "settle the outcome of",
    "islive": "settle the outcome of",
}


def action(word: str) -> str:
    """What somebody wanted to do, as a verb."""
    return _ACTIONS.get(word) or untrusted(word, 40)


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
