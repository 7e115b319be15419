"""The simulated Slack alone on a port of its own, and the real client for it."""

from dataclasses import dataclass

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack.simulator import Slack
from bot.playground.world import World
from tests.playground.practice_app import Raw


@dataclass(slots=True)
class Stage:
    """One simulated Slack on a port of its own, and the bot's client for it."""

    url: str
    slack: Slack
    client: AsyncWebClient

    @property
    def world(self) -> World:
        """The world around this Slack."""
        return self.slack.world

    def client_with(self, token: str) -> AsyncWebClient:
        """Another client."""
        return AsyncWebClient(token=token, base_url=f"{self.url}/sim/slack/api/")

    def trigger(self, person: str = "U0ANA") -> str:
        """A trigger id, as if the person had just clicked."""
        return self.slack.workspace.new_trigger(person)

    def hook(self, person: str = "U0ANA") -> str:
        """A response URL, as if the person had just typed a command in #deploys."""
        channel = self.slack.workspace.channel("deploys").id
        return f"{self.url}/sim/slack/response/{self.slack.workspace.new_hook(person, channel, None, None)}"


async def refusal(call: object) -> Raw:
    """What Slack answered to a call that it refused."""
    with pytest.raises(SlackApiError) as refused:
        await call  # type: ignore[misc]
    return dict(refused.value.response.data)


async def raw_call(stage: Stage, method: str, body: Raw) -> tuple[int, dict[str, str]]:
    headers = {"Authorization": "Bearer xoxb-playground-x"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(f"{stage.url}/sim/slack/api/{method}", json=body) as answer,
    ):
        return answer.status, dict(answer.headers)


async def posted(stage: Stage, method: str, body: Raw) -> Raw:
    headers = {"Authorization": "Bearer xoxb-playground-x"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(f"{stage.url}/sim/slack/api/{method}", json=body) as answer,
    ):
        return dict(await answer.json())


async def answered(url: str, body: Raw) -> int:
    async with aiohttp.ClientSession() as session, session.post(url, json=body) as answer:
        return answer.status
