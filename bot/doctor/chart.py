"""Where the findings of one subject are written down, and how many looks are made side by side.

A vendor that is down is told once: whatever else was asked of it meanwhile says nothing new.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TypeVar

from blocks.words.advice import general
from bot.domain.checkup import Advice, Finding, Grade
from bot.logs import new_reference
from bot.ports import Limited, Refused, VendorError

log = logging.getLogger(__name__)
ONE = 10.0  # seconds for one look, whatever it asks
AT_ONCE = 6

T = TypeVar("T")
Look = Callable[[], Awaitable[None]]


class Chart:
    """The findings of one subject, in the order in which they were made."""

    def __init__(self, subject: str, seconds: float = ONE) -> None:
        self.subject = subject
        self.findings: list[Finding] = []
        self.is_silent = False  # the vendor gave no answer, so that nothing more need be asked
        self._seconds = seconds

    def passes(self, check: str, about: str, advice: Advice) -> None:
        """Write down that something is well."""
        self._add(check, about, Grade.PASS, advice)

    def warns(self, check: str, about: str, advice: Advice) -> None:
        """Write down what somebody should know."""
        self._add(check, about, Grade.WARN, advice)

    def fails(self, check: str, about: str, advice: Advice) -> None:
        """Write down what will not work."""
        self._add(check, about, Grade.FAIL, advice)

    def aside(self) -> "Chart":
        """A sheet of its own for one of several things that are looked at side by side."""
        return Chart(self.subject, self._seconds)

    def takes(self, sheet: "Chart") -> None:
        """Put what stands on a sheet below the rest."""
        self.findings += sheet.findings

    async def examined(self, look: Look) -> None:
        """Make all the looks of the subject; what breaks between them is written down as well."""
        (outcome,) = await asyncio.gather(look(), return_exceptions=True)
        if outcome is not None:
            self._trouble(outcome, self.subject, self.subject)

    async def within(self, check: str, about: str, look: Callable[[], Awaitable[T]]) -> T | None:
        """Make a look that others need, for what it found; None: it failed, which is written down."""
        if self.is_silent:
            return None
        outcome = await self._outcome(look)
        if not isinstance(outcome, BaseException):
            return outcome
        self._trouble(outcome, check, about)
        return None

    async def each(self, check: str, things: Iterable[tuple[str, Look]]) -> None:
        """Look at several things side by side; what keeps the vendor from answering is written down once."""
        looks = () if self.is_silent else tuple(things)
        before, failed = len(self.findings), await self._failed(looks)
        self._in_order_of([about for about, _ in looks], before)
        silent = [(about, why) for about, why in failed if _is_silence(why)]
        for about, why in failed:
            if not _is_silence(why):
                self._trouble(why, check, about)
        if silent:
            self._silence(check, silent)

    async def _failed(self, looks: Sequence[tuple[str, Look]]) -> Sequence[tuple[str, BaseException]]:
        """Why looks failed, of those that did."""
        places = asyncio.Semaphore(AT_ONCE)

        async def one(look: Look) -> BaseException | None:
            async with places:
                return await self._outcome(look)

        outcomes = await asyncio.gather(*(one(look) for _, look in looks))
        return [(about, why) for (about, _), why in zip(looks, outcomes, strict=True) if why is not None]

    def _in_order_of(self, abouts: Sequence[str], start: int) -> None:
        """What was found side by side stands in the order of the catalog, not in that of the answers."""
        places = {about: place for place, about in enumerate(abouts)}
        self.findings[start:] = sorted(
            self.findings[start:], key=lambda one: places.get(one.about, len(places))
        )

    async def _outcome(self, look: Callable[[], Awaitable[T]]) -> T | BaseException:
        """What a look found, or why it failed; one that hangs ends, and one that breaks ends nothing but itself."""
        (outcome,) = await asyncio.gather(self._in_time(look), return_exceptions=True)
        return outcome

    async def _in_time(self, look: Callable[[], Awaitable[T]]) -> T:
        """A look within its time; it is begun in here, so that one that is cut off first was never there."""
        async with asyncio.timeout(self._seconds):
            return await look()

    def _trouble(self, outcome: BaseException, check: str, about: str) -> None:
        """Write down why a look failed."""
        if _is_silence(outcome):
            self._silence(check, [(about, outcome)])
        elif isinstance(outcome, Refused):
            self.fails(check, about, general.refused(self.subject, outcome.sentence))
        else:
            reference = new_reference()
            log.error("a look of the doctor broke", extra={"ref": reference}, exc_info=outcome)
            self.fails(check, about, general.broke(reference))

    def _silence(self, check: str, silent: Sequence[tuple[str, BaseException]]) -> None:
        """Write down once that the vendor gave no answer, however much it was asked; nothing more is asked then."""
        self.is_silent = True
        about, why = silent[0]
        if isinstance(why, Limited):
            self.warns(check, about, general.limited(self.subject, len(silent)))
            return
        said = why.sentence if isinstance(why, VendorError) else f"no answer within {self._seconds:g} s"
        self.fails(check, about, general.silent(self.subject, said, len(silent)))

    def _add(self, check: str, about: str, grade: Grade, advice: Advice) -> None:
        self.findings.append(Finding(self.subject, check, about, grade, advice.says, advice.fix))


def _is_silence(outcome: BaseException) -> bool:
    """Whether the vendor gave no answer, as opposed to a no."""
    return isinstance(outcome, VendorError | TimeoutError) and not isinstance(outcome, Refused)
