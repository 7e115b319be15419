"""Git as the GitHub simulator knows it: commits, branches, tags, and what was said about commits.

A commit can exist without being on any branch: that is how commits of forks look through their parent.
"""

import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

SHA = re.compile(r"[0-9a-f]{40}")
SHORT_SHA = re.compile(r"[0-9a-f]{7,39}")


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit; `login` wrote it."""

    sha: str
    parents: tuple[str, ...]
    message: str
    login: str
    at: float
    files: tuple[str, ...] = ()
    verified: bool = True


@dataclass(frozen=True, slots=True)
class CheckRun:
    """One run of a check on a commit; a later one of the same name and app replaces it in `filter=latest`."""

    id: int
    name: str
    sha: str
    status: str  # queued | in_progress | completed
    conclusion: str | None
    started_at: float
    completed_at: float | None
    app_id: int
    app_slug: str
    suite: int = 0  # of the workflow run that it belongs to; 0: the suite of its App on this commit


@dataclass(frozen=True, slots=True)
class CommitStatus:
    """One commit status, the older way to say that something is green."""

    id: int
    context: str
    sha: str
    state: str  # error | failure | pending | success
    description: str
    at: float
    login: str


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A merged pull request, found by the commit that its merge made."""

    number: int
    title: str
    login: str
    merge_sha: str
    merged_at: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """What lies between two commits; `commits` are those of head that base lacks, oldest first."""

    status: str  # ahead | behind | identical | diverged
    ahead_by: int
    behind_by: int
    merge_base: str
    commits: tuple[Commit, ...]


@dataclass(slots=True)
class Repository:
    """One repository; what is in `files` is the same on every ref."""

    id: int
    owner: str
    name: str
    default_branch: str = "main"
    commits: dict[str, Commit] = field(default_factory=dict)
    branches: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)  # oldest first
    checks: list[CheckRun] = field(default_factory=list)
    statuses: list[CommitStatus] = field(default_factory=list)
    pulls: list[PullRequest] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    environments: list[str] = field(default_factory=lambda: ["dev", "staging", "production"])
    is_selected: bool = True  # among those of the App's installation
    may_push: bool = True  # the person behind the token

    @property
    def full_name(self) -> str:
        """owner/name."""
        return f"{self.owner}/{self.name}"

    def sha_of_ref(self, ref: str) -> str | None:
        """The commit of a branch or tag, full (`refs/tags/v1`) or short (`v1`: a branch wins over a tag)."""
        short = ref.removeprefix("refs/")
        if short.startswith("heads/") and short[6:] in self.branches:
            return self.branches[short[6:]]
        if short.startswith("tags/") and short[5:] in self.tags:
            return self.tags[short[5:]]
        return self.branches.get(ref) or self.tags.get(ref)

    def resolve(self, ref: str) -> str | None:
        """The SHA that `ref` (SHA, short SHA, branch, tag) means; None when it is unknown or ambiguous."""
        if SHA.fullmatch(ref):
            return ref if ref in self.commits else None
        named = self.sha_of_ref(ref)
        if named is not None or not SHORT_SHA.fullmatch(ref):
            return named
        meant = [sha for sha in self.commits if sha.startswith(ref)]
        return meant[0] if len(meant) == 1 else None

    def refs(self) -> dict[str, str]:
        """Every full ref and its commit, in the order of their names."""
        heads = {f"refs/heads/{name}": sha for name, sha in self.branches.items()}
        tags = {f"refs/tags/{name}": sha for name, sha in self.tags.items()}
        return dict(sorted({**heads, **tags}.items()))

    def history(self, sha: str) -> dict[str, Commit]:
        """`sha` and all its ancestors, newest first."""
        seen: dict[str, Commit] = {}
        line = deque([sha])
        while line:
            commit = self.commits[line.popleft()]
            if commit.sha not in seen:
                seen[commit.sha] = commit
                line.extend(commit.parents)
        return dict(sorted(seen.items(), key=lambda item: item[1].at, reverse=True))

    def compare(self, base: str, head: str) -> Comparison:
        """How `head` stands to `base`; both are full SHAs of this repository."""
        before, after = self.history(base), self.history(head)
        ahead = [commit for commit in reversed(after.values()) if commit.sha not in before]
        behind = [sha for sha in before if sha not in after]
        merge_base = next((sha for sha in after if sha in before), base)
        status = _standing(len(ahead), len(behind))
        return Comparison(status, len(ahead), len(behind), merge_base, tuple(ahead))

    def checks_on(self, sha: str, *, latest: bool) -> list[CheckRun]:
        """The check runs of a commit, newest first; with `latest` only the newest of each name and app."""
        newest_first = [run for run in reversed(self.checks) if run.sha == sha]
        if not latest:
            return newest_first
        return list({(run.app_id, run.name): run for run in reversed(newest_first)}.values())[::-1]

    def statuses_on(self, sha: str) -> list[CommitStatus]:
        """The statuses of a commit, newest first."""
        return [said for said in reversed(self.statuses) if said.sha == sha]

    def pulls_of(self, sha: str) -> list[PullRequest]:
        """The pull requests that brought this commit."""
        return [pull for pull in self.pulls if pull.merge_sha == sha]


def combined_state(latest: Iterable[CommitStatus]) -> str:
    """GitHub's fold over the newest status of each context; nothing said yet is `pending`."""
    states = {said.state for said in latest}
    if states & {"error", "failure"}:
        return "failure"
    return "success" if states == {"success"} else "pending"


def _standing(ahead: int, behind: int) -> str:
    if ahead and behind:
        return "diverged"
    if ahead:
        return "ahead"
    return "behind" if behind else "identical"
