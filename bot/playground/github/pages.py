"""Pages for people that links of the GitHub simulator lead to: a run, a comparison, a pull request, a commit."""

from aiohttp import web

from bot.playground.github.door import BASE
from bot.playground.github.plans import Step
from bot.playground.github.repo_api import Shelf
from bot.playground.github.repos import Commit, PullRequest, Repository
from bot.playground.github.runs import Run, Runs
from bot.playground.sheets import Line, Part, Sheet, facts, moment, nothing, shown
from bot.playground.world import World

VENDOR = "GitHub"


class Pages:
    """One page for each thing that a link of the bot may name; it shows what the simulator knows now."""

    def __init__(self, world: World, shelf: Shelf, runs: Runs) -> None:
        self._world = world
        self._shelf = shelf
        self._runs = runs

    def routes(self) -> list[web.RouteDef]:
        """Pages live below owner/name, which no address of the API starts with."""
        repository = f"{BASE}/{self._shelf.owner}/{{repo}}"
        return [
            web.get(repository + r"/actions/runs/{run_id:\d+}{rest:.*}", self.show_run),
            web.get(repository + r"/compare/{base:[^/]+?}...{head:[^/]+}", self.show_comparison),
            web.get(repository + r"/pull/{number:\d+}", self.show_pull),
            web.get(repository + r"/commit/{sha:[0-9a-f]+}", self.show_commit),
            web.get(repository + "{rest:.*}", self.show_anything),
        ]

    async def show_run(self, http: web.Request) -> web.Response:
        """A run, its steps as they stand, and its inputs."""
        self._runs.advance()
        run = self._runs.find(int(http.match_info["run_id"]))
        return _missing(http) if run is None else shown(self._sheet_of(run))

    async def show_comparison(self, http: web.Request) -> web.Response:
        """The commits of one version that another one lacks, newest first."""
        repository = self._repository(http)
        base, head = (
            repository.resolve(http.match_info[end]) if repository else None for end in ("base", "head")
        )
        if repository is None or base is None or head is None:
            return _missing(http)
        found = repository.compare(base, head)
        commits = tuple(_commit_line(repository, commit) for commit in reversed(found.commits))
        title = f"{_named(repository, base)} … {_named(repository, head)}"
        lead = f"{found.ahead_by} commits ahead, {found.behind_by} behind"
        part = Part("Commits", commits, "There is no commit that the older one lacks.")
        return shown(Sheet(VENDOR, repository.full_name, title, lead, found.status, (part,)))

    async def show_pull(self, http: web.Request) -> web.Response:
        """A merged pull request."""
        repository, number = self._repository(http), int(http.match_info["number"])
        pull = next((one for one in repository.pulls if one.number == number), None) if repository else None
        return _missing(http) if repository is None or pull is None else shown(_pull(repository, pull))

    async def show_commit(self, http: web.Request) -> web.Response:
        """A commit, the files that it changed and the checks that ran on it."""
        repository = self._repository(http)
        sha = repository.resolve(http.match_info["sha"]) if repository else None
        if repository is None or sha is None:
            return _missing(http)
        return shown(_commit(repository, repository.commits[sha]))

    async def show_anything(self, http: web.Request) -> web.Response:
        """Whatever else a link names."""
        return nothing(VENDOR, http.path.removeprefix(BASE + "/"))

    def _repository(self, http: web.Request) -> Repository | None:
        return self._shelf.repositories.get(f"{self._shelf.owner}/{http.match_info['repo']}".casefold())

    def _sheet_of(self, run: Run) -> Sheet:
        attempt, elapsed = run.attempt, run.attempt.elapsed(self._world.clock.now())
        ended = attempt.conclusion is not None
        steps = tuple(_step_line(step, attempt.plan.end if ended else elapsed) for step in attempt.plan.steps)
        lead = f"Run {run.id}, attempt {attempt.number}, started {moment(run.created_at)} by {run.actor}"
        return Sheet(
            VENDOR,
            f"{run.repository.full_name} / {run.workflow.file} on {run.ref}",
            run.workflow.title(run.inputs),
            lead,
            attempt.conclusion or attempt.status,
            (Part("Steps", steps, "No step ran."), facts("Inputs", run.inputs.items())),
        )


def _missing(http: web.Request) -> web.Response:
    return nothing(VENDOR, http.path.removeprefix(BASE + "/"), status=404)


def _step_line(step: Step, elapsed: float) -> Line:
    status = step.status_at(elapsed)
    if status != "completed":
        return Line(step.name, state=status)
    return Line(step.name, f"{step.end - step.start:.0f} s", state=step.conclusion)


def _commit_line(repository: Repository, commit: Commit) -> Line:
    pull = next(iter(repository.pulls_of(commit.sha)), None)
    words = f"{pull.title} #{pull.number}" if pull else commit.message.splitlines()[0]
    target = _address(repository, f"pull/{pull.number}" if pull else f"commit/{commit.sha}")
    return Line(words, f"{commit.login} · {commit.sha[:7]}", target)


def _pull(repository: Repository, pull: PullRequest) -> Sheet:
    lead = f"{pull.login} merged it into {repository.default_branch} on {moment(pull.merged_at)}"
    commit = Line(pull.merge_sha[:7], link=_address(repository, f"commit/{pull.merge_sha}"))
    title = f"{pull.title} #{pull.number}"
    return Sheet(VENDOR, repository.full_name, title, lead, "merged", (Part("Merge commit", (commit,)),))


def _commit(repository: Repository, commit: Commit) -> Sheet:
    checks = tuple(
        Line(run.name, run.app_slug, state=run.conclusion or run.status)
        for run in repository.checks_on(commit.sha, latest=True)
    )
    parts = (
        Part("Files", tuple(Line(name) for name in commit.files), "No file is listed."),
        Part("Checks", checks, "No check ran on this commit."),
    )
    place = f"{repository.full_name} / {commit.sha}"
    return Sheet(VENDOR, place, commit.message, f"{commit.login}, {moment(commit.at)}", parts=parts)


def _named(repository: Repository, sha: str) -> str:
    return next((name for name, meant in reversed(repository.tags.items()) if meant == sha), sha[:7])


def _address(repository: Repository, rest: str) -> str:
    return f"{BASE}/{repository.full_name}/{rest}"
