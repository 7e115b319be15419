"""Questions: what runs where, why a promotion stands where it stands, and what happened before."""

from collections.abc import Mapping, Sequence

from blocks import answers, replies
from blocks.rendition import Rendition
from blocks.words import answers as answer_words
from bot.domain.errors import CannotParse, NoSuchPromotion, UnknownEnvironment, UnknownService
from bot.domain.face import StatusRow
from bot.domain.lines import AskHistory, AskWhy
from bot.domain.nearest import nearest
from bot.domain.policy import Person
from bot.domain.portrait import state_of
from bot.domain.promotion import OPEN, Live, Phase, Promotion
from bot.store.protocol import Query
from handlers.desk import Desk, face
from handlers.places import no_such_environment, unknown_service
from handlers.whereabouts import mine

MOST_ROWS = 60
ALL = "all"
DAY = 86_400.0


async def status(desk: Desk, person: Person, subject: str) -> Rendition:
    """What runs where: of one's own services, or of one service, environment, promotion, or everything."""
    if subject.startswith("P-"):
        return await _why(desk, subject)
    if not subject or subject == ALL:
        rows, note = await status_rows(desk, person, everything=subject == ALL)
        return answers.status(rows, note)
    catalog = desk.catalog()
    pairs = [pair for pair in _places(desk) if subject in pair]
    if pairs or subject in catalog.services:
        return answers.status([await _row(desk, *pair) for pair in pairs[:MOST_ROWS]])
    meant = nearest(subject, catalog.environments)
    known = tuple(catalog.services)
    if meant is not None and nearest(subject, known) is None:
        return replies.refused(CannotParse(f"status {subject}", f"/promote status {meant}"))
    return replies.refused(UnknownService(subject, nearest(subject, known), known))


async def status_rows(desk: Desk, person: Person, *, everything: bool) -> tuple[list[StatusRow], str]:
    """What runs where of somebody's own services, or of all when they have none; and a note which those are."""
    names = tuple(desk.catalog().services)
    own = () if everything else await mine(desk, person)
    shown = own or names
    pairs = [pair for pair in _places(desk) if pair[0] in shown]
    note = answer_words.your_services(len(own), len(names)) if own and len(own) < len(names) else ""
    return [await _row(desk, *pair) for pair in pairs[:MOST_ROWS]], note


def _places(desk: Desk) -> list[tuple[str, str]]:
    services = desk.catalog().services.values()
    return [(service.name, environment) for service in services for environment in service.environments]


async def _row(desk: Desk, service: str, environment: str) -> StatusRow:
    live = await _live(desk, service, environment)
    flying = await desk.store.find(Query(service=service, environment=environment, phases=OPEN))
    in_flight = []
    for promotion in flying:
        applied = await desk.service.applied(promotion, changed=False)
        in_flight.append((promotion.id, promotion.version, state_of(promotion, applied.requirements)))
    known = live.serving is not None
    return StatusRow(service, environment, live.serving, known, tuple(in_flight))


async def why(desk: Desk, meaning: AskWhy, channel: str) -> Rendition:
    """Each rule with its verdict: of the named promotion, or the newest one of a place, also of one that left
    the catalog since."""
    found = meaning.promotion or await _newest(desk, meaning, channel)
    if found:
        return await _why(desk, found)
    refusal = _no_place(desk, meaning)
    if refusal is not None:
        return replies.refused(refusal)
    if meaning.service:
        return answers.history(meaning.service, meaning.environment, ())
    return replies.refused(CannotParse("why", "/promote why P-142"))


def _no_place(desk: Desk, meaning: AskWhy) -> UnknownService | UnknownEnvironment | None:
    known = desk.catalog().services.get(meaning.service)
    if not meaning.service or (known is not None and not meaning.environment):
        return None
    if known is None:
        return unknown_service(desk, meaning.service)
    return no_such_environment(known, meaning.environment)


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
    return answers.why(face(applied))


async def history(desk: Desk, meaning: AskHistory) -> Rendition:
    """The newest promotions of a service, one line each; also of one that left the catalog since."""
    known = desk.catalog().services.get(meaning.service)
    query = Query(service=meaning.service, environment=meaning.environment or None, limit=meaning.count + 1)
    since = desk.service.clock.now() - meaning.days * DAY if meaning.days else 0.0
    recent = [one for one in await desk.store.find(query) if one.created >= since]
    if not recent:
        if known is None:
            return replies.refused(unknown_service(desk, meaning.service))
        gone = no_such_environment(known, meaning.environment) if meaning.environment else None
        if gone is not None:
            return replies.refused(gone)
    shown = recent[: meaning.count]
    lives = {name: await _live(desk, meaning.service, name) for name in {one.environment for one in shown}}
    found = [await desk.service.applied(one, changed=False) for one in shown]
    return answers.history(
        meaning.service,
        meaning.environment,
        [face(one) for one in found],
        live=[live.serving.promotion for live in lives.values() if live.serving],
        back=_ways_back(shown, lives) if known is not None else (),
        days=meaning.days,
        is_cut=bool(meaning.days) and len(recent) > meaning.count,
    )


async def _live(desk: Desk, service: str, environment: str) -> Live:
    live, _ = await desk.service.contexts.live(service, environment)
    return live


def _ways_back(promotions: Sequence[Promotion], lives: Mapping[str, Live]) -> tuple[str, ...]:
    """Of each version that a rollback may name now, its newest promotion."""
    back: dict[tuple[str, str], str] = {}
    for one in promotions:
        live, place = lives[one.environment], (one.environment, one.sha or "")
        serves = live.serving is not None and live.serving.sha == one.sha
        good = one.phase is Phase.SUCCEEDED and any(release.sha == one.sha for release in live.good)
        if good and not serves:
            back.setdefault(place, one.id)
    return tuple(back.values())
