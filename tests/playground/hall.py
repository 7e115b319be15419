"""A running playground with a real Bolt app in the bot's place, and a script's way to call it."""

from dataclasses import dataclass

import aiohttp

from bot.playground.server import Playground
from tests.playground.practice_app import PracticeApp, Raw


@dataclass(slots=True)
class Hall:
    """A running playground with the practice app, and a script's way to call it."""

    playground: Playground
    app: PracticeApp
    session: aiohttp.ClientSession

    async def call(self, name: str, body: Raw, status: int = 200) -> Raw:
        """Call the control API; fails when the status is another one."""
        async with self.session.post(f"{self.playground.url}/play/{name}", json=body) as answer:
            assert answer.status == status
            return dict(await answer.json())

    async def state(self, after: int | None = None) -> Raw:
        """Read the state, waiting for a change when `after` is given."""
        query = {} if after is None else {"after": str(after)}
        async with self.session.get(f"{self.playground.url}/play/state", params=query) as answer:
            return dict(await answer.json())

    async def ana_asks(self, text: str, **more: object) -> Raw:
        """Ana types in #deploys."""
        return await self.call("say", {"as": "ana", "channel": "deploys", "text": text, **more})


def texts(answer: Raw) -> list[str]:
    """What the person was shown."""
    return [reply["text"] for reply in answer["replies"]]
