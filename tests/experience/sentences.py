"""Finds sentences in source: text with words in a row that is neither documentation nor told to an operator."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

SENTENCE = re.compile(r"[A-Za-z’']+,? [a-z’']+,? [a-z’']+")  # three words in a row
OPERATORS = {"debug", "info", "warning", "error", "exception", "critical"}  # what a log is written with


def sentences_in(path: Path) -> list[str]:
    """Every sentence of a file that people could be shown."""
    tree = ast.parse(path.read_text())
    hidden = {id(node) for node in _not_shown(tree)}
    return [text for name, text in _texts(tree) if name not in hidden and SENTENCE.search(text)]


def _texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield id(node), node.value


def _not_shown(tree: ast.AST) -> Iterator[ast.AST]:
    """Documentation, what is raised, and what is logged."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
        elif isinstance(node, ast.Raise) or (isinstance(node, ast.Call) and _is_log(node.func)):
            yield from ast.walk(node)


def _is_log(called: ast.expr) -> bool:
    return isinstance(called, ast.Attribute) and called.attr in OPERATORS
