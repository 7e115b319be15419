"""The App asks for no more than it uses, and each organization is asked with the token of its own installation."""

import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import cast

import pytest
from aiohttp import web

from bot.adapters.github import GitHubRepository
from bot.permissions import GITHUB_PERMISSIONS
from bot.playground.world import Request
from bot.ports import Refused, Repository
from tests.adapters.github_place import INPUTS, NONCE, REPO, TAGGED, github_place
from tests.adapters.test_github_identity import _app_key
from tests.playground.simulators import served

# What GitHub's documentation of a call asks for, by the path below the repository or organization. The App's own
# calls, which carry its key, need none.
NEEDED = {
    r"/app(/.*)?": None,
    r"/(repos/[^/]+/[^/]+|orgs/[^/]+)/installation": None,
    r"/repos/[^/]+/[^/]+/actions/.*": "actions",
    r"/repos/[^/]+/[^/]+/commits/[^/]+/check-runs": "checks",
    r"/repos/[^/]+/[^/]+/commits/[^/]+/status": "statuses",
    r"/repos/[^/]+/[^/]+/(git/matching-refs|commits|tags|branches|compare)(/.*)?": "contents",
    r"/orgs/[^/]+/teams/[^/]+/members": "members",
}
LIFE = 3600.0  # seconds


@dataclass(slots=True)
class TwoOwners:
    """A GitHub with two organizations, of which each has an installation of its own; it notes who is asked how."""

    now: float = field(default_factory=time.time)
    given: list[str] = field(default_factory=list)  # tokens
    asked: list[tuple[str, str]] = field(default_factory=list)  # (organization, token)
    installations: dict[str, int] = field(default_factory=lambda: {"acme": 11, "umbrella": 22})

    def routes(self) -> list[web.RouteDef]:
        """What the test asks."""
        return [
            web.get("/orgs/{owner}/installation", self.installation),
            web.post("/app/installations/{id}/access_tokens", self.token),
            web.get("/orgs/{owner}/teams/{team}/members", self.members),
        ]

    async def installation(self, request: web.Request) -> web.Response:
        """The App's installation in an organization."""
        number = self.installations.get(request.match_info["owner"])
        if number is None:
            return web.json_response({"message": "Not Found"}, status=404)
        return web.json_response({"id": number})

    async def token(self, request: web.Request) -> web.Response:
        """A new token of an installation, for an hour."""
        self.given.append(f"{request.match_info['id']}-{len(self.given)}")
        end = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.now + LIFE))
        return web.json_response({"token": self.given[-1], "expires_at": end}, status=201)

    async def members(self, request: web.Request) -> web.Response:
        """Who is in a team."""
        bearer = request.headers["Authorization"].removeprefix("Bearer ")
        self.asked.append((request.match_info["owner"], bearer))
        return web.json_response([{"login": "bo-dev"}])


@asynccontextmanager
async def two_owners() -> AsyncIterator[tuple[TwoOwners, GitHubRepository]]:
    """That GitHub, and the bot as an App on it."""
    github = TwoOwners()
    async with (
        served(github.routes()) as origin,
        GitHubRepository(_app_key(), base_url=origin, now=lambda: github.now) as repository,
    ):
        yield github, repository


async def test_f64_each_organization_has_a_token_of_its_own_which_is_renewed_before_it_ends() -> None:
    """Two installations, two tokens; two minutes before its end a token is replaced, and nobody else's is."""
    async with two_owners() as (github, repository):
        for team in ("acme/sre", "umbrella/sre", "acme/dba", "Umbrella/dba"):
            await repository.team_members(team)
        assert github.given == ["11-0", "22-1"]
        tokens = [token for _, token in github.asked]
        assert tokens == ["11-0", "22-1", "11-0", "22-1"]
        github.now += LIFE - 60
        await repository.team_members("acme/sre")
        assert github.asked[-1] == ("acme", "11-2")
        assert len(github.given) == 3


async def test_f65_an_organization_without_the_app_costs_the_others_nothing() -> None:
    """The App is not installed in one of them: that one is refused by name, and the other answers."""
    async with two_owners() as (github, repository):
        del github.installations["umbrella"]
        with pytest.raises(Refused, match="not installed on umbrella"):
            await repository.team_members("umbrella/sre")
        assert await repository.team_members("acme/sre") == {"bo-dev"}


async def test_a68_each_permission_of_the_app_is_used_and_no_other() -> None:
    """Whatever the adapter can ask is asked; what the calls need is what the table names, and only runs are written."""
    async with github_place() as place:
        async with GitHubRepository(_app_key(), base_url=place.base) as repository:
            noted = Noted(repository)
            await _everything(cast(Repository, noted))
        assert noted.called == {name for name in vars(Repository) if name.islower() and name[0] != "_"} - {
            "login"
        }
        ledger = place.github.world.ledger
    used = {need for call in ledger if (need := _need(call)) is not None}
    assert used == {one.name for one in GITHUB_PERMISSIONS} - {"metadata"}  # which every App has
    writes = {_need(call) for call in ledger if call.method != "GET" and not call.path.startswith("/app/")}
    assert writes == {one.name for one in GITHUB_PERMISSIONS if one.access == "write"}


class Noted:
    """A part of which it is known what was called."""

    def __init__(self, part: object) -> None:
        self.part = part
        self.called: set[str] = set()

    def __getattr__(self, name: str) -> object:
        self.called.add(name)
        return getattr(self.part, name)


async def _everything(repository: Repository) -> None:
    """Each method of the port once."""
    assert await repository.me() == "greenlight[bot]"
    await repository.resolve(REPO, "v2.14.3")
    await repository.resolve(REPO, TAGGED[:12])
    await repository.branch_of(REPO, TAGGED, ["main"])
    await repository.changes(REPO, TAGGED, TAGGED, "v2.14.3")
    await repository.refs(REPO)
    await repository.checks(REPO, TAGGED)
    started = await repository.dispatch(REPO, "deploy.yml", "main", INPUTS)
    await repository.find_run(REPO, "deploy.yml", "main", NONCE, 0.0)
    assert started.run_id is not None
    await repository.run(REPO, started.run_id)
    await repository.cancel(REPO, started.run_id)
    await repository.team_members("acme/sre")


def _need(call: Request) -> str | None:
    """The permission that a call needs; the first pattern that fits counts."""
    for pattern, permission in NEEDED.items():
        if re.fullmatch(pattern, call.path):
            return permission
    raise AssertionError(f"nobody says what {call.path} needs")
