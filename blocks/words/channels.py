"""What is said of channels that people of another company are in."""

from blocks.words import names
from bot.domain.channels import Channel


def shared(channel: Channel) -> str:
    """To those who keep the catalog: what was seen, what follows, and what to do."""
    room = names.room(channel.id)
    return (
        f"{room} is shared with another company, or one is invited to it. Cards there say less now, and nothing is "
        "approved there: Home goes on working. End the sharing in the channel's settings, or give the services "
        "another `channel` in the catalog."
    )


def approve_on_home() -> str:
    """Beside the mention of the approvers in such a channel."""
    return "Approve it on my Home: this channel is shared with another company."


def less_is_shown() -> str:
    """Below a card in such a channel: where the rest is."""
    return "This channel is shared with another company. Details in private: press *Details*; approve on my Home."
