"""What one person wants to be written to about, and when not: `Preferences`, and who reads which letters.

A reminder is wanted unless somebody says no; every other direct message only once somebody says yes. Quiet hours
are times of day in the reader's own zone, so that they hold on a night on which the clocks are changed.
"""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MINUTE = 60.0  # seconds


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From one time of day until another, over midnight when the end is the earlier one."""

    start: int  # minutes after midnight
    end: int


@dataclass(frozen=True, slots=True)
class Preferences:
    """One person's wishes."""

    reminders: bool = True  # that an approval is still missing
    approvals: bool = False  # that an approval is needed, at once
    finished: bool = False  # that what this person asked for has ended
    failures: bool = False  # that a deploy of a service of this person's team failed
    quiet: QuietHours | None = None


@dataclass(frozen=True, slots=True)
class Readers:
    """Who said yes to which letters: names of people, sorted. It is read with every promotion."""

    approvals: tuple[str, ...] = ()
    finished: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()


def with_reader(readers: Readers, person: str, wishes: Preferences) -> Readers:
    """The lists after somebody said what they want."""
    return replace(
        readers,
        approvals=_listed(readers.approvals, person, is_in=wishes.approvals),
        finished=_listed(readers.finished, person, is_in=wishes.finished),
        failures=_listed(readers.failures, person, is_in=wishes.failures),
    )


def _listed(names: tuple[str, ...], person: str, *, is_in: bool) -> tuple[str, ...]:
    others = {name for name in names if name != person}
    return tuple(sorted(others | {person} if is_in else others))


def zone_of(name: str) -> tzinfo:
    """The time zone that Slack names; UTC when nobody knows it."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def quiet_until(wishes: Preferences, now: float, zone: tzinfo) -> float | None:
    """When the quiet hours end that this moment is in; None: it is in none."""
    hours = wishes.quiet
    if hours is None:
        return None
    local = datetime.fromtimestamp(now, zone)
    minute = local.hour * 60 + local.minute
    if not _is_within(hours, minute):
        return None
    ends_tomorrow = hours.start > hours.end and minute >= hours.start
    day = local.date() + timedelta(days=1 if ends_tomorrow else 0)
    end = datetime.combine(day, time(hours.end // 60, hours.end % 60), zone)
    # When the clocks are set back there are two moments of that name.
    moments = (end.timestamp(), end.replace(fold=1).timestamp())
    return min((moment for moment in moments if moment > now), default=now + MINUTE)


def _is_within(hours: QuietHours, minute: int) -> bool:
    if hours.start <= hours.end:
        return hours.start <= minute < hours.end
    return minute >= hours.start or minute < hours.end
