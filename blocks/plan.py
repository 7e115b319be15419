"""A dry run, for the one person who asked for it."""

from blocks import pieces
from blocks.rendition import Rendition
from blocks.text import lines_within
from blocks.words import card_lines, plan
from bot.domain.face import Face
from bot.domain.rehearsal import PlanFace


def known(rehearsed: PlanFace) -> Rendition:
    """What is known at once, and that the rest follows."""
    facts = [plan.you(rehearsed), plan.alike(rehearsed)]
    blocks = [
        pieces.section(plan.head(rehearsed)),
        pieces.section(lines_within(plan.requirement_lines(rehearsed), 3_000)),
        pieces.section("\n".join(line for line in facts if line)),
        pieces.context(plan.looking(rehearsed)),
    ]
    return Rendition(f"{plan.head(rehearsed)} {plan.looking(rehearsed)}", (blocks,))


def looked(rehearsed: PlanFace) -> Rendition:
    """The whole plan: what stands in the way, who approves, when it could start, what changes."""
    refused = [pieces.section(plan.turned_away(rehearsed))] if rehearsed.turned_away is not None else []
    changes = card_lines.changes_line(rehearsed.face)
    facts = [
        plan.start_line(rehearsed) if not refused else "",
        plan.you(rehearsed),
        plan.alike(rehearsed),
        *[f"*Changes* {line}" if line is changes[0] else line for line in changes],
    ]
    blocks = [
        pieces.section(plan.head(rehearsed)),
        *refused,
        *([] if refused else [pieces.section(lines_within(plan.requirement_lines(rehearsed), 3_000))]),
        pieces.section(lines_within([line for line in facts if line], 3_000)),
        *([] if refused else [pieces.context(plan.ask_for_it(rehearsed))]),
    ]
    return Rendition(plan.sentence(rehearsed), (blocks,))


def not_looked(face: Face, why: str) -> Rendition:
    """Say that the world did not answer."""
    text = plan.not_looked(face, why)
    return Rendition(text, ([pieces.section(text)],))


def no_version(service: str, environment: str, before: str) -> Rendition:
    """Say that a plan needs a version."""
    text = plan.no_version(service, environment, before)
    return Rendition(text, ([pieces.section(text)],))
