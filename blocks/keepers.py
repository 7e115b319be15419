"""What those who keep the catalog are told in private."""

from collections.abc import Sequence

from blocks import pieces
from blocks.rendition import Rendition
from blocks.words import catalog

CODE = "E26"


def catalog_refused(problems: Sequence[str], since: float) -> Rendition:
    """Say that a changed catalog was refused, and that the one loaded at `since` still counts."""
    text = catalog.refused(problems, since)
    return Rendition(text, ([pieces.section(text), pieces.context(CODE)],), CODE)
