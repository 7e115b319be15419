"""`/promote plan`: what the store knows at once, and what GitHub and the gates say as soon as they did."""

from blocks import plan, replies
from blocks.rendition import Rendition
from bot.domain.errors import BadVersion
from bot.domain.lines import AskPlan
from bot.domain.opening import is_version
from bot.domain.policy import Kind
from bot.ports import VendorError
from bot.store.protocol import StoreDown
from handlers.asked import Asked
from handlers.desk import Desk
from handlers.places import unknown_place, unknown_service


async def answer(asked: Asked, meaning: AskPlan) -> Rendition:
    """The plan as far as it is known; the rest is said when the world was looked at. Nothing is stored."""
    desk, known = asked.desk, asked.desk.catalog().services.get(meaning.service)
    if known is None:
        return replies.refused(unknown_service(desk, meaning.service))
    environment = meaning.environment or known.environments[-1]
    refusal = unknown_place(desk, meaning.service, environment)
    if refusal is not None:
        return replies.refused(refusal)
    version = meaning.version or await _candidate(desk, meaning.service, environment)
    if not version:
        after = desk.service.contexts.rules(meaning.service, environment, Kind.PROMOTE).after
        return plan.no_version(meaning.service, environment, after or "")
    if not is_version(version):
        return replies.refused(BadVersion(version))
    rehearsed = (meaning.service, environment, version, asked.person.name)
    at_once = await desk.rehearsal.known(*rehearsed)

    async def errand() -> None:
        try:
            asked.later(plan.looked(await desk.rehearsal.looked(*rehearsed)))
        except VendorError as error:
            asked.later(plan.not_looked(at_once.face, error.sentence))
        except StoreDown:
            asked.later(replies.store_down())

    desk.scouts.send(errand)
    return plan.known(at_once)


async def _candidate(desk: Desk, service: str, environment: str) -> str:
    """The version that would be next: what serves in the environment before."""
    after = desk.service.contexts.rules(service, environment, Kind.PROMOTE).after
    if after is None:
        return ""
    live, _ = await desk.service.contexts.live(service, after)
    return live.serving.version if live.serving is not None else ""
