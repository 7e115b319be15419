"""`/promote plan`: one answer, when GitHub and the gates have said what there is to say.

It comes after the acknowledgement. Slack lets nobody replace what a slash command was answered with, so an answer at
once would stay above the whole one for ever.
"""

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


async def answer(asked: Asked, meaning: AskPlan) -> Rendition | None:
    """Why there is no plan; None: it is said when the world was looked at. Nothing is stored."""
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
    asked_for = (meaning.service, environment, version, asked.person.name)

    async def errand() -> None:
        asked.later(await _whole(desk, asked_for))

    desk.scouts.send(errand)
    return None


async def _whole(desk: Desk, asked_for: tuple[str, str, str, str]) -> Rendition:
    """The whole plan, or as much of it as is known while GitHub says nothing."""
    try:
        try:
            return plan.looked(await desk.rehearsal.looked(*asked_for))
        except VendorError as error:
            return plan.not_looked(await desk.rehearsal.known(*asked_for), error.sentence)
    except StoreDown:
        return replies.store_down()


async def _candidate(desk: Desk, service: str, environment: str) -> str:
    """The version that would be next: what serves in the environment before."""
    after = desk.service.contexts.rules(service, environment, Kind.PROMOTE).after
    if after is None:
        return ""
    live, _ = await desk.service.contexts.live(service, after)
    return live.serving.version if live.serving is not None else ""
