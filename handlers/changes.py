"""What changes with a chosen version: from the cache at once, from GitHub after the form is open."""

from bot.domain.candidates import Choice
from bot.domain.forms import ChangeList, Checking, NotAsked, NotTold
from bot.domain.opening import is_version
from bot.domain.policy import Kind
from bot.domain.promotion import Release
from bot.ports import VendorError
from handlers.desk import Desk


async def choice_of(desk: Desk, service: str, environment: str) -> Choice:
    """Where a version of a service would go, and what is known of it: from the catalog, the store and the cache."""
    known = desk.catalog().services[service]
    rules = desk.catalog().rules(service, environment, Kind.PROMOTE)
    target, _ = await desk.service.contexts.live(service, environment)
    before = (await desk.service.contexts.live(service, rules.after))[0] if rules.after else None
    return Choice(target, before, rules.branches, desk.candidates.known(known.repo).refs)


def known_changes(desk: Desk, repo: str, choice: Choice, version: str) -> ChangeList:
    """What a version brings, as far as nobody has to be asked; else that it is being looked up."""
    base = choice.target.serving
    if not version or not is_version(version):
        return NotAsked("no version")
    if base is None:
        return NotAsked("no live")
    head = choice.sha_of(version)
    if head == base.sha:
        return NotAsked("same")
    return desk.candidates.compared(repo, base.sha, head) or Checking()


async def looked_up(desk: Desk, repo: str, base: Release, head: str) -> ChangeList:
    """What `head` has that a release lacks, asked of GitHub; whatever goes wrong keeps nobody from asking."""
    try:
        return await desk.candidates.compare(repo, base.sha, head, base.version)
    except VendorError as error:
        return NotTold(error.sentence)
