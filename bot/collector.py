"""Python's collector of garbage, and what it need not look through.

It looks through all that is there whenever enough was made, and half of the bot is there from the start for good: its
code, its catalog, its clients. To look through that stops the loop for a twentieth of a second, again and again.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def for_good() -> Iterator[None]:
    """What is made inside is kept for the life of the process: the collector never looks through it."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
