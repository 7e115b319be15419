"""The time that a vendor's answer carries."""

from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

HALF = 0.5  # seconds: the moment lies within the whole second that is named


def seconds_ahead(now: float, headers: Mapping[str, str]) -> float | None:
    """Seconds that `now` is ahead of the answer's `Date`, give or take half a one; None without a date."""
    told = next((value for name, value in headers.items() if name.lower() == "date"), "")
    try:
        read = parsedate_to_datetime(told)
    except ValueError:
        return None
    then = (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()
    return now - (then + HALF)
