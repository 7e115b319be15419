"""Tells the catalog's admins what only they can mend: a change of its file that was refused, a channel that was shared
with another company. Whoever did it does not read our log."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from blocks import keepers
from blocks.rendition import Rendition
from bot.courier import Courier, tell
from bot.domain.channels import Channel
from bot.domain.policy import Person, TeamSource
from bot.ports import Chat


class Roster(Protocol):
    """The catalog as far as its keepers stand in it."""

    @property
    def people(self) -> Mapping[str, Person]: ...

    @property
    def teams(self) -> Mapping[str, TeamSource]: ...

    @property
    def admins(self) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class Keepers:
    """The way to those who may mend the catalog, as the last good one names them."""

    chat: Chat
    courier: Courier
    catalog: Callable[[], Roster]

    def refused(self, problems: Sequence[str], since: float) -> None:
        """Tell each of them once for each change that was refused."""
        words = keepers.catalog_refused(problems, since)
        for person in self._people():
            self._tell(person, words)

    def shared(self, channel: Channel) -> None:
        """Tell each of them that people of another company read along in a channel, or are invited to."""
        words = keepers.channel_shared(channel)
        for person in self._people():
            self._tell(person, words)

    def _tell(self, person: Person, words: Rendition) -> None:
        self.courier.send(lambda: tell(self.chat, "", person, words))

    def _people(self) -> list[Person]:
        """The admins whom the catalog itself names: for a team of elsewhere nothing is looked up here."""
        catalog = self.catalog()
        named = {
            name for word in catalog.admins if word in catalog.teams for name in catalog.teams[word].members
        }
        return [catalog.people[name] for name in sorted(named) if name in catalog.people]
