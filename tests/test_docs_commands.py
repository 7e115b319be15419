"""The commands that the documentation tells people to type, in Slack and on the machine, are there."""

import re
import shlex
from pathlib import Path

import pytest

from blocks.words.help import TOPICS, help_text
from bot import __main__ as process
from bot.domain import command_line as line
from bot.domain.errors import CannotParse
from bot.domain.line_words import Known
from bot.domain.lines import Ask
from bot.entrances import COMMANDS as SLASH_COMMANDS
from tests.documents import PAGES, ROOT, code_words, console, prose
from tests.reference.commands import commands

IN_CONTAINER = re.compile(r"(?<= )greenlight (?=[a-z-]).+")  # what follows the image's or the service's name
COMMANDS = tuple(command.name for command in SLASH_COMMANDS)
KNOWN = Known(("checkout", "storefront", "inventory"), ("dev", "staging", "production"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_each_example_can_be_typed(page: Path) -> None:
    """What the pages tell people to type in Slack is understood."""
    typed = [text for text in code_words(page.read_text()) if text.startswith(tuple(COMMANDS))]
    assert [text for text in typed if isinstance(meaning(text), CannotParse)] == []


@pytest.mark.parametrize("topic", ["", *TOPICS])
def test_the_help_names_only_what_can_be_typed(topic: str) -> None:
    """Each command in the bot's own help is understood, and none is taken for a service."""
    words = help_text(topic, "checkout")
    typed = [text for text in code_words(words) if text.startswith(tuple(COMMANDS))]
    meanings = {text: meaning(text) for text in typed}
    assert [text for text, meaning in meanings.items() if isinstance(meaning, CannotParse)] == []
    asked = [meaning.service for meaning in meanings.values() if isinstance(meaning, Ask)]
    assert set(asked) <= {"", *KNOWN.services}


def test_the_help_knows_each_command_that_people_need() -> None:
    """A command that the parser takes stands in the help, `retry` apart, which is a button."""
    said = " ".join(
        help_text(topic, "checkout") for topic in ("", "approvals", "rollback", "incidents", "setup")
    )
    assert [word for word in line.COMMANDS if f"/promote {word}" not in said] == ["retry", "rollback"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_each_command_of_the_process_can_be_run(page: Path) -> None:
    """Every `greenlight …` in a page, inline or on a console line, has words and options that are there."""
    said = [text for text in code_words(prose(page)) if text.startswith("greenlight ")]
    lines = [line for text in console(page) for line in text.splitlines()]
    said += [line for line in lines if line.startswith("greenlight ")]
    said += [found[0] for line in lines if "docker" in line and (found := IN_CONTAINER.search(line))]
    assert [text for text in said if not is_runnable(text)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_each_target_of_make_is_there(page: Path) -> None:
    """`make demo` and the like, inline or on a console line, are in the Makefile."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    said = [*code_words(prose(page)), *(line for text in console(page) for line in text.splitlines())]
    named = {found[1] for text in said if (found := re.match(r"make ([a-z-]+)", text))}
    assert named <= targets


def test_the_help_of_the_bot_names_commands_of_the_process() -> None:
    """What Slack tells people to run on the machine is there."""
    said = re.findall(r"`(greenlight [^`]+)`", help_text("setup", "checkout"))
    assert said
    assert [text for text in said if not is_runnable(text)] == []


def meaning(text: str) -> object:
    """What the bot understands of a line with its slash."""
    command, _, rest = text.partition(" ")
    parse = line.parse_rollback if command == "/rollback" else line.parse
    return parse(rest, KNOWN)


def is_runnable(text: str) -> bool:
    """Whether the parser of the process takes a line, or it is only named: `greenlight adopt`, `greenlight …`."""
    words = shlex.split(text, comments=True)[1:]
    beginning = " ".join(words).rstrip("…")
    if any(f"{name} ".startswith(f"{beginning} ".lstrip()) for name, _, _ in commands(process._parser())):
        return True
    try:
        process._parser().parse_args(words)
    except SystemExit as refused:
        return refused.code == 0  # --help
    return True
