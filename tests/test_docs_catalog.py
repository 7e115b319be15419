"""docs/configuration.md lists every key of the catalog, and what the pages show of a catalog can be loaded."""

import re
from collections.abc import Iterator
from typing import get_args, get_origin

import yaml

from bot.catalog import parse_catalog, schema
from bot.catalog.schema_gates import Checks, Gate, Health, Incidents
from bot.catalog.values import Keys
from tests.documents import PAGES, ROOT, code_words, rows, section

CONFIGURATION = ROOT / "docs" / "configuration.md"


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


def test_the_catalogs_in_the_pages_load() -> None:
    """A whole catalog in a page is one that is taken, without a warning; every other piece of YAML is YAML."""
    pieces = [
        text for page in PAGES for text in re.findall(r"```yaml[^\n]*\n(.*?)```", page.read_text(), re.DOTALL)
    ]
    whole = [text for text in pieces if {"slack", "services"} <= set(yaml.safe_load(text))]
    assert whole
    assert [parse_catalog(text.encode()).warnings for text in whole] == [()] * len(whole)


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
