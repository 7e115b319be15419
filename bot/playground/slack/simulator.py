"""The simulated Slack: a workspace, the Web API for the app, and hands for the people."""

from aiohttp import web

from bot.playground.slack import payloads
from bot.playground.slack.api import WebApi
from bot.playground.slack.limits import RateLimits
from bot.playground.slack.people import People
from bot.playground.slack.requests import SlackRequests
from bot.playground.slack.socket import Sockets
from bot.playground.slack.state import Message, Workspace
from bot.playground.world import Sharing, World


class Slack:
    """One workspace with the seeded channels, reachable below /sim/slack."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.workspace = Workspace(world)
        self.limits = RateLimits(world.clock)
        self.sockets = Sockets(world)
        self.requests = SlackRequests(world, self.sockets)
        self.people = People(self.workspace, self.requests)
        self._api = WebApi(self.workspace, self.limits, self.sockets)
        everyone = [person.slack for person in world.people.values() if not person.guest]
        for name in ("deploys", "deploy-audit", "general"):
            self.workspace.add_channel(name, [*everyone, world.bot_user])
        self.workspace.add_channel("payments", everyone)

    def routes(self) -> list[web.RouteDef]:
        """Everything below /sim/slack."""
        return [*self._api.routes(), web.get("/sim/slack/link/", self.sockets.link)]

    def rooms(self) -> list[str]:
        """The names of the channels."""
        return [channel.name for channel in self.workspace.rooms()]

    async def shares(self, name: str, sharing: Sharing | None) -> None:
        """Share a channel with another company, invite one, or end that; Slack tells of who came and who left."""
        before = self.world.shared.pop(name, None)
        if sharing is not None:
            self.world.shared[name] = sharing
        if (before == "shared") != (sharing == "shared"):
            channel = self.workspace.channel(name)
            told = payloads.sharing(self.workspace, channel, is_shared=sharing == "shared")
            await self.requests.event(told)

    def messages(self, channel: str) -> list[Message]:
        """All messages of a channel by name, threads included, oldest first."""
        return list(self.workspace.channel(channel).messages.values())

    def posts(self, channel: str) -> int:
        """How many messages stand at channel level, broadcasts included."""
        return sum(message.at_channel_level for message in self.messages(channel))

    def thread_replies(self, channel: str) -> int:
        """How many replies stand in the channel's threads."""
        return sum(message.thread_ts is not None for message in self.messages(channel))

    def edits(self, channel: str) -> dict[str, int]:
        """How often each message of a channel was edited, by its timestamp."""
        return {message.ts: message.edits for message in self.messages(channel)}

    def shown_to(self, person: str) -> list[Message]:
        """What only this person saw, by name, oldest first."""
        return list(self.workspace.private.get(self.world.people[person].slack, []))

    async def close(self) -> None:
        """Close the connections to the app."""
        await self.requests.close()
        await self.sockets.close()
