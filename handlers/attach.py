"""`Attach to incident`, in the menu of every message: what somebody wrote becomes a note of the incident.

Slack sends the message along with the entry of the menu, so that no scope of ours reads messages. The link to it is
made of the workspace's address, which is known: an acknowledgement waits for no vendor.
"""

import re

from blocks import room_replies
from blocks.modals import turned_away
from blocks.rendition import Rendition, View
from blocks.words import room_replies as words
from bot.domain.incident_life import incident_of, may_be_open
from bot.domain.incident_messages import AddNote
from bot.domain.policy import Person
from bot.domain.promotion import Phase
from bot.service import Applied, Unavailable
from bot.store.protocol import Query, StoreDown
from handlers.desk import Desk, face
from handlers.event_payloads import Shortcut
from handlers.incidents import said_of, with_incident
from handlers.markup import as_read
from handlers.whereabouts import promotion_here

LOOKED_AT = 50  # of the newest promotions that failed, for incidents that are open
ADDRESS = re.compile(r"https://[a-z0-9.-]+/\Z")


async def attach(desk: Desk, person: Person, shortcut: Shortcut) -> View | None:
    """Keep a message as a note. What is returned is shown: why it was not kept; None: it was, which is told."""
    applied = await _meant(desk, shortcut)
    if applied is None:
        return await _elsewhere(desk)
    note = AddNote(applied.promotion.id, person.name, _text(desk, shortcut), _link(desk, shortcut))
    there = _attached_before(applied, note)
    if there is not None:
        return turned_away(words.ATTACH, there)
    answer = await desk.service.handle(note, dedupe=f"slack:{shortcut.trigger}")
    if isinstance(answer, Unavailable):
        raise StoreDown(answer.why)
    said = said_of(desk, answer, note)
    if said is None and isinstance(answer, Applied):
        desk.whisper(shortcut.channel, person, room_replies.done(face(answer), note), shortcut.thread)
        return None
    return turned_away(words.ATTACH, said) if said is not None else None


async def _meant(desk: Desk, shortcut: Shortcut) -> Applied | None:
    """The promotion whose incident a message is about; None: it is about none."""
    here = await promotion_here(desk, shortcut.channel, shortcut.thread or shortcut.message)
    applied = await with_incident(desk, here.id) if here is not None else None
    if applied is None or incident_of(applied.promotion, applied.context) is None:
        return None
    return applied


def _attached_before(applied: Applied, note: AddNote) -> Rendition | None:
    """What is said when somebody attached the very message before."""
    incident = applied.promotion.incident
    notes = incident.notes if incident is not None and note.link else ()
    first = next((one for one in notes if one.link == note.link), None)
    return room_replies.attached_already(face(applied), applied.context.person(first.by)) if first else None


def _text(desk: Desk, shortcut: Shortcut) -> str:
    """What the message says, with the name of whoever wrote it."""
    people = desk.catalog().people.values()
    author = as_read(f"<@{shortcut.author}>", people) if shortcut.author else shortcut.author_name
    me = desk.accounts.me
    if me is not None and shortcut.author == me.user:
        author = words.ME
    return words.attached(author.removeprefix("@") or words.SOMEBODY, as_read(shortcut.text, people))


def _link(desk: Desk, shortcut: Shortcut) -> str:
    """The address of the message; nothing while the workspace's is not known."""
    address = desk.accounts.me.address if desk.accounts.me is not None else ""
    if not ADDRESS.match(address):
        return ""
    place = f"{address}archives/{shortcut.channel}/p{shortcut.message.replace('.', '')}"
    below = shortcut.thread not in ("", shortcut.message)
    return f"{place}?thread_ts={shortcut.thread}&cid={shortcut.channel}" if below else place


async def _elsewhere(desk: Desk) -> View:
    """Where it would have worked, and which incidents are open."""
    failed = await desk.store.find(Query(phases=frozenset({Phase.FAILED}), limit=LOOKED_AT))
    still = [one for one in failed if may_be_open(one, desk.service.clock.now())]
    shown = [face(await desk.service.applied(one, changed=False)) for one in still[: words.MOST_OPEN]]
    return room_replies.attach_where(shown, more=len(still) - len(shown))
