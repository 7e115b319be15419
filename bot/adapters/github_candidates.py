"""The tags and branches of a repository, for people to choose from.

GitHub lists both in an order that it does not promise, tags without their dates. So more than one page is read,
and whoever shows the list sorts it.
"""

from pydantic import BaseModel, RootModel

from bot.adapters.github_http import GitHubHttp, repo_place
from bot.domain.candidates import Ref, Refs

MOST_TAGS = 5  # pages of a hundred
MOST_BRANCHES = 1


class Tip(BaseModel):
    """The commit that a tag or branch names."""

    sha: str


class Named(BaseModel):
    """A tag or a branch."""

    name: str
    commit: Tip


class Page(RootModel[list[Named]]):
    """One page of tags or branches."""


async def refs(http: GitHubHttp, repo: str) -> Refs:
    """The tags and branches as they are now; of very many the first pages."""
    tags, all_tags = await _listed(http, repo, "tags", MOST_TAGS)
    branches, all_branches = await _listed(http, repo, "branches", MOST_BRANCHES)
    return Refs(tags, branches, whole=all_tags and all_branches)


async def _listed(http: GitHubHttp, repo: str, kind: str, most: int) -> tuple[tuple[Ref, ...], bool]:
    """The first pages of a list, and whether that is certainly all of it."""
    found: list[Ref] = []
    full = 0
    async for page in http.pages(repo_place(repo), kind, Page, most=most, whole=False):
        found += [Ref(one.name, one.commit.sha) for one in page.root]
        full += len(page.root) >= 100
    return tuple(found), full < most
