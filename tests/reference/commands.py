"""docs/commands.md: everything that can be typed, in Slack and on the machine."""

import argparse
from collections.abc import Iterator

from bot import __main__ as process
from bot import entrances
from tests.reference.grammar import LINES, MENTIONS, Typed
from tests.reference.tables import ORIGIN, code, table

HEAD = """\
# Commands

`/promote checkout@v2.14.3 to production because fix refunds` is the whole grammar: a service, its version, where to, and why. The words
`to`, `in`, `on` and `because` may be left out, `promote` in front may be said, and what is missing is asked for in a form. A service whose
name is a command is written `service:status`. Every answer is private; what others must see is on the card.

A line does something only when each of its words was understood. A slip, or a word that might mean something else, gets the line that was
probably meant, and nothing is done. What follows `because` is kept as it is. `approve`, `reject`, `cancel`, `retry` and `rollback` with a
question mark ask why it stands where it stands. Words without `because` are a note when they can be nothing else; a rollback without
`because` opens its form."""
MENTION = """\
## As a mention, and in threads

Slack has no slash commands in threads; mention the bot there. Begin the message with `@greenlight`: in the middle of a sentence the name
is talk, and nothing is done. Every line above works behind it, and below a card, or in an incident channel, the promotion is understood.
Only you see the answer; where a form is needed, it has a button that opens it."""
SHORTCUTS = """\
## Shortcuts

Without typing: the first two are in the ⚡ menu beside the composer, the others in the ⋯ menu of a card and of any message below one."""
BUTTONS = """\
## Buttons

The card's buttons do the same as the lines above. What each does: [Concepts](concepts.md#buttons)."""
MACHINE = """\
## On the machine

`greenlight` comes with `pip install .`; in a checkout, `.venv/bin/python -m bot` is the same. Settings are read from the environment and
from `.env`."""


def render() -> str:
    """The page as it should be now."""
    slack = table(("command", "what it does", "who"), [_row(one) for one in LINES])
    mentions = table(("mention", "what it does"), [(code(text), what) for text, what in MENTIONS.items()])
    parts = (HEAD, ORIGIN, "## In Slack", slack, MENTION, mentions, SHORTCUTS, _shortcuts(), BUTTONS, MACHINE)
    return "\n\n".join((*parts, _machine())) + "\n"


def _row(one: Typed) -> tuple[str, str, str]:
    return "<br>".join(code(text) for text in one.examples), one.what, one.who


def _shortcuts() -> str:
    every = (*entrances.GLOBAL_SHORTCUTS, *entrances.MESSAGE_SHORTCUTS)
    return table(
        ("shortcut", "where", "what it does"), [(one.name, one.type, one.description) for one in every]
    )


def _machine() -> str:
    rows = []
    for words, parser, what in commands(process._parser()):
        options = "<br>".join(f"{code(name)} {said}".strip() for name, said in _options(parser))
        rows.append((code(f"greenlight {words}"), what, options))
    return table(("command", "what it does", "with"), rows)


def commands(
    parser: argparse.ArgumentParser, before: str = ""
) -> Iterator[tuple[str, argparse.ArgumentParser, str]]:
    """Every command as it can be typed, its parser, and its help."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            said = {choice.dest: choice.help or "" for choice in action._choices_actions}
            for name, below in action.choices.items():
                deeper = list(commands(below, f"{before}{name} "))
                yield from deeper or [(f"{before}{name}{one}", below, said[name]) for one in _needed(below)]


def _needed(parser: argparse.ArgumentParser) -> list[str]:
    """What has to follow: words to choose from, one line for each, or names for what one puts there."""
    lines = [""]
    for action in parser._actions:
        if _is_needed(action):
            words = [str(one) for one in action.choices or (action.metavar or action.dest.upper(),)]
            lines = [f"{line} {word}" for line in lines for word in words]
    return lines


def _is_needed(action: argparse.Action) -> bool:
    return not action.option_strings and action.nargs != "?"


def _options(parser: argparse.ArgumentParser) -> Iterator[tuple[str, str]]:
    """What may follow, and what it is."""
    for action in parser._actions:
        if isinstance(action, argparse._HelpAction) or _is_needed(action):
            continue
        value = "" if action.nargs == 0 else str(action.metavar or action.dest.upper())
        name = " ".join(filter(None, (*action.option_strings[-1:], value)))
        yield (name if action.option_strings else f"[{name}]"), action.help or ""
