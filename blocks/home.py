"""A Home: one person's dashboard, from most urgent to least, as much of it as Slack takes.

Two forms, as for cards: with tables, and without. What is too long is cut from the bottom up: what waits for somebody
is never given up for what ended last week.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from blocks import buttons, pieces
from blocks.rendition import Block, Blocks, Rendition, View
from blocks.text import lines_within, raw
from blocks.words import home as words
from blocks.words.doctor import summed_up
from bot.domain.face import Button, Face
from bot.domain.home import HomeFace, ServiceRow, Step

HOME = "promo.home"
PROMOTE, STATUS, PREFERENCES, HELP = "home_promote", "home_status", "home_preferences", "home_help"
SKIP, DOCTOR = "home_skip", "home_doctor"
MOST_BLOCKS = 100
MOST_BYTES = 60_000  # of JSON, well below what Slack takes
MOST_ITEMS = 10  # in a list
MOST_IN_TABLE = 4_000  # characters; all tables of a view share 10,000
ON_HOME = frozenset({Button.APPROVE, Button.REJECT, Button.DETAILS})
AT_A_TIME = 10  # lines in one paragraph


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a Home: its title, and what stands below it, each to be shown whole or not at all."""

    title: str
    items: tuple[Blocks, ...]

    @property
    def blocks(self) -> Blocks:
        """The part as blocks; nothing when nothing is left of it."""
        head = [_title(self.title)] if self.title else []
        return [*head, *(block for item in self.items for block in item)] if self.items else []


Draw = Callable[[HomeFace, float], tuple[Blocks, ...]]


def views(face: HomeFace, now: float) -> tuple[View, ...]:
    """The Home from rich to plain; `now` is for how many days something is behind, nothing shorter."""
    rich = fitted(_parts(face, now, _environment_table, _service_table))
    classic = fitted(_parts(face, now, _environment_lines, _service_lines))
    return tuple(_view(blocks) for blocks in ([rich] if rich == classic else [rich, classic]))


def closed(refusal: Rendition) -> tuple[View, ...]:
    """The Home of somebody whom the catalog does not name: who can let them in."""
    return (
        _view(
            [pieces.section(refusal.text), pieces.context(refusal.code)]
            if refusal.code
            else [pieces.section(refusal.text)]
        ),
    )


def unread() -> tuple[View, ...]:
    """The Home of somebody whose account was not read yet."""
    return (_view([pieces.section(words.unread()), pieces.context("E34")]),)


def out_of_date(promotion: str) -> Rendition:
    """Say that a button of Home showed other evidence than holds now."""
    text = words.out_of_date(promotion)
    return Rendition(text, ([pieces.section(text), pieces.context("E10")],), "E10")


def _view(blocks: Blocks) -> View:
    return {"type": "home", "callback_id": HOME, "blocks": blocks}


def _parts(face: HomeFace, now: float, environments: Draw, services: Draw) -> list[Part]:
    """From the top to the bottom."""
    first = [Part(words.FIRST_STEPS, (_steps(face, face.steps),))] if face.steps is not None else []
    urgent = [
        Part("", (_buttons(),)),
        *first,
        Part(words.WAITING, _waiting(face)),
        Part(words.FLYING, _listed(face.flying, _flying, "of yours")),
    ]
    admin = Part(words.KEEPING, _keep(face))
    strip = Part("", environments(face, now))
    if face.steps is not None:
        return [strip, *urgent, admin]
    title = words.services(is_owner=face.is_owner)
    rest = [Part(title, services(face, now)), Part(words.RECENT, _recent(face))]
    return [strip, *urgent, *rest, admin]


def fitted(parts: Sequence[Part]) -> Blocks:
    """As many items as fit, the lowest given up first."""
    kept = list(parts)
    blocks = [block for part in kept for block in part.blocks]
    while _is_too_much(blocks) and kept:
        last = kept.pop()
        if len(last.items) > 1:
            kept.append(Part(last.title, last.items[:-1]))
        blocks = [block for part in kept for block in part.blocks]
    return blocks


def _is_too_much(blocks: Blocks) -> bool:
    return len(blocks) > MOST_BLOCKS or len(json.dumps(blocks)) > MOST_BYTES


def _title(text: str) -> Block:
    return {"type": "header", "text": pieces.plain(text, 150)}


def _buttons() -> Blocks:
    """What anybody may want; one button of a view stands out."""
    made = [
        pieces.button(words.PROMOTE, PROMOTE, "{}", words.PROMOTE_LONG, style="primary"),
        pieces.button(words.STATUS, STATUS, "{}", words.STATUS_LONG),
        pieces.button(words.PREFERENCES, PREFERENCES, "{}", words.PREFERENCES_LONG),
        pieces.button(words.HELP, HELP, "{}", words.HELP_LONG),
    ]
    return pieces.actions("home", made)


def _steps(face: HomeFace, done: Sequence[Step]) -> Blocks:
    lines = [words.step(face, one, is_done=one in done) for one in Step]
    skip = pieces.button(words.SKIP, SKIP, "{}", words.SKIP_LONG)
    return [
        pieces.section("\n".join(lines)),
        *pieces.actions("steps", [skip]),
        pieces.context(words.skipped()),
    ]


def _waiting(face: HomeFace) -> tuple[Blocks, ...]:
    """Open incidents of this person's before everything else, then what they may approve."""
    if not face.waiting and not face.incidents:
        return ([pieces.context(words.nothing_waits())],)
    return (
        *_listed(face.incidents, _incident, "incidents"),
        *_listed(face.waiting, _asked, "for you"),
    )


def _incident(face: Face, number: int) -> Blocks:
    """An incident that somebody is on call for, or leads, in one block with the way to what is known."""
    return [_with_details(face, words.incident(face))]


def _asked(face: Face, number: int) -> Blocks:
    """A promotion that this person may decide, with the evidence beside its buttons."""
    without = frozenset(Button) - ON_HOME
    row = buttons.row(face, block_id=f"waiting:{number}", without=without)
    warned = words.warnings(face)
    risks = [pieces.section(lines_within(warned, 2_900))] if warned else []
    return [pieces.section(words.waiting(face)), pieces.context(words.proof(face)), *risks, *row]


def _flying(face: Face, number: int) -> Blocks:
    """A promotion that this person asked for, in one block with its button."""
    return [_with_details(face, words.promotion(face))]


def _with_details(face: Face, line: str) -> Block:
    button = buttons.one(face, Button.DETAILS)
    return pieces.section(line) | ({"accessory": button} if button else {})


def _listed(faces: Sequence[Face], draw: Callable[[Face, int], Blocks], what: str) -> tuple[Blocks, ...]:
    items = [draw(face, number) for number, face in enumerate(faces[:MOST_ITEMS])]
    left = len(faces) - len(items)
    return (*items, *([[pieces.context(words.more(left, what))]] if left > 0 else []))


def _recent(face: HomeFace) -> tuple[Blocks, ...]:
    lines = [words.ended(one) for one in face.recent]
    return ([pieces.section(lines_within(lines, 2_900))],) if lines else ()


def _keep(face: HomeFace) -> tuple[Blocks, ...]:
    keep = face.keep
    if keep is None:
        return ()
    refused = [pieces.section(words.refused(keep)), pieces.context("E26")] if keep.refused else []
    found = [pieces.context(summed_up(keep.checked))] if keep.checked else []
    look = pieces.button(words.DOCTOR, DOCTOR, "{}", words.DOCTOR_LONG)
    lines = [pieces.context(words.health(keep)), *found, pieces.context(words.about(keep))]
    return ([*refused, *lines, *pieces.actions("keep", [look])],)


def _environment_table(face: HomeFace, now: float) -> tuple[Blocks, ...]:
    rows = [[pieces.cell(one) for one in words.ENVIRONMENTS]]
    for row in face.strip:
        last = words.last_change(row)
        came = pieces.dated_cell(last.text, last.at, last.emoji) if last else pieces.cell(words.NEVER)
        rows.append([pieces.cell(raw(row.environment, 40)), pieces.cell(words.in_flight(row)), came])
    return ([pieces.table(_short(rows))],) if face.strip else ()


def _environment_lines(face: HomeFace, now: float) -> tuple[Blocks, ...]:
    lines = [words.environment_line(row) for row in face.strip]
    return ([pieces.section(lines_within(lines, 2_900))],) if lines else ()


def _service_table(face: HomeFace, now: float) -> tuple[Blocks, ...]:
    if not face.services:
        return ()
    names = tuple(row.environment for row in face.strip)[:17]
    rows = [[pieces.cell(one) for one in ("Service", *(raw(name, 40) for name in names), "Drift")]]
    rows += [_service_row(row, names, now) for row in face.services]
    shown = _short(rows)
    left = len(rows) - len(shown)
    return ([pieces.table(shown)], *([[pieces.context(words.more(left, "services"))]] if left else []))


def _service_row(row: ServiceRow, names: Sequence[str], now: float) -> list[Block]:
    serving = dict(row.serving)
    cells = [words.version(serving[name]) if name in serving else words.NEVER for name in names]
    return [pieces.cell(one) for one in (raw(row.service, 60), *cells, words.drift(row.drift, now))]


def _service_lines(face: HomeFace, now: float) -> tuple[Blocks, ...]:
    lines = [words.service_line(row, now) for row in face.services]
    starts = range(0, len(lines), AT_A_TIME)
    return tuple([pieces.section(lines_within(lines[at : at + AT_A_TIME], 2_900))] for at in starts)


def _short(rows: list[list[Block]]) -> list[list[Block]]:
    """As many rows as a table takes."""
    room, kept = MOST_IN_TABLE, 0
    for row in rows[:100]:
        room -= len(json.dumps(row)) // 2
        if room < 0:
            break
        kept += 1
    return rows[: max(kept, 1)]
