"""What the simulated Slack remembers: channels, messages, private replies, open modals, homes, triggers.

Everything here is what a person could see or an app could ask for; nothing knows HTTP.
"""

import itertools
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from bot.playground.slack.raw import Raw, SlackError
from bot.playground.world import Person, World

SLACKBOT = "USLACKBOT"  # the author of Slack's own words
TRIGGER_SECONDS = 3.0
HOOK_SECONDS = 1800.0
HOOK_USES = 5
STACK_MOST = 3  # modals that lie on each other


@dataclass(slots=True)
class Message:
    """One message, in a channel, a thread or shown to one person only."""

    channel: str
    ts: str
    text: str
    author: str  # a Slack user id; the bot's own for everything it posts
    blocks: list[Raw] = field(default_factory=list)
    metadata: Raw | None = None
    thread_ts: str | None = None
    broadcast: bool = False
    only_for: str | None = None
    edits: int = 0
    changed: int = 0  # the workspace's count of changes when it last changed

    @property
    def at_channel_level(self) -> bool:
        """Whether it stands in the channel itself and not only in a thread or on one person's screen."""
        return self.only_for is None and (self.thread_ts is None or self.broadcast)


@dataclass(slots=True)
class Channel:
    """One channel or direct message."""

    id: str
    name: str
    members: list[str]
    topic: str = ""
    archived: bool = False
    direct_with: str | None = None
    creator: str = ""
    pins: list[str] = field(default_factory=list)
    messages: dict[str, Message] = field(default_factory=dict)

    def thread(self, ts: str) -> list[Message]:
        """The replies below a message, oldest first."""
        return [message for message in self.messages.values() if message.thread_ts == ts]


@dataclass(slots=True)
class View:
    """One open modal or a published home."""

    id: str
    person: str
    body: Raw
    hash: str
    root: str
    previous: str | None = None
    values: dict[str, dict[str, Raw]] = field(default_factory=dict)  # block id -> action id -> state
    changed: int = 0


@dataclass(slots=True)
class Trigger:
    """A short right to open a modal for the person who just did something."""

    person: str
    born: float
    view: str | None
    used: bool = False


@dataclass(slots=True)
class Hook:
    """A response URL: five answers in thirty minutes to one thing a person did."""

    person: str
    channel: str
    born: float
    original: Message | None
    thread_ts: str | None
    uses: int = 0


class Workspace:
    """The simulated workspace; ids are counted so that two runs of a story look the same."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.channels: dict[str, Channel] = {}
        self.private: dict[str, list[Message]] = {}
        self.modals: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.triggers: dict[str, Trigger] = {}
        self.hooks: dict[str, Hook] = {}
        self.usergroups: dict[str, list[str]] = {}
        self.refuse_blocks: Literal["none", "rich", "all"] = "none"
        self.changes = 0
        self._last_ts = 0
        self._numbers = itertools.count(1)

    def change(self) -> int:
        """Count one visible change and tell whoever watches."""
        self.changes += 1
        self.world.touch()
        return self.changes

    def next_id(self, prefix: str) -> str:
        """A fresh id such as V7."""
        return f"{prefix}{next(self._numbers)}"

    def next_ts(self) -> str:
        """A message timestamp: the world's time, later than every one before."""
        micros = max(int(self.world.clock.now() * 1_000_000), self._last_ts + 1)
        self._last_ts = micros
        return f"{micros // 1_000_000}.{micros % 1_000_000:06d}"

    def person(self, slack_id: str) -> Person:
        """The person with this Slack id. Raises SlackError user_not_found."""
        for person in self.world.people.values():
            if person.slack == slack_id:
                return person
        raise SlackError("user_not_found")

    def add_channel(self, name: str, members: list[str]) -> Channel:
        """Create a channel. Raises SlackError name_taken."""
        if any(channel.name == name for channel in self.rooms()):
            raise SlackError("name_taken")
        channel = Channel(self.next_id("C0PLAY"), name, list(members), creator=members[0] if members else "")
        self.channels[channel.id] = channel
        self.change()
        return channel

    def rooms(self) -> Iterator[Channel]:
        """The channels that are not direct messages."""
        return (channel for channel in self.channels.values() if channel.direct_with is None)

    def channel(self, name: str) -> Channel:
        """A channel by id, by #name, or by a person's id (their direct message). Raises channel_not_found."""
        if name in self.channels:
            return self.channels[name]
        if any(person.slack == name for person in self.world.people.values()):
            return self.direct(name)
        for channel in self.rooms():
            if channel.name == name.removeprefix("#"):
                return channel
        raise SlackError("channel_not_found")

    def direct(self, person: str) -> Channel:
        """The direct message between the bot and a person, opened when there is none."""
        for channel in self.channels.values():
            if channel.direct_with == person:
                return channel
        members = [person, self.world.bot_user]
        channel = Channel(self.next_id("D0PLAY"), "directmessage", members, direct_with=person)
        self.channels[channel.id] = channel
        return channel

    def put(self, message: Message) -> Message:
        """Show a message in its channel, or to the one person it is for."""
        message.changed = self.change()
        if message.only_for is None:
            self.channels[message.channel].messages[message.ts] = message
        else:
            self.private.setdefault(message.only_for, []).append(message)
        return message

    def slack_says(self, person: str, channel: str, text: str) -> Message:
        """Slack's own words to one person, such as that an app did not answer."""
        return self.put(Message(channel, self.next_ts(), text, SLACKBOT, only_for=person))

    def new_trigger(self, person: str, view: str | None = None) -> str:
        """A trigger id for something a person just did, in `view` when it was done there."""
        trigger = f"{self.next_id('')}.{secrets.token_hex(8)}"
        self.triggers[trigger] = Trigger(person, self.world.clock.now(), view)
        return trigger

    def exchange(self, trigger_id: str) -> Trigger:
        """Use a trigger up. Raises SlackError when it is unknown, used or older than three seconds."""
        trigger = self.triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self.world.clock.now() - trigger.born > TRIGGER_SECONDS:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger

    def new_hook(self, person: str, channel: str, original: Message | None, thread_ts: str | None) -> str:
        """The name of a new response URL for something a person did in a channel."""
        name = secrets.token_hex(12)
        self.hooks[name] = Hook(person, channel, self.world.clock.now(), original, thread_ts)
        return name

    def view(self, view_id: str) -> View:
        """An open modal or a home by its id. Raises SlackError not_found."""
        for stack in self.modals.values():
            for view in stack:
                if view.id == view_id:
                    return view
        for home in self.homes.values():
            if home.id == view_id:
                return home
        raise SlackError("not_found")

    def view_of(self, person: str) -> View | None:
        """The modal on top of a person's screen."""
        stack = self.modals.get(person)
        return stack[-1] if stack else None
