"""The rows of the audit log, for whoever has to know exactly: what each says by name, and no row of bookkeeping."""

from blocks.text import link, moment, untrusted, web_address
from blocks.words import names
from bot.domain.forms import AuditLine

BOOKKEEPING = frozenset({"effects_begun", "effect_done", "woken"})  # what was posted or sent, and each wake
_MOST_FACTS = 10
_ADDRESSES = frozenset({"url", "link"})  # of vendors; an address that somebody typed into a reason is no link


def rows(audit: tuple[AuditLine, ...]) -> list[str]:
    """Every row that tells something, and how many more there are."""
    told = [row(one) for one in audit if one.action not in BOOKKEEPING or one.phase]
    left = len(audit) - len(told)
    return [*told, *([_left(left)] if left else [])]


def _left(count: int) -> str:
    return f"… and {count} {'entry' if count == 1 else 'entries'} of bookkeeping"


def row(one: AuditLine) -> str:
    """One row: its number in the chain, when, who, what, and what came of it."""
    number = f"`{one.number}` " if one.number else ""
    told = ", ".join(_fact(name, value) for name, value in one.facts[:_MOST_FACTS])
    action = untrusted(one.action, 60).replace("_", " ")
    reached = f" → *{untrusted(one.phase, 20)}*" if one.phase else ""
    return f"{number}{moment(one.at)} · {untrusted(one.actor, 40)} · {action}{f': {told}' if told else ''}{reached}"


def _fact(name: str, value: str | float) -> str:
    words = untrusted(name, 40).replace("_", " ")
    if isinstance(value, float):
        return f"{words} {moment(value)}"
    if name in _ADDRESSES and web_address(value):
        return link(value, words)
    return f"{words} {names.version(value)}".strip()
