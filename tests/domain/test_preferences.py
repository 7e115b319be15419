"""What people want to be written about: quiet hours over midnight and over a change of clocks, and the lists of readers."""

from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.preferences import (
    Preferences,
    QuietHours,
    Readers,
    quiet_until,
    with_reader,
    zone_of,
)

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = st.sampled_from(
    [
        ZoneInfo(name)
        for name in ("UTC", "Europe/Berlin", "Asia/Kolkata", "America/New_York", "Australia/Lord_Howe")
    ]
)
minutes = st.integers(0, 1439)
hours = st.builds(QuietHours, minutes, minutes)
moments = st.floats(1.7e9, 1.9e9, allow_nan=False)
NIGHT = Preferences(quiet=QuietHours(22 * 60, 7 * 60))


def at(text: str, fold: int = 0) -> float:
    """A moment in Berlin."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN, fold=fold).timestamp()


def is_quiet(wishes: Preferences, now: float, zone: tzinfo) -> bool:
    """Whether this moment is in somebody's quiet hours."""
    return quiet_until(wishes, now, zone) is not None


@given(hours, moments, ZONES)
def test_quiet_hours_end_at_the_first_moment_that_is_not_quiet(
    quiet: QuietHours, now: float, zone: ZoneInfo
) -> None:
    """Whatever the zone and the day: the end lies ahead, within 26 hours, and every moment before it is quiet."""
    wishes = Preferences(quiet=quiet)
    until = quiet_until(wishes, now, zone)
    if until is None:
        assert not is_quiet(wishes, now, zone)
        return
    assert now < until <= now + 26 * 3600
    for part in (0.0, 0.25, 0.5, 0.75):
        moment = now + part * (until - now)
        assert is_quiet(wishes, moment, zone) or _is_at_a_change(moment, zone)


def _is_at_a_change(moment: float, zone: ZoneInfo) -> bool:
    """Whether the clocks are changed within an hour: then a time of day is shown twice, or not at all."""
    near = [datetime.fromtimestamp(moment + hour * 3600, zone).utcoffset() for hour in (-2, -1, 0, 1, 2)]
    return len(set(near)) > 1


@given(hours, moments, ZONES)
def test_a_minute_is_quiet_by_the_clock_on_the_wall(quiet: QuietHours, now: float, zone: ZoneInfo) -> None:
    """From the beginning until the end, over midnight where the end is the earlier time of day."""
    local = datetime.fromtimestamp(now, zone)
    minute = local.hour * 60 + local.minute
    length = (quiet.end - quiet.start) % 1440
    assert is_quiet(Preferences(quiet=quiet), now, zone) == ((minute - quiet.start) % 1440 < length)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-11-20 21:59", None),
        ("2026-11-20 22:00", "2026-11-21 07:00"),
        ("2026-11-21 03:00", "2026-11-21 07:00"),
        ("2026-11-21 06:59", "2026-11-21 07:00"),
        ("2026-11-21 07:00", None),
        ("2026-12-31 23:30", "2027-01-01 07:00"),
        ("2026-03-28 23:00", "2026-03-29 07:00"),  # an hour shorter
        ("2026-10-24 23:00", "2026-10-25 07:00"),  # an hour longer
    ],
)
def test_a_night_in_berlin(now: str, until: str | None) -> None:
    """From ten to seven, on any night."""
    assert quiet_until(NIGHT, at(now), BERLIN) == (None if until is None else at(until))


def test_an_end_that_the_clocks_jump_over_comes_an_hour_later_on_the_wall() -> None:
    """On the night in March on which half past two does not exist, quiet hours until then still end."""
    wishes = Preferences(quiet=QuietHours(22 * 60, 2 * 60 + 30))
    until = quiet_until(wishes, at("2026-03-29 01:30"), BERLIN)
    assert until is not None
    assert datetime.fromtimestamp(until, BERLIN) - datetime.fromtimestamp(at("2026-03-29 01:30"), BERLIN) <= (
        timedelta(hours=2)
    )
    assert not is_quiet(wishes, until, BERLIN)


def test_an_end_that_is_shown_twice_is_the_next_one() -> None:
    """On the night in October, quarter past two comes a second time: quiet until the second half past two."""
    wishes = Preferences(quiet=QuietHours(22 * 60, 2 * 60 + 30))
    second = at("2026-10-25 02:15", fold=1)
    assert quiet_until(wishes, second, BERLIN) == at("2026-10-25 02:30", fold=1)


def test_nobody_is_quiet_who_never_said_so() -> None:
    """Reminders come by default, at any hour; every other letter has to be asked for."""
    assert quiet_until(Preferences(), at("2026-11-21 03:00"), BERLIN) is None
    assert Preferences() == Preferences(True, False, False, False, None)


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../etc/passwd", "/etc/localtime", "\x00", "a" * 5000])
def test_a_zone_that_nobody_knows_is_utc(name: str) -> None:
    """Slack names it, so it may be anything."""
    assert zone_of(name) == ZoneInfo("UTC")


@given(st.lists(st.tuples(st.sampled_from(["ana", "bo", "cy"]), st.builds(Preferences))))
def test_the_lists_say_what_everybody_said_last(said: list[tuple[str, Preferences]]) -> None:
    """However often people change their minds, each is on the lists of what they want now, once."""
    readers, last = Readers(), dict[str, Preferences]()
    for person, wishes in said:
        readers, last[person] = with_reader(readers, person, wishes), wishes
    assert readers == Readers(
        approvals=tuple(sorted(name for name, one in last.items() if one.approvals)),
        finished=tuple(sorted(name for name, one in last.items() if one.finished)),
        failures=tuple(sorted(name for name, one in last.items() if one.failures)),
    )
