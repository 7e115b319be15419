"""How much is measured: enough for a median, and never so much that a run takes more than some minutes."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Plan:
    """The sizes of one run."""

    directory: Path  # for stores, logs and catalogs; whoever made it removes it
    rounds: int = 5
    warm: int = 150  # requests before anything is measured
    requests: int = 600  # in one measurement of processor time
    paced: int = 120  # in one measurement of latency
    rate: float = 100.0  # requests a second there
    slow_rate: float = 50.0  # while something else is going on
    many: int = 100_000  # open promotions
    few: int = 100
    flood: float = 2_000.0  # webhooks a second
    flood_seconds: float = 2.0
    with_node: bool = True


def quick(directory: Path) -> Plan:
    """A short run: the same, on less of everything."""
    return Plan(
        directory, rounds=2, warm=50, requests=300, paced=100, many=5_000, flood_seconds=1.0, with_node=False
    )


def smallest(directory: Path) -> Plan:
    """Just enough to see that everything works."""
    return Plan(
        directory,
        rounds=1,
        warm=5,
        requests=20,
        paced=20,
        many=300,
        few=20,
        flood=200.0,
        flood_seconds=0.5,
        with_node=False,
    )
