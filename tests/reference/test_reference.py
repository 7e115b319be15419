"""The references are what the code is now: each command, setting and code, with nothing beside it."""

import pytest

from blocks.words.codes import CODES
from bot import __main__ as process
from bot.domain import command_line as line
from bot.domain.errors import CannotParse
from bot.domain.line_words import Here, Known
from bot.domain.lines import Ask
from bot.settings import Settings
from tests.reference.commands import commands
from tests.reference.grammar import LINES, MENTIONS
from tests.reference.pages import PAGES, page, written
from tests.reference.settings import explained

KNOWN = Known(("checkout", "storefront", "inventory"), ("dev", "staging", "production"))
CARD = Here(promotion="P-142", service="checkout")


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_what_the_code_is_now(name: str) -> None:
    """A stale page fails: `python -m tests.reference` writes it anew."""
    assert page(name).read_text() == written()[name]


def test_each_command_of_the_grammar_has_its_line() -> None:
    """In the order of the grammar, and none that is not there."""
    assert [one.word for one in LINES if one.word] == list(line.COMMANDS)


@pytest.mark.parametrize("one", [one for one in LINES if one.word], ids=lambda one: one.word)
def test_an_example_means_its_command(one: object) -> None:
    """Every example is taken for what its line says, and not for a service of that name."""
    typed = next(each for each in LINES if each is one)
    meanings = {text: line.parse(text.removeprefix("/promote "), KNOWN) for text in typed.examples}
    assert [text for text, meaning in meanings.items() if isinstance(meaning, CannotParse | Ask)] == []
    assert len({type(meaning) for meaning in meanings.values()}) == 1
    assert all(text.split()[1] == typed.word for text in typed.examples)


def test_a_mention_below_a_card_is_understood() -> None:
    """Each example, with the promotion implied where it names none."""
    meanings = [line.parse_mention(text.removeprefix("@greenlight "), KNOWN, CARD) for text in MENTIONS]
    assert [meaning for meaning in meanings if isinstance(meaning, CannotParse | Ask)] == []
    assert [getattr(meaning, "promotion", "P-142") for meaning in meanings] == ["P-142"] * len(MENTIONS)


def test_each_command_of_the_process_has_its_line() -> None:
    """Every word that `greenlight` takes stands in the table."""
    listed = {words.split()[0] for words, _, _ in commands(process._parser())}
    assert listed == set(process.COMMANDS)


def test_each_setting_is_explained_once() -> None:
    """.env.example explains every setting of the process, with words of its own."""
    found = list(explained())
    names = [name.lower() for one in found for name in one.names]
    assert sorted(names) == sorted(Settings.model_fields)
    assert all(len(one.comment) > 20 for one in found if one.names != ["LOG_LEVEL"])


def test_each_code_is_on_the_page() -> None:
    """A code that stands below a sentence is found by whoever looks it up."""
    text = page("codes").read_text()
    assert [code for code in CODES if f"| {code} | " not in text] == []
