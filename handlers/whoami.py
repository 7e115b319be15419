"""`/promote whoami`: who somebody is to us, and what they may do."""

from blocks import replies, whoami
from blocks.rendition import Rendition
from bot.domain.context import Context
from bot.domain.lines import AskWhoAmI
from bot.domain.messages import Request
from bot.domain.policy import Kind, Person
from bot.domain.rights import ServiceRights, WhoAmI, rights_of, teams_of
from handlers.desk import Desk
from handlers.places import unknown_service
from handlers.whereabouts import mine

MOST_SERVICES = 12


async def answer(desk: Desk, person: Person, meaning: AskWhoAmI) -> Rendition:
    """Somebody's accounts, teams and rights: of one service, or of their own ones first."""
    services = tuple(desk.catalog().services)
    if meaning.service and meaning.service not in services:
        return replies.refused(unknown_service(desk, meaning.service))
    own = await mine(desk, person)
    ordered = (meaning.service,) if meaning.service else (*own, *(one for one in services if one not in own))
    shown = ordered[:MOST_SERVICES]
    context = await _context(desk, person, shown[0]) if shown else None
    return whoami.who_am_i(
        WhoAmI(
            person=person,
            teams=teams_of(person.name, context) if context else (),
            services=tuple(_rights(desk, person, one, context) for one in shown) if context else (),
            more=len(ordered) - len(shown),
        )
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
