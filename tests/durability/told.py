"""What was said, and how often: each card and each sentence once.

A death may cost a promotion one message of a channel twice: the one that was posted and whose posting nobody could
record any more (F08). Whatever is there more often than its deaths explain is held against the bot, and so is
chatter, which is rather lost than said again.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from bot.domain.effects import MUST_ARRIVE
from bot.domain.plan_notices import CARD, MIRROR
from bot.domain.plan_room import INCIDENT_CARD
from bot.domain.promotion import Promotion
from bot.playground.slack.state import Message
from tests.durability.life import Life

SAID_AGAIN = frozenset({CARD, MIRROR, INCIDENT_CARD, *MUST_ARRIVE})
Told = Mapping[tuple[str, str, str], Sequence[Message]]  # by room, promotion and words


def orphans(life: Life, promotions: Iterable[Promotion]) -> list[tuple[str, Message]]:
    """What stands there once more than it was to be said, with the promotion that it is about."""
    known = {entry.ref for one in promotions for entry in one.ledger.values()}
    return [
        (about, message) for (_, about, _), said in _told(life).items() for message in _but_one(said, known)
    ]


def told_once(life: Life, promotions: Sequence[Promotion], how: str) -> None:
    """One card each and every sentence once; each death may have left one orphan of a promotion in a channel."""
    left = Counter((about, message.channel) for about, message in orphans(life, promotions))
    assert max(left.values(), default=0) <= len(life.deaths), f"{how}: said too often: {left}"
    _only_what_must_arrive(life, promotions, how)
    _cards_are_there(life, promotions, how)


def _only_what_must_arrive(life: Life, promotions: Sequence[Promotion], how: str) -> None:
    keys = {entry.ref: key.partition(":")[0] for one in promotions for key, entry in one.ledger.items()}
    for said in _told(life).values():
        again = {keys.get(message.ts, "nobody's") for message in said if len(said) > 1}
        assert not again or again & SAID_AGAIN, f"{how}: said again: {said[0].text}"


def _cards_are_there(life: Life, promotions: Sequence[Promotion], how: str) -> None:
    for one in promotions:
        entry = one.ledger.get(CARD)
        shown = {message.ts for message in life.playground.slack.messages(entry.channel)} if entry else set()
        assert entry is None or entry.ref in shown, f"{how}: the card of {one.id} is not where it should be"


def _told(life: Life) -> Told:
    told: defaultdict[tuple[str, str, str], list[Message]] = defaultdict(list)
    for room in life.playground.slack.workspace.rooms():
        posted = [one for one in room.messages.values() if one.author == life.world.bot_user]
        cards = {one.ts: _about(one) for one in posted if not one.thread_ts}
        for one in posted:
            about = cards.get(one.thread_ts or one.ts, "")
            if one.thread_ts or about:  # else it is a copy that a story made
                told[room.id, about, _line(one)].append(one)
    return told


def _but_one(said: Sequence[Message], known: set[str]) -> Sequence[Message]:
    """All but the one that counts: the one that is recorded, or else the last."""
    counts = next((one for one in said if one.ts in known), said[-1])
    return [one for one in said if one is not counts]


def _line(message: Message) -> str:
    """What is told by its words; a card, whose words change, by being one."""
    return message.text if message.thread_ts else "card"


def _about(message: Message) -> str:
    return str((message.metadata or {}).get("event_payload", {}).get("promotion", ""))
