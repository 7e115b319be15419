"""The channels that the catalog names, looked for among all of the workspace.

A large workspace has many pages of them, most of them archived: each page has the time of one look, nothing is read
once every name was found, and archived channels only for the names that are still missing. An archived channel may
have lost its name to another, which counts.
"""

from collections.abc import Sequence
from functools import partial

from blocks.text import listed
from blocks.words.advice import slack as words
from bot.catalog import Catalog
from bot.doctor.chart import Chart
from bot.inspections import Room, SlackInspection

MOST_PAGES = 50


async def look(chart: Chart, catalog: Catalog, slack: SlackInspection, most_pages: int = MOST_PAGES) -> None:
    """Judge every channel that the catalog names."""
    named = catalog.channels
    found: dict[str, Room] = {}
    read = partial(_read, chart, slack, named, found, most_pages)
    is_whole = await read(with_archived=False) and await read(with_archived=True)
    for name in named:
        if name in found:
            _judge(chart, name, found[name])
        elif is_whole:
            chart.fails("channels", f"#{name}", words.room_missing(name))


async def _read(
    chart: Chart,
    slack: SlackInspection,
    named: Sequence[str],
    found: dict[str, Room],
    most_pages: int,
    *,
    with_archived: bool,
) -> bool:
    """Look for the names that are missing; False: why they are not known to be missing was written down."""
    start, missing = "", frozenset(named)
    for _ in range(most_pages):
        missing -= found.keys()
        if not missing:
            return True
        ask = partial(slack.rooms, start, with_archived=with_archived)
        page = await chart.within("channels", f"#{min(missing)}", ask)
        if page is None:
            return False
        found |= {room.name: room for room in page.rooms if room.name in missing}
        start = page.next
        if not start:
            return True
    chart.warns("channels", f"#{min(missing)}", words.rooms_too_many(listed(sorted(missing))))
    return False


def _judge(chart: Chart, name: str, room: Room) -> None:
    about = f"#{name}"
    if room.is_archived:
        chart.fails("channels", about, words.room_archived(name))
    elif not room.is_member:
        chart.fails("channels", about, words.room_not_joined(name))
    elif room.sharing == "outside":
        chart.warns("channels", about, words.room_shared(name))
    else:
        chart.passes("channels", about, words.room_fine(name))
