"""What a rollback is about, word by word: the one line that changes production at once."""

from dataclasses import replace

from bot.domain.errors import CannotParse
from bot.domain.line_remarks import FILLERS, is_plain, named_in, nearly, without_fillers
from bot.domain.line_words import SUGAR, VERSION, Here, Known, Words, clean, meant_id, promotion_id, subject
from bot.domain.lines import Undo

REASON = "errors are up"
Taken = tuple[Undo, tuple[str, ...]]


def undo(words: Words, known: Known, here: Here) -> Undo | CannotParse:
    """`checkout in production to v2.14.2 because …`, `P-142 because …`, or what the place implies.

    A word that is none of these never goes with a `because`, and without one it opens the form at most.
    """
    meant, left = _taken(*_subject(words.head, known, here), known)
    left = without_fillers(left)
    if left and (words.reason or not is_plain(left, known)):
        said = f"rollback {words.said}"
        return CannotParse(said, f"/promote rollback {_suggestion(meant, left, words, known, here)}")
    if meant.service and meant.service == here.service and not meant.environment:
        meant = replace(meant, environment=here.environment)
    return replace(meant, reason=words.reason, remark=" ".join(left))


def _subject(head: tuple[str, ...], known: Known, here: Here) -> Taken:
    """The promotion or the service that a line names in front; what the place implies when it names none."""
    named = promotion_id(clean(head[0])) if head else None
    if named is not None:
        return Undo(promotion=named), head[1:]
    if not head or _is_implied(head[0], known, here):
        return Undo(promotion=here.promotion), head
    service, version = subject(head[0])
    return Undo(service, version=version), head[1:]


def _is_implied(word: str, known: Known, here: Here) -> bool:
    service, _ = subject(word)
    if service in known.services:
        return False
    first = clean(word).lower()
    names_more = first in SUGAR or first in FILLERS or first in known.environments or VERSION.match(first)
    return bool(here.promotion or names_more)


def _taken(meant: Undo, head: tuple[str, ...], known: Known) -> Taken:
    """Places and versions, in any order, each once; and the words that are left over."""
    while head:
        more = _next(meant, head, known)
        if more is None:
            break
        meant, head = more
    return meant, head


def _next(meant: Undo, head: tuple[str, ...], known: Known) -> Taken | None:
    """One more place or version; None: the next word is neither, or there is one already."""
    sugar = len(head) > 1 and clean(head[0]).lower() in SUGAR
    word, rest = (clean(head[1]), head[2:]) if sugar else (clean(head[0]), head[1:])
    is_place = word.lower() in known.environments or (sugar and clean(head[0]).lower() != "to")
    if is_place:
        return None if meant.environment else (replace(meant, environment=word.lower()), rest)
    if meant.version or not (sugar or VERSION.match(word)):
        return None
    return replace(meant, version=word.removeprefix("@")), rest


def _suggestion(meant: Undo, left: tuple[str, ...], words: Words, known: Known, here: Here) -> str:
    """The same line with the word that was not understood as what it is most like."""
    because = f"because {words.reason or REASON}"
    environment = "" if meant.environment else nearly(left[0], known.environments)
    service = "" if meant.service else nearly(subject(left[0])[0], known.services)
    if environment:
        return _typed(replace(meant, environment=environment), because, known, here)
    if service:
        return _typed(replace(meant, promotion="", service=service), because, known, here)
    if named_in(left) and promotion_id(clean(words.head[0])) is None:
        return f"{named_in(left)} {because}"
    if meant_id(clean(left[0])) and not VERSION.match(clean(left[0])):
        return f"{meant_id(clean(left[0]))} {because}"
    return _typed(meant, because if words.reason else f"because {' '.join(left)}", known, here)


def _typed(meant: Undo, because: str, known: Known, here: Here) -> str:
    example = here.service or next(iter(known.services), "checkout")
    named = meant.service or ("" if meant.environment else meant.promotion) or example
    place = f" in {meant.environment}" if meant.environment else ""
    version = f" to {meant.version}" if meant.version else ""
    return f"{named}{place}{version} {because}"
