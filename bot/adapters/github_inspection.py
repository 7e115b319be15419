"""GitHub as a checkup looks at it: the App, repositories, workflow files, environments and webhooks."""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence

from pydantic import AwareDatetime, BaseModel, RootModel

from bot.adapters.dates import seconds_ahead
from bot.adapters.github import API_URL, DEADLINE, Members
from bot.adapters.github_answers import Reply, refusal_in
from bot.adapters.github_client import AppKey, GitHubClient
from bot.adapters.github_http import GitHubHttp, Query, quoted, repo_place
from bot.adapters.github_identity import identity_of
from bot.adapters.github_me import Myself
from bot.adapters.wire import read
from bot.inspections import Delivered, Granted, Hook, RepositoryLook
from bot.ports import Refused, Unclear

RECENT = 20  # deliveries


class AppAnswer(BaseModel):
    """GET /app."""

    slug: str
    events: list[str] = []


class InstallationAnswer(BaseModel):
    """GET /repos/…/installation."""

    permissions: dict[str, str] = {}
    suspended_at: str | None = None


class Allowed(BaseModel):
    """What whoever asks may do in a repository."""

    push: bool | None = None


class RepositoryAnswer(BaseModel):
    """GET /repos/…."""

    default_branch: str
    archived: bool = False
    permissions: Allowed = Allowed()


class FileAnswer(BaseModel):
    """GET /repos/…/contents/…."""

    content: str = ""
    encoding: str = ""


class WorkflowAnswer(BaseModel):
    """GET /repos/…/actions/workflows/…."""

    state: str


class Named(BaseModel):
    """Anything with a name."""

    name: str


class EnvironmentsAnswer(BaseModel):
    """GET /repos/…/environments."""

    environments: list[Named] = []


class HookConfig(BaseModel):
    """Where a webhook goes."""

    url: str | None = None
    content_type: str | None = None


class HookAnswer(BaseModel):
    """A webhook of a repository."""

    id: int
    active: bool = False
    events: list[str] = []
    config: HookConfig = HookConfig()


class HookAnswers(RootModel[list[HookAnswer]]):
    """GET /repos/…/hooks."""


class DeliveryAnswer(BaseModel):
    """One delivery."""

    id: int
    event: str = ""
    status_code: int = 0
    delivered_at: AwareDatetime


class DeliveryAnswers(RootModel[list[DeliveryAnswer]]):
    """The newest deliveries of a webhook, newest first."""


class GitHubLooks:
    """Reads as `credentials`: a token, or the App's key. Connects at the first call."""

    def __init__(
        self,
        credentials: str | AppKey,
        *,
        base_url: str = API_URL,
        deadline: float = DEADLINE,
        now: Callable[[], float],
    ) -> None:
        app = credentials if isinstance(credentials, AppKey) else None
        identity = identity_of(credentials, base_url, deadline, now)
        self._http = GitHubHttp(base_url, identity, deadline=deadline, now=now)
        self._app = GitHubClient(base_url, deadline, app) if app else None
        self._now = now

    @property
    def is_app(self) -> bool:
        """Whether the bot is a GitHub App here."""
        return self._app is not None

    async def open(self) -> None:
        """Nothing yet."""

    async def close(self) -> None:
        """Close every connection."""
        await self._http.close()
        if self._app is not None:
            await self._app.close()

    async def ahead(self) -> float | None:
        """Seconds that this host's clock is ahead of GitHub's."""
        reply = await (self._of_app("/app") if self.is_app else self._http.send("GET", "rate_limit", ""))
        return seconds_ahead(self._now(), reply.headers)

    async def login(self) -> str:
        """Who we are. Raises Refused when GitHub does not take the credentials."""
        if self.is_app:
            return f"{read('github', AppAnswer, (await self._of_app('/app')).body).slug}[bot]"
        return await Myself(self._http).ask()

    async def installation(self, repo: str) -> Granted:
        """The App's installation on a repository. Raises Refused with code 404 when it is not installed there."""
        reply = await self._of_app(f"/{repo_place(repo)}/installation")
        found = read("github", InstallationAnswer, reply.body)
        return Granted(found.permissions, found.suspended_at is not None)

    async def repository(self, repo: str) -> RepositoryLook:
        """A repository, and what is left of the hour's calls. Raises Refused with code 404 when it cannot be seen."""
        reply = await self._http.send("GET", repo_place(repo), "")
        found = read("github", RepositoryAnswer, reply.body)
        left, most = (_number(reply.headers, name) for name in ("remaining", "limit"))
        scopes = _words(reply.headers.get("x-oauth-scopes"))
        return RepositoryLook(
            found.default_branch, found.archived, found.permissions.push, scopes, left, most
        )

    async def file(self, repo: str, path: str, ref: str) -> bytes:
        """A file on a ref. Raises Refused with code 404 when there is none, or no such ref."""
        place = f"contents/{'/'.join(quoted(part) for part in path.split('/'))}"
        found = await self._http.get(repo_place(repo), place, FileAnswer, {"ref": ref})
        if found.encoding != "base64":
            raise Unclear("github", "the file is too large to be read")
        try:
            return base64.b64decode(found.content)
        except binascii.Error as garbled:
            raise Unclear("github", "the file could not be read") from garbled

    async def workflow_state(self, repo: str, workflow: str) -> str:
        """active, disabled_manually, …. Raises Refused with code 404 for a file GitHub knows no workflow of."""
        path = f"actions/workflows/{quoted(workflow)}"
        return (await self._http.get(repo_place(repo), path, WorkflowAnswer)).state

    async def environments(self, repo: str) -> frozenset[str]:
        """The names of a repository's environments."""
        found: set[str] = set()
        async for page in self._http.pages(repo_place(repo), "environments", EnvironmentsAnswer):
            found |= {one.name for one in page.environments}
        return frozenset(found)

    async def hooks(self, repo: str) -> Sequence[Hook]:
        """The App's own webhook, or else those of the repository."""
        if self.is_app and (own := await self._own_hook()) is not None:
            return (own,)
        found: list[Hook] = []
        async for page in self._http.pages(repo_place(repo), "hooks", HookAnswers):
            found += [_hook(one) for one in page.root]
        return found

    async def deliveries(self, repo: str, hook: int) -> Sequence[Delivered]:
        """The newest deliveries, newest first."""
        asked: Query = {"per_page": RECENT}
        if hook:
            path = f"hooks/{hook}/deliveries"
            found = await self._http.get(repo_place(repo), path, DeliveryAnswers, asked)
        else:
            reply = await self._of_app("/app/hook/deliveries", asked)
            found = read("github", DeliveryAnswers, reply.body)
        return [_delivered(one) for one in found.root]

    async def ping(self, repo: str, hook: int) -> None:
        """Let GitHub send one `ping` to a repository's webhook."""
        await self._http.send("POST", repo_place(repo), f"hooks/{hook}/pings")

    async def team_members(self, team: str) -> frozenset[str]:
        """The first logins in `org/team`. Raises Refused with code 404 when it is not to be seen."""
        org, _, slug = team.partition("/")
        path = f"teams/{quoted(slug)}/members"
        members = await self._http.get(f"orgs/{quoted(org)}", path, Members)
        return frozenset(member.login for member in members.root)

    async def _own_hook(self) -> Hook | None:
        try:
            reply = await self._of_app("/app/hook/config")
        except Refused as none:
            if none.code != "404":
                raise
            return None
        config = read("github", HookConfig, reply.body)
        if not config.url:
            return None
        events = read("github", AppAnswer, (await self._of_app("/app")).body).events
        return _hook(HookAnswer(id=0, active=True, events=events, config=config))

    async def _of_app(self, path: str, asked: Query | None = None) -> Reply:
        """The answer to a question that the App asks as itself."""
        if self._app is None:
            raise RuntimeError("there is no GitHub App")
        reply = await self._app.send("GET", path, params=asked)
        if refusal := refusal_in(reply, self._now):
            raise refusal
        return reply


def _hook(found: HookAnswer) -> Hook:
    content = found.config.content_type or "form"
    return Hook(found.id, found.config.url or "", found.active, frozenset(found.events), content)


def _delivered(found: DeliveryAnswer) -> Delivered:
    return Delivered(found.id, found.event, found.status_code, found.delivered_at.timestamp())


def _words(told: str | None) -> frozenset[str] | None:
    return None if told is None else frozenset(word.strip() for word in told.split(",") if word.strip())


def _number(headers: Mapping[str, str], name: str) -> int:
    told = headers.get(f"x-ratelimit-{name}", "")
    return int(told) if told.isascii() and told.isdigit() else 0
