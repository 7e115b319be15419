"""Which Slack channels people of another company are in: less is shown there, and nothing is approved."""

from dataclasses import dataclass
from typing import Literal

# `unread`: Slack has not told for so long that what it once told counts no more.
Sharing = Literal["inside", "outside", "unread"]
DIRECT = "D"  # how the id of a direct message begins: nobody reads along there


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel at the last look. Invited is as good as in: they read what was written before they came."""

    id: str
    name: str
    sharing: Sharing


@dataclass(frozen=True, slots=True)
class Channels:
    """Every channel that was looked at."""

    known: tuple[Channel, ...] = ()

    def named(self, place: str) -> Channel | None:
        """The channel of this id or, as the catalog writes it, of this name."""
        return next((one for one in self.known if place and place in (one.id, one.name)), None)

    def is_shared(self, place: str) -> bool:
        """Whether people from outside read along, or will."""
        channel = self.named(place)
        return channel is not None and channel.sharing == "outside"

    def is_private(self, place: str) -> bool:
        """Whether nobody from outside reads along, as far as Slack tells; an empty place is in no channel."""
        if not place or place.startswith(DIRECT):
            return True
        channel = self.named(place)
        return channel is not None and channel.sharing == "inside"
