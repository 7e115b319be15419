"""Everything about one promotion, in four tabs of one form that is redrawn when somebody chooses another."""

import json
from collections.abc import Sequence

from blocks import pieces
from blocks.rendition import Block, Blocks, View
from blocks.text import raw
from blocks.views import modal
from blocks.words import details as words
from bot.domain.face import Face
from bot.domain.forms import TABS, Details, Tab

DETAILS = "promo.details"
TAB = "details_"
_MOST_SECTIONS = 12
_ROOM = 2_900  # characters of one section


def details(shown: Details) -> View:
    """One tab of what is known of a promotion."""
    face = shown.face
    blocks = [
        pieces.section(words.head(face)),
        pieces.context(words.ids(shown)),
        pieces.section(words.reason(face)),
        *pieces.actions("tabs", [_tab(face, tab, shown.tab) for tab in TABS]),
        *_sections(words.lines(shown), shown.tab),
    ]
    return modal(DETAILS, f"{words.TITLE} {raw(face.id, 12)}", blocks, id=face.id, rev=face.digest)


def tab_of(action: str) -> Tab | None:
    """The tab that a button opens; None for every other button."""
    return next((tab for tab in TABS if action == TAB + tab), None)


def _tab(face: Face, tab: Tab, chosen: Tab) -> Block:
    value = json.dumps({"id": face.id, "rev": face.digest})
    style: pieces.Style | None = "primary" if tab == chosen else None
    return pieces.button(words.TABS[tab], TAB + tab, value, words.tab_for_readers(face, tab), style=style)


def _sections(lines: Sequence[str], tab: Tab) -> Blocks:
    """The lines in as few sections as they fit in; what does not fit in a dozen is counted.

    In order of time the newest are kept: somebody who reads at night looks for what happened last.
    """
    pages = _pages(lines)
    keeps_newest = tab in ("timeline", "audit")
    kept = pages[-_MOST_SECTIONS:] if keeps_newest else pages[:_MOST_SECTIONS]
    shown: Blocks = [pieces.section("\n".join(page)) for page in kept]
    left = len(lines) - sum(map(len, kept))
    if not left:
        return shown
    if keeps_newest:
        return [pieces.context(words.not_shown_before(left)), *shown]
    return [*shown, pieces.context(words.not_shown(left))]


def _pages(lines: Sequence[str]) -> list[list[str]]:
    pages: list[list[str]] = []
    for line in lines:
        if not pages or len("\n".join([*pages[-1], line])) > _ROOM:
            pages.append([])
        pages[-1].append(line)
    return pages
