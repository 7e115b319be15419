"""What people type: `<service>[@<version>] [to <env>] [because <reason>]`, and the words before it.

The same grammar serves slash commands and mentions. Sugar words (to, in, on, because) may be left out; a service
whose name is a command is written `service:status`. What is left out may be implied by where it was typed. A line
acts only when each of its words was understood, and never when it is a question.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.domain.errors import CannotParse
from bot.domain.line_incident import acknowledge, lead, note
from bot.domain.line_remarks import (
    CONDITIONS,
    DOUBTS,
    has_doubts,
    is_list,
    is_plain,
    named_in,
    nearly,
    reasoned,
    without_fillers,
)
from bot.domain.line_slips import joined_words, nearly_a_command, swapped
from bot.domain.line_undo import undo
from bot.domain.line_words import (
    NOWHERE,
    Here,
    Known,
    Words,
    clean,
    is_question,
    lone_version,
    meant_id,
    place,
    promotion_id,
    split,
    subject,
    without_sugar,
)
from bot.domain.lines import (
    Again,
    Ask,
    AskDoctor,
    AskHelp,
    AskHistory,
    AskPlan,
    AskStatus,
    AskWhoAmI,
    AskWhy,
    Close,
    Line,
    Record,
    SayNo,
    SayYes,
    Stop,
)

HELP_WORDS = frozenset({"help", "?", "-h", "--help"})
VERBS = frozenset({"promote", "deploy"})  # which people put in front, and which say nothing
ACTS = frozenset(
    {"approve", "reject", "cancel", "retry", "rollback", "adopt", "acknowledge", "lead", "resolve"}
)
SHORT: Mapping[str, str] = {"ack": "acknowledge"}
MOST_HISTORY = 25
MOST_DAYS = 365
SPAN = re.compile(r"(\d{1,3})(d|days?)?\Z", re.ASCII)

Meaning = Line | CannotParse


def parse(text: str, known: Known, here: Here = NOWHERE) -> Meaning:
    """The meaning of a line, or a line that would have one."""
    words = _without_verb(split(text), known)
    if not words.head:
        return Ask(here.service, reason=words.reason)
    first = clean(words.head[0])
    word = first.lower() if first in known.services else SHORT.get(first.lower(), first.lower())
    if word in HELP_WORDS:
        return _help(words.rest, known, here)
    if word in ACTS and is_question(words):
        return _asked(words.rest, known, here)
    if word in COMMANDS:
        return COMMANDS[word](words.rest, known, here)
    meant = swapped(words, known) or joined_words(words, known, tuple(COMMANDS))
    meant = meant or nearly_a_command(words, known, tuple(COMMANDS))
    if meant:
        again = parse(meant, known, here)  # a slip may hide that something is missing as well
        return CannotParse(text, again.suggestion if isinstance(again, CannotParse) else f"/promote {meant}")
    return _ask(words, known)


def parse_rollback(text: str, known: Known, here: Here = NOWHERE) -> Meaning:
    """The meaning of what follows `/rollback`."""
    words = split(text)
    if words.head and clean(words.head[0]).lower() in HELP_WORDS:
        return AskHelp("rollback")
    return _asked(words, known, here) if is_question(words) else undo(words, known, here)


def parse_mention(text: str, known: Known, here: Here = NOWHERE) -> Meaning:
    """The meaning of what follows a mention; below a card, a mention without a word asks for help."""
    words = split(text)
    if not words.head and here.promotion:
        return AskHelp()
    command = words.head[0].lower() if words.head else ""
    if command == "/rollback":
        return parse_rollback(words.rest.said, known, here)
    return parse(words.rest.said if command == "/promote" else text, known, here)


def _without_verb(words: Words, known: Known) -> Words:
    """`promote checkout@v2` and `checkout@v2` are the same."""
    if len(words.head) < 2 or clean(words.head[0]).lower() not in VERBS:
        return words
    if clean(words.head[0]) in known.services:
        return words
    goes_on = clean(words.head[1]).lower() in COMMANDS or subject(words.head[1])[0] in known.services
    return words.rest if goes_on else words


def _asked(words: Words, known: Known, here: Here) -> AskWhy:
    """`approve?`, `rollback checkout?`: why it stands where it stands, and nothing is done."""
    first = clean(words.head[0]) if words.head else ""
    service = subject(first)[0]
    if promotion_id(first) is None and service in known.services:
        places = (clean(word).lower() for word in words.head[1:])
        return AskWhy(
            service=service, environment=next((one for one in places if one in known.environments), "")
        )
    return AskWhy(promotion=promotion_id(first) or here.promotion)


def _ask(words: Words, known: Known) -> Meaning:
    service, version = subject(words.head[0])
    if not service:
        return CannotParse(
            " ".join(words.head), "/promote checkout@v2.14.3 to production because fix refunds"
        )
    asked, left = _request(service, version, words.rest, known)
    if left and service in known.services and (words.reason or not is_plain(left, known)):
        return CannotParse(words.said, f"/promote {_request_meant(asked, left, known)}")
    if asked.version and asked.environment and any(is_question(Words((word,), "")) for word in words.head):
        return AskPlan(service, asked.version, asked.environment)
    return replace(asked, reason=" ".join(left)) if left and not words.reason else asked


def _request(service: str, version: str, words: Words, known: Known) -> tuple[Ask, tuple[str, ...]]:
    """What is asked for, and the words that are left over: a version may stand before the place, or after it."""
    version, words = lone_version(version, words)
    environment, rest = place(words, known)
    version, words = lone_version(version, Words(rest, words.reason))
    return Ask(service, version, environment, words.reason), without_fillers(words.head)


def _request_meant(asked: Ask, left: tuple[str, ...], known: Known) -> str:
    """The same request with the words that were left over: as the place that they nearly name, else as its reason."""
    environment = "" if asked.environment else nearly(left[0], known.environments)
    version = f"@{asked.version}" if asked.version else ""
    where = f" to {environment or asked.environment}" if environment or asked.environment else ""
    reason = reasoned(left[1:] if environment else left, asked.reason).reason
    return f"service:{asked.service}{version}{where}" + (f" because {reason}" if reason else "")


def _plan(words: Words, known: Known, here: Here) -> Meaning:
    service, version = subject(words.head[0]) if words.head else (here.service, "")
    example = "/promote plan checkout@v2.14.3 to production"
    if not service:
        return CannotParse(f"plan {words.said}".strip(), example)
    asked, left = _request(service, version, words.rest, known)
    environment = asked.environment
    if not environment and left:
        environment, left = clean(left[0]).lower(), left[1:]
    if left and not is_plain(left, known):
        return CannotParse(f"plan {words.said}", example)
    return AskPlan(service, asked.version, environment)


def _status(words: Words, known: Known, here: Here) -> Meaning:
    head = without_sugar(words.head)
    named = promotion_id(head[0]) or subject(head[0])[0].lower() if head else ""
    is_name = named.startswith("P-") or named in (*known.services, *known.environments, "all")
    return AskStatus(here.promotion if here.promotion and not is_name else named)


def _why(words: Words, known: Known, here: Here) -> Meaning:
    head = without_sugar(words.head)
    promotion = promotion_id(head[0]) if head else ""
    service = subject(head[0])[0] if head else ""
    if promotion or (here.promotion and service not in known.services):
        return AskWhy(promotion=promotion or here.promotion)
    if head and meant_id(head[0]) and service not in known.services:
        return CannotParse(f"why {words.said}", f"/promote why {meant_id(head[0])}")
    return AskWhy(service=service, environment=head[1].lower() if len(head) > 1 else "")


def _history(words: Words, known: Known, here: Here) -> Meaning:
    head = tuple(word for word in without_sugar(words.head) if word.lower() != "last")
    named = bool(head) and not SPAN.match(head[0])
    service = subject(head[0])[0] if named else here.service
    if not service:
        return CannotParse("history", "/promote history checkout in production")
    rest = head[1:] if named else head
    spans = [found for word in rest if (found := SPAN.match(word))]
    units = [word for word in rest if word.lower() in {"d", "day", "days"}]
    places = [word.lower() for word in rest if not SPAN.match(word) and word not in units]
    if len(places) > 1:
        return CannotParse(f"history {words.said}", f"/promote history {service} in {places[0]}")
    return AskHistory(service, places[0] if places else "", *_span(spans, bool(units)))


def _span(spans: list[re.Match[str]], in_days: bool) -> tuple[int, int]:
    """How many, and of how many days: `20`, `7d`, `7 days`."""
    days = [int(one[1]) for one in spans if one[2] or in_days]
    counts = [int(one[1]) for one in spans if not one[2] and not in_days]
    if days:
        return MOST_HISTORY, max(1, min(days[0], MOST_DAYS))
    return (max(1, min(counts[0], MOST_HISTORY)) if counts else 10), 0


def _yes(words: Words, known: Known, here: Here) -> Meaning:
    return _about(words, known, here, "approve", SayYes)


def _no(words: Words, known: Known, here: Here) -> Meaning:
    return _about(words, known, here, "reject", SayNo)


def _stop(words: Words, known: Known, here: Here) -> Meaning:
    return _about(words, known, here, "cancel", Stop)


def _close(words: Words, known: Known, here: Here) -> Meaning:
    return _about(words, known, here, "resolve", Close)


def _again(words: Words, known: Known, here: Here) -> Meaning:
    gate = clean(words.head[0]) if words.head else ""
    is_id = gate.startswith(("#", "P-", "p-"))
    named = promotion_id(gate) if is_id or not here.promotion else None  # `p99` is a gate here, and no id
    if not (named or here.promotion) or (is_id and named is None):
        return _which(words, here, "retry")
    promotion = named or here.promotion
    gates = " ".join(without_fillers(words.head[1:] if named else words.head))
    if words.reason:
        return CannotParse(f"retry {words.said}", f"/promote retry {promotion} {gates}".strip())
    return Again(promotion, gates)


def _about(words: Words, known: Known, here: Here, command: str, line: Callable[[str, str], Line]) -> Meaning:
    """A line about one promotion. What looks like an id with a slip in it is never taken for a remark about
    the one whose thread it is, and neither is what might be about something else."""
    first = clean(words.head[0]) if words.head else ""
    named = promotion_id(first)
    if named is None and (not here.promotion or meant_id(first)):
        return _which(words, here, command)
    promotion, rest = named or here.promotion, words.rest if named else words
    left = without_fillers(rest.head)
    if not left:
        return line(promotion, rest.reason)
    if has_doubts(left, DOUBTED.get(command, frozenset())) or (is_list(left) if named else named_in(left)):
        return CannotParse(
            f"{command} {words.said}", f"/promote {command} {named or named_in(left) or promotion}"
        )
    if rest.reason or not (named or is_plain(left, known)):
        because = reasoned(left, rest.reason).said
        return CannotParse(f"{command} {words.said}", f"/promote {command} {promotion} {because}")
    return line(promotion, " ".join(left))


def _which(words: Words, here: Here, command: str) -> CannotParse:
    """A line about one promotion that does not say which."""
    meant = meant_id(clean(words.head[0])) if words.head else ""
    said = " ".join((command, *words.head))
    return CannotParse(said, f"/promote {command} {meant or here.promotion or 'P-142'}")


def _record(words: Words, known: Known, here: Here) -> Meaning:
    service, version = subject(words.head[0]) if words.head else ("", "")
    asked, left = _request(service, version, words.rest, known)
    if not service or not asked.environment:
        example = "/promote adopt checkout@v2.14.2 in production because it was live before Greenlight"
        return CannotParse(" ".join(("adopt", *words.head)), example)
    if left and (words.reason or not is_plain(left, known)):
        return CannotParse(f"adopt {words.said}", f"/promote adopt {_request_meant(asked, left, known)}")
    return Record(service, asked.version, asked.environment, words.reason or " ".join(left))


def _help(words: Words, known: Known, here: Here) -> Line:
    return AskHelp(clean(words.head[0]).lower() if words.head else "")


DOUBTED: Mapping[str, frozenset[str]] = {"approve": DOUBTS, "cancel": CONDITIONS, "resolve": DOUBTS}
COMMANDS: Mapping[str, Callable[[Words, Known, Here], Meaning]] = {
    "plan": _plan,
    "status": _status,
    "why": _why,
    "history": _history,
    "approve": _yes,
    "reject": _no,
    "cancel": _stop,
    "retry": _again,
    "rollback": undo,
    "adopt": _record,
    "acknowledge": acknowledge,
    "lead": lead,
    "note": note,
    "resolve": _close,
    "whoami": lambda words, known, here: AskWhoAmI(subject(words.head[0])[0] if words.head else ""),
    "doctor": lambda words, known, here: AskDoctor(),
    "help": _help,
}
