"""Telling whoever asked for an adoption what came of it, by the same private way as every answer."""

from blocks import replies
from blocks.mention import as_mention
from blocks.rendition import Rendition
from bot.courier import tell
from bot.domain.documents import Adoption
from bot.domain.promotion import Release
from bot.ports import VendorError
from handlers.desk import Desk
from handlers.places import unknown_place


def adopted(desk: Desk, adoption: Adoption, came_of_it: Release | VendorError | None) -> None:
    """Tell it, unless whoever asked has left the catalog since."""
    person = desk.catalog().people.get(adoption.by)
    if person is not None:
        words, thread = _words(desk, adoption, came_of_it), adoption.asked_thread
        said = as_mention(words) if thread else words  # no slash command works in a thread
        desk.courier.send(lambda: tell(desk.chat, adoption.asked_in, person, said, thread))


def _words(desk: Desk, adoption: Adoption, came_of_it: Release | VendorError | None) -> Rendition:
    place = (adoption.service, adoption.environment)
    match came_of_it:
        case Release():
            return replies.adopted(*place, came_of_it)
        case VendorError():
            return replies.not_looked_up(*place, adoption.version, came_of_it.sentence)
        case None:
            gone = unknown_place(desk, *place)
            return replies.refused(gone) if gone else replies.not_adopted(*place, adoption.version)
