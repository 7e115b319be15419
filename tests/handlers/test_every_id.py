"""Check 6: every id that blocks can send has a handler, every handler has something that sends it, and all is declared."""

import ast
import importlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import blocks
from blocks import details_modal, home, letters, modals, replies
from bot import entrances
from bot.domain.face import Button
from handlers import clicks, forms, shortcuts
from handlers.home import PRESSES

BLOCKS = Path(blocks.__file__).parent
MAKERS = {"button", "link_button"}
# What the second argument of a maker may be beside a constant of its module.
MADE: Mapping[str, set[str]] = {
    "button.value": {str(one) for one in Button},
    "TAB + tab": {details_modal.TAB},
    "action_id": set(),
}
CALLBACK = re.compile(r"promo\.[a-z_]+")
WITHOUT_SUBMIT = {modals.MESSAGE, details_modal.DETAILS, home.HOME}
LINKS = {letters.OPEN_CARD}  # Slack opens the address, and tells us of it


def test_check_6_every_button_that_can_be_sent_is_handled() -> None:
    """The ids of all buttons are those of the handlers, the links that need none, and the tabs of the details."""
    handled = {*map(str, Button), *PRESSES, replies.OPEN_FORM, details_modal.TAB, *LINKS}
    assert set(sent()) == handled


def test_check_6_every_button_of_a_card_has_one_answer() -> None:
    """A button is a link or it is pressed; the links and the presses together are all of them."""
    assert set(clicks.BUTTONS) | clicks.LINKS == set(Button)
    assert set(clicks.BUTTONS) & clicks.LINKS == set()


def test_check_6_every_form_that_can_be_sent_is_taken() -> None:
    """The callback ids in blocks are those of the forms' handlers and of what cannot be submitted."""
    written = {word for tree in trees() for word in constants(tree) if CALLBACK.fullmatch(word)}
    assert written == set(forms.CALLBACKS) | WITHOUT_SUBMIT
    assert set(forms.CHOICES) <= set(forms.CALLBACKS)


def test_check_6_every_shortcut_is_declared_and_handled() -> None:
    """What the manifest declares is what is handled."""
    declared = {one.callback for one in (*entrances.GLOBAL_SHORTCUTS, *entrances.MESSAGE_SHORTCUTS)}
    assert set(shortcuts.SHORTCUTS) == declared


def trees() -> Iterator[ast.Module]:
    """Every file of blocks."""
    for file in sorted(BLOCKS.rglob("*.py")):
        yield ast.parse(file.read_text())


def constants(tree: ast.Module) -> Iterator[str]:
    """Every text that is written in a file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def sent() -> Iterator[str]:
    """The id of every button that a file of blocks makes."""
    for file in sorted(BLOCKS.glob("*.py")):
        module = importlib.import_module(f"blocks.{file.stem}")
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and _name(node.func) in MAKERS and len(node.args) > 1:
                said = ast.unparse(node.args[1])
                yield from MADE[said] if said in MADE else {getattr(module, said)}


def _name(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
