"""The repositories of a new playground: tags on main, an unmerged branch, a commit of a fork."""

import re
from collections.abc import Iterable

from bot.playground.github.repos import CheckRun, Commit, CommitStatus, PullRequest, Repository
from bot.playground.github.workflows import WORKFLOWS
from bot.playground.stamps import number_for
from bot.playground.world import World, sha_for

ACTIONS_APP = (15368, "github-actions")
HOUR = 3600.0
FIRST_PULL = 801
VERSIONS = {"checkout": ("v2.14.0", "v2.14.1", "v2.14.2", "v2.14.3", "v2.15.0")}
OTHER_VERSIONS = ("v1.0.0", "v1.1.0", "v1.2.0")
CHANGES = (
    ("Fix EUR refunds", "src/refunds.py"),
    ("Bump dependencies", "requirements.lock"),
    ("Log the trace id", "src/tracing.py"),
    ("Show the tax line", "src/receipt.py"),
    ("Retry card timeouts", "src/cards.py"),
)


def build_repository(world: World, owner: str, service: str) -> Repository:
    """The repository of `service` with every version that the world serves, checks green on each commit."""
    repository = Repository(number_for(owner, service), owner, service)
    repository.files = _files(service)
    tip: tuple[str, ...] = ()
    versions = _versions(world, service)
    for index, version in enumerate(versions):
        at = world.clock.now() - (len(versions) - index) * 20 * HOUR
        tip = _add_release(repository, service, version, tip, at)
    repository.branches[repository.default_branch] = tip[0]
    _add_strays(world, repository, service, versions[-2])
    return repository


def add_green_checks(repository: Repository, sha: str, at: float) -> None:
    """Say of a commit that its build, its tests and its coverage are fine."""
    for name in ("build", "test"):
        run_id = 1_000 + len(repository.checks)
        app_id, app_slug = ACTIONS_APP
        run = CheckRun(run_id, name, sha, "completed", "success", at, at + 90, app_id, app_slug)
        repository.checks.append(run)
    said_id = 5_000 + len(repository.statuses)
    said = CommitStatus(said_id, "coverage", sha, "success", "92 % (+0.1 %)", at + 95, "coverage-bot")
    repository.statuses.append(said)


def _versions(world: World, service: str) -> list[str]:
    served = {release.version for (name, _), release in world.serving.items() if name == service}
    return sorted({*VERSIONS.get(service, OTHER_VERSIONS), *served}, key=_by_number)


def _by_number(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version))


def _add_release(
    repository: Repository, service: str, version: str, tip: tuple[str, ...], at: float
) -> tuple[str, ...]:
    """Three merged changes, the last of which is the release; returns the new tip as a parent list."""
    for number in (1, 2, 3):
        sha = sha_for(service, version if number == 3 else f"{version}-{number}")
        _merge_change(repository, sha, tip, at + number * HOUR)
        tip = (sha,)
    repository.tags[version] = tip[0]
    return tip


def _merge_change(repository: Repository, sha: str, parents: tuple[str, ...], at: float) -> None:
    number = FIRST_PULL + len(repository.pulls)
    title, path = CHANGES[number % len(CHANGES)]
    login = ("ana-dev", "eli-dev")[number % 2]
    repository.commits[sha] = Commit(sha, parents, f"{title} (#{number})", login, at, (path,))
    repository.pulls.append(PullRequest(number, title, login, sha, at))
    add_green_checks(repository, sha, at)


def _add_strays(world: World, repository: Repository, service: str, version: str) -> None:
    """A branch that is not merged, and a commit on no branch at all: a fork's, seen through its parent."""
    parents, at = (repository.tags[version],), world.clock.now() - HOUR
    branch, fork = sha_for(service, "feature/limits"), sha_for(service, "fork")
    repository.commits[branch] = Commit(branch, parents, "Try limits", "ana-dev", at, ("src/limits.py",))
    repository.branches["feature/limits"] = branch
    repository.commits[fork] = Commit(fork, parents, "Refund me", "mallory", at, ("src/refunds.py",), False)
    for sha in (branch, fork):
        add_green_checks(repository, sha, at)


def _files(service: str) -> dict[str, str]:
    flows: Iterable[tuple[str, str]] = ((flow.path, flow.text()) for flow in WORKFLOWS)
    return {
        **dict(flows),
        ".github/CODEOWNERS": "* @acme/payments\n/.github/ @acme/release-managers\n",
        "README.md": f"# {service}\n\nOne of the services of the playground.\n",
    }
