"""GitHub's JSON documents for people, the App, repositories and their refs.

They carry every key that a typed client (githubkit) insists on, so that what parses here parses there.
"""

import base64

from bot.playground.door import Door
from bot.playground.github.repos import Repository
from bot.playground.stamps import iso, number_for

Document = dict[str, object]
APP_ID = 4242
APP_SLUG = "greenlight"
INSTALLATION_ID = 42
PERMISSIONS = {
    "actions": "write",
    "checks": "read",
    "contents": "read",
    "members": "read",
    "metadata": "read",
    "statuses": "read",
}

REPOSITORY_LINKS = (
    "archive", "assignees", "blobs", "branches", "collaborators", "comments", "commits", "compare",
    "contents", "contributors", "deployments", "downloads", "events", "forks", "git_commits", "git_refs",
    "git_tags", "issue_comment", "issue_events", "issues", "keys", "labels", "languages", "merges",
    "milestones", "notifications", "pulls", "releases", "stargazers", "statuses", "subscribers",
    "subscription", "tags", "teams", "trees", "hooks",
)  # fmt: skip
USER_LINKS = (
    "followers", "following", "gists", "starred", "subscriptions", "organizations", "repos", "events",
    "received_events",
)  # fmt: skip
COUNTS = (
    "forks_count", "stargazers_count", "watchers_count", "size", "open_issues_count", "subscribers_count",
    "network_count", "forks", "open_issues", "watchers",
)  # fmt: skip
SWITCHES = ("has_issues", "has_projects", "has_wiki", "has_pages", "has_discussions")


class Documents:
    """Writes documents with links that lead back to the simulator."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self.permissions = dict(PERMISSIONS)

    def api(self, *parts: object) -> str:
        """The address of a thing in the API."""
        return "/".join([self._door.url, *map(str, parts)])

    def web(self, *parts: object) -> str:
        """The address of a thing for people: the simulator's own pages."""
        return "/".join([self._door.url, *map(str, parts)])

    def user(self, login: str) -> Document:
        """A person or a bot, in short."""
        links = {f"{link}_url": self.api("users", login, link) for link in USER_LINKS}
        return {
            "login": login,
            "id": number_for("user", login),
            "node_id": node_id("U", login),
            "avatar_url": self.web(login + ".png"),
            "gravatar_id": "",
            "url": self.api("users", login),
            "html_url": self.web(login),
            **links,
            "type": "Bot" if login.endswith("[bot]") else "User",
            "site_admin": False,
        }

    def organization(self, login: str) -> Document:
        """The owner of the repositories."""
        return {**self.user(login), "type": "Organization"}

    def repository(self, repository: Repository) -> Document:
        """A repository in short, as other documents embed it."""
        links = {f"{link}_url": self.api("repos", repository.full_name, link) for link in REPOSITORY_LINKS}
        return {
            "id": repository.id,
            "node_id": node_id("R", repository.full_name),
            "name": repository.name,
            "full_name": repository.full_name,
            "private": True,
            "owner": self.organization(repository.owner),
            "html_url": self.web(repository.full_name),
            "description": f"{repository.name} of the playground",
            "fork": False,
            "url": self.api("repos", repository.full_name),
            **links,
            "default_branch": repository.default_branch,
            "archived": False,
            "disabled": False,
            "visibility": "private",
        }

    def full_repository(self, repository: Repository) -> Document:
        """A repository as its own address answers it."""
        newest = repository.commits[repository.branches[repository.default_branch]]
        at, address = iso(newest.at), self.web(repository.full_name)
        return {
            **self.repository(repository),
            **dict.fromkeys(["git_url", "ssh_url", "clone_url", "svn_url"], address + ".git"),
            **dict.fromkeys(COUNTS, 0),
            **dict.fromkeys(SWITCHES, False),
            **dict.fromkeys(["mirror_url", "homepage", "language", "license"], None),
            **dict.fromkeys(["pushed_at", "created_at", "updated_at"], at),
            "permissions": {"admin": False, "push": repository.may_push, "pull": True},
        }

    def ref(self, repository: Repository, name: str, sha: str) -> Document:
        """A git ref and the commit it points to."""
        return {
            "ref": name,
            "node_id": node_id("REF", repository.full_name, name),
            "url": self.api("repos", repository.full_name, "git", name),
            "object": self.pointer(repository, sha) | {"type": "commit"},
        }

    def tag(self, repository: Repository, name: str, sha: str) -> Document:
        """A tag as the list of tags has it."""
        return {
            "name": name,
            "zipball_url": self.api("repos", repository.full_name, "zipball/refs/tags", name),
            "tarball_url": self.api("repos", repository.full_name, "tarball/refs/tags", name),
            "commit": self.pointer(repository, sha),
            "node_id": node_id("REF", repository.full_name, name),
        }

    def branch(self, repository: Repository, name: str, sha: str) -> Document:
        """A branch as the list of branches has it."""
        protected = name == repository.default_branch
        return {"name": name, "commit": self.pointer(repository, sha), "protected": protected}

    def app(self, app_id: int, slug: str) -> Document:
        """A GitHub App."""
        epoch = iso(0)
        return {
            "id": app_id,
            "slug": slug,
            "node_id": node_id("A", slug),
            "client_id": "Iv1.playground",
            "owner": self.organization("acme"),
            "name": slug.replace("-", " ").title(),
            "description": None,
            "external_url": self.web("apps", slug),
            "html_url": self.web("apps", slug),
            "created_at": epoch,
            "updated_at": epoch,
            "permissions": self.permissions,
            "events": ["workflow_run", "workflow_job"],
        }

    def installation(self, owner: str) -> Document:
        """The bot's App as it is installed in the organization."""
        epoch = iso(0)
        return {
            "id": INSTALLATION_ID,
            "account": self.organization(owner),
            "repository_selection": "all",
            "access_tokens_url": self.api("app/installations", INSTALLATION_ID, "access_tokens"),
            "repositories_url": self.api("installation/repositories"),
            "html_url": self.web("organizations", owner, "settings/installations", INSTALLATION_ID),
            "app_id": APP_ID,
            "app_slug": APP_SLUG,
            "target_id": number_for("user", owner),
            "target_type": "Organization",
            "permissions": self.permissions,
            "events": ["workflow_run", "workflow_job"],
            "created_at": epoch,
            "updated_at": epoch,
            "single_file_name": None,
            "suspended_by": None,
            "suspended_at": None,
        }

    def pointer(self, repository: Repository, sha: str) -> Document:
        """A commit as refs point to it."""
        return {"sha": sha, "url": self.api("repos", repository.full_name, "commits", sha)}


def node_id(*words: str) -> str:
    """The opaque id that GitHub's GraphQL would know a thing by."""
    return base64.b64encode(":".join(words).encode()).decode()
