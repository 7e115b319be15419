"""`/promote whoami`: who somebody is to us, and what they may do."""

import asyncio
import logging
from collections.abc import Sequence

from blocks import replies, whoami
from blocks.rendition import Rendition
from bot.domain.context import Context, Membership
from bot.domain.lines import AskWhoAmI
from bot.domain.messages import Request
from bot.domain.policy import Kind, Person
from bot.domain.rights import ServiceRights, WhoAmI, rights_of, teams_of
from bot.ports import VendorError
from bot.store.protocol import StoreDown
from handlers.asked import Asked
from handlers.desk import Desk
from handlers.places import unknown_service
from handlers.whereabouts import mine

log = logging.getLogger(__name__)
MOST_SERVICES = 12


async def answer(asked: Asked, meaning: AskWhoAmI) -> Rendition | None:
    """Somebody's accounts, teams and rights: of one service, or of their own ones first. None: a team was not looked
    at lately, so that is done first, and the one answer comes after it."""
    desk, services = asked.desk, tuple(asked.desk.catalog().services)
    if meaning.service and meaning.service not in services:
        return replies.refused(unknown_service(desk, meaning.service))
    own = await mine(desk, asked.person)
    ordered = (meaning.service,) if meaning.service else (*own, *(one for one in services if one not in own))
    me = await _who(desk, asked.person, ordered)
    unsure = [name for name, membership in me.teams if membership is Membership.UNKNOWN]
    if not unsure or desk.scouts.waiting:  # what others wait for GitHub with must not hold this up
        return whoami.who_am_i(me)

    async def errand() -> None:
        asked.later(await _looked(desk, asked.person, ordered, unsure))

    desk.scouts.send(errand)
    return None


async def _looked(desk: Desk, person: Person, services: Sequence[str], teams: Sequence[str]) -> Rendition:
    """What holds after a look at some teams; one that cannot be read stays as unsure as it was."""
    try:
        await asyncio.gather(*(_look(desk, name) for name in teams))
        return whoami.who_am_i(await _who(desk, person, services))
    except StoreDown:
        return replies.store_down()


async def _look(desk: Desk, team: str) -> None:
    source = desk.catalog().teams.get(team)
    try:
        if source is not None:
            await desk.look_at_team(team, source)
    except VendorError as error:
        log.warning("team not looked at", extra={"team": team, "why": str(error)})


async def _who(desk: Desk, person: Person, services: Sequence[str]) -> WhoAmI:
    """Somebody as they are known now."""
    shown = services[:MOST_SERVICES]
    context = await _context(desk, person, shown[0]) if shown else None
    return WhoAmI(
        person=person,
        teams=teams_of(person.name, context) if context else (),
        services=tuple(_rights(desk, person, one, context) for one in shown) if context else (),
        more=len(services) - len(shown),
    )


async def _context(desk: Desk, person: Person, service: str) -> Context:
    """Teams and people as they are known now: the same for every place."""
    environment = desk.catalog().services[service].environments[0]
    ask = Request("", "", person.name, service, environment, "", "")
    return await desk.service.contexts.of_message(None, ask)


def _rights(desk: Desk, person: Person, service: str, context: Context) -> ServiceRights:
    rules = desk.service.contexts.rules
    places = [
        (rules(service, environment, Kind.PROMOTE), rules(service, environment, Kind.ROLLBACK))
        for environment in desk.catalog().services[service].environments
    ]
    return ServiceRights(service, rights_of(person.name, places, context))
