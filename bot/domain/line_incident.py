"""What is said in an incident's room: `acknowledge`, `lead` and `note`, with the promotion of the room implied.

A note is taken as it was typed. In one, `p99` and `#812` are what people write about, and `P-142` alone is an id.
"""

import re
from collections.abc import Callable

from bot.domain.errors import CannotParse
from bot.domain.line_remarks import without_fillers
from bot.domain.line_words import ENDS, QUOTES, Here, Known, Words, clean, meant_id, promotion_id, split
from bot.domain.lines import Acknowledge, Lead, Line, WriteNote

ROOM_WORDS = frozenset({"acknowledge", "ack", "lead", "note", "resolve"})
WRITTEN_ID = re.compile(r"[Pp]-\d{1,9}\Z", re.ASCII)


def is_said_in_a_room(text: str) -> bool:
    """Whether a line is one whose promotion an incident's room implies, also for a slash command."""
    head = split(text).head
    return bool(head) and clean(head[0]).lower() in ROOM_WORDS


def acknowledge(words: Words, known: Known, here: Here) -> Line | CannotParse:
    """`acknowledge [P-142]`."""
    return _alone(words, here, "acknowledge", Acknowledge)


def lead(words: Words, known: Known, here: Here) -> Line | CannotParse:
    """`lead [P-142]`: nobody can be named, because whoever says it takes the lead."""
    return _alone(words, here, "lead", Lead)


def note(words: Words, known: Known, here: Here) -> Line | CannotParse:
    """`note [P-142] TEXT`."""
    first = words.head[0].strip(QUOTES).rstrip(f"{ENDS}:") if words.head else ""
    named = promotion_id(first) if WRITTEN_ID.match(first) else None
    if named is None and not here.promotion:
        return CannotParse(f"note {words.said}".strip(), f"/promote note {_example(words, first)}".strip())
    return WriteNote(named or here.promotion, (words.rest if named else words).said)


def _example(words: Words, first: str) -> str:
    meant = meant_id(first)
    return f"{meant or 'P-142'} {(words.rest if meant else words).said or 'refunds fail for EUR cards'}"


def _alone(words: Words, here: Here, command: str, line: Callable[[str], Line]) -> Line | CannotParse:
    """A line that says nothing but which promotion: what goes on after that was not understood."""
    first = clean(words.head[0]) if words.head else ""
    named = promotion_id(first)
    left = without_fillers((words.rest if named else words).head)
    promotion = named or here.promotion
    if promotion and not left and not words.reason:
        return line(promotion)
    meant = named or meant_id(first) or promotion or "P-142"
    return CannotParse(f"{command} {words.said}".strip(), f"/promote {command} {meant}")
