"""GitHub: teams, tokens and the App, and limits that tell when they end."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.adapters.github import GitHubRepository
from bot.adapters.github_client import AppKey
from bot.ports import Limited, Refused
from tests.adapters.github_place import INPUTS, REPO, TAGGED, Place, github_place


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    async with github_place() as found:
        yield found


async def test_team_members(place: Place) -> None:
    """A team's logins; an unknown team, or a name that is none, is a refusal and never an empty team."""
    assert await place.repository.team_members("acme/release-managers") == {"bo-dev", "cy-dev"}
    for team in ("acme/nobody", "sre", ""):
        with pytest.raises(Refused):
            await place.repository.team_members(team)


async def test_app_looks_its_installation_up_once_and_keeps_the_token(place: Place) -> None:
    """An App needs one look and one token for an owner, also for many calls at once."""
    async with GitHubRepository(_app_key(), base_url=place.base) as repository:
        await asyncio.gather(*(repository.branch_of(REPO, TAGGED, ["main"]) for _ in range(5)))
        await repository.checks("acme/storefront", place.github.sha_of("storefront", "main"))
        await repository.team_members("acme/sre")
    paths = [call.path for call in place.github.world.ledger]
    assert sum(path.endswith("/installation") for path in paths) == 1
    assert place.posts("access_tokens") == 1


async def test_f64_app_renews_a_refused_token_once(place: Place) -> None:
    """A 401 is answered by one new token and one repetition; a second 401 is the answer."""
    async with GitHubRepository(_app_key(), base_url=place.base) as repository:
        await repository.branch_of(REPO, TAGGED, ["main"])
        place.github.world.vendor["github"] = [401]
        dispatched = await repository.dispatch(REPO, "deploy.yml", "main", INPUTS)
        assert dispatched.run_id is not None
        assert (place.posts("access_tokens"), len(place.github.runs.all)) == (2, 1)
        place.github.world.vendor_always["github"] = 401
        with pytest.raises(Refused) as refused:
            await repository.dispatch(REPO, "deploy.yml", "main", INPUTS)
        assert refused.value.code == "401"


async def test_f65_app_that_is_not_installed_is_refused(place: Place) -> None:
    """Where the App is not installed the sentence says so and names the place."""
    async with GitHubRepository(_app_key(), base_url=place.base) as repository:
        with pytest.raises(Refused, match="not installed on acme/nothing"):
            await repository.run("acme/nothing", 1)


async def test_wrong_token_is_a_refusal(place: Place) -> None:
    """A token that GitHub does not take is a definite no, asked once."""
    async with GitHubRepository("ghp_wrong", base_url=place.base) as repository:
        with pytest.raises(Refused) as refused:
            await repository.run(REPO, 1)
    assert refused.value.code == "401"
    assert len(place.github.world.ledger) == 1


async def test_f63_exhausted_rate_limit_tells_when_it_ends(place: Place) -> None:
    """The primary limit is a no for now with its own end."""
    place.github.exhausts_rate_limit(120)
    with pytest.raises(Limited) as limited:
        await place.dispatches()
    assert 100 < limited.value.retry_after <= 121
    assert place.github.runs.all == []


def _app_key() -> AppKey:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    return AppKey("1", pem.decode())
