"""The gates of a card: a table where Slack draws one, lines where it does not.

Slack takes one table a message, those inside a container counted: what stands in the way has it, where anything does.
"""

from collections.abc import Sequence

from blocks import pieces
from blocks.rendition import Block, Blocks
from blocks.text import lines_within, raw
from blocks.words import evidence
from bot.domain.face import Face, RequirementFace
from bot.domain.policy import Verdict

MOST_ROWS = 20
MOST_BESIDE = 8  # rows that may stand between the evidence and the Approve button
_HEAD = ("Requirement", "Result", "Evidence")


def rich_evidence(face: Face) -> Blocks:
    """Every requirement, as a table of at most twenty rows; those that stand in the way are never left out."""
    return [*_table(evidence.shown(face, MOST_ROWS)), *_rest(face)]


def classic_evidence(face: Face) -> Blocks:
    """Every requirement, as lines."""
    return [*_lines(evidence.shown(face, MOST_ROWS)), *_rest(face)]


def rich_obstacles(face: Face) -> Blocks:
    """What passed folded into one line, and a table of what did not."""
    obstacles = evidence.obstacles(face, MOST_ROWS)
    passed = _lines(_met(face)) if obstacles else _table(_met(face))
    return [*_folded(face, "passed", passed), *_table(obstacles)]


def classic_obstacles(face: Face) -> Blocks:
    """What passed in one line, and a line for each that did not."""
    return [pieces.section(evidence.passed_line(face)), *_lines(evidence.obstacles(face, MOST_ROWS))]


def rich_passed(face: Face) -> Blocks:
    """All evidence folded into one line that can be opened; what has not passed keeps a row of its own."""
    stands, rows = evidence.obstacles(face, MOST_BESIDE), evidence.shown(face, MOST_ROWS)
    return [*_folded(face, "evidence", _lines(rows) if stands else _table(rows)), *_table(stands)]


def classic_passed(face: Face) -> Blocks:
    """The passed gates in one line; what did not pass keeps a row of its own."""
    rows = [evidence.row(one) for one in evidence.obstacles(face, MOST_BESIDE)]
    return [pieces.section(lines_within([evidence.passed_line(face), *rows], 3_000))]


def _met(face: Face) -> Sequence[RequirementFace]:
    rows = evidence.shown(face, MOST_ROWS)
    return [one for one in rows if one.verdict in (Verdict.MET, Verdict.WAIVED)]


def _folded(face: Face, block_id: str, inside: Blocks) -> Blocks:
    """Title and readings stay in sight when it is closed: nobody approves what they did not see."""
    if not inside:
        return [pieces.section(evidence.passed_line(face))]
    title, readings = evidence.summary(face), evidence.readings_line(face)
    return [pieces.folded(block_id, title, readings, [*inside, *_rest(face)])]


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
    return [pieces.context(evidence.rest(more))] if more > 0 else []
