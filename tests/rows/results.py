"""What came of the tests that name rows, as they were last run."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

LAST_RUN = Path(__file__).with_name("last_run.json")
WORST = ("failed", "skipped", "passed")
NEVER = "not run yet"


@dataclass(frozen=True, slots=True)
class Results:
    """Outcomes by `file::name`, and the day of the newest run."""

    day: str = ""
    outcomes: Mapping[str, str] = field(default_factory=dict)

    def of(self, tests: list[str]) -> str:
        """One word for a row: the worst of its tests."""
        outcomes = [self.outcomes.get(test, "") for test in tests]
        for word in WORST[:2]:
            if word in outcomes:
                return word
        return "passed" if all(outcomes) else NEVER

    def document(self) -> dict[str, object]:
        """As it is kept."""
        return {"day": self.day, "outcomes": dict(self.outcomes)}


def read(file: Path = LAST_RUN) -> Results:
    """The last recorded results; without a file there are none."""
    if not file.exists():
        return Results()
    kept = json.loads(file.read_text())
    return Results(kept["day"], kept["outcomes"])
