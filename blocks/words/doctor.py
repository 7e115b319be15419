"""The words around a checkup, as people read them in Slack."""

from blocks.text import count_of, untrusted
from blocks.words.advice.general import named
from blocks.words.commands import typed
from bot.domain.checkup import Checkup, Finding, Grade

MARKS = {
    Grade.PASS: ":white_check_mark: Well",
    Grade.WARN: ":warning: To know",
    Grade.FAIL: ":x: To mend",
}
MOST = 500  # characters of one sentence
OURS = {
    "settings": "Settings",
    "catalog": "Catalog",
    "services": "Services",
    "store": "Store",
    "clock": "Clock",
}


def looking() -> str:
    """A checkup has begun."""
    return "Looking at settings, Slack, GitHub, PagerDuty, services, store and clock. I tell you here within a minute."


def summed_up(checkup: Checkup) -> str:
    """The whole in one sentence."""
    counts, looks = checkup.counts, count_of(len(checkup.findings), "look")
    if checkup.worst is Grade.PASS:
        return f"{MARKS[Grade.PASS]}: {looks}, and all is well."
    return (
        f"{MARKS[checkup.worst]}: {looks}, {counts[Grade.PASS]} well, "
        f"{counts[Grade.WARN]} to know of, {counts[Grade.FAIL]} to mend."
    )


def subject(name: str) -> str:
    """A subject as a heading."""
    return OURS.get(name) or named(name)


def finding(found: Finding) -> str:
    """One thing that is not well, with its fix."""
    place = untrusted(f"{found.check}: {found.about}", 120)
    return f"{MARKS[found.grade]} *{place}*: {_said(found.says)}\n→ {_said(found.fix)}"


def _said(advice: str) -> str:
    """Advice may quote vendors and the catalog; what is code on a terminal is plain here."""
    return untrusted(advice.replace("`", ""), MOST)


def in_short(name: str, grade: Grade) -> str:
    """One subject in one line, for people who cannot mend it."""
    if grade is Grade.FAIL:
        return f":x: {subject(name)}: something has to be mended"
    return f":white_check_mark: {subject(name)}: works"


def in_short_summed_up(checkup: Checkup) -> str:
    """The whole in one sentence, for people who cannot mend it."""
    if checkup.worst is Grade.FAIL:
        return f"Something has to be mended. Admins see what, and how, with {typed('/promote doctor')}."
    return "Everything works."


def full_table() -> str:
    """Where all looks can be read."""
    return f"All looks, also those that are well: {typed('greenlight doctor')} on the bot's host."
