"""The pages that are written from the code, and where they stand."""

from collections.abc import Callable, Mapping
from pathlib import Path

from tests.documents import ROOT
from tests.reference import codes, commands, settings

PAGES: Mapping[str, Callable[[], str]] = {
    "commands": commands.render,
    "settings": settings.render,
    "codes": codes.render,
}


def page(name: str) -> Path:
    """Where a page stands."""
    return ROOT / "docs" / f"{name}.md"


def written() -> Mapping[str, str]:
    """Each page by name, as it should be now."""
    return {name: render() for name, render in PAGES.items()}
