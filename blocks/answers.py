"""Answers to questions: what runs where, why a promotion waits, what happened before, and help."""

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby

from blocks import card, pieces
from blocks.rendition import Block, Blocks, Rendition
from blocks.replies import open_form
from blocks.text import fit, lines_within, raw
from blocks.words import answers, help, names, next_steps, sentences
from bot.domain.face import Face, StatusRow, WantedForm

_MOST_GROUPS = 15
_MOST_BUTTONS = 5
_MOST_TEXT = 3_000


def status(rows: Sequence[StatusRow], note: str = "") -> Rendition:
    """Show what runs where and what is on its way, one paragraph per service."""
    if not rows:
        nothing = answers.nothing_to_show()
        return Rendition(nothing, ([pieces.section(nothing)],))
    small = [pieces.context(note)] if note else []
    text = fit(answers.all_rows(rows[:20]), _MOST_TEXT)
    return Rendition(text, ([*status_blocks(rows, _MOST_GROUPS), *small],))


def status_blocks(rows: Sequence[StatusRow], most: int) -> Blocks:
    """One paragraph per service, and how many more there are."""
    groups = [(service, list(group)) for service, group in groupby(rows, key=lambda row: row.service)]
    blocks = [_service_status(service, group) for service, group in groups[:most]]
    rest = len(groups) - most
    return [*blocks, *([pieces.context(answers.more_services(rest))] if rest > 0 else [])]


def _service_status(service: str, rows: Sequence[StatusRow]) -> Block:
    lines = [answers.row_line(row) for row in rows]
    return pieces.section(lines_within([f"*{names.service(service)}*", *lines], _MOST_TEXT))


def why(face: Face) -> Rendition:
    """Show each rule of a promotion with its verdict and what was seen, those in the way first; of one that ended,
    how it ended, what was seen, and the next step."""
    return Rendition(sentences.sentence(face), (why_blocks(face),))


def why_blocks(face: Face) -> Blocks:
    """The same for a message and for a modal."""
    reasons = _afterwards(face) if next_steps.has_ended(face) else _paragraph(answers.why_lines(face))
    return [
        pieces.section(answers.why_head(face)),
        *reasons,
        pieces.context(sentences.sentence(face)),
    ]


def _afterwards(face: Face) -> Blocks:
    """Nothing is required of it any more, so nothing is listed as open."""
    seen = _paragraph(answers.seen_lines(face))
    return [*card.end(face), *seen, pieces.section(next_steps.after(face))]


def _paragraph(lines: Sequence[str]) -> Blocks:
    return [pieces.section(lines_within(lines, _MOST_TEXT))] if lines else []


def history(
    service: str,
    environment: str,
    faces: Sequence[Face],
    *,
    live: Collection[str] = (),
    back: Collection[str] = (),
    days: int = 0,
    is_cut: bool = False,
) -> Rendition:
    """Show the last promotions of a service, newest first, one line each: those of `live` serve now, and those of
    `back` have a button that opens the form to go back there."""
    if not faces:
        nothing = answers.no_history(service, environment, days)
        return Rendition(nothing, ([pieces.section(nothing)],))
    title = answers.history_title(service, environment, days)
    newest = answers.history_line(faces[0], is_live=faces[0].id in live)
    cut = [pieces.context(answers.history_is_cut(service, len(faces)))] if is_cut else []
    return Rendition(f"{title} {newest}", ([*_history_blocks(faces, live, back), *cut],))


def _history_blocks(faces: Sequence[Face], live: Collection[str], back: Collection[str]) -> Iterator[Block]:
    """Rows without a button share a paragraph."""
    buttons = [face.id for face in faces if face.id in back][:_MOST_BUTTONS]
    for has_button, group in groupby(faces, key=lambda face: face.id in buttons):
        rows = [(face, answers.history_line(face, is_live=face.id in live)) for face in group]
        if has_button:
            yield from (_row_with_button(face, line) for face, line in rows)
        else:
            yield pieces.section(lines_within([line for _, line in rows], _MOST_TEXT))


def _row_with_button(face: Face, line: str) -> Block:
    wanted = WantedForm("rollback", "", face.service, face.environment, face.sha or face.version)
    button = open_form(answers.ROLL_BACK_TO_THIS, wanted, raw(answers.go_back(face), 75))
    return pieces.section(line) | {"accessory": button}


def help_text(topic: str = "", service: str = "checkout") -> Rendition:
    """Show the help on a topic, with examples for one service."""
    text = help.help_text(topic, service)
    return Rendition(text, ([pieces.section(text)],))
