"""Workflow runs of the GitHub simulator: they start, move with the clock, end, are cancelled and re-run.

A run that rolls out changes what serves; a concurrency group keeps one running and one pending run.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from bot.playground.github.plans import Plan, cut, plan_run
from bot.playground.github.repos import Repository
from bot.playground.github.workflows import CHECK_SHA, ROLL_OUT, Workflow
from bot.playground.world import Release, World

Happening = Literal["requested", "in_progress", "completed"]
FIRST_RUN = 8801
CANCEL_TAKES = 1.0  # world seconds between a cancel and the end of the run
LAG_OF_MODE = 20.0


@dataclass(slots=True)
class Attempt:
    """One go at a run; a re-run adds another."""

    number: int
    actor: str  # who triggered it
    created_at: float
    plan: Plan
    status: str = "queued"  # queued | pending | waiting | in_progress | completed
    conclusion: str | None = None
    begun_at: float | None = None  # when it left the concurrency line
    held_at: float | None = None  # since when it waits for reviewers
    held_in: str = ""  # what it was before that
    updated_at: float = 0.0
    rolled_out: bool = False
    taken: bool = True  # by a runner: False when it ended before one came to it
    sender: str = ""  # who last did something to it; GitHub names them in webhooks

    @property
    def is_under_way(self) -> bool:
        """Whether a runner had taken it before it was held back."""
        return "in_progress" in (self.status, self.held_in)

    def elapsed(self, now: float) -> float:
        """Seconds of its plan that have passed; negative before it begins."""
        at = now if self.held_at is None else self.held_at
        return -1.0 if self.begun_at is None else at - self.begun_at


@dataclass(frozen=True, slots=True)
class Review:
    """One reviewer's word on whether a run may go on to its environment."""

    state: Literal["approved", "rejected"]
    reviewer: str
    comment: str = ""


@dataclass(slots=True)
class Run:
    """One workflow run and all its attempts."""

    id: int
    number: int
    repository: Repository
    workflow: Workflow
    event: str
    ref: str
    head_sha: str
    actor: str
    inputs: dict[str, str]
    created_at: float
    listed_at: float
    attempts: list[Attempt] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)  # newest first
    group: tuple[str, str, str] | None = field(init=False)  # its concurrency group

    def __post_init__(self) -> None:
        self.group = _group_of(self)

    @property
    def attempt(self) -> Attempt:
        """The newest attempt."""
        return self.attempts[-1]


Listener = Callable[[Run, Happening], None]


class Runs:
    """All runs of all repositories; `told` hears of every change that GitHub sends a webhook for."""

    def __init__(self, world: World, told: Listener) -> None:
        self.all: list[Run] = []
        self._started = 0
        self._world = world
        self._told = told

    def start(
        self, repository: Repository, workflow: Workflow, ref: str, actor: str, inputs: dict[str, str]
    ) -> Run:
        """Start a run on the tip of `ref`, bent as the world wants new runs."""
        now = self._world.clock.now()
        head_sha = repository.sha_of_ref(ref) or ""
        branch = ref.removeprefix("refs/").removeprefix("heads/").removeprefix("tags/")
        number = 1 + sum(run.workflow is workflow and run.repository is repository for run in self.all)
        lag = max(self._world.run.lag, LAG_OF_MODE if self._world.run.mode == "lag" else 0.0)
        run = Run(
            self._next_id(), number, repository, workflow, "workflow_dispatch",
            branch, head_sha, actor, inputs, now, now + lag,
        )  # fmt: skip
        self.all.append(run)
        self._begin_attempt(run, actor)
        return run

    def _next_id(self) -> int:
        """Numbers of runs that were deleted are not given again."""
        self._started += 1
        return FIRST_RUN + self._started - 1

    def find(self, run_id: int) -> Run | None:
        """The run with this id."""
        return next((run for run in self.all if run.id == run_id), None)

    def forget(self, run: Run) -> None:
        """Delete a run, as only one that has ended can be."""
        if run.attempt.status != "completed":
            raise ValueError(f"run {run.id} is {run.attempt.status}")
        self.all.remove(run)
        self._world.touch()

    def advance(self) -> None:
        """Bring every run to where it stands now; what one's end lets begin is brought forward too."""
        now = self._world.clock.now()
        for run in self.all:
            if run.attempt.status != "completed":
                self._advance(run, now)

    def end(self, run: Run, conclusion: str, step: str | None, *, grace: float = 0.0) -> None:
        """End the newest attempt; a run that has not begun ends at once."""
        now, attempt = self._world.clock.now(), run.attempt
        if attempt.begun_at is None or attempt.held_at is not None:
            attempt.taken = conclusion == "success" or attempt.is_under_way
            attempt.begun_at, attempt.held_at, grace = now, None, 0.0
        attempt.plan = cut(attempt.plan, attempt.elapsed(now), conclusion, step, grace=grace)
        self._advance(run, now)

    def rerun(self, run: Run, actor: str) -> None:
        """Begin a further attempt of a finished run."""
        self._begin_attempt(run, actor)

    def hold(self, run: Run) -> None:
        """Let a run wait for its environment's reviewers; one that is pending cannot."""
        if run.attempt.begun_at is None:
            raise ValueError(f"run {run.id} is {run.attempt.status}")
        attempt = run.attempt
        attempt.held_at, attempt.held_in = self._world.clock.now(), attempt.status
        self._become(run, "waiting", attempt.held_at)

    def reject(self, run: Run, reviewer: str, comment: str) -> None:
        """A reviewer does not let a run go on: its job fails before a runner comes to it, and so does the run."""
        if run.attempt.held_at is None:
            raise ValueError(f"run {run.id} does not wait for reviewers")
        run.reviews.insert(0, Review("rejected", reviewer, comment))
        run.attempt.sender = reviewer
        self.end(run, "failure", None)

    def let_go(self, run: Run) -> None:
        """Let a run go on that waited for reviewers."""
        attempt, now = run.attempt, self._world.clock.now()
        if attempt.held_at is None or attempt.begun_at is None:
            raise ValueError(f"run {run.id} does not wait for reviewers")
        attempt.begun_at += now - attempt.held_at
        attempt.held_at = None
        self._become(run, "queued", now)

    def _begin_attempt(self, run: Run, actor: str) -> None:
        now = self._world.clock.now()
        attempt = Attempt(len(run.attempts) + 1, actor, now, self._plan(run), updated_at=now, sender=actor)
        run.attempts.append(attempt)
        self._queue(run, now)
        self._told(run, "requested")
        self._world.touch()

    def _plan(self, run: Run) -> Plan:
        bent = self._world.run
        applies = bent.workflow in (None, run.workflow.file)
        conclusion, step = (bent.conclusion, bent.step) if applies else ("success", None)
        if self._must_not_deploy(run):
            conclusion, step = "failure", CHECK_SHA
        return plan_run(run.workflow, bent.seconds, conclusion, step)

    def _must_not_deploy(self, run: Run) -> bool:
        """Whether the workflow's first step stops it: an unknown SHA, or an older run of this promotion."""
        if run.group is None:
            return False
        sha, nonce = run.inputs.get("sha", ""), run.inputs.get("correlation_id")
        before = [other for other in self.all if other.id < run.id and other.workflow is run.workflow]
        older = any(other.inputs.get("correlation_id") == nonce for other in before)
        return older or (bool(sha) and sha not in run.repository.commits)

    def _queue(self, run: Run, now: float) -> None:
        """Begin, or become the one pending run of the group; the older pending one is cancelled."""
        rivals = [other for other in self._rivals(run) if other.attempt.begun_at is not None]
        if not rivals:
            run.attempt.begun_at = now
            return
        for other in self._rivals(run):
            if other.attempt.status == "pending":
                self.end(other, "cancelled", None)
        run.attempt.status = "pending"

    def _rivals(self, run: Run) -> list[Run]:
        if run.group is None:
            return []
        return [
            other for other in self.all
            if other.attempt.status != "completed" and other.group == run.group and other is not run
        ]  # fmt: skip

    def _advance(self, run: Run, now: float) -> None:
        attempt = run.attempt
        elapsed = attempt.elapsed(now)
        if attempt.begun_at is None or attempt.held_at is not None:
            return
        if (
            attempt.status in ("queued", "pending")
            and attempt.taken
            and attempt.plan.steps
            and elapsed >= attempt.plan.picked_up
        ):
            self._become(run, "in_progress", attempt.begun_at + attempt.plan.picked_up)
            self._told(run, "in_progress")
        self._roll_out(run, elapsed)
        if elapsed >= attempt.plan.end:
            self._complete(run, attempt.begun_at + attempt.plan.end)

    def _roll_out(self, run: Run, elapsed: float) -> None:
        at = run.attempt.plan.rolled_out_at()
        if run.group is None or at is None or elapsed < at or run.attempt.rolled_out:
            return
        run.attempt.rolled_out = True
        _, service, environment = run.group
        self._world.serving[service, environment] = _release_of(run)
        self._world.touch()

    def _complete(self, run: Run, at: float) -> None:
        run.attempt.conclusion = run.attempt.plan.conclusion
        self._become(run, "completed", at)
        self._told(run, "completed")
        for other in self._rivals(run):
            if other.attempt.status == "pending":
                other.attempt.begun_at = at
                self._become(other, "queued", at)
                self._advance(other, self._world.clock.now())

    def _become(self, run: Run, status: str, at: float) -> None:
        run.attempt.status = status
        run.attempt.updated_at = at
        self._world.touch()


def _release_of(run: Run) -> Release:
    """What a run deploys, from its inputs: the version names the SHA, or the SHA the version."""
    version, sha = run.inputs.get("version", ""), run.inputs.get("sha", "")
    sha = sha or run.repository.resolve(version) or run.head_sha
    return Release(version or sha[:7], sha)


def _group_of(run: Run) -> tuple[str, str, str] | None:
    """The repository, service and environment that a run deploys; None when it deploys nothing."""
    if not any(name == ROLL_OUT for name, _ in run.workflow.steps):
        return None
    service = run.inputs.get("service") or run.repository.name
    return run.repository.full_name, service, run.inputs.get("environment", "")
