"""What Greenlight needs from the outside, named for the need. Adapters fill these in; simulators stand behind them.

    VendorError
    ├── Refused       a definite no: the vendor's sentence is for people
    ├── Limited       a definite no for now: come back after `retry_after` seconds
    ├── Unreachable   the request never left, or the vendor certainly did nothing
    └── Unclear       it may or may not have happened: 5xx, a time-out, a reset after sending

For reads the difference between Unreachable and Unclear does not matter. No adapter retries a write.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from bot.domain.candidates import Refs
from bot.domain.channels import Channel
from bot.domain.policy import TeamSource
from bot.domain.promotion import Changes, Step
from bot.domain.readings import OpenIncident

Vendor = Literal["slack", "github", "pagerduty", "services"]
Blocks = list[dict[str, object]]
View = dict[str, object]


class VendorError(Exception):
    """A call to the outside that did not go as asked."""

    def __init__(self, vendor: Vendor, sentence: str) -> None:
        super().__init__(f"{vendor}: {sentence}")
        self.vendor = vendor
        self.sentence = sentence


class Refused(VendorError):
    """A definite no. `code` is the vendor's: an HTTP status or Slack's error word."""

    def __init__(self, vendor: Vendor, sentence: str, code: str) -> None:
        super().__init__(vendor, sentence)
        self.code = code


class Limited(VendorError):
    """The vendor asks to wait `retry_after` seconds; nothing was done."""

    def __init__(self, vendor: Vendor, sentence: str, retry_after: float) -> None:
        super().__init__(vendor, sentence)
        self.retry_after = retry_after


class Unreachable(VendorError):
    """The request did not reach the vendor, so nothing was done."""


class Unclear(VendorError):
    """Nobody can say whether the vendor did it."""


@dataclass(frozen=True, slots=True)
class Posted:
    """Where a message is."""

    channel: str  # id
    ts: str


@dataclass(frozen=True, slots=True)
class Account:
    """What Slack says of a user now."""

    id: str
    team: str
    is_bot: bool
    is_guest: bool
    is_stranger: bool  # of another workspace
    is_deleted: bool
    zone: str = ""  # the name of a time zone: Europe/Berlin


@dataclass(frozen=True, slots=True)
class Me:
    """Who the bot is in Slack."""

    team: str
    user: str
    bot: str
    app: str
    address: str = ""  # of the workspace, with a slash at its end: links to its messages begin with it


@dataclass(frozen=True, slots=True)
class ShownView:
    """A form on somebody's screen, and the hash of what it shows: an update of anything else is refused."""

    id: str
    hash: str


class Chat(Protocol):
    """Slack. `rungs` are the same message from rich to plain: the next is tried when Slack refuses blocks,
    and the bare text at last."""

    async def me(self) -> Me: ...
    async def account(self, user: str) -> Account: ...
    async def post(
        self,
        channel: str,
        text: str,
        rungs: Sequence[Blocks] = (),
        *,
        thread: str | None = None,
        broadcast: bool = False,
        promotion: str = "",
    ) -> Posted: ...
    async def update(
        self, channel: str, ts: str, text: str, rungs: Sequence[Blocks] = (), *, promotion: str = ""
    ) -> None: ...
    async def whisper(
        self, channel: str, user: str, text: str, blocks: Blocks | None = None, *, thread: str | None = None
    ) -> None: ...
    async def direct(self, user: str, text: str, blocks: Blocks | None = None) -> Posted: ...
    async def permalink(self, channel: str, ts: str) -> str: ...
    async def open_view(self, trigger: str, view: View) -> ShownView: ...
    async def update_view(self, view_id: str, view: View, *, hash: str = "") -> ShownView: ...
    async def publish_home(self, user: str, rungs: Sequence[View]) -> None: ...
    async def create_channel(self, name: str) -> str: ...
    async def find_channel(self, name: str) -> str | None: ...
    async def find_channels(self, names: Collection[str]) -> Mapping[str, str]: ...
    async def channel(self, id: str) -> Channel: ...
    async def invite(self, channel: str, users: Sequence[str]) -> None: ...
    async def set_topic(self, channel: str, topic: str) -> None: ...
    async def pin(self, channel: str, ts: str) -> None: ...
    async def group_members(self, group: str) -> frozenset[str]: ...


@dataclass(frozen=True, slots=True)
class Resolved:
    """A version that means exactly one commit."""

    sha: str
    is_sha: bool = False  # the version itself is a SHA, so that it cannot move


@dataclass(frozen=True, slots=True)
class NoVersion:
    """A version that names nothing."""

    nearest: tuple[str, ...]  # tags that exist, most like it first


@dataclass(frozen=True, slots=True)
class ManyVersions:
    """A version that names more than one commit: a tag and a branch of one name, or a short SHA."""

    candidates: tuple[str, ...]  # tags/v1 (abc1234), heads/v1 (def5678)


@dataclass(frozen=True, slots=True)
class Check:
    """The newest check run or status of one name on a SHA."""

    name: str
    state: Literal["passed", "failed", "pending", "skipped"]
    url: str
    app: str = ""  # the GitHub App's slug, empty for a commit status


@dataclass(frozen=True, slots=True)
class Dispatched:
    """GitHub's yes to a workflow dispatch; older servers do not tell the run."""

    run_id: int | None
    url: str


@dataclass(frozen=True, slots=True)
class RunLook:
    """One read of a workflow run and its jobs."""

    run_id: int
    url: str
    status: str
    conclusion: str
    attempt: int
    path: str  # .github/workflows/deploy.yml
    event: str
    branch: str  # the ref that it was dispatched on
    title: str  # from run-name
    actor: str  # who started this attempt
    created: float
    steps: tuple[Step, ...] | None = ()  # None: it has too many jobs to be told by steps
    starter: str = ""  # who started the first attempt; empty: not told
    steps_done: int = 0  # of more steps than are told, how many are behind; and how many there are
    steps_total: int = 0  # 0: `steps` are all
    nothing_ran: bool = False  # it ended, and no job of it ever came to a step
    rejected_by: str = ""  # the reviewer who did not let it go on, a login


class Repository(Protocol):
    """GitHub. `repo` is owner/name."""

    @property
    def login(self) -> str: ...
    async def me(self) -> str: ...
    async def resolve(self, repo: str, version: str) -> Resolved | NoVersion | ManyVersions: ...
    async def branch_of(self, repo: str, sha: str, branches: Sequence[str]) -> str | None: ...
    async def changes(
        self, repo: str, base: str, head: str, since: str, *, everyone: bool = False
    ) -> Changes: ...
    async def refs(self, repo: str) -> Refs: ...
    async def checks(self, repo: str, sha: str) -> tuple[Check, ...]: ...
    async def dispatch(self, repo: str, workflow: str, ref: str, inputs: Mapping[str, str]) -> Dispatched: ...
    async def find_run(
        self, repo: str, workflow: str, ref: str, correlation: str, since: float
    ) -> RunLook | None: ...
    async def run(self, repo: str, run_id: int, attempt: int | None = None) -> RunLook: ...
    async def cancel(self, repo: str, run_id: int, *, force: bool = False) -> None: ...
    async def team_members(self, team: str) -> frozenset[str]: ...


@dataclass(frozen=True, slots=True)
class PagerIncident:
    """An incident read back by REST."""

    id: str
    number: int
    url: str
    status: str  # triggered, acknowledged, resolved
    by_id: str = ""  # PagerDuty's id of the person who brought it there; empty: it was no person
    by: str = ""  # and their name
    changed: float | None = None  # when


class Pager(Protocol):
    """PagerDuty. `routing_key` is the secret itself; `key` is the dedup key, which makes repeats harmless."""

    async def trigger(
        self,
        routing_key: str,
        key: str,
        *,
        summary: str,
        source: str,
        severity: str,
        details: Mapping[str, str],
        links: Sequence[tuple[str, str]],  # (url, text)
    ) -> None: ...
    async def acknowledge(self, routing_key: str, key: str) -> None: ...
    async def resolve(self, routing_key: str, key: str) -> None: ...
    async def change(
        self, routing_key: str, *, summary: str, source: str, links: Sequence[tuple[str, str]]
    ) -> None: ...
    async def find(self, key: str) -> PagerIncident | None: ...
    async def open_incidents(self, service: str, severity: str) -> tuple[OpenIncident, ...]: ...
    async def note(self, incident: str, text: str) -> None: ...
    async def on_call(self, service: str) -> frozenset[str]: ...
    async def schedule_members(self, schedule: str) -> frozenset[str]: ...


@dataclass(frozen=True, slots=True)
class Answer:
    """What a health or metrics URL answered; the body is cut at 64 kB."""

    status: int
    body: bytes
    seconds: float


class Probe(Protocol):
    """Plain HTTP reads of hosts that the catalog names. No redirects."""

    async def get(self, url: str) -> Answer: ...


class Clock(Protocol):
    """Time, passed in."""

    def now(self) -> float:
        """Seconds since the epoch, UTC."""
        ...

    def boottime(self) -> float:
        """Seconds that no one can set and that go on while the machine sleeps (CLOCK_BOOTTIME)."""
        ...

    async def wait(self, wake: asyncio.Event, seconds: float) -> None:
        """Return when `wake` is set or `seconds` of this clock have passed."""
        ...


class Directory(Protocol):
    """Who is in a team that is not written in the catalog."""

    async def members(self, source: TeamSource) -> frozenset[str]: ...
