"""Channels that are closed to the bot: what that means for a promotion's card, and how to let the bot in."""

from blocks.words import names
from blocks.words.commands import why


def not_in_channel(channel: str, id: str) -> str:
    """E20: how to let me in, so that a promotion gets its card."""
    missing = f"I am not in {names.room(channel)}, so {names.promotion(id)} has no card yet"
    return f"{missing}. Type `/invite @greenlight` there, and I post it within a minute."


def archived(channel: str, id: str) -> str:
    """The channel of the card takes nothing more, and there is no other one."""
    shut = f"{names.room(channel)} is archived, so I cannot show {names.promotion(id)} there"
    mend = "Unarchive the channel, or name another one in promotions.yml."
    return f"{shut}. It goes on all the same, and {why(id)} tells how it stands. {mend}"


def card_is_elsewhere(channel: str, shared: str, id: str) -> str:
    """The card is not in the service's own channel, because that is closed to me."""
    own = names.room(channel)
    shut = f"I cannot post in {own}, so the card of {names.promotion(id)} is in {names.room(shared)}"
    return f"{shut}. Type `/invite @greenlight` in {own}, or name another channel for the service in promotions.yml."
