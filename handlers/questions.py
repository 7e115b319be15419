"""Questions: what runs where, why a promotion stands where it stands, and what a rollback would mean."""

from dataclasses import dataclass

from blocks import replies
from blocks.rendition import Rendition
from bot.domain.command_line import AskHistory, AskWhy, Undo
from bot.domain.errors import CannotParse, NoSuchPromotion, Refusal, UnknownEnvironment, UnknownService
from bot.domain.face import StatusRow
from bot.domain.nearest import nearest
from bot.domain.portrait import state_of
from bot.domain.promotion import OPEN
from bot.store.protocol import Query
from handlers.desk import Desk, face

MOST_ROWS = 60


@dataclass(frozen=True, slots=True)
class Place:
    """Where a rollback is meant, and which promotion it undoes."""

    service: str
    environment: str
    promotion: str


async def status(desk: Desk, subject: str) -> Rendition:
    """What runs where: of everything, or of one service, environment or promotion."""
    if subject.startswith("P-"):
        return await _why(desk, subject)
    catalog = desk.catalog()
    pairs = [
        (service.name, environment)
        for service in catalog.services.values()
        for environment in service.environments
        if subject in {"", service.name, environment}
    ]
    if not pairs:
        known = tuple(catalog.services)
        return replies.refused(UnknownService(subject, nearest(subject, known), known))
    return replies.status([await _row(desk, *pair) for pair in pairs[:MOST_ROWS]])


async def _row(desk: Desk, service: str, environment: str) -> StatusRow:
    live, _ = await desk.service.contexts.live(service, environment)
    flying = await desk.store.find(Query(service=service, environment=environment, phases=OPEN))
    in_flight = []
    for promotion in flying:
        applied = await desk.service.applied(promotion, changed=False)
        in_flight.append((promotion.id, promotion.version, state_of(promotion, applied.requirements)))
    known = live.serving is not None
    return StatusRow(service, environment, live.serving, known, tuple(in_flight))


async def why(desk: Desk, meaning: AskWhy, channel: str) -> Rendition:
    """Each rule with its verdict: of the named promotion, or the newest one of a place."""
    if meaning.promotion:
        return await _why(desk, meaning.promotion)
    found = await _newest(desk, meaning, channel)
    if found is None:
        return replies.refused(CannotParse("why", "/promote why P-142"))
    return await _why(desk, found)


async def _newest(desk: Desk, meaning: AskWhy, channel: str) -> str | None:
    if meaning.service:
        query = Query(service=meaning.service, environment=meaning.environment or None, limit=1)
        newest = await desk.store.find(query)
        return newest[0].id if newest else None
    return await desk.store.find_by_channel(channel)


async def _why(desk: Desk, promotion: str) -> Rendition:
    applied = await desk.service.look(promotion)
    if applied is None:
        return replies.refused(NoSuchPromotion(promotion))
    return replies.why(face(applied))


async def history(desk: Desk, meaning: AskHistory) -> Rendition:
    """The newest promotions of a service, one line each; also of one that left the catalog since."""
    known = tuple(desk.catalog().services)
    query = Query(service=meaning.service, environment=meaning.environment or None, limit=meaning.count)
    found = [await desk.service.applied(one, changed=False) for one in await desk.store.find(query)]
    if not found and meaning.service not in known:
        return replies.refused(UnknownService(meaning.service, nearest(meaning.service, known), known))
    return replies.history(meaning.service, meaning.environment, [face(one) for one in found])


async def place_to_undo(desk: Desk, meaning: Undo, channel: str) -> Place | Refusal:
    """What `/rollback` means: the named promotion or place; without words, the channel's incident."""
    if meaning.promotion or not meaning.service:
        return await _place_of_promotion(desk, meaning, channel)
    known = desk.catalog().services.get(meaning.service)
    if known is None:
        names = tuple(desk.catalog().services)
        return UnknownService(meaning.service, nearest(meaning.service, names), names)
    environment = meaning.environment or known.environments[-1]
    if environment not in known.environments:
        return UnknownEnvironment(
            known.name, environment, nearest(environment, known.environments), known.environments
        )
    newest = await desk.service.contexts.newest_that_ran(known.name, environment)
    return Place(known.name, environment, newest.id if newest else "")


async def _place_of_promotion(desk: Desk, meaning: Undo, channel: str) -> Place | Refusal:
    named = meaning.promotion or await desk.store.find_by_channel(channel)
    if not named:
        return CannotParse("rollback", "/promote rollback checkout in production because errors are up")
    promotion = await desk.store.load(named)
    if promotion is None:
        return NoSuchPromotion(named)
    return Place(promotion.service, promotion.environment, promotion.id)
