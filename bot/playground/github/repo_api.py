"""The part of GitHub's REST API that reads repositories, commits and people."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import web

from bot.playground.door import Answer, Call, Refused
from bot.playground.github.commit_documents import CommitDocuments
from bot.playground.github.documents import APP_ID, APP_SLUG, INSTALLATION_ID, Documents
from bot.playground.github.door import APP_LOGIN, GitHubDoor, actor_of, error, page_of, refusal, token_of
from bot.playground.github.repos import CheckRun, Commit, CommitStatus, Repository
from bot.playground.github.run_documents import check_of
from bot.playground.github.runs import Runs
from bot.playground.stamps import iso, number_for

MOST_COMPARED = 250


@dataclass(slots=True)
class Shelf:
    """The repositories, what renamed ones are called now, and the teams of the organization."""

    owner: str
    repositories: dict[str, Repository] = field(default_factory=dict)  # by full name
    renamed: dict[str, str] = field(default_factory=dict)  # old full name -> new one
    teams: dict[str, list[str]] = field(default_factory=dict)  # slug -> logins
    is_installed: bool = True  # the App, on the organization

    def repository(self, call: Call) -> Repository:
        """The repository that a call names; refused with 404, or 301 for an old name."""
        name = f"{call.part('owner')}/{call.part('repo')}".casefold()
        if name in self.renamed:
            raise Refused(_moved(call, name, self.renamed[name]))
        if name not in self.repositories:
            raise refusal(404, "Not Found")
        return self.repositories[name]


class RepositoryApi:
    """Answers questions about repositories."""

    def __init__(self, door: GitHubDoor, shelf: Shelf, runs: Runs, documents: Documents) -> None:
        self._door = door
        self._shelf = shelf
        self._runs = runs
        self._documents = documents
        self._commits = CommitDocuments(documents)

    def routes(self) -> list[web.RouteDef]:
        """The routes of this part; longer paths come before the ref that could swallow them."""
        repo = "/repos/{owner}/{repo}"
        on = self._door.on
        return [
            on("POST", "/app/installations/{id}/access_tokens", self.create_token),
            on("GET", "/app", self.show_app),
            on("GET", "/user", self.show_user),
            on("POST", "/graphql", self.answer_graphql),
            on("GET", "/orgs/{org}/teams/{slug}/members", self.list_members),
            on("GET", "/rate_limit", self.show_rate_limit),
            on("GET", repo + "/environments", self.list_environments),
            on("GET", repo + "/installation", self.show_installation),
            on("GET", repo + "/tags", self.list_tags),
            on("GET", repo + "/branches", self.list_branches),
            on("GET", repo + "/git/matching-refs/{ref:.+}", self.list_matching_refs),
            on("GET", repo + "/compare/{basehead:.+}", self.compare),
            on("GET", repo + "/contents/{path:.+}", self.show_content),
            on("GET", repo + "/commits/{ref}/pulls", self.list_pulls),
            on("GET", repo + "/commits/{ref}/check-runs", self.list_check_runs),
            on("GET", repo + "/commits/{ref}/status", self.show_combined_status),
            on("GET", repo + "/commits/{ref}/statuses", self.list_statuses),
            on("GET", repo + "/commits/{ref:.+}", self.show_commit),
            on("GET", repo, self.show_repository),
        ]

    async def create_token(self, call: Call) -> Answer:
        """POST an App's JWT, get a token of its installation for an hour."""
        if call.part("id") != str(INSTALLATION_ID) or "." not in token_of(call):
            return error(404, "Not Found")
        expires = iso(self._door.world.clock.now() + 3600)
        token = {"token": "ghs_playground_installation", "expires_at": expires}
        return Answer(
            201, {**token, "permissions": self._documents.permissions, "repository_selection": "all"}
        )

    async def show_app(self, _: Call) -> Answer:
        """The App that the bot is."""
        return Answer(200, self._documents.app(APP_ID, APP_SLUG))

    async def show_user(self, call: Call) -> Answer:
        """The person behind a personal token; an App's token has none."""
        login = actor_of(call)
        if login == APP_LOGIN:
            return error(403, "Resource not accessible by integration")
        return Answer(200, self._documents.user(login))

    async def answer_graphql(self, call: Call) -> Answer:
        """The one question that is known here: who asks."""
        if call.fields.get("query") != "{viewer{login}}":
            return Answer(200, {"errors": [{"message": "the playground knows only {viewer{login}}"}]})
        return Answer(200, {"data": {"viewer": {"login": actor_of(call)}}})

    async def list_members(self, call: Call) -> Answer:
        """The members of a team."""
        members = self._shelf.teams.get(call.part("slug"))
        if members is None or call.part("org") != self._shelf.owner:
            return error(404, "Not Found")
        shown, headers = page_of(call, members)
        return Answer(200, [self._documents.user(login) for login in shown], headers)

    async def show_installation(self, call: Call) -> Answer:
        """The App's installation on a repository."""
        repository = self._shelf.repository(call)
        if not (self._shelf.is_installed and repository.is_selected):
            return error(404, "Not Found")
        return Answer(200, self._documents.installation(repository.owner))

    async def show_rate_limit(self, _: Call) -> Answer:
        """What is left of the hour; it stands in the headers of every answer as well."""
        return Answer(200, {"resources": {}, "rate": {}})

    async def list_environments(self, call: Call) -> Answer:
        """The environments of a repository."""
        names = self._shelf.repository(call).environments
        shown, headers = page_of(call, names)
        listed = [{"id": number_for("environment", name), "name": name} for name in shown]
        return Answer(200, {"total_count": len(names), "environments": listed}, headers)

    async def show_repository(self, call: Call) -> Answer:
        """One repository."""
        return Answer(200, self._documents.full_repository(self._shelf.repository(call)))

    async def list_tags(self, call: Call) -> Answer:
        """Tags, newest first."""
        repository = self._shelf.repository(call)
        shown, headers = page_of(call, list(reversed(repository.tags.items())))
        return Answer(200, [self._documents.tag(repository, name, sha) for name, sha in shown], headers)

    async def list_branches(self, call: Call) -> Answer:
        """Branches, in the order of their names."""
        repository = self._shelf.repository(call)
        shown, headers = page_of(call, sorted(repository.branches.items()))
        return Answer(200, [self._documents.branch(repository, name, sha) for name, sha in shown], headers)

    async def list_matching_refs(self, call: Call) -> Answer:
        """Refs that begin with a name; none is an empty list, not an error."""
        repository = self._shelf.repository(call)
        wanted = "refs/" + call.part("ref")
        found = [(name, sha) for name, sha in repository.refs().items() if name.startswith(wanted)]
        return Answer(200, [self._documents.ref(repository, name, sha) for name, sha in found])

    async def show_commit(self, call: Call) -> Answer:
        """One commit by SHA, short SHA, branch or tag."""
        repository = self._shelf.repository(call)
        commit = repository.commits[_sha(repository, call.part("ref"))]
        return Answer(200, self._commits.commit(repository, commit, files=True))

    async def compare(self, call: Call) -> Answer:
        """What lies between base and head; commits oldest first, 250 unless pages are asked for."""
        repository = self._shelf.repository(call)
        base, dots, head = call.part("basehead").partition("...")
        ends = [repository.resolve(base), repository.resolve(head)]
        if not dots or ends[0] is None or ends[1] is None:
            return error(404, "Not Found")
        found = repository.compare(ends[0], ends[1])
        shown, headers = _compared(call, found.commits)
        return Answer(200, self._commits.comparison(repository, ends[0], ends[1], found, shown), headers)

    async def list_pulls(self, call: Call) -> Answer:
        """The pull requests that brought a commit."""
        repository = self._shelf.repository(call)
        shown, headers = page_of(call, repository.pulls_of(_sha(repository, call.part("ref"))))
        return Answer(200, [self._commits.pull(repository, pull) for pull in shown], headers)

    async def list_check_runs(self, call: Call) -> Answer:
        """The check runs of a commit; only the newest of each name unless `filter=all`."""
        repository = self._shelf.repository(call)
        sha = _sha(repository, call.part("ref"))
        found = repository.checks_on(sha, latest=call.asked("filter", "latest") != "all")
        runs = [run for run in [*self._jobs_on(repository, sha), *found] if _asked_for(call, run)]
        shown, headers = page_of(call, runs)
        listed = [self._commits.check_run(repository, run) for run in shown]
        return Answer(200, {"total_count": len(runs), "check_runs": listed}, headers)

    def _jobs_on(self, repository: Repository, sha: str) -> list[CheckRun]:
        """Each job of a workflow run is a check run of the commit that the workflow ran on."""
        self._runs.advance()
        ran = (run for run in self._runs.all if run.repository is repository and run.head_sha == sha)
        return [check_of(run) for run in ran if run.attempt.plan.steps]

    async def show_combined_status(self, call: Call) -> Answer:
        """The fold over the newest status of each context."""
        repository = self._shelf.repository(call)
        sha = _sha(repository, call.part("ref"))
        newest: Mapping[str, CommitStatus] = {
            said.context: said for said in reversed(repository.statuses_on(sha))
        }
        latest = list(newest.values())
        shown, headers = page_of(call, latest)
        return Answer(200, self._commits.combined_status(repository, sha, latest, shown), headers)

    async def list_statuses(self, call: Call) -> Answer:
        """Every status of a commit, newest first."""
        repository = self._shelf.repository(call)
        shown, headers = page_of(call, repository.statuses_on(_sha(repository, call.part("ref"))))
        return Answer(200, [self._commits.status(repository, said) for said in shown], headers)

    async def show_content(self, call: Call) -> Answer:
        """One file, base64, or as it is for the raw media type."""
        repository, path = self._shelf.repository(call), call.part("path")
        ref = call.asked("ref", repository.default_branch)
        if repository.resolve(ref) is None:
            return error(404, f"No commit found for the ref {ref}")
        if path not in repository.files:
            return error(404, "Not Found")
        if "raw" in call.http.headers.get("Accept", ""):
            return Answer(200, repository.files[path])
        return Answer(200, self._commits.content(repository, path, ref))


def _moved(call: Call, old: str, new: str) -> Answer:
    at = str(call.http.url).replace(f"/repos/{old}", f"/repos/{new}", 1)
    return Answer(301, {"message": "Moved Permanently", "url": at}, {"Location": at})


def _sha(repository: Repository, ref: str) -> str:
    sha = repository.resolve(ref)
    if sha is None:
        raise refusal(422, f"No commit found for SHA: {ref}")
    return sha


def _asked_for(call: Call, run: CheckRun) -> bool:
    facts = {"check_name": run.name, "status": run.status, "app_id": str(run.app_id)}
    return all(call.asked(name) in ("", fact) for name, fact in facts.items())


def _compared(call: Call, commits: tuple[Commit, ...]) -> tuple[list[Commit], dict[str, str]]:
    if not call.asked("page") and not call.asked("per_page"):
        return list(commits[:MOST_COMPARED]), {}
    return page_of(call, commits)
