"""Templates of the catalog: `{word}` is a placeholder, any other brace is text (PromQL and JSON have many)."""

import re
from collections.abc import Mapping

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
ALMOST = re.compile(r"\{\s*([A-Za-z_][A-Za-z0-9_.-]*)\s*\}")


def placeholders(template: str) -> tuple[str, ...]:
    """The words in braces, in order, misspelt ones such as `{ Sha }` included as they are written."""
    return tuple(match.group(0)[1:-1] for match in ALMOST.finditer(template))


def fill(template: str, values: Mapping[str, str]) -> str:
    """The template with each placeholder that `values` names replaced, in one pass."""
    return PLACEHOLDER.sub(lambda match: values.get(match.group(1), match.group(0)), template)
