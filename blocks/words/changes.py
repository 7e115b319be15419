"""What changes with a version, as forms say it: a list, or why there is none."""

from typing import assert_never

from blocks.text import count_of, link, untrusted
from blocks.words import card_lines, names
from bot.domain.forms import ChangeList, Checking, NotAsked, NotTold
from bot.domain.promotion import Change, Changes

SHOWN = 8
_NOTHING = {
    "no version": "Choose a version to see what changes.",
    "no live": "What is live there is not known, so I cannot say what changes.",
    "later": "I have not compared the commits yet. You can go on without.",
    "same": "This is the commit that is live there now: nothing changes.",
}


def coming(changes: ChangeList, environment: str) -> list[str]:
    """What a promotion brings: each change in a line."""
    if isinstance(changes, Changes) and not changes.commits:
        return [f"*Changes:* nothing that {names.environment(environment)} does not have.", *_behind(changes)]
    return _lines(changes, "*Changes:*", "come")


def leaving(changes: ChangeList) -> list[str]:
    """What a rollback takes away: each change in a line."""
    if isinstance(changes, Changes) and not changes.commits:
        return ["*Goes away:* no commit."]
    return _lines(changes, "*Goes away:*", "go")


def _lines(changes: ChangeList, head: str, verb: str) -> list[str]:
    match changes:
        case NotAsked(why=why):
            return [f"{head} {_NOTHING[why]}"]
        case Checking():
            return [f"{head} :hourglass_flowing_sand: Checking…"]
        case NotTold(why=why):
            told = f" (“{untrusted(why, 120)}”)" if why else ""
            return [f"{head} GitHub does not tell me now{told}. You can go on without."]
        case Changes():
            return [
                _count(changes, head, verb),
                *_items(changes),
                *(_behind(changes) if verb == "come" else []),
            ]
        case other:
            assert_never(other)


def _count(changes: Changes, head: str, verb: str) -> str:
    since = f" since {names.version(changes.since)}" if changes.since and verb == "come" else ""
    count = count_of(changes.commits, "commit")
    return f"{head} {link(changes.url, count + since)}"


def _items(changes: Changes) -> list[str]:
    lines = [line(one) for one in changes.items[:SHOWN]]
    more = len(changes.items) - SHOWN
    return [*lines, f"• and {more} more"] if more > 0 else lines


def line(one: Change) -> str:
    """One change with its author."""
    author = f" ({untrusted(one.author, 40)})" if one.author else ""
    return f"• {card_lines.item(one)}{author}"


def _behind(changes: Changes) -> list[str]:
    if not changes.behind:
        return []
    if changes.behind == 1:
        return [":warning: 1 commit that is live there now is *not in this version*."]
    return [f":warning: {changes.behind} commits that are live there now are *not in this version*."]
