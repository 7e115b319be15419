"""What a place implies: the promotion whose thread it is, the service whose channel it is, whose services are mine.

No scope of ours reads messages, but an index leads from each of ours to its promotion. One that was posted before
there was an index is searched for: ids are given out in the order of time, and a card is posted soon after its
promotion was asked for, so the search begins at that moment.
"""

from collections.abc import Iterable

from bot.domain.line_words import Here
from bot.domain.policy import Person
from bot.domain.promotion import Promotion
from bot.store.protocol import Query, Store
from bot.surfaces import SURFACES, shown_by
from handlers.desk import Desk

PAGE = 50
PAGES = 4  # promotions that were asked for before a card, and after its own, are at most so many pages
CLOCKS_APART = 60.0  # seconds by which Slack's clock and ours may differ
LATELY = 30 * 86_400.0  # seconds for which a request makes a service one's own


async def here(desk: Desk, channel: str, thread: str) -> Here:
    """What a mention leaves out: the promotion of the thread or of the incident channel, and its service."""
    promotion = await promotion_here(desk, channel, thread)
    if promotion is not None:
        return Here(promotion.id, promotion.service, promotion.environment)
    return Here(service=service_of(desk, channel) or await _service_of_cards(desk, channel))


def service_of(desk: Desk, channel: str, room: str = "") -> str:
    """The service whose channel this is by the catalog, by id or by name; nothing when several share it."""
    named = {channel, room} - {""}
    services = desk.catalog().services.values()
    found = [one.name for one in services if one.channel.removeprefix("#") in named]
    return found[0] if len(found) == 1 else ""


def example_service(desk: Desk, asked: str, channel: str, room: str = "") -> str:
    """A service for examples: the one of this place, else one of those that share it, else any."""
    catalog = desk.catalog()
    named = {channel, room} - {""}
    sharing = (one.name for one in catalog.services.values() if one.channel.removeprefix("#") in named)
    return asked or next(sharing, "") or next(iter(catalog.services), "checkout")


async def promotion_of(store: Store, channel: str, ts: str) -> Promotion | None:
    """The promotion one of whose messages this is: its card, or what shows it in an incident channel."""
    moment = _moment(ts)
    if moment is None:
        return None
    named = await shown_by(store, channel, ts)
    if named is not None:
        return await store.load(named)
    before = await _first_after(store, moment + CLOCKS_APART)
    for _ in range(PAGES):
        page = await store.find(Query(before=before, limit=PAGE))
        found = next((one for one in page if _shows(one, channel, ts)), None)
        if found is not None or len(page) < PAGE:
            return found
        before = page[-1].id
    return None


async def mine(desk: Desk, person: Person) -> tuple[str, ...]:
    """The services whose owner team somebody is in, and those that they asked for lately."""
    services = desk.catalog().services.values()
    owned = await _owners(desk, person.name, {one.owner for one in services if one.owner})
    lately = desk.service.clock.now() - LATELY
    asked = await desk.store.find(Query(limit=PAGE))
    wanted = {one.service for one in asked if one.requester == person.name and one.created >= lately}
    return tuple(one.name for one in services if one.owner in owned or one.name in wanted)


async def _owners(desk: Desk, person: str, teams: Iterable[str]) -> frozenset[str]:
    """Those of some teams that somebody is in, as far as the last look at each tells."""
    known = await desk.service.contexts.teams()
    return frozenset(name for name in teams if name in known and person in known[name].members)


async def promotion_here(desk: Desk, channel: str, thread: str) -> Promotion | None:
    """The promotion of a thread, or of the incident channel that this is; None: neither."""
    found = await promotion_of(desk.store, channel, thread) if thread else None
    if found is not None:
        return found
    named = await desk.store.find_by_channel(channel)
    return await desk.store.load(named) if named else None


async def _service_of_cards(desk: Desk, channel: str) -> str:
    """The service whose cards are in this channel, when it is its own: a mention does not tell a channel's name."""
    newest = await desk.store.find(Query(limit=PAGE))
    cards = {one.service for one in newest if (card := one.ledger.get("card")) and card.channel == channel}
    rooms = [one.channel for one in desk.catalog().services.values()]
    own = {one.name for one in desk.catalog().services.values() if rooms.count(one.channel) == 1}
    return cards.pop() if len(cards) == 1 and cards <= own else ""


def _shows(promotion: Promotion, channel: str, ts: str) -> bool:
    entries = (promotion.ledger.get(key) for key in SURFACES)
    return any(entry is not None and (entry.channel, entry.ref) == (channel, ts) for entry in entries)


async def _first_after(store: Store, moment: float) -> str | None:
    """The first id given out after a moment, within a page; None: none was. Found by halving, in a few reads."""
    newest = await store.find(Query(limit=1))
    if not newest or newest[0].created <= moment:
        return None
    low, high = 0, _number(newest[0].id)
    while high - low > PAGE:
        middle = (low + high) // 2
        found = await store.find(Query(before=f"P-{middle + 1}", limit=1))
        if found and found[0].created > moment:
            high = middle
        else:
            low = middle
    return f"P-{high}"


def _number(promotion: str) -> int:
    return int(promotion.removeprefix("P-"))


def _moment(ts: str) -> float | None:
    """When a message was posted, by its timestamp; None: it is none."""
    whole = ts.partition(".")[0]
    return float(whole) if whole.isascii() and whole.isdigit() and len(whole) < 12 else None
