"""Words that the grammar has no place for. A line acts only when each of its words was understood.

What follows `because` is a reason, whatever it says. Words without it are taken for a remark only when they can be
nothing else: `rollback checkout stagin` names a place with a slip in it, `approve when the tests pass` is not yet
a yes, and `cancel the meeting` is about something else.
"""

from collections.abc import Sequence
from difflib import get_close_matches
from itertools import dropwhile

from bot.domain.line_words import BECAUSE, VERSION, Known, Words, clean, meant_id, promotion_id, subject

FILLERS = frozenset({"please", "it", "this", "now"})  # which mean what is understood anyway
CONDITIONS = frozenset({"if", "when", "unless", "until", "once"})
DOUBTS = CONDITIONS | {"not", "no", "never", "don't", "don’t", "dont", "yet", "later"}
LISTS = frozenset({"and", "or", "&", "+"})
ARTICLES = frozenset(
    {"the", "a", "an", "all", "every", "each", "any", "some", "both", "that", "those", "these"}
)
OWNERS = frozenset({"my", "our", "your", "their", "his", "her", "its"})
PLACES = frozenset({"of", "for", "to", "in", "on", "at", "with"})
OBJECTS = ARTICLES | OWNERS | PLACES  # what goes on with one of these is what the line is about
ALIKE = 0.8  # `stagin` is alike `staging`; `checked` is not `checkout`
LONGEST = 64  # characters compared
PREFIX = 4  # letters after which `prod` is the beginning of a name


def without_fillers(head: Sequence[str]) -> tuple[str, ...]:
    """The words from the first one on that says something."""
    return tuple(dropwhile(lambda word: clean(word).lower() in FILLERS, head))


def nearly(word: str, names: Sequence[str]) -> str:
    """The name that a word is, begins or is a slip of the finger for; empty: none."""
    low = clean(word).lower()[:LONGEST]
    begun = [name for name in names if name == low or (len(low) >= PREFIX and name.startswith(low))]
    return next(iter(begun or get_close_matches(low, names, n=1, cutoff=ALIKE)), "")


def is_plain(remark: Sequence[str], known: Known) -> bool:
    """Whether words are nothing but a remark: they name no promotion, and do not begin with anything that a line
    could be about."""
    first = clean(remark[0]).lower()
    if named_in(remark) or first in OBJECTS | LISTS or meant_id(first) or VERSION.match(first):
        return False
    return not (nearly(first, known.environments) or nearly(subject(first)[0], known.services))


def named_in(remark: Sequence[str]) -> str:
    """The first promotion that words name; empty: none."""
    ids = (promotion_id(clean(word)) for word in remark)
    return next((one for one in ids if one), "")


def is_list(remark: Sequence[str]) -> bool:
    """Whether words go on with another id: `approve P-7 and P-8` is not about P-7 alone."""
    first = clean(remark[0]).lower()
    return first in LISTS or bool(meant_id(first))


def has_doubts(remark: Sequence[str], doubts: frozenset[str]) -> bool:
    """Whether words take back some of what was said before them."""
    return any(clean(word).lower() in doubts for word in remark)


def reasoned(head: Sequence[str], reason: str) -> Words:
    """The words that were left over, and the reason, as one reason."""
    return Words((), " ".join((*head, *((BECAUSE, reason) if head and reason else (reason,)))).strip())
