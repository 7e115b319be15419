"""A simulated GitHub with the adapter on it, for the tests of the adapter."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.adapters.github import GitHubRepository
from bot.playground.github.simulator import GitHub
from bot.playground.world import RunMode, sha_for
from bot.ports import Dispatched
from tests.playground.simulators import served, small_world

TOKEN = "ghs_playground"
REPO = "acme/checkout"
NONCE = "c0ffee" * 5
TAGGED = sha_for("checkout", "v2.14.3")
INPUTS = {
    "service": "checkout",
    "environment": "production",
    "version": "v2.14.3",
    "sha": TAGGED,
    "correlation_id": NONCE,
}


@dataclass(slots=True)
class Place:
    """A simulated GitHub and the adapter on it."""

    github: GitHub
    repository: GitHubRepository
    base: str

    def posts(self, path: str = "dispatches") -> int:
        """How many writes reached GitHub."""
        return sum(call.method == "POST" and path in call.path for call in self.github.world.ledger)

    async def dispatches(self, mode: RunMode = "ok") -> Dispatched:
        self.github.world.run.mode = mode
        return await self.repository.dispatch(REPO, "deploy.yml", "main", INPUTS)


@asynccontextmanager
async def github_place() -> AsyncIterator[Place]:
    """GitHub on a free port, with checkout and its versions."""
    github = GitHub(small_world())
    async with served(github.routes()) as origin:
        base = f"{origin}/sim/github"
        async with GitHubRepository(TOKEN, base_url=base, deadline=1.0) as repository:
            yield Place(github, repository, base)
        await github.close()
