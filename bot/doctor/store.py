"""The store: there, whole, writable, and on ground that keeps what it acknowledged."""

from blocks.words.advice import store as words
from bot.doctor.case import Case, Instruments
from bot.doctor.chart import Chart
from bot.store.protocol import StoreDown


async def look(chart: Chart, case: Case, instruments: Instruments) -> None:
    """Look at the store beside the bot that may run on it."""
    store = instruments.store

    async def opens() -> None:
        try:
            found = await store.look()
        except StoreDown as down:
            chart.fails("store", store.place, words.down(store.place, str(down)))
            return
        for doubt in found.doubts:
            chart.warns("ground", store.place, words.doubtful(store.place, doubt))
        fine = words.new(store.place) if found.is_new else words.fine(store.place, found.schema, found.holder)
        chart.passes("store", store.place, fine)

    await chart.within("store", store.place, opens)
