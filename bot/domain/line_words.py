"""The words of a typed line: told apart by the names that the catalog gives, before anybody asks what they mean."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

PROMOTION = re.compile(r"(?:[Pp]-?|#)(\d{1,9})\Z", re.ASCII)
NEARLY_PROMOTION = re.compile(r"(?:(?:[Pp]-|#).*|[Pp]?\d[\w-]*)\Z", re.ASCII)
VERSION = re.compile(
    r"@?(?:v\d[\w.+-]*|\d+\.\d[\w.+-]*|(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,40})\Z",
    re.ASCII | re.IGNORECASE,
)  # what is a version wherever it stands: a tag with a number, a commit; branches look like any word
SUGAR = frozenset({"to", "in", "on"})
BECAUSE = "because"
LONGEST = 4000
QUOTES = "`\"'“”‘’«»"
ASKS = "?？؟"  # a keyboard for each script
ENDS = f"{ASKS}!,;"  # what people end a sentence with, and no name of ours ends with


@dataclass(frozen=True, slots=True)
class Known:
    """The names that the catalog gives to things, so that words can be told apart."""

    services: Sequence[str]
    environments: Sequence[str]


@dataclass(frozen=True, slots=True)
class Here:
    """What the place implies in which a line was typed: the promotion of a thread, the service of a channel."""

    promotion: str = ""
    service: str = ""
    environment: str = ""  # of the promotion


NOWHERE = Here()


@dataclass(frozen=True, slots=True)
class Words:
    """A line without its first word: what comes before `because`, and the reason after it."""

    head: tuple[str, ...]
    reason: str

    @property
    def rest(self) -> "Words":
        """The same without its first word."""
        return Words(self.head[1:], self.reason)

    @property
    def said(self) -> str:
        """Everything as it was typed."""
        because = (BECAUSE, self.reason) if self.reason else ()
        return " ".join((*self.head, *because))


def split(text: str) -> Words:
    """The words of a line; quotes or code ticks around the whole of it are none of it."""
    tokens = text[:LONGEST].strip().strip("`").split()
    while tokens and not clean(tokens[0]):
        tokens = tokens[1:]
    lowered = [clean(token).lower() for token in tokens]
    if BECAUSE not in lowered:
        return Words(tuple(tokens), "")
    at = lowered.index(BECAUSE)
    return Words(tuple(tokens[:at]), " ".join(tokens[at + 1 :]))


def clean(word: str) -> str:
    """A word without the quotes around it and the marks that end a sentence; a lone question mark is a word."""
    bare = word.strip(QUOTES)
    return bare.rstrip(ENDS) or bare


def is_question(words: Words) -> bool:
    """Whether a line asks, instead of telling to do something: a word before `because`, or its last one, ends in
    a question mark."""
    last = words.reason.split()[-1:]
    return any(_asks(word) for word in (*words.head, *last))


def _asks(word: str) -> bool:
    ends = word[len(word.rstrip(f"{ENDS}{QUOTES}.)")) :]
    return any(mark in ends for mark in ASKS)


def promotion_id(word: str) -> str | None:
    """P-142 from p142, P-142, p-142 or #142."""
    match = PROMOTION.match(word)
    return f"P-{int(match[1])}" if match else None


def meant_id(word: str) -> str:
    """The id that a word with a slip in it may have been meant as: P-142 from 142, nothing from other words."""
    if not NEARLY_PROMOTION.match(word):
        return ""
    digits = "".join(letter for letter in word if letter.isascii() and letter.isdigit())[:9]
    return f"P-{int(digits or 142)}"


def subject(word: str) -> tuple[str, str]:
    """Service and version of `checkout@v2.14.3`; `service:status` is the service called status."""
    service, _, version = clean(word).removeprefix("service:").partition("@")
    return service, version


def lone_version(version: str, words: Words) -> tuple[str, Words]:
    """`checkout v2.14.3` is `checkout@v2.14.3`: a version in front, where none was named yet."""
    first = clean(words.head[0]) if words.head else ""
    if version or not VERSION.match(first):
        return version, words
    return first.removeprefix("@"), words.rest


def place(words: Words, known: Known) -> tuple[str, tuple[str, ...]]:
    """An environment in front, with or without `to`: a word after `to` is meant as one, and so is a word that
    stands alone before `because`."""
    head = words.head
    if head and clean(head[0]).lower() in SUGAR:
        return (clean(head[1]).lower(), head[2:]) if len(head) > 1 else ("", ())
    if head and clean(head[0]).lower() in known.environments:
        return clean(head[0]).lower(), head[1:]
    if len(head) == 1 and words.reason:
        return clean(head[0]).lower(), ()
    return "", head


def without_sugar(head: tuple[str, ...]) -> tuple[str, ...]:
    """The words without those that may be left out."""
    return tuple(clean(word) for word in head if clean(word).lower() not in SUGAR)
