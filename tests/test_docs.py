"""The documentation says what the code does: commands, settings, states, buttons, keys and links."""

import argparse
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import get_args, get_origin

import pytest
from pydantic import SecretStr
from pydantic_core import PydanticUndefined

from blocks.buttons import label
from blocks.words.help import help_text
from bot import __main__ as command_line_of_the_process
from bot.catalog import schema
from bot.catalog.schema_gates import Checks, Gate, Health, Incidents
from bot.catalog.values import Keys
from bot.domain import command_line as line
from bot.domain.errors import CannotParse
from bot.domain.face import Button, Face, State
from bot.domain.policy import Kind, Person
from bot.domain.promotion import Phase
from bot.playground.control import world as control_world
from bot.settings import Settings
from handlers.slack import COMMANDS
from tests.documents import PAGES, ROOT, anchors, code_words, links, prose, rows, section

README, CONCEPTS = ROOT / "README.md", ROOT / "docs" / "concepts.md"
CONFIGURATION, PLAYGROUND = ROOT / "docs" / "configuration.md", ROOT / "docs" / "playground.md"
KNOWN = line.Known(("checkout", "storefront", "inventory"), ("dev", "staging", "production"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """Every link inside the repository names a file that exists, and a heading of it."""
    assert [target for target in links(page) if not _leads_somewhere(page, target)] == []


def test_the_contents_list_every_page() -> None:
    """docs/index.md leads to each page below docs/."""
    index = ROOT / "docs" / "index.md"
    listed = {(index.parent / target).resolve() for target in links(index)}
    assert listed == {page for page in PAGES if index.parent in page.parents} - {index}


def test_the_readme_lists_each_slack_command() -> None:
    """Both slash commands and each word after /promote have a line in the table, and no others."""
    documented = [code_words(cells[0])[0] for cells in rows(section(README, "Commands"))]
    words = [text.split()[1] for text in documented if text.startswith("/promote ")]
    assert {text.split()[0] for text in documented if text.startswith("/")} == set(COMMANDS)
    assert [word for word in words if "@" not in word] == list(line.COMMANDS)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_each_example_can_be_typed(page: Path) -> None:
    """What the pages tell people to type in Slack is understood."""
    typed = [text for text in code_words(page.read_text()) if text.startswith(tuple(COMMANDS))]
    assert [text for text in typed if isinstance(_meaning(text), CannotParse)] == []


@pytest.mark.parametrize("topic", ["", "approvals", "rollback", "setup"])
def test_the_help_names_only_what_can_be_typed(topic: str) -> None:
    """Each command in the bot's own help is understood, and none is taken for a service."""
    words = help_text(topic, "checkout")
    typed = [text for text in code_words(words) if text.startswith(tuple(COMMANDS))]
    meanings = {text: _meaning(text) for text in typed}
    assert [text for text, meaning in meanings.items() if isinstance(meaning, CannotParse)] == []
    asked = [meaning.service for meaning in meanings.values() if isinstance(meaning, line.Ask)]
    assert set(asked) <= {"", *KNOWN.services}


def test_the_help_knows_each_command_that_people_need() -> None:
    """A command that the parser takes stands in the help, `retry` apart, which is a button."""
    said = " ".join(help_text(topic, "checkout") for topic in ("", "approvals", "rollback", "setup"))
    assert [word for word in line.COMMANDS if f"/promote {word}" not in said] == ["retry", "rollback"]


def test_the_commands_of_the_process_are_documented() -> None:
    """The README's `greenlight …` lines are the parser's commands, and each of them parses."""
    documented = [code_words(cells[0])[0] for cells in rows(section(README, "Commands"))]
    lines = [shlex.split(text)[1:] for text in documented if text.startswith("greenlight ")]
    assert [words[0] for words in lines] == list(command_line_of_the_process.COMMANDS)
    assert [_parsed(words).command for words in lines] == [words[0] for words in lines]


def test_no_page_names_a_command_that_is_not_there() -> None:
    """`greenlight doctor` and the like come into the pages together with their code."""
    said = [text for page in PAGES for text in code_words(prose(page)) if text.startswith("greenlight ")]
    helped = re.findall(r"`(greenlight [a-z]+)", help_text("setup", "checkout"))
    words = {text.split()[1].strip("…") for text in (*said, *helped)} - {""}
    assert words <= set(command_line_of_the_process.COMMANDS)


def test_the_states_are_documented() -> None:
    """README and concepts list the states of a card, each once in the README."""
    documented = [code_words(cells[0])[0] for cells in rows(section(README, "States"))]
    assert documented == [state.value for state in State]
    assert {word for cells in rows(section(CONCEPTS, "States")) for word in code_words(cells[1])} == set(
        documented
    )


def test_the_phases_are_documented() -> None:
    """Concepts list each phase once."""
    assert [code_words(cells[0])[0] for cells in rows(section(CONCEPTS, "States"))] == [
        phase.value for phase in Phase
    ]


def test_the_buttons_are_documented() -> None:
    """The table of buttons says what the buttons say, each once."""
    documented = sorted(cells[0] for cells in rows(section(CONCEPTS, "Buttons")))
    assert documented == sorted(label(_nobody_s_face(), button) for button in Button)


def test_the_settings_are_documented() -> None:
    """The table lists the settings in the order of bot/settings.py, with their defaults."""
    table = rows(section(CONFIGURATION, "Settings"))
    documented = {code_words(cells[0])[0]: cells[1].strip("`") for cells in table}
    assert list(documented) == [name.upper() for name in Settings.model_fields]
    for name, field in Settings.model_fields.items():
        default = field.default
        if default not in (None, PydanticUndefined):
            shown = default.get_secret_value() if isinstance(default, SecretStr) else str(default)
            assert documented[name.upper()] == shown


def test_the_example_environment_names_real_settings() -> None:
    """Each line of .env.example sets a setting that exists."""
    names = re.findall(r"^#? ?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert {name.lower() for name in names} <= set(Settings.model_fields)


def test_the_keys_of_the_catalog_are_documented() -> None:
    """Every key of the schema is in the table of those that work or of those that do not work yet."""
    working = {code_words(cells[0])[0] for cells in rows(section(CONFIGURATION, "promotions.yml"))}
    later_rows = rows(section(CONFIGURATION, "Not in this version"))
    later = {word.partition(":")[0] for cells in later_rows for word in code_words(cells[0])}
    keys = set(_keys(schema.File))
    assert working <= keys
    assert {key for key in keys - working if not _is_below(key, later)} == set()


def test_the_gates_are_documented() -> None:
    """The table of gates lists each key of the three gates that can be judged."""
    table = rows(section(CONFIGURATION, "Gates"))
    documented = {(code_words(cells[0])[0], code_words(cells[1])[0]) for cells in table}
    inherited = {"use", *Gate.model_fields}
    kinds: tuple[tuple[str, type[Keys]], ...] = (
        ("checks", Checks),
        ("health", Health),
        ("incidents", Incidents),
    )
    known = {(name, key) for name, kind in kinds for key in kind.model_fields if key not in inherited}
    assert documented == known - {("incidents", "statuspage")}


def test_the_calls_of_the_control_api_are_documented() -> None:
    """docs/playground.md lists each call below /play and each way to bend the world."""
    source = Path(control_world.__file__).with_name("api.py").read_text()
    calls = {
        f"POST /play/{name}" for name in re.findall(r'^            "(\w+)": self\._', source, re.MULTILINE)
    }
    table = rows(section(PLAYGROUND, "The control API"))
    documented = {code_words(cells[0])[0] for cells in table if "/play/" in cells[0]}
    assert documented == {*calls, "GET /play/state"}
    known = re.search(r"known = \{([^}]+)\}", Path(control_world.__file__).read_text())
    assert known is not None
    bends = [code_words(cells[0])[0] for cells in table if "/play/" not in cells[0]]
    assert sorted(bends) == sorted(re.findall(r'"(\w+)"', known[1]))


def _leads_somewhere(page: Path, target: str) -> bool:
    if target.startswith(("https://", "http://")):
        return True
    file, _, fragment = target.partition("#")
    found = (page.parent / file).resolve() if file else page
    return found.exists() and (not fragment or fragment in anchors(found))


def _meaning(text: str) -> object:
    command, _, rest = text.partition(" ")
    parse = line.parse_rollback if command == "/rollback" else line.parse
    return parse(rest, KNOWN)


def _parsed(words: list[str]) -> argparse.Namespace:
    return command_line_of_the_process._parser().parse_args(words)


def _keys(model: type[Keys], prefix: str = "") -> Iterator[str]:
    """Every key that holds a value, with `.*` for names of one's own and `[]` for lists."""
    for name, field in model.model_fields.items():
        key = f"{prefix}{field.alias or name}"
        below = list(_models(field.annotation))
        if len(below) == 1:
            yield from _keys(below[0][0], f"{key}{below[0][1]}.")
        else:
            yield key


def _models(annotation: object) -> Iterator[tuple[type[Keys], str]]:
    if isinstance(annotation, type) and issubclass(annotation, Keys):
        yield annotation, ""
    container = get_origin(annotation)
    mark = ".*" if container is dict else "[]" if container is list else ""
    for argument in get_args(annotation):
        yield from ((model, mark + rest) for model, rest in _models(argument))


def _is_below(key: str, roots: set[str]) -> bool:
    return any(key == root or key.startswith((f"{root}.", f"{root}[")) for root in roots)


def _nobody_s_face() -> Face:
    ana = Person("ana", "U0ANA")
    return Face(
        id="P-1",
        kind=Kind.PROMOTE,
        service="checkout",
        environment="production",
        version="v1",
        sha="",
        repo="acme/checkout",
        requester=ana,
        reason="",
        created=0.0,
        state=State.CHECKING,
        digest="",
    )
