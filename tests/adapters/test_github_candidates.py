"""GitHub: the tags and branches to choose from, page by page and never more than a few."""

from collections.abc import AsyncIterator

import pytest

from bot.playground.world import sha_for
from bot.ports import Refused, Unclear
from tests.adapters.github_place import REPO, TAGGED, Place, github_place


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    async with github_place() as found:
        yield found


async def test_tags_and_branches_with_their_commits(place: Place) -> None:
    """Every tag and branch of a small repository, in two calls."""
    refs = await place.repository.refs(REPO)

    assert [tag.name for tag in refs.tags] == ["v2.15.0", "v2.14.3", "v2.14.2", "v2.14.1", "v2.14.0"]
    assert refs.sha_of("v2.14.3") == TAGGED
    assert refs.sha_of("feature/limits") == sha_for("checkout", "feature/limits")
    assert refs.whole
    assert len(place.github.world.ledger) == 2


async def test_more_tags_than_a_page_holds(place: Place) -> None:
    """The second page is read too, so that a tag that GitHub lists late is there."""
    _tag(place, 230)
    refs = await place.repository.refs(REPO)

    assert len(refs.tags) == 235
    assert refs.whole
    assert [call.path for call in place.github.world.ledger].count(f"/repos/{REPO}/tags") == 3


async def test_very_many_tags_and_branches(place: Place) -> None:
    """Five pages of tags and one of branches, and the list says that it is not whole."""
    _tag(place, 600)
    repository = place.github.shelf.repositories[REPO]
    repository.branches |= {f"topic/{number}": TAGGED for number in range(150)}
    refs = await place.repository.refs(REPO)

    assert (len(refs.tags), len(refs.branches), refs.whole) == (500, 100, False)
    assert len(place.github.world.ledger) == 6


async def test_trouble_is_told(place: Place) -> None:
    """An unknown repository is a no; an answer of 502 says nothing."""
    with pytest.raises(Refused):
        await place.repository.refs("acme/unknown")
    place.github.world.vendor["github"] = [502]
    with pytest.raises(Unclear):
        await place.repository.refs(REPO)


def _tag(place: Place, count: int) -> None:
    repository = place.github.shelf.repositories[REPO]
    repository.tags |= {f"nightly-{number}": TAGGED for number in range(count)}
