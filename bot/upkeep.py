"""Follows the catalog's file: a changed one replaces the rules when it is valid, a broken one changes nothing (E26)."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence

from bot.catalog import Catalog, CatalogError, CatalogFile
from bot.ports import Clock
from bot.records import Records
from bot.store.protocol import StoreDown

log = logging.getLogger(__name__)
RELOAD = 2.0  # seconds between looks at the file
Refused = Callable[[Sequence[str], float], None]  # one line for each problem; since when the catalog counts


async def follow_catalog(
    file: CatalogFile,
    records: Records,
    clock: Clock,
    reloaded: Iterable[Callable[[Catalog], None]],
    refused: Refused,
) -> None:
    """Look again and again, until cancelled.

    Whatever is open is looked at by the new rules, at the start too: the file may have changed meanwhile.
    """
    idle, woken, loaded = asyncio.Event(), False, clock.now()
    while True:
        changed = file.reload_if_changed()
        if isinstance(changed, CatalogError):
            log.error("catalog refused", extra={"code": "E26", "why": str(changed)})
            refused(changed.told(), loaded)
        elif changed is not None:
            log.info("catalog reloaded", extra={"digest": changed.digest})
            for tell in reloaded:
                tell(changed)
            woken, loaded = False, clock.now()
        woken = woken or await _wake_open(records)
        await clock.wait(idle, RELOAD)


async def _wake_open(records: Records) -> bool:
    """Wake what is open; False: the store was down, and it has to be done again."""
    try:
        await records.wake_open()
    except StoreDown as down:
        log.warning("store down", extra={"why": str(down)})
        return False
    return True
