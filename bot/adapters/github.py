"""GitHub as Greenlight needs it. Each subject has its own file; this one opens, closes and hands out."""

import time
from collections.abc import Callable, Mapping, Sequence

from pydantic import BaseModel, RootModel

from bot.adapters import github_candidates, github_checks, github_runs, github_versions
from bot.adapters.github_client import AppKey
from bot.adapters.github_http import GitHubHttp, quoted
from bot.adapters.github_identity import identity_of
from bot.adapters.github_me import Myself
from bot.domain.candidates import Refs
from bot.domain.promotion import Changes
from bot.ports import Check, Dispatched, ManyVersions, NoVersion, Refused, Resolved, RunLook

API_URL = "https://api.github.com"
DEADLINE = 10.0  # seconds for one call


class Member(BaseModel):
    """A member of a team."""

    login: str


class Members(RootModel[list[Member]]):
    """One page of a team's members."""


class GitHubRepository:
    """Reads and dispatches as `credentials`: a token, or the App's key. Connects at the first call."""

    def __init__(
        self,
        credentials: str | AppKey,
        *,
        base_url: str = API_URL,
        deadline: float = DEADLINE,
        now: Callable[[], float] = time.time,
    ) -> None:
        identity = identity_of(credentials, base_url, deadline, now)
        self._http = GitHubHttp(base_url, identity, deadline=deadline, now=now)
        self._me = Myself(self._http)

    @property
    def login(self) -> str:
        """Who we are in GitHub; empty as long as nobody had to ask."""
        return self._me.login

    async def open(self) -> None:
        """Nothing yet: githubkit is imported, and GitHub connected to, when it is first needed."""

    async def close(self) -> None:
        """Close every connection."""
        await self._http.close()

    async def __aenter__(self) -> "GitHubRepository":
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def resolve(self, repo: str, version: str) -> Resolved | NoVersion | ManyVersions:
        """The one commit that a tag, a branch or a SHA of 7 to 40 hex characters names."""
        return await github_versions.resolve(self._http, repo, version)

    async def branch_of(self, repo: str, sha: str, branches: Sequence[str]) -> str | None:
        """The first of `branches` that `sha` is reachable from."""
        return await github_versions.branch_of(self._http, repo, sha, branches)

    async def changes(
        self, repo: str, base: str, head: str, since: str, *, everyone: bool = False
    ) -> Changes:
        """What `head` has that `base` lacks; `since` is the version that `base` is called. With `everyone` all of
        it is read, so that no author is left out."""
        return await github_versions.changes(self._http, repo, base, head, since, everyone=everyone)

    async def refs(self, repo: str) -> Refs:
        """The tags and branches to choose from; of very many the first pages."""
        return await github_candidates.refs(self._http, repo)

    async def checks(self, repo: str, sha: str) -> tuple[Check, ...]:
        """The newest check run of each name and app, and the newest status of each context; not our own deploys."""
        return await github_checks.checks(self._http, repo, sha, self._me.ask)

    async def dispatch(self, repo: str, workflow: str, ref: str, inputs: Mapping[str, str]) -> Dispatched:
        """Start a workflow on a trusted ref, with one request that is never repeated."""
        return await github_runs.dispatch(self._http, repo, workflow, ref, inputs)

    async def me(self) -> str:
        """Who we are in GitHub: the actor of every run that we start. Asked once."""
        return await self._me.ask()

    async def find_run(
        self, repo: str, workflow: str, ref: str, correlation: str, since: float
    ) -> RunLook | None:
        """The run that carries this correlation id, of those dispatched on `ref` after `since`."""
        return await github_runs.find_run(self._http, repo, workflow, ref, correlation, since, self._me.ask)

    async def run(self, repo: str, run_id: int, attempt: int | None = None) -> RunLook:
        """One attempt of a run, or the newest, and its jobs as they are now."""
        return await github_runs.run(self._http, repo, run_id, attempt)

    async def cancel(self, repo: str, run_id: int, *, force: bool = False) -> None:
        """Ask a run to stop; one that has ended is fine."""
        await github_runs.cancel(self._http, repo, run_id, force=force)

    async def team_members(self, team: str) -> frozenset[str]:
        """The logins in `org/team`."""
        org, slash, slug = team.partition("/")
        if not slash:
            raise Refused("github", f"{team} is not a team: write organization/team", "team")
        members: set[str] = set()
        path = f"teams/{quoted(slug)}/members"
        async for page in self._http.pages(f"orgs/{quoted(org)}", path, Members):
            members |= {member.login for member in page.root}
        return frozenset(members)
