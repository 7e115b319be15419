"""What is there for good is not looked through again, and what becomes garbage later is collected as ever."""

import gc
import weakref
from contextlib import suppress

from bot.collector import for_good


class Ring:
    """Something that only the collector can let go: it holds itself."""

    def __init__(self) -> None:
        self.itself = self


def test_what_is_made_at_the_start_is_never_looked_through() -> None:
    """The collector rests meanwhile, knows nothing of what was made, and works again afterwards."""
    before = gc.get_freeze_count()
    try:
        with for_good():
            rested = not gc.isenabled()
            kept = [Ring() for _ in range(1000)]
        assert rested
        assert gc.isenabled()
        assert gc.get_freeze_count() >= before + len(kept)
        assert not any(isinstance(one, Ring) for one in gc.get_objects())
    finally:
        gc.unfreeze()


def test_what_becomes_garbage_later_is_let_go() -> None:
    """A ring that was made after the start is gone when the collector has run."""
    try:
        with for_good():
            pass
        ring = weakref.ref(Ring())
        gc.collect()
        assert ring() is None
    finally:
        gc.unfreeze()


def test_the_collector_works_again_after_a_start_that_failed() -> None:
    """A catalog that cannot be read ends the start: nothing may be left switched off."""
    try:
        with suppress(OSError), for_good():
            raise OSError("no catalog")
        assert gc.isenabled()
    finally:
        gc.unfreeze()
