"""Which direct messages are still to be written: reminders of a missing approval, and what somebody asked to hear.

A person has one line in the ledger, which says what they were last written about. A letter whose beginning is
recorded and whose end is not may have arrived, so it is not written again; the next occasion is another letter.
"""

from collections.abc import Iterator, Sequence
from itertools import chain

from bot.domain.approvals import Tally
from bot.domain.letters import Occasion, WriteLetter
from bot.domain.live import serving_settles
from bot.domain.needs import NOW, Need, Scene
from bot.domain.plan_notices import CARD
from bot.domain.policy import OWNER, Person
from bot.domain.portrait import face_of
from bot.domain.promotion import Entry, Phase

HALF, NEARLY = 0.5, 0.9  # of the time after which a request expires
FAN_OUT = 15  # people who are written to on one occasion, at most
NEWS = 3600.0  # seconds after an end for which it is news to somebody who was not written to yet
PUT_OFF = 86_400.0  # seconds for which a letter of it is put off, over quiet hours or an outage of Slack
LETTER = "letter:"
ORDER = tuple(Occasion)

Mark = tuple[float, Occasion]  # the moment from which on there is an occasion
Owed = tuple[float, Occasion, Person]


def letter_needs(scene: Scene) -> Iterator[Need]:
    """The next letter that is due, and the moments at which others will be; the card comes first.

    One letter at a time is begun: whoever dies in the middle of many leaves one of them unclear, and no more.
    """
    card = scene.entry(CARD)
    if card is None or not card.ref:
        return
    now, marks = scene.context.now, _marks(scene)
    owed = tuple(_owed(scene, [mark for mark in marks if mark[0] <= now]))
    yield from (Need(at) for at in (*(at for at, _ in marks), *(at for at, _, _ in owed)) if at > now)
    for at, occasion, person in [one for one in owed if one[0] <= now][:1]:
        face = face_of(scene.promotion, scene.context, scene.requirements)
        yield Need(at, WriteLetter(LETTER + person.name, occasion, face, person, card.channel, card.ref))


def _owed(scene: Scene, due: Sequence[Mark]) -> Iterator[Owed]:
    """Every letter that nobody has written, and from when on."""
    for at, occasion, person in (*_reminded(scene, due), *_told(scene)):
        entry = scene.entry(LETTER + person.name)
        if not _was_written(entry, occasion, at):
            yield max(at, entry.not_before if entry else NOW), occasion, person


def _marks(scene: Scene) -> tuple[Mark, ...]:
    """The moments at which whoever has not approved yet is written to."""
    since, expires = scene.promotion.awaiting_since, scene.context.rules.expires
    if (
        since is None
        or not scene.requirements.awaiting_approval
        or scene.promotion.phase is not Phase.WAITING
    ):
        return ()
    if expires is None:
        return ((since, Occasion.NEEDED),)
    return (
        (since, Occasion.NEEDED),
        (since + HALF * expires, Occasion.HALFWAY),
        (since + NEARLY * expires, Occasion.LATE),
    )


def _reminded(scene: Scene, due: Sequence[Mark]) -> Iterator[Owed]:
    """Those who could still approve: of several occasions only the last one is worth a letter."""
    if not due:
        return
    at, occasion = due[-1]
    asked = scene.context.readers.approvals
    for person in missing(scene.requirements.tally)[:FAN_OUT]:
        if occasion is not Occasion.NEEDED or person.name in asked:
            yield at, occasion, person


def missing(tally: Tally) -> tuple[Person, ...]:
    """Who could give an approval that is still missing, each once."""
    lacking = (need.possible for need in tally.needs if need.have < need.count)
    return tuple({person.name: person for person in chain.from_iterable(lacking)}.values())


def _told(scene: Scene) -> Iterator[Owed]:
    """What an end is news to: whoever asked for it, and the team whose service failed."""
    promotion, context = scene.promotion, scene.context
    ending, readers = promotion.ending, context.readers
    if promotion.phase.is_open or ending is None:
        return
    at = max(ending.at, serving_settles(promotion, context))
    asked = promotion.requester in readers.finished and ending.by != promotion.requester
    if asked and promotion.requester in context.people and _is_news(scene, promotion.requester, at):
        yield at, Occasion.FINISHED, context.person(promotion.requester)
    if promotion.phase is not Phase.FAILED:
        return
    without = frozenset({promotion.requester}) if asked else frozenset()
    owners = (one for one in context.holders((OWNER,), without) if one.name in readers.failures)
    for person in list(owners)[:FAN_OUT]:
        if _is_news(scene, person.name, at):
            yield at, Occasion.FAILED, person


def _is_news(scene: Scene, person: str, at: float) -> bool:
    """Whoever says today what they want to hear is not told of the ends of last week; a letter that is put off
    to the end of quiet hours has been begun in time."""
    entry = scene.entry(LETTER + person)
    is_put_off = entry is not None and entry.tries > 0
    return scene.context.now - at <= (PUT_OFF if is_put_off else NEWS)


def _was_written(entry: Entry | None, occasion: Occasion, at: float) -> bool:
    """Whether this letter, or a later one, was written, or may have been."""
    if entry is None:
        return False
    is_open = entry.begun is not None and (entry.done is None or entry.done < entry.begun)
    if is_open and entry.begun is not None and entry.begun >= at:
        return True
    return entry.shown in ORDER and ORDER.index(Occasion(entry.shown)) >= ORDER.index(occasion)
