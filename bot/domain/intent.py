"""The intent of a dispatch: what is started, by whom it was allowed, and how long its run was watched for."""

from dataclasses import dataclass

from bot.domain.policy import Rules

SETTLE = 180.0  # seconds after which a run that was started must be listed: far above deadline and lag


@dataclass(frozen=True, slots=True)
class Workflow:
    """What a dispatch starts: the catalog may name another one while the run of this one is still looked for."""

    repo: str
    file: str
    ref: str  # trusted: the file is taken from it


def workflow_of(rules: Rules) -> Workflow:
    """What a dispatch by these rules starts."""
    return Workflow(rules.service.repo, rules.deploy.workflow, rules.deploy.ref)


@dataclass(frozen=True, slots=True)
class Watch:
    """How long the list of runs has been watched since the intent: what passed between looks of one process.

    By CLOCK_BOOTTIME: a wall clock that jumps has not watched anything, and neither has a process that was down.
    """

    process: str  # nonce of the process that looked last
    boottime: float  # when it did, CLOCK_BOOTTIME seconds
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Intent:
    """The commit that a dispatch follows: what was true, and which process may send it until when."""

    number: int  # the try, from 1; facts name the try they answer
    at: float
    boottime: float  # CLOCK_BOOTTIME seconds
    process: str  # nonce of the process that may send without looking first
    approvers: tuple[str, ...]
    digest: str  # evidence
    workflow: Workflow
    inputs: str  # digest of the templates of what it is given
    watch: Watch
    tried: tuple[Workflow, ...] = ()  # others that earlier tries may have started
    unclear: str = ""  # what the answer to the POST was, when it was neither yes nor no
    sha: str = ""  # the commit that this try starts
    bound: str = ""  # the commit of a try that may have left: nothing is ever started for another one
    usual: float | None = None  # seconds that it usually takes here; None: nobody knows

    @property
    def workflows(self) -> tuple[Workflow, ...]:
        """Every workflow that a run of this promotion may be of, this try's first."""
        return (self.workflow, *self.tried)
