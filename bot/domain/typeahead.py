"""Which of many names somebody means who typed a part of one: what begins so, what holds it, else what is alike."""

from collections.abc import Sequence
from difflib import SequenceMatcher

LONGEST = 64  # characters compared: difflib's time grows with the square
ALIKE = 0.6


def ranked(typed: str, names: Sequence[str]) -> tuple[str, ...]:
    """The names that fit what was typed, best first and else in their own order; all of them for nothing typed."""
    wanted = typed.strip().casefold()
    if not wanted:
        return tuple(names)
    first = [name for name in names if name.casefold().startswith(wanted)]
    inside = [name for name in names if wanted in name.casefold() and name not in first]
    return tuple([*first, *inside] or _alike(wanted, names))


def _alike(wanted: str, names: Sequence[str]) -> list[str]:
    matcher = SequenceMatcher(b=wanted[:LONGEST])
    scores: list[tuple[float, str]] = []
    for name in names:
        matcher.set_seq1(name.casefold()[:LONGEST])
        if _may_be(matcher) and matcher.ratio() >= ALIKE:
            scores.append((matcher.ratio(), name))
    return [name for _, name in sorted(scores, key=lambda score: -score[0])]


def _may_be(matcher: "SequenceMatcher[str]") -> bool:
    """The two bounds that cost little: most names are shut out by them."""
    return matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE
