"""What somebody may do, for them alone."""

from blocks import pieces
from blocks.rendition import Rendition
from blocks.text import lines_within
from blocks.words import names, whoami
from bot.domain.rights import ServiceRights, WhoAmI


def who_am_i(me: WhoAmI) -> Rendition:
    """Show who somebody is to us, and each service with what they may do there."""
    blocks = [
        pieces.section(whoami.head(me)),
        *(_service(one) for one in me.services),
        *([pieces.context(whoami.more(me))] if me.more else []),
    ]
    return Rendition(whoami.sentence(me), (blocks,))


def _service(one: ServiceRights) -> dict[str, object]:
    lines = [f"*{names.service(one.service)}*", *map(whoami.right, one.rights)]
    return pieces.section(lines_within(lines, 3_000))
