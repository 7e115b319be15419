"""Did you mean: the known word that a mistyped one is most like."""

from collections.abc import Iterable
from difflib import get_close_matches

LONGEST = 64  # characters compared: what people type is not bounded, and difflib's time grows with its square


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like `word`, whatever its case, or None when nothing is alike."""
    folded = {name.casefold()[:LONGEST]: name for name in known}
    found = get_close_matches(word.casefold()[:LONGEST], folded, n=1, cutoff=0.6)
    return folded[found[0]] if found else None
