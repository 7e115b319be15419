"""Channels that are shared with another company: `{"shared": {"deploys": true}}`; `"invited"` is not accepted yet."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from bot.playground.control.words import BadCall, mapping
from bot.playground.world import Sharing


class Rooms(Protocol):
    """The channels of the workspace."""

    def rooms(self) -> Iterable[str]: ...
    async def shares(self, name: str, sharing: Sharing | None) -> None: ...


_MEANS: Mapping[object, Sharing | None] = {True: "shared", "invited": "invited", False: None}


def sharing_in(value: object, rooms: Rooms) -> Mapping[str, Sharing | None]:
    """What a call asks for, by channel name. Raises BadCall for a channel that is not there."""
    asked = mapping(value or {}, "shared")
    known = set(rooms.rooms()) if asked else set()
    for name, wish in asked.items():
        if name not in known:
            raise BadCall(f"There is no channel {name}; there are {', '.join(sorted(known))}.")
        if not isinstance(wish, bool | str) or wish not in _MEANS:
            raise BadCall('A channel is shared: true, false or "invited".')
    return {name: _MEANS[wish] for name, wish in asked.items()}
