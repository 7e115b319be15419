"""A checkup on a terminal, and as JSON for programs."""

import json
from collections.abc import Iterator

from blocks.text import count_of
from bot.domain.checkup import Checkup, Finding, Grade

COLOURS = {Grade.PASS: "\x1b[32m", Grade.WARN: "\x1b[33m", Grade.FAIL: "\x1b[31m"}
BOLD, PLAIN = "\x1b[1m", "\x1b[0m"
EXIT = {Grade.PASS: 0, Grade.WARN: 1, Grade.FAIL: 2}
BROKEN = EXIT[Grade.FAIL]  # when no checkup came of it
WIDEST = 44  # of what was looked at


def exit_code(checkup: Checkup) -> int:
    """0: all is well; 1: something to know of; 2: something to mend."""
    return EXIT[checkup.worst]


def as_json(checkup: Checkup) -> str:
    """`{"ok", "results": [{"subject", "check", "about", "verdict", "says", "fix"}], "counts"}`; ok: nothing FAILs."""
    results = [
        {
            "subject": one.subject,
            "check": one.check,
            "about": one.about,
            "verdict": one.grade.value,
            "says": one.says,
            "fix": one.fix,
        }
        for one in checkup.findings
    ]
    counts = {grade.value: count for grade, count in checkup.counts.items()}
    said = {"ok": checkup.worst is not Grade.FAIL, "results": results, "counts": counts}
    return json.dumps(said, ensure_ascii=False, indent=2)


def as_table(checkup: Checkup, *, coloured: bool) -> str:
    """One block per subject, each fix below what it is for, and a line that sums up."""
    return "\n".join([*_lines(checkup, coloured), _sum(checkup)])


def _lines(checkup: Checkup, coloured: bool) -> Iterator[str]:
    width = min(WIDEST, max((len(_place(one)) for one in checkup.findings), default=0))
    for subject, findings in checkup.by_subject().items():
        yield f"{BOLD}{subject}{PLAIN}" if coloured else subject
        for finding in findings:
            grade = f"{COLOURS[finding.grade]}{finding.grade}{PLAIN}" if coloured else finding.grade
            yield f"  {grade}  {_place(finding):<{width}}  {_plain(finding.says)}"
            if finding.fix:
                yield f"        {_plain(finding.fix)}"
        yield ""


def _sum(checkup: Checkup) -> str:
    counts = ", ".join(f"{count} {grade}" for grade, count in checkup.counts.items())
    return f"{count_of(len(checkup.findings), 'look')}: {counts}"


def _place(finding: Finding) -> str:
    return _plain(f"{finding.check}: {finding.about}")


def _plain(text: str) -> str:
    """What a vendor said cannot write into a terminal."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)
