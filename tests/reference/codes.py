"""docs/codes.md: what a small code below a sentence means."""

from blocks.words.codes import CODES
from tests.reference.tables import ORIGIN, table

HEAD = """\
# Codes

Below a sentence that says no, or that something is wrong, stands a small code such as `E07`. It names the situation, whatever the
sentence's words are, and the log line of the same moment carries it as well. What to do is in the sentence itself; by what you see,
it is in [Troubleshooting](troubleshooting.md)."""


def render() -> str:
    """The page as it should be now."""
    rows = table(("code", "situation"), CODES.items())
    return "\n\n".join((HEAD, ORIGIN, rows)) + "\n"
