"""Looks that fail, hang or break: each is told, none holds up the others, and a silent vendor is told once."""

import asyncio
import logging

import pytest

from bot.doctor.chart import Chart, Look
from bot.doctor.examination import LOOKS
from bot.domain.checkup import SUBJECTS, Advice, Checkup, Finding, Grade, worst_of
from bot.ports import Limited, Refused, Unreachable
from tests.doctor.clinic import Clinic, not_well, place

FINE = Advice("Fine.")
DOWN = Unreachable("slack", "Slack could not be reached")


def fine(chart: Chart, about: str) -> Look:
    """A look that finds nothing wrong."""

    async def look() -> None:
        chart.passes("people", about, FINE)

    return look


def fails(error: BaseException) -> Look:
    """A look that ends in an error."""

    async def look() -> None:
        raise error

    return look


async def hangs() -> None:
    """A look that never ends."""
    await asyncio.Event().wait()


async def test_a_silent_vendor_is_told_once() -> None:
    """Two of three looks got no answer: one line says so, and nothing more is asked."""
    chart = Chart("slack")
    await chart.each("people", [("ana", fails(DOWN)), ("bo", fine(chart, "bo")), ("cy", fails(DOWN))])
    await chart.each("groups", [("web", fine(chart, "web"))])
    assert [place(one) for one in chart.findings] == [("PASS", "people", "bo"), ("FAIL", "people", "ana")]
    assert "did not answer 2 looks (Slack could not be reached)" in chart.findings[1].says


async def test_a_limit_is_something_to_know_of() -> None:
    """What was not looked at may be well."""
    chart = Chart("slack")
    await chart.each("people", [("ana", fails(Limited("slack", "Slack asks to wait", 30)))])
    assert [place(one) for one in chart.findings] == [("WARN", "people", "ana")]


async def test_a_refusal_is_of_one_thing_only() -> None:
    """The others are looked at."""
    chart = Chart("slack")
    await chart.each("people", [("ana", fails(Refused("slack", "no", "no"))), ("bo", fine(chart, "bo"))])
    assert {place(one) for one in chart.findings} == {("FAIL", "people", "ana"), ("PASS", "people", "bo")}


async def test_a_look_that_hangs_ends() -> None:
    """With what it was about."""
    chart = Chart("slack", seconds=0.01)
    await chart.within("token", "SLACK_BOT_TOKEN", hangs)
    assert "no answer within 0.01 s" in chart.findings[0].says


async def test_a_look_that_breaks_has_a_reference(caplog: pytest.LogCaptureFixture) -> None:
    """A fault of ours is found in the log by it, and ends nothing but itself."""
    chart = Chart("slack")
    with caplog.at_level(logging.ERROR):
        await chart.each("people", [("ana", fails(LookupError("a bug"))), ("bo", fine(chart, "bo"))])
    broken = next(one for one in chart.findings if one.grade is Grade.FAIL)
    reference = vars(caplog.records[0])["ref"]
    assert reference in broken.says
    assert "a bug" not in broken.says
    assert len(chart.findings) == 2


async def test_findings_stand_in_the_order_of_the_catalog() -> None:
    """Not in that of the answers."""
    chart, first = Chart("slack"), asyncio.Event()

    async def last() -> None:
        await first.wait()
        chart.passes("people", "ana", FINE)

    async def soon() -> None:
        chart.passes("people", "bo", FINE)
        first.set()

    await chart.each("people", [("ana", last), ("bo", soon)])
    assert [one.about for one in chart.findings] == ["ana", "bo"]


async def test_everything_together_has_a_deadline(clinic: Clinic) -> None:
    """What was found until then stays, and what was not looked at is told."""
    clinic.playground.world.health["checkout", "dev"] = "slow"
    found = await clinic.looks("services", seconds=0.3)
    (late,) = not_well(found)
    assert place(late) == ("FAIL", "time", "services")
    assert len(found.findings) > 1


def test_each_subject_has_its_looks() -> None:
    """None is named that is not looked at, and none is looked at that cannot be named."""
    assert tuple(LOOKS) == SUBJECTS


def test_the_grade_of_the_whole_is_the_worst() -> None:
    """FAIL before WARN before PASS."""
    findings = tuple(Finding("slack", "x", "y", grade, "") for grade in (Grade.PASS, Grade.WARN, Grade.FAIL))
    assert [worst_of(findings[:count]) for count in range(4)] == [Grade.PASS, *Grade]
    assert Checkup(findings).counts == {Grade.PASS: 1, Grade.WARN: 1, Grade.FAIL: 1}
