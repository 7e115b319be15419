"""A wrong clock is found before Slack's requests are refused for their age."""

import pytest

from bot.adapters.dates import seconds_ahead
from tests.doctor.clinic import Clinic, not_well, place


async def test_a_right_clock_passes(clinic: Clinic) -> None:
    """Within five seconds of both."""
    (found,) = (await clinic.looks("clock")).findings
    assert place(found) == ("PASS", "clock", "this host")
    assert "GitHub and Slack" in found.says


@pytest.mark.parametrize(
    ("skew", "grade", "says"),
    [(-20.0, "WARN", "ahead of"), (20.0, "WARN", "behind"), (-150.0, "FAIL", "2 min")],
)
async def test_clock_skew(clinic: Clinic, skew: float, grade: str, says: str) -> None:
    """Some seconds are something to know of; at five minutes Slack's requests are refused."""
    clinic.playground.world.skew = skew
    found = not_well(await clinic.looks("clock"))
    assert [place(one) for one in found] == [(grade, "clock", name) for name in ("GitHub", "Slack")]
    assert says in found[0].says
    assert "NTP" in found[0].fix


async def test_nobody_tells_the_time(clinic: Clinic) -> None:
    """Why they do not is told where they are looked at themselves."""
    clinic.playground.world.vendor_always |= {"slack": 503, "github": 503}
    assert place(await clinic.finds("clock")) == ("WARN", "clock", "this host")


@pytest.mark.parametrize("date", ["", "soon", "Fri, 20 Nov 2026"])
def test_a_date_that_is_none_tells_nothing(date: str) -> None:
    """Nor does an answer without one."""
    assert seconds_ahead(0.0, {"Date": date}) is None
    assert seconds_ahead(0.0, {}) is None


def test_a_date_names_a_whole_second() -> None:
    """Whatever the case of the header's name."""
    assert seconds_ahead(1_000.5, {"DATE": "Thu, 01 Jan 1970 00:16:40 GMT"}) == 0.0
