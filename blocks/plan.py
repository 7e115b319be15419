"""A dry run, for the one person who asked for it."""

from blocks import pieces
from blocks.rendition import Rendition
from blocks.text import lines_within
from blocks.words import card_lines, plan
from bot.domain.rehearsal import PlanFace


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


def not_looked(known: PlanFace, why: str) -> Rendition:
    """Say that the world did not answer, and what is known without it."""
    trouble = plan.not_looked(known.face, why)
    facts = [line for line in (plan.you(known), plan.alike(known)) if line]
    blocks = [
        pieces.section(plan.head(known)),
        pieces.section(trouble),
        pieces.section(lines_within(plan.requirement_lines(known), 3_000)),
        pieces.section("\n".join(facts)),
    ]
    return Rendition(trouble, (blocks,))


def no_version(service: str, environment: str, before: str) -> Rendition:
    """Say that a plan needs a version."""
    text = plan.no_version(service, environment, before)
    return Rendition(text, ([pieces.section(text)],))
