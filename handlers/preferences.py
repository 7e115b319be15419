"""The preferences of one person: the form, and what becomes of it."""

import re
from collections.abc import Mapping

from blocks import preferences as form
from blocks.words import preferences as words
from bot.domain.face import WantedForm
from bot.domain.policy import Person
from bot.domain.preferences import QuietHours
from handlers.desk import Desk, Trigger
from handlers.payloads import Submission

TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
NAME = "preferences"  # of the form


async def open_preferences(desk: Desk, trigger: Trigger) -> None:
    """Open the form, filled with what this person wants now."""
    wishes = await desk.wishes.of(trigger.person.name)
    view = form.preferences(wishes, desk.wishes.zone(trigger.person))
    desk.open(trigger, view, WantedForm(NAME))


async def save(desk: Desk, person: Person, sent: Submission) -> Mapping[str, str]:
    """Keep what somebody wants; a sentence beside each field that does not fit. Raises StoreDown."""
    start, end = sent.text(form.FROM), sent.text(form.UNTIL)
    wrong = _wrong(start, end)
    if wrong:
        return wrong
    quiet = QuietHours(_minute(start), _minute(end)) if start else None
    wishes = form.chosen(sent.choices(form.LETTERS), quiet)
    return {} if await desk.wishes.keep(person.name, wishes) else {form.LETTERS: words.too_many()}


def _wrong(start: str, end: str) -> dict[str, str]:
    bad = {name: words.no_time() for name, text in ((form.FROM, start), (form.UNTIL, end)) if not _fits(text)}
    if bad:
        return bad
    if bool(start) != bool(end):
        return {form.UNTIL if start else form.FROM: words.half_open()}
    return {form.UNTIL: words.empty()} if start and start == end else {}


def _fits(text: str) -> bool:
    return not text or TIME.fullmatch(text) is not None


def _minute(text: str) -> int:
    hours, _, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)
