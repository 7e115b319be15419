"""One row: a fault or an attack, what must come of it, and why it is still open where it is."""

import re
from dataclasses import dataclass

NUMBER = re.compile(r"[FA]\d{2,3}")


@dataclass(frozen=True, slots=True)
class Row:
    """A promise with a number. Numbers are names: gaps mean nothing, and none is given twice."""

    number: str  # F38, A13
    title: str
    holds: str  # what must come of it
    open_until: str = ""  # the part that it waits for, and why
    rest: str = ""  # what of a row with tests still waits for a part that is not built
