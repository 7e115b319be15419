"""Places that a line names: whether they exist, and which one a rollback means."""

from dataclasses import dataclass

from bot.domain.errors import (
    CannotParse,
    NoSuchPromotion,
    Refusal,
    UnknownEnvironment,
    UnknownService,
)
from bot.domain.lines import Undo
from bot.domain.nearest import nearest
from bot.domain.policy import Service
from bot.domain.promotion import Promotion
from handlers.desk import Desk


@dataclass(frozen=True, slots=True)
class Place:
    """Where a rollback is meant, and which promotion it undoes."""

    service: str
    environment: str
    promotion: str


def unknown_service(desk: Desk, name: str) -> UnknownService:
    """E01, with the nearest name that exists."""
    known = tuple(desk.catalog().services)
    return UnknownService(name, nearest(name, known), known)


def unknown_place(desk: Desk, service: str, environment: str) -> Refusal | None:
    """Why a service or one of its environments is not one, or None when both exist."""
    known = desk.catalog().services.get(service)
    return unknown_service(desk, service) if known is None else no_such_environment(known, environment)


def no_such_environment(known: Service, environment: str) -> UnknownEnvironment | None:
    """E02, with the nearest one of the service's path; None: it is one."""
    if environment in known.environments:
        return None
    path = known.environments
    return UnknownEnvironment(known.name, environment, nearest(environment, path), path)


async def place_to_undo(desk: Desk, meaning: Undo, channel: str) -> Place | Refusal:
    """What `/rollback` means: the named promotion or place; without words, the channel's incident."""
    if meaning.promotion or not meaning.service:
        return await _place_of_promotion(desk, meaning, channel)
    known = desk.catalog().services.get(meaning.service)
    if known is None:
        return unknown_service(desk, meaning.service)
    environment = meaning.environment or known.environments[-1]
    gone = no_such_environment(known, environment)
    if gone is not None:
        return gone
    return await to_roll_back(desk, known.name, environment)


async def to_roll_back(desk: Desk, service: str, environment: str) -> Place:
    """A place of the catalog with the promotion that a rollback there undoes now, if it undoes any."""
    undone = await desk.service.contexts.to_undo(service, environment)
    return Place(service, environment, undone.id if undone else "")


async def _place_of_promotion(desk: Desk, meaning: Undo, channel: str) -> Place | Refusal:
    named = meaning.promotion or await desk.store.find_by_channel(channel)
    if not named:
        return CannotParse("rollback", "/promote rollback checkout in production because errors are up")
    promotion = await desk.store.load(named)
    if promotion is None:
        return NoSuchPromotion(named)
    if meaning.environment not in ("", promotion.environment):
        return _elsewhere(promotion, meaning)
    return Place(promotion.service, promotion.environment, promotion.id)


def _elsewhere(promotion: Promotion, meaning: Undo) -> CannotParse:
    """`rollback staging` below a card of production is about no promotion that is known here."""
    there = (
        f"rollback {promotion.service} in {meaning.environment} because {meaning.reason or 'errors are up'}"
    )
    return CannotParse(f"rollback {promotion.id} in {meaning.environment}", f"/promote {there}")
