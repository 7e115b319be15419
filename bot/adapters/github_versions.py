"""What a version means in a repository, which branch it is on, and what changes with it."""

import difflib
import re
from collections.abc import Sequence

from pydantic import BaseModel, RootModel

from bot.adapters.github_http import PAGE, GitHubHttp, quoted, repo_place
from bot.domain.promotion import Change, Changes
from bot.ports import ManyVersions, NoVersion, Refused, Resolved

SHA = re.compile(r"[0-9a-f]{7,40}")
NEAREST = 3
MOST_ITEMS = 20
MOST_AUTHORS = 100  # that a promotion's document keeps
MOST_PAGES = 20  # that are read for the authors
BY_GITHUB = "web-flow"  # the committer of what is merged on GitHub's pages

_PULL_MERGE = re.compile(r"Merge pull request #([0-9]{1,9}) from \S+")
_CO_AUTHOR = re.compile(
    r"^co-authored-by:[^<\n]*<(?:[0-9]+\+)?([a-z0-9-]{1,39})@users\.noreply\.github\.com>", re.I | re.M
)
_PULL_SQUASH = re.compile(r"(.+?)\s*\(#([0-9]{1,9})\)")


class GitObject(BaseModel):
    """What a ref points at: a commit, or an annotated tag that points on."""

    type: str
    sha: str


class Ref(BaseModel):
    """One ref of git, by its full name."""

    ref: str
    object: GitObject


class Refs(RootModel[list[Ref]]):
    """The refs whose names begin alike."""


class Named(BaseModel):
    """Anything with a name."""

    name: str


class Tags(RootModel[list[Named]]):
    """The newest tags."""


class User(BaseModel):
    """A GitHub account."""

    login: str = ""


class GitCommit(BaseModel):
    """The part of a commit that git knows."""

    message: str = ""


class Parent(BaseModel):
    """A parent of a commit."""

    sha: str


class Commit(BaseModel):
    """One commit."""

    sha: str
    html_url: str = ""
    commit: GitCommit = GitCommit()
    author: User | None = None
    committer: User | None = None
    parents: list[Parent] = []


class Comparison(BaseModel):
    """How two commits stand to each other; `commits` is one page, oldest first."""

    status: str
    html_url: str = ""
    behind_by: int = 0
    total_commits: int = 0
    commits: list[Commit] = []


async def resolve(http: GitHubHttp, repo: str, version: str) -> Resolved | NoVersion | ManyVersions:
    """The one commit that a tag, a branch or a SHA names; a tag and a branch of one name must agree."""
    meanings = {
        "tags/" + version: await _sha_of_ref(http, repo, "tags", version),
        "heads/" + version: await _sha_of_ref(http, repo, "heads", version),
        "commit " + version: await _sha_of_commit(http, repo, version),
    }
    found = {name: sha for name, sha in meanings.items() if sha is not None}
    shas = set(found.values())
    if len(shas) > 1:
        return ManyVersions(tuple(f"{name} ({sha[:7]})" for name, sha in found.items()))
    if not shas:
        return NoVersion(await _nearest(http, repo, version))
    return Resolved(shas.pop(), is_sha=list(found) == ["commit " + version])


async def branch_of(http: GitHubHttp, repo: str, sha: str, branches: Sequence[str]) -> str | None:
    """The first of `branches` that `sha` is on. A commit of a fork is on none, though GitHub shows it."""
    for branch in branches:
        # The branch's own commit is compared, because a tag can have the name of a branch.
        tip = await _sha_of_ref(http, repo, "heads", branch)
        if tip is not None and await _is_ancestor(http, repo, sha, tip):
            return branch
    return None


async def changes(
    http: GitHubHttp, repo: str, base: str, head: str, since: str, *, everyone: bool = False
) -> Changes:
    """What `head` has that `base`, the version `since`, lacks: counts, at most 20 changes, the authors.

    With `everyone` it is read to its end, if that is not too far, so that no author is left out.
    """
    first = await _compare(http, repo, base, head, page=1)
    commits = list(first.commits)
    last = -(-first.total_commits // PAGE)
    start = 2 if everyone and last <= MOST_PAGES else max(2, last - 1)
    for page in range(start, last + 1):  # of a very long way only the beginning and the end
        commits += (await _compare(http, repo, base, head, page=page)).commits
    newest_first = [_change(repo, first.html_url, commit) for commit in reversed(commits) if _tells(commit)]
    pulls_first = sorted(newest_first, key=lambda change: change.number is None)
    authors = tuple(dict.fromkeys(login for commit in commits for login in _authors(commit)))
    return Changes(
        since=since,
        commits=first.total_commits,
        items=tuple(pulls_first[:MOST_ITEMS]),
        authors=authors[:MOST_AUTHORS],
        url=first.html_url,
        behind=first.behind_by,
        base=base,
        everyone=len({one.sha for one in commits}) == first.total_commits and len(authors) <= MOST_AUTHORS,
        newest_by=_newest_by(commits, head),
    )


def _authors(commit: Commit) -> list[str]:
    """Who wrote a commit: its author, and those whom a squashed merge names below it by GitHub's own address."""
    own = _login(commit.author)
    return [*([own] if own else []), *_CO_AUTHOR.findall(commit.commit.message)]


def _login(user: User | None) -> str:
    return user.login if user is not None else ""


def _newest_by(commits: Sequence[Commit], head: str) -> str:
    """Who put the newest commit there: not always who wrote it. A merge on GitHub's pages is committed by GitHub."""
    committed = (_login(commit.committer) for commit in commits if commit.sha == head)
    return next((login for login in committed if login != BY_GITHUB), "")


async def _sha_of_ref(http: GitHubHttp, repo: str, space: str, name: str) -> str | None:
    """The commit of the ref of exactly this name; `matching-refs` also answers with longer names."""
    if not name.strip("."):
        return None  # no ref is called so, and in an address it would mean the folder above
    path = f"git/matching-refs/{space}/{quoted(name)}"
    refs = await http.get(repo_place(repo), path, Refs)
    exact = next((ref for ref in refs.root if ref.ref == f"refs/{space}/{name}"), None)
    if exact is None:
        return None
    if exact.object.type == "commit":
        return exact.object.sha
    tagged = await http.get(repo_place(repo), f"commits/{quoted(f'{space}/{name}')}", Commit)
    return tagged.sha


async def _sha_of_commit(http: GitHubHttp, repo: str, version: str) -> str | None:
    wanted = version.lower()
    if not SHA.fullmatch(wanted):
        return None
    try:
        commit = await http.get(repo_place(repo), f"commits/{wanted}", Commit)
    except Refused as refused:
        if refused.code in ("404", "422"):
            return None
        raise
    return commit.sha if commit.sha.startswith(wanted) else None  # else a branch or tag of that name answered


async def _nearest(http: GitHubHttp, repo: str, version: str) -> tuple[str, ...]:
    tags = await http.get(repo_place(repo), "tags", Tags, {"per_page": PAGE})
    names = [tag.name for tag in tags.root]
    return tuple(difflib.get_close_matches(version, names, n=NEAREST, cutoff=0.5))


async def _is_ancestor(http: GitHubHttp, repo: str, sha: str, tip: str) -> bool:
    try:
        comparison = await _compare(http, repo, tip, sha, page=1, size=1)
    except Refused as refused:
        if refused.code == "404":
            return False
        raise
    return comparison.status in ("behind", "identical")


async def _compare(
    http: GitHubHttp, repo: str, base: str, head: str, *, page: int, size: int = PAGE
) -> Comparison:
    span = f"compare/{quoted(base)}...{quoted(head)}"
    return await http.get(repo_place(repo), span, Comparison, {"page": page, "per_page": size})


def _tells(commit: Commit) -> bool:
    """Whether a commit is a change of its own: a merge of branches that is no pull request is not."""
    return len(commit.parents) < 2 or _PULL_MERGE.match(commit.commit.message) is not None


def _change(repo: str, compare_url: str, commit: Commit) -> Change:
    title, number = _title_of(commit.commit.message)
    at = commit.html_url
    if number is not None:
        at = f"{compare_url.partition(f'/{repo}/')[0]}/{repo}/pull/{number}"
    return Change(title, commit.author.login if commit.author else "", at, number, commit.sha)


def _title_of(message: str) -> tuple[str, int | None]:
    """The title and the pull request's number, by what GitHub writes when it merges or squashes."""
    lines = [line.strip() for line in message.splitlines() if line.strip()] or [""]
    if merged := _PULL_MERGE.match(lines[0]):
        return (lines[1] if len(lines) > 1 else lines[0]), int(merged[1])
    if squashed := _PULL_SQUASH.fullmatch(lines[0]):
        return squashed[1], int(squashed[2])
    return lines[0], None
