"""What people copy works: the example catalog and the example workflows."""

import os
import subprocess
from pathlib import Path

import pytest
import yaml

from bot.catalog import load_catalog
from bot.catalog.rules import DEFAULT_INPUTS
from bot.playground.slack.raw import Raw
from tests.documents import ROOT

EXAMPLES = ROOT / "examples"
WORKFLOWS = sorted((EXAMPLES / "workflows").glob("*.yml"))


def test_the_example_catalog_has_no_problem_and_no_warning() -> None:
    """A newcomer starts from a file that says nothing this version cannot do."""
    assert load_catalog(EXAMPLES / "promotions.yml").warnings == ()


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_a_workflow_takes_what_is_sent(file: Path) -> None:
    """Its inputs are those that the catalog sends by default, and its run's name carries the correlation id."""
    workflow = parsed(file)
    inputs = workflow["on"]["workflow_dispatch"]["inputs"]
    assert list(inputs) == [name for name, _ in DEFAULT_INPUTS]
    assert "${{ inputs.correlation_id }}" in workflow["run-name"]


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_a36_a_workflow_does_no_more_than_it_must(file: Path) -> None:
    """Its one job reads only, uses no third-party code, puts no input into a script, and ends by itself."""
    workflow = parsed(file)
    (job,) = workflow["jobs"].values()
    steps = job["steps"]
    assert workflow["permissions"] == {}
    assert job["permissions"] == {"actions": "read", "contents": "read"}
    assert job["timeout-minutes"] <= 30
    assert [step for step in steps if "uses" in step] == []
    assert [step["name"] for step in steps if "${{" in step["run"]] == []


def test_two_workflows_never_run_at_once_in_one_environment() -> None:
    """Deploy and rollback share one concurrency group per service and environment, and let a run finish."""
    place = "${{ inputs.service }}-${{ inputs.environment }}"
    groups = {file.stem: parsed(file)["concurrency"] for file in WORKFLOWS}
    assert groups == {
        name: {"group": f"{group}-{place}", "cancel-in-progress": False}
        for name, group in (("deploy", "deploy"), ("rollback", "deploy"), ("smoke", "smoke"))
    }


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_a34_the_first_step_proves_the_sha(file: Path, tmp_path: Path) -> None:
    """A commit of main is checked out; another branch's, a short one and a name are refused."""
    step = next(step for job in parsed(file)["jobs"].values() for step in job["steps"])
    origin, on_main, on_branch = repository(tmp_path / "origin")
    assert step["name"] == "Check the SHA"
    assert check(step["run"], origin, on_main, tmp_path / "good") == (0, on_main)
    assert "sesame" not in (tmp_path / "good" / ".git" / "config").read_text()
    for number, sha in enumerate((on_branch, on_main[:12], "main", "0" * 40)):
        assert check(step["run"], origin, sha, tmp_path / f"bad-{number}")[0] != 0
    for number, word in enumerate(("--force", "v1;true", "v1\n", "$(id)", "")):
        assert check(step["run"], origin, on_main, tmp_path / f"word-{number}", VERSION=word)[0] != 0


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
@pytest.mark.parametrize("name", ["SERVICE", "ENVIRONMENT", "VERSION"])
def test_an_input_says_nothing_to_the_runner(file: Path, name: str, tmp_path: Path) -> None:
    """What is not a name is refused by the input's own name, and no line of it is printed."""
    word = "v1\n::warning::said by an input\n::stop-commands::abc"
    step = next(step for job in parsed(file)["jobs"].values() for step in job["steps"])
    ran = run(step["run"], tmp_path, "0" * 40, tmp_path / "step", **{name: word})
    assert ran.returncode != 0
    assert ran.stdout + ran.stderr == f"::error::{name} is not a name\n"


def test_a67_the_repository_s_own_workflow_runs_the_check() -> None:
    """GitHub runs what .ci/run runs, with read access and no third-party code."""
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "check.yml").read_text())
    steps = workflow["jobs"]["check"]["steps"]
    assert steps[-1]["run"] == ".ci/run"
    assert workflow["permissions"] == {"contents": "read"}
    assert [step for step in steps if "uses" in step] == []
    assert (ROOT / ".ci" / "run").read_text().splitlines()[-1] == "exec make check"


def parsed(file: Path) -> Raw:
    """A workflow file; YAML 1.1 reads the key `on` as true."""
    workflow: Raw = yaml.safe_load(file.read_text())
    return {str(key).replace("True", "on"): value for key, value in workflow.items()}


def repository(folder: Path) -> tuple[Path, str, str]:
    """A git repository with a commit on main and one on another branch."""
    folder.mkdir()
    _git(folder, "init", "--quiet", "--initial-branch=main")
    commits = []
    for branch in ("main", "feature"):
        if branch != "main":
            _git(folder, "checkout", "--quiet", "-b", branch)
        _git(folder, "commit", "--quiet", "--allow-empty", "-m", f"on {branch}")
        commits.append(_git(folder, "rev-parse", "HEAD"))
    _git(folder, "config", "uploadpack.allowAnySHA1InWant", "true")
    return folder, commits[0], commits[1]


def run(script: str, origin: Path, sha: str, place: Path, **words: str) -> "subprocess.CompletedProcess[str]":
    """Run a step as GitHub does, in an empty folder."""
    place.mkdir()
    names = {"SERVICE": "checkout", "ENVIRONMENT": "production", "VERSION": "v2.14.3", **words}
    environment = {**_quiet_git(), **names, "SHA": sha, "REPOSITORY": str(origin), "TOKEN": "sesame"}
    return subprocess.run(
        ["bash", "-e", "-c", script], cwd=place, env=environment, capture_output=True, text=True
    )


def check(script: str, origin: Path, sha: str, place: Path, **words: str) -> tuple[int, str]:
    """The exit code of a step, and what is checked out after it."""
    ran = run(script, origin, sha, place, **words)
    head = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=place, env=_quiet_git(), capture_output=True, text=True
    )
    return ran.returncode, head.stdout.strip()


def _git(folder: Path, *words: str) -> str:
    ran = subprocess.run(
        ["git", *words], cwd=folder, env=_quiet_git(), capture_output=True, text=True, check=True
    )
    return ran.stdout.strip()


def _quiet_git() -> dict[str, str]:
    """An environment in which git asks nobody and reads nobody's configuration."""
    name = {"GIT_AUTHOR_NAME": "ana", "GIT_COMMITTER_NAME": "ana"}
    mail = {"GIT_AUTHOR_EMAIL": "ana@example.com", "GIT_COMMITTER_EMAIL": "ana@example.com"}
    alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0"}
    return {"PATH": os.environ["PATH"], **name, **mail, **alone}
