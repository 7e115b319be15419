"""GitHub: after one limited call nobody asks until the moment that it named."""

import pytest

from bot.adapters.github import GitHubRepository
from bot.ports import Limited
from tests.adapters.scripted import Said, vendor

LIMITED = Said(429, '{"message": "slow down"}', {"Retry-After": "40"})
RUN = '{"id": 1, "created_at": "2026-11-20T10:00:00Z"}'
JOBS = '{"jobs": []}'
REPO = "acme/checkout"


class Now:
    """A clock that a test sets."""

    seconds = 1_800_000_000.0

    def __call__(self) -> float:
        return self.seconds


async def test_f63_one_limit_holds_back_every_call() -> None:
    """The second call is not sent, and is told the seconds that are left; after them calls go out again."""
    now = Now()
    async with (
        vendor(LIMITED, Said(200, RUN), Said(200, JOBS)) as there,
        GitHubRepository("ghp_t", base_url=there.url, now=now) as github,
    ):
        with pytest.raises(Limited, match="slow down"):
            await github.run(REPO, 1)
        now.seconds += 15.0
        with pytest.raises(Limited, match="slow down") as limited:
            await github.dispatch("acme/storefront", "deploy.yml", "main", {})
        assert limited.value.retry_after == 25.0
        assert len(there.heard) == 1
        now.seconds += 25.0
        assert (await github.run(REPO, 1)).run_id == 1
    assert len(there.heard) == 3


async def test_f63_the_last_call_of_the_hour_is_a_yes_that_holds_back_the_next() -> None:
    """Remaining 0 on a good answer: the next call would be refused, so it is not sent before the reset."""
    now = Now()
    spent = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(now.seconds) + 90)}
    async with (
        vendor(Said(200, RUN, spent), Said(200, JOBS)) as there,
        GitHubRepository("ghp_t", base_url=there.url, now=now) as github,
    ):
        with pytest.raises(Limited, match="hourly limit") as limited:
            await github.run(REPO, 1)
        assert limited.value.retry_after == 90.0
        assert len(there.heard) == 1


@pytest.mark.parametrize("remaining", ["1", "", "zero"])
async def test_f63_an_hour_that_is_not_spent_holds_back_nobody(remaining: str) -> None:
    """Only a clear 0 with a clear time counts."""
    left = {"X-RateLimit-Remaining": remaining, "X-RateLimit-Reset": "1800000090"}
    async with (
        vendor(Said(200, RUN, left), Said(200, JOBS)) as there,
        GitHubRepository("ghp_t", base_url=there.url, now=Now()) as github,
    ):
        assert (await github.run(REPO, 1)).run_id == 1
    assert len(there.heard) == 2


async def test_f63_the_later_of_two_moments_stands() -> None:
    """A shorter limit that was in flight does not open the door early."""
    now = Now()
    async with (
        vendor(LIMITED) as there,
        GitHubRepository("ghp_t", base_url=there.url, now=now) as github,
    ):
        for _ in range(2):
            with pytest.raises(Limited):
                await github.run(REPO, 1)
            now.seconds += 10.0
        with pytest.raises(Limited) as limited:
            await github.run(REPO, 1)
        assert limited.value.retry_after == 20.0
    assert len(there.heard) == 1
