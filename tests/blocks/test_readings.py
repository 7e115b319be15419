"""What a look brought back, in words: a few names, and how many others there are."""

from blocks.words.evidence import reading
from bot.domain.readings import ChecksReading, IncidentsReading, OpenIncident

TEN = tuple(f"shard {number}" for number in range(1, 11))


def test_what_is_not_named_is_counted() -> None:
    """Of 260 red checks three are named and the others counted, though the reading itself keeps only ten."""
    seen = ChecksReading(4, failed=TEN, pending=("e2e",), missing=("scan",), more_failed=250, more_missing=1)
    assert reading(seen) == (
        "shard 1, shard 2, shard 3 and 257 more failed, waiting for e2e, scan and 1 more not seen on this commit, 4 passed"
    )


def test_incidents_that_are_not_named_are_counted() -> None:
    """One incident is named, 299 others are not forgotten."""
    seen = IncidentsReading((OpenIncident(4411, "refunds fail", ""),), more=299)
    assert reading(seen) == "open: PD-4411 refunds fail and 299 more"
