"""What a checkup found, privately: all that is not well for admins, green or red for everybody else."""

from blocks import pieces
from blocks.rendition import Blocks, Rendition
from blocks.text import lines_within
from blocks.words import doctor as words
from bot.domain.checkup import Checkup, Finding, Grade, worst_of


def looking() -> Rendition:
    """Say that a checkup was begun."""
    text = words.looking()
    return Rendition(text, ([pieces.section(text)],))


def for_admin(checkup: Checkup) -> Rendition:
    """Show what is not well, what is to be mended first, with its fix."""
    text = words.summed_up(checkup)
    blocks: Blocks = [pieces.section(text)]
    for name, findings in checkup.by_subject().items():
        lines = [words.finding(one) for one in sorted(findings, key=_rank) if one.grade is not Grade.PASS]
        if lines:
            blocks.append(pieces.section(lines_within([f"*{words.subject(name)}*", *lines], 3_000)))
    return Rendition(text, ([*blocks, pieces.context(words.full_table())],))


def for_others(checkup: Checkup) -> Rendition:
    """Show for each subject whether it works."""
    text = words.in_short_summed_up(checkup)
    lines = [words.in_short(name, worst_of(found)) for name, found in checkup.by_subject().items()]
    return Rendition(text, ([pieces.section(text), pieces.section("\n".join(lines))],))


def _rank(finding: Finding) -> bool:
    return finding.grade is not Grade.FAIL
