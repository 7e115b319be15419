"""What the product's own source says: its regular expressions."""

import ast
from collections.abc import Iterator

from tests.documents import ROOT


def compiled_patterns() -> list[str]:
    """Every regular expression that is written out in the product."""
    files = [
        file for folder in ("bot", "handlers", "blocks") for file in sorted((ROOT / folder).rglob("*.py"))
    ]
    found = [pattern for file in files for pattern in _patterns(ast.parse(file.read_text()))]
    return sorted(set(found))


def _patterns(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re."):
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value
