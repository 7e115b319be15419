"""GitHub's JSON documents for commits and what is said about them: checks, statuses, pull requests, files."""

import base64

from bot.playground.github.documents import Document, Documents, node_id
from bot.playground.github.repos import (
    CheckRun,
    Commit,
    CommitStatus,
    Comparison,
    PullRequest,
    Repository,
    combined_state,
)
from bot.playground.stamps import iso, iso_or_none, number_for


class CommitDocuments:
    """Writes documents on one commit."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def commit(self, repository: Repository, commit: Commit, *, files: bool = False) -> Document:
        """A commit; with `files` also the paths it changed."""
        signed = {"name": commit.login, "email": f"{commit.login}@acme.example", "date": iso(commit.at)}
        at = self._documents.api("repos", repository.full_name, "commits", commit.sha)
        changed = [self._file(repository, commit, path) for path in commit.files]
        return {
            "sha": commit.sha,
            "node_id": node_id("C", commit.sha),
            "url": at,
            "html_url": self._documents.web(repository.full_name, "commit", commit.sha),
            "comments_url": at + "/comments",
            "commit": {
                "url": at.replace("/commits/", "/git/commits/"),
                "author": signed,
                "committer": signed,
                "message": commit.message,
                "comment_count": 0,
                "tree": {
                    "sha": commit.sha[::-1],
                    "url": self._documents.api("repos", repository.full_name, "git/trees"),
                },
                "verification": _verification(commit),
            },
            "author": self._documents.user(commit.login),
            "committer": self._documents.user(commit.login),
            "parents": [{"sha": sha, "url": at.replace(commit.sha, sha)} for sha in commit.parents],
            **({"stats": {"total": 5, "additions": 4, "deletions": 1}, "files": changed} if files else {}),
        }

    def comparison(
        self, repository: Repository, base: str, head: str, found: Comparison, shown: list[Commit]
    ) -> Document:
        """A comparison of two commits, of whose commits one page is shown."""
        span = f"{base}...{head}"
        web = self._documents.web(repository.full_name, "compare", span)
        paths = {path: commit for commit in found.commits for path in commit.files}
        return {
            "url": self._documents.api("repos", repository.full_name, "compare", span),
            "html_url": web,
            "permalink_url": web,
            "diff_url": web + ".diff",
            "patch_url": web + ".patch",
            "base_commit": self.commit(repository, repository.commits[base]),
            "merge_base_commit": self.commit(repository, repository.commits[found.merge_base]),
            "status": found.status,
            "ahead_by": found.ahead_by,
            "behind_by": found.behind_by,
            "total_commits": found.ahead_by,
            "commits": [self.commit(repository, commit) for commit in shown],
            "files": [self._file(repository, commit, path) for path, commit in paths.items()],
        }

    def check_run(self, repository: Repository, run: CheckRun) -> Document:
        """One check run on a commit."""
        app = self._documents.app(run.app_id, run.app_slug)
        return {
            "id": run.id,
            "name": run.name,
            "node_id": node_id("CR", str(run.id)),
            "head_sha": run.sha,
            "external_id": "",
            "url": self._documents.api("repos", repository.full_name, "check-runs", run.id),
            "html_url": self._documents.web(repository.full_name, "runs", run.id),
            "details_url": self._documents.web(repository.full_name, "runs", run.id),
            "status": run.status,
            "conclusion": run.conclusion,
            "started_at": iso(run.started_at),
            "completed_at": iso_or_none(run.completed_at),
            "output": {
                "title": run.name,
                "summary": run.conclusion or run.status,
                "text": None,
                "annotations_count": 0,
                "annotations_url": self._documents.api(
                    "repos", repository.full_name, "check-runs", run.id, "annotations"
                ),
            },
            "check_suite": {"id": run.suite or number_for("suite", run.sha, str(run.app_id))},
            "app": app,
            "pull_requests": [],
        }

    def status(self, repository: Repository, said: CommitStatus) -> Document:
        """One commit status."""
        return {
            "url": self._documents.api("repos", repository.full_name, "statuses", said.sha),
            "avatar_url": None,
            "id": said.id,
            "node_id": node_id("SC", str(said.id)),
            "state": said.state,
            "description": said.description,
            "target_url": self._documents.web(repository.full_name, "status", said.id),
            "context": said.context,
            "created_at": iso(said.at),
            "updated_at": iso(said.at),
            "creator": self._documents.user(said.login),
        }

    def combined_status(
        self, repository: Repository, sha: str, latest: list[CommitStatus], shown: list[CommitStatus]
    ) -> Document:
        """The fold over the newest status of each context."""
        return {
            "state": combined_state(latest),
            "statuses": [self.status(repository, said) for said in shown],
            "sha": sha,
            "total_count": len(latest),
            "repository": self._documents.repository(repository),
            "commit_url": self._documents.api("repos", repository.full_name, "commits", sha),
            "url": self._documents.api("repos", repository.full_name, "commits", sha, "status"),
        }

    def pull(self, repository: Repository, pull: PullRequest) -> Document:
        """A merged pull request; the keys that people read, not the sixty links."""
        return {
            "id": number_for("pull", repository.full_name, str(pull.number)),
            "number": pull.number,
            "state": "closed",
            "title": pull.title,
            "user": self._documents.user(pull.login),
            "url": self._documents.api("repos", repository.full_name, "pulls", pull.number),
            "html_url": self._documents.web(repository.full_name, "pull", pull.number),
            "merged_at": iso(pull.merged_at),
            "merge_commit_sha": pull.merge_sha,
            "base": {"ref": repository.default_branch, "repo": self._documents.repository(repository)},
            "labels": [],
        }

    def content(self, repository: Repository, path: str, ref: str) -> Document:
        """One file of a repository, base64."""
        text = repository.files[path].encode()
        at = self._documents.api("repos", repository.full_name, "contents", path) + f"?ref={ref}"
        return {
            "type": "file",
            "encoding": "base64",
            "size": len(text),
            "name": path.rpartition("/")[2],
            "path": path,
            "content": base64.encodebytes(text).decode(),
            "sha": f"{number_for(path, text.decode()):040x}",
            "url": at,
            "git_url": at,
            "html_url": self._documents.web(repository.full_name, "blob", ref, path),
            "download_url": at,
            "_links": {"self": at, "git": at, "html": at},
        }

    def _file(self, repository: Repository, commit: Commit, path: str) -> Document:
        at = self._documents.web(repository.full_name, "blob", commit.sha, path)
        links = dict.fromkeys(["blob_url", "raw_url", "contents_url"], at)
        counts = {"additions": 4, "deletions": 1, "changes": 5}
        return {"sha": commit.sha, "filename": path, "status": "modified", **counts, **links}


def _verification(commit: Commit) -> Document:
    reason = "valid" if commit.verified else "unsigned"
    return {
        "verified": commit.verified,
        "reason": reason,
        "signature": None,
        "payload": None,
        "verified_at": iso(commit.at) if commit.verified else None,
    }
