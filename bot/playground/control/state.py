"""`GET /play/state`: everything that the people, the vendors and the bot show at this moment."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from bot.entrances import GLOBAL_SHORTCUTS, MESSAGE_SHORTCUTS, Shortcut
from bot.playground.control.clicks import promotion_of_message
from bot.playground.control.pager import Incidents
from bot.playground.control.world import Bender
from bot.playground.slack.raw import Raw
from bot.playground.slack.shapes import view_json
from bot.playground.slack.state import SLACKBOT, Channel, Message, Workspace
from bot.playground.world import World

_REQUESTS_SHOWN = 500

Promotions = Callable[[], list[Raw]]


class Runs(Protocol):
    """What the control API needs of GitHub."""

    def runs_state(self) -> list[Raw]:
        """All runs, oldest first."""


class Mirror:
    """Shows the state; reads only."""

    def __init__(
        self,
        workspace: Workspace,
        bender: Bender,
        runs: Runs,
        incidents: Incidents,
        promotions: Promotions,
        urls: Mapping[str, str],
    ) -> None:
        self._workspace = workspace
        self._world: World = workspace.world
        self._bender = bender
        self._runs = runs
        self._incidents = incidents
        self._promotions = promotions
        self._urls = urls

    def state(self) -> Raw:
        """The whole state, as design.md's table of the control API says."""
        return {
            "revision": self._world.revision,
            "people": [self._person(name) for name in self._world.people],
            "bot_user": self._world.bot_user,
            "groups": [{"id": name, "handle": name} for name in self._workspace.usergroups],
            "channels": [self._channel(channel) for channel in self._workspace.rooms()],
            "private": {name: self._private(p.slack) for name, p in self._world.people.items()},
            "views": {name: self._views(p.slack) for name, p in self._world.people.items()},
            "home": {name: self.home_of(p.slack) for name, p in self._world.people.items()},
            "shortcuts": {"global": _listed(GLOBAL_SHORTCUTS), "message": _listed(MESSAGE_SHORTCUTS)},
            "promotions": self._promotions(),
            "runs": self._runs.runs_state(),
            "incidents": self._incidents.incidents_state(),
            "requests": self._requests(),
            "urls": {"bot": self._world.bot_url, **self._urls},
            "secrets": dict(self._world.secrets),
            "world": self._bender.state(),
        }

    def message(self, message: Message, thread: list[Message] | None = None) -> Raw:
        """One message as the page shows it."""
        shown: Raw = {
            "ts": message.ts,
            "user": self._name(message.author),
            "bot": message.author == self._world.bot_user,
            "slackbot": message.author == SLACKBOT,
            "text": message.text,
            "blocks": message.blocks,
            "promotion": promotion_of_message(message),
            "edits": message.edits,
            "edited": message.edits > 0 and not message.blocks,  # with blocks Slack marks no edit
            "broadcast": message.broadcast,
            "thread_ts": message.thread_ts,
            "channel": self._channel_name(message.channel),
        }
        return shown if thread is None else shown | {"thread": [self.message(reply) for reply in thread]}

    def view_of(self, person: str) -> Raw | None:
        """The modal on top of a person's screen."""
        view = self._workspace.view_of(person)
        return None if view is None else view_json(self._workspace, view)

    def _person(self, name: str) -> Raw:
        person = self._world.people[name]
        return {
            "name": person.name,
            "title": person.title,
            "slack": person.slack,
            "github": person.github,
            "pagerduty": person.pagerduty,
            "role": person.role,
        }

    def _channel(self, channel: Channel) -> Raw:
        roots = [message for message in channel.messages.values() if message.thread_ts is None]
        return {
            "id": channel.id,
            "name": channel.name,
            "topic": channel.topic,
            "archived": channel.archived,
            "pins": channel.pins,
            "members": [name for name, p in self._world.people.items() if p.slack in channel.members],
            "bot_is_member": self._world.bot_user in channel.members,
            "messages": [self.message(root, channel.thread(root.ts)) for root in roots],
        }

    def _private(self, person: str) -> list[Raw]:
        own = list(self._workspace.private.get(person, []))
        for channel in self._workspace.channels.values():
            if channel.direct_with == person:
                own += channel.messages.values()
        return [self.message(message) for message in sorted(own, key=lambda message: message.ts)]

    def _views(self, person: str) -> list[Raw]:
        return [view_json(self._workspace, view) for view in self._workspace.modals.get(person, [])]

    def home_of(self, person: str) -> Raw | None:
        """A person's home, when it was published."""
        home = self._workspace.homes.get(person)
        return None if home is None else view_json(self._workspace, home)

    def _requests(self) -> list[Raw]:
        return [
            {"vendor": entry.vendor, "method": entry.method, "path": entry.path, "status": entry.status}
            for entry in self._world.ledger[-_REQUESTS_SHOWN:]
        ]

    def _name(self, author: str) -> str | None:
        return next((name for name, p in self._world.people.items() if p.slack == author), None)

    def _channel_name(self, channel_id: str) -> str:
        channel = self._workspace.channels[channel_id]
        return channel.id if channel.direct_with else channel.name


def _listed(shortcuts: Sequence[Shortcut]) -> list[Raw]:
    return [{"callback": one.callback, "name": one.name, "description": one.description} for one in shortcuts]
