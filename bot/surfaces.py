"""The index from a message in Slack to the promotion that it shows: whoever speaks to us below it means that one.

It is one small document for each message, written in the very commit that learns where the message is. A message of
before there was an index is searched for instead (handlers/whereabouts.py).
"""

import json

from bot.audit import compact
from bot.domain.promotion import Entry, Promotion
from bot.store.protocol import Document, Store

SURFACES = ("card", "mirror", "incident_card")  # keys of the ledger


def message_key(channel: str, ts: str) -> str:
    """The key of the small document that names the promotion of a message."""
    return f"message:{channel}:{ts}"


async def newly_posted(store: Store, before: Promotion | None, after: Promotion) -> tuple[Document, ...]:
    """What a commit adds to the index. One message is entered once, whatever is told of it twice: a document that
    is there already would hold up the commit for ever."""
    there = _messages(before) if before is not None else frozenset()
    keys = tuple(sorted(message_key(*one) for one in _messages(after) - there))
    known = await store.documents(keys) if keys else {}
    body = compact({"promotion": after.id})
    return tuple(Document(key, body, 0) for key in keys if not known[key].revision)


async def shown_by(store: Store, channel: str, ts: str) -> str | None:
    """The id of the promotion that a message shows, by the index."""
    key = message_key(channel, ts)
    found = (await store.documents((key,)))[key]
    return str(json.loads(found.body)["promotion"]) if found.revision else None


def _messages(promotion: Promotion) -> frozenset[tuple[str, str]]:
    entries: tuple[Entry | None, ...] = tuple(promotion.ledger.get(key) for key in SURFACES)
    return frozenset((one.channel, one.ref) for one in entries if one is not None and one.channel and one.ref)
