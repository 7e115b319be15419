"""What people type: `<service>[@<version>] [to <env>] [because <reason>]`, and the words before it.

The same grammar serves slash commands and mentions. Sugar words (to, in, on, because) may be left out; a service
whose name is a command is written `service:status`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.errors import CannotParse
from bot.domain.nearest import nearest

PROMOTION = re.compile(r"[Pp]-?(\d{1,9})\Z", re.ASCII)
SUGAR = frozenset({"to", "in", "on"})
BECAUSE = "because"
HELP_WORDS = frozenset({"help", "?", "-h", "--help"})
LONGEST = 4000
MOST_HISTORY = 25


@dataclass(frozen=True, slots=True)
class Ask:
    """Promote a version; what is missing is asked in a form."""

    service: str = ""
    version: str = ""
    environment: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AskStatus:
    """What runs where: of everything, a service, an environment or one promotion."""

    subject: str = ""


@dataclass(frozen=True, slots=True)
class AskWhy:
    """Why a promotion stands where it stands."""

    promotion: str = ""
    service: str = ""
    environment: str = ""


@dataclass(frozen=True, slots=True)
class AskHistory:
    """What was promoted before: `history checkout in production last 20`."""

    service: str
    environment: str = ""
    count: int = 10


@dataclass(frozen=True, slots=True)
class SayYes:
    """Approve, with an optional note."""

    promotion: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class SayNo:
    """Reject, with a reason."""

    promotion: str
    reason: str


@dataclass(frozen=True, slots=True)
class Stop:
    """Cancel."""

    promotion: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Again:
    """Look at a gate, or at all that are not met, again."""

    promotion: str
    gate: str = ""


@dataclass(frozen=True, slots=True)
class Undo:
    """Roll back; empty fields are found out from where it was typed."""

    service: str = ""
    environment: str = ""
    version: str = ""
    reason: str = ""
    promotion: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """Adopt what is already live; without a version the health body says it."""

    service: str
    version: str
    environment: str
    reason: str


@dataclass(frozen=True, slots=True)
class AskHelp:
    """How to use this."""

    topic: str = ""


Line = Ask | AskStatus | AskWhy | AskHistory | SayYes | SayNo | Stop | Again | Undo | Record | AskHelp


@dataclass(frozen=True, slots=True)
class Known:
    """The names that the catalog gives to things, so that words can be told apart."""

    services: Sequence[str]
    environments: Sequence[str]


@dataclass(frozen=True, slots=True)
class Words:
    """A line without its first word: what comes before `because`, and the reason after it."""

    head: tuple[str, ...]
    reason: str


def parse(text: str, known: Known) -> Line | CannotParse:
    """The meaning of a line, or a line that would have one."""
    words = _split(text[:LONGEST])
    if not words.head:
        return Ask(reason=words.reason)
    first, rest = words.head[0], Words(words.head[1:], words.reason)
    word = first.lower()
    if word in HELP_WORDS:
        return AskHelp(rest.head[0].lower() if rest.head else "")
    if word in COMMANDS:
        return COMMANDS[word](rest, known)
    if _is_nearly_a_command(first, known):
        command = nearest(word, tuple(COMMANDS)) or "help"
        return CannotParse(text, f"/promote {' '.join((command, *rest.head))}")
    return _ask(words, known)


def parse_rollback(text: str, known: Known) -> Line | CannotParse:
    """The meaning of what follows `/rollback`."""
    words = _split(text[:LONGEST])
    if words.head and words.head[0].lower() in HELP_WORDS:
        return AskHelp("rollback")
    return _undo(words, known)


def promotion_id(word: str) -> str | None:
    """P-142 from p142, P-142 or p-142."""
    match = PROMOTION.match(word)
    return f"P-{int(match[1])}" if match else None


def _split(text: str) -> Words:
    tokens = text.split()
    lowered = [token.lower() for token in tokens]
    if BECAUSE not in lowered:
        return Words(tuple(tokens), "")
    at = lowered.index(BECAUSE)
    return Words(tuple(tokens[:at]), " ".join(tokens[at + 1 :]))


def _is_nearly_a_command(word: str, known: Known) -> bool:
    """A word that is no service, but looks like a command with a slip of the finger."""
    if "@" in word or word.startswith("service:") or word in known.services:
        return False
    command = nearest(word.lower(), tuple(COMMANDS))
    service = nearest(word.lower(), known.services)
    return command is not None and service is None


def _ask(words: Words, known: Known) -> Ask | CannotParse:
    service, version = _subject(words.head[0])
    if not service:
        return CannotParse(
            " ".join(words.head), "/promote checkout@v2.14.3 to production because fix refunds"
        )
    environment, rest = _place(words.head[1:], known)
    return Ask(service, version, environment, words.reason or " ".join(rest))


def _subject(word: str) -> tuple[str, str]:
    """Service and version of `checkout@v2.14.3`; `service:status` is the service called status."""
    service, _, version = word.removeprefix("service:").partition("@")
    return service, version


def _place(tokens: tuple[str, ...], known: Known) -> tuple[str, tuple[str, ...]]:
    """An environment at the front of the tokens, with or without `to`; a word after `to` is meant as one."""
    if tokens and tokens[0].lower() in SUGAR:
        return (tokens[1].lower(), tokens[2:]) if len(tokens) > 1 else ("", ())
    if tokens and tokens[0].lower() in known.environments:
        return tokens[0].lower(), tokens[1:]
    return "", tokens


def _status(words: Words, known: Known) -> Line | CannotParse:
    subject = _without_sugar(words.head)
    return AskStatus(promotion_id(subject[0]) or _subject(subject[0])[0].lower() if subject else "")


def _why(words: Words, known: Known) -> Line | CannotParse:
    head = _without_sugar(words.head)
    if not head:
        return AskWhy()
    promotion = promotion_id(head[0])
    if promotion:
        return AskWhy(promotion=promotion)
    return AskWhy(service=_subject(head[0])[0], environment=head[1].lower() if len(head) > 1 else "")


def _history(words: Words, known: Known) -> Line | CannotParse:
    head = _without_sugar(words.head)
    if not head:
        return CannotParse("history", "/promote history checkout in production")
    place = head[1].lower() if len(head) > 1 and head[1].lower() in known.environments else ""
    numbers = [int(word) for word in head[1:] if word.isascii() and word.isdigit() and len(word) < 4]
    return AskHistory(_subject(head[0])[0], place, max(1, min(numbers[0], MOST_HISTORY)) if numbers else 10)


def _yes(words: Words, known: Known) -> Line | CannotParse:
    return _about(words, "approve", lambda promotion, said: SayYes(promotion, said))


def _no(words: Words, known: Known) -> Line | CannotParse:
    return _about(words, "reject", lambda promotion, said: SayNo(promotion, said))


def _stop(words: Words, known: Known) -> Line | CannotParse:
    return _about(words, "cancel", lambda promotion, said: Stop(promotion, said))


def _again(words: Words, known: Known) -> Line | CannotParse:
    return _about(words, "retry", lambda promotion, said: Again(promotion, said))


def _about(words: Words, command: str, line: Callable[[str, str], Line]) -> Line | CannotParse:
    promotion = promotion_id(words.head[0]) if words.head else None
    if promotion is None:
        return CannotParse(" ".join((command, *words.head)), f"/promote {command} P-142")
    return line(promotion, words.reason or " ".join(words.head[1:]))


def _undo(words: Words, known: Known) -> Line | CannotParse:
    head = words.head
    if not head:
        return Undo(reason=words.reason)
    promotion = promotion_id(head[0])
    if promotion:
        return Undo(promotion=promotion, reason=words.reason or " ".join(head[1:]))
    service, version = _subject(head[0])
    environment, head = _place(head[1:], known) if _is_place(head[1:], known) else ("", head[1:])
    if len(head) > 1 and head[0].lower() == "to":
        version, head = head[1], head[2:]
    if not environment and _is_place(head, known):
        environment, head = _place(head, known)
    return Undo(service, environment, version, words.reason or " ".join(head))


def _is_place(tokens: tuple[str, ...], known: Known) -> bool:
    """`in production`, `production`; `to v2.14.2` is a version, and `to production` a place."""
    if not tokens:
        return False
    first = tokens[0].lower()
    if first == "to":
        return len(tokens) > 1 and tokens[1].lower() in known.environments
    return first in SUGAR or first in known.environments


def _record(words: Words, known: Known) -> Line | CannotParse:
    example = "/promote adopt checkout@v2.14.2 in production because it was live before Greenlight"
    if not words.head:
        return CannotParse("adopt", example)
    service, version = _subject(words.head[0])
    environment, rest = _place(words.head[1:], known)
    if not service or not environment:
        return CannotParse(" ".join(("adopt", *words.head)), example)
    return Record(service, version, environment, words.reason or " ".join(rest))


def _without_sugar(tokens: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(token for token in tokens if token.lower() not in SUGAR)


COMMANDS: Mapping[str, Callable[[Words, Known], Line | CannotParse]] = {
    "status": _status,
    "why": _why,
    "history": _history,
    "approve": _yes,
    "reject": _no,
    "cancel": _stop,
    "retry": _again,
    "rollback": _undo,
    "adopt": _record,
    "help": lambda words, known: AskHelp(words.head[0].lower() if words.head else ""),
}
