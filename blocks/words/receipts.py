"""What is said of a request that was stored, and where it is once it has a card. None of it ages: no line of it
becomes untrue, because a private reply stays as it is and nobody may be there any more to bring a form up to date.
"""

from blocks.words import names
from bot.domain.face import Face

OPEN_CARD = "Open the card"
HERE, BY_LETTER = "here", "in a direct message"


def asked(face: Face, channel: str, where: str = HERE) -> str:
    """A request that is stored: where its card comes, and where whoever asked hears of it when it gets none."""
    room = names.room(channel) if channel else "the service's channel"
    what = f"{names.promotion(face.id)}: {names.subject(face)} is asked for"
    return f"{what}. Its card comes in {room}; if it gets none, I tell you why {where}."


def posted(face: Face, room: str) -> str:
    """Where the card of a promotion is."""
    there = names.channel(room) or names.room(room)
    return (
        f"*{names.promotion(face.id)}* is in {there}: {names.subject(face)}. Everything else is on its card."
    )


def open_card(face: Face) -> str:
    """What the button that leads to a card is called, for those who do not see where it stands; plain text."""
    return f"{OPEN_CARD} of promotion {names.promotion(face.id)}"
