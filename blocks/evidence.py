"""The gates of a card: a table where Slack draws one, lines where it does not."""

from collections.abc import Sequence

from blocks import pieces
from blocks.rendition import Block, Blocks
from blocks.text import count_of, lines_within, raw
from blocks.words import evidence
from bot.domain.face import Face, RequirementFace

MOST_ROWS = 20
_HEAD = ("Gate", "Result", "Evidence")


def rich_evidence(face: Face) -> Blocks:
    """Every requirement, as a table of at most twenty rows; those that stand in the way are never left out."""
    return [*_table(evidence.shown(face, MOST_ROWS)), *_rest(face)]


def classic_evidence(face: Face) -> Blocks:
    """Every requirement, as lines."""
    return [*_lines(evidence.shown(face, MOST_ROWS)), *_rest(face)]


def rich_obstacles(face: Face) -> Blocks:
    """What passed in one line, and a table of what did not."""
    return [pieces.section(evidence.passed_line(face)), *_table(evidence.obstacles(face, MOST_ROWS))]


def classic_obstacles(face: Face) -> Blocks:
    """What passed in one line, and a line for each that did not."""
    return [pieces.section(evidence.passed_line(face)), *_lines(evidence.obstacles(face, MOST_ROWS))]


def _table(rows: Sequence[RequirementFace]) -> Blocks:
    if not rows:
        return []
    return [pieces.table([[pieces.cell(word) for word in _HEAD], *map(_row, rows)])]


def _row(one: RequirementFace) -> list[Block]:
    emoji, result = evidence.RESULTS[one.verdict]
    seen = pieces.linked_cell(raw(evidence.seen(one), 160), one.link)
    return [pieces.cell(evidence.label(one)), pieces.marked_cell(emoji, result), seen]


def _lines(rows: Sequence[RequirementFace]) -> Blocks:
    lines = [evidence.row(one) for one in rows]
    return [pieces.section(lines_within(lines, 3_000))] if lines else []


def _rest(face: Face) -> Blocks:
    more = evidence.evidence_count(face) - MOST_ROWS
    return [pieces.context(f"and {count_of(more, 'more gate')}: see Details")] if more > 0 else []
