"""What a checkup reads of the outside: facts that the work itself never needs. Adapters fill these in.

Everything here reads only, except for `ping`, which lets GitHub send one delivery. Every method raises VendorError.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.channels import Sharing
from bot.ports import Account


@dataclass(frozen=True, slots=True)
class SlackToken:
    """What Slack says of the bot token."""

    team: str
    bot: str  # empty: the token is not a bot's
    scopes: frozenset[str] | None  # None: Slack did not tell
    app: str


@dataclass(frozen=True, slots=True)
class Room:
    """A public channel."""

    name: str
    is_archived: bool
    is_member: bool  # whether the bot is in it
    sharing: Sharing = "inside"


@dataclass(frozen=True, slots=True)
class RoomPage:
    """Some of the public channels."""

    rooms: Sequence[Room]
    next: str  # asks for those that follow; empty: there are none


class SlackInspection(Protocol):
    """Slack, looked at."""

    async def ahead(self) -> float | None:
        """Seconds that this host's clock is ahead of Slack's; None: Slack did not tell the time."""
        ...

    async def token(self) -> SlackToken: ...
    async def first_frame(self) -> tuple[str, str]:
        """What Slack says first on a new socket, and why when it ends it; the socket is closed at once."""
        ...

    async def rooms(self, start: str, *, with_archived: bool) -> RoomPage: ...
    async def account(self, user: str, team: str) -> Account: ...
    async def group_members(self, group: str) -> frozenset[str]: ...


@dataclass(frozen=True, slots=True)
class Granted:
    """What an installation of the GitHub App may do."""

    permissions: Mapping[str, str]  # actions -> write
    is_suspended: bool


@dataclass(frozen=True, slots=True)
class RepositoryLook:
    """A repository as far as a checkup needs it."""

    default_branch: str
    is_archived: bool
    may_push: bool | None  # whoever the credentials belong to; None: GitHub did not tell
    scopes: frozenset[str] | None  # of a classic token; None: it is none
    left: int  # calls of this hour that are left
    most: int  # calls in an hour; 0: GitHub did not tell


@dataclass(frozen=True, slots=True)
class Hook:
    """A webhook; id 0 is the App's own."""

    id: int
    url: str
    is_active: bool
    events: frozenset[str]
    content_type: str


@dataclass(frozen=True, slots=True)
class Delivered:
    """One delivery of a webhook."""

    id: int
    event: str
    status: int  # HTTP; 0: it did not arrive
    at: float  # when it was sent


class GitHubInspection(Protocol):
    """GitHub, looked at. `repo` is owner/name."""

    @property
    def is_app(self) -> bool: ...

    async def ahead(self) -> float | None:
        """Seconds that this host's clock is ahead of GitHub's; None: GitHub did not tell the time."""
        ...

    async def login(self) -> str: ...
    async def installation(self, repo: str) -> Granted: ...
    async def repository(self, repo: str) -> RepositoryLook: ...
    async def file(self, repo: str, path: str, ref: str) -> bytes: ...
    async def workflow_state(self, repo: str, workflow: str) -> str: ...
    async def environments(self, repo: str) -> frozenset[str]: ...
    async def hooks(self, repo: str) -> Sequence[Hook]: ...
    async def deliveries(self, repo: str, hook: int) -> Sequence[Delivered]: ...
    async def ping(self, repo: str, hook: int) -> None: ...
    async def team_members(self, team: str) -> frozenset[str]: ...


@dataclass(frozen=True, slots=True)
class PagedService:
    """A PagerDuty service; `keys` are the integration keys that PagerDuty shows."""

    name: str
    status: str
    keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class Subscription:
    """A PagerDuty webhook."""

    url: str
    is_active: bool


class PagerInspection(Protocol):
    """PagerDuty, looked at. Nobody is paged."""

    async def answers(self) -> None: ...
    async def service(self, service: str) -> PagedService: ...
    async def on_call(self, service: str) -> frozenset[str]: ...
    async def has_user(self, email: str) -> bool: ...
    async def schedule_members(self, schedule: str) -> frozenset[str]: ...
    async def subscriptions(self) -> Sequence[Subscription]: ...


@dataclass(frozen=True, slots=True)
class StoreLook:
    """What was seen of a store."""

    is_new: bool = False  # nothing is there yet, and the bot will make it
    holder: str = ""  # the process that owns it
    schema: int = 0
    doubts: tuple[str, ...] = ()  # what an override lets pass


class StoreInspection(Protocol):
    """The store, looked at; what is wrong with it is raised as the store's own error."""

    @property
    def place(self) -> str:
        """Where it is, without who logs in."""
        ...

    async def look(self) -> StoreLook: ...
