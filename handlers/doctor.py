"""`/promote doctor`: acknowledged at once; what was found is told privately, since no answer waits for vendors."""

from collections.abc import Callable

from blocks import doctor as blocks
from blocks.rendition import Rendition
from bot.domain.context import Membership
from bot.domain.messages import Request
from bot.domain.policy import Person
from handlers.desk import Desk


async def answer(desk: Desk, person: Person, later: Callable[[Rendition], None]) -> Rendition:
    """A young checkup at once; else one is made, and told later, in the place where it was asked for."""
    shown = blocks.for_admin if await _is_admin(desk, person) else blocks.for_others
    latest = desk.doctor.latest
    if latest is not None:
        return shown(latest)
    desk.doctor.ask(lambda checkup: later(shown(checkup)))
    return blocks.looking()


async def _is_admin(desk: Desk, person: Person) -> bool:
    """Whether the person certainly is one; the role is the same everywhere, so any place tells it."""
    service = next(iter(desk.catalog().services.values()), None)
    if service is None:
        return False
    ask = Request("", "", person.name, service.name, service.environments[0], "", "")
    context = await desk.service.contexts.of_message(None, ask)
    return context.may(person.name, context.rules.admins) is Membership.YES
