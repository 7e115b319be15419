"""What a version may be, and where a workflow's inputs may go: nothing that is typed is ever run or looked up as more."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.deploys.workflow import inputs_of
from bot.domain.opening import is_version
from bot.domain.policy import Kind
from bot.store.protocol import Query
from tests.documents import ROOT
from tests.domain.builders import promotion
from tests.small_catalog import catalog_of
from tests.stories.moments import rests
from tests.stories.story import Story

WORKFLOWS = sorted((ROOT / "examples" / "workflows").glob("*.yml"))
OWN = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
FULL_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
HARMLESS = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+/-]*")
ASKED_OF_GITHUB = re.compile(r"/repos/acme/checkout(/[A-Za-z0-9._+/-]*)?")
HOSTILE = (
    "HEAD~1", "HEAD", "refs/heads/main", "refs/pull/1/merge", "-x", "--upload-pack=id", "main@{1}", "a..b", "a//b",
    "../../inventory/commits/main", "..%2f..%2finventory", "main%00", "v1?per_page=1", "v1#x", "$(id)", "`id`",
    "v1;id", '";id;"', "${{secrets.X}}", "v1\\x", "0" * 6, "abcdef", "0" * 40, "f" * 64,
)  # fmt: skip
VERSIONS = st.sampled_from(HOSTILE) | st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=40)
through_the_bot = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@through_the_bot
@given(text=VERSIONS)
@example(text="main\n/promote approve P-1")
@example(text="v2.14.3\x00")
async def test_a35_whatever_is_typed_as_a_version_is_one_full_sha_or_nothing(story: Story, text: str) -> None:
    """Through the whole bot: GitHub is asked for nothing outside of the repository, and no run starts by a name."""
    await story.ana.types(f"/promote checkout@{text} to staging because trying it out")
    await rests(story)
    asked = [one.path for one in story.asked("github") if "/actions/" not in one.path]
    assert [path for path in asked if not ASKED_OF_GITHUB.fullmatch(path.removeprefix("/sim/github"))] == []
    stored = [one.sha for one in await story.bot.store.find(Query()) if one.sha is not None]
    assert [sha for sha in stored if not FULL_SHA.fullmatch(sha)] == []
    assert story.dispatches() == []


async def test_a35_a_short_sha_that_fits_two_commits_is_no_version(story: Story) -> None:
    """Seven characters that two commits share name neither; a person has to say which one is meant."""
    repository = story.playground.github.repository("checkout")
    sha = story.playground.github.adds_commit("checkout", "one")
    twin = sha[:8] + ("0" if sha[8] != "0" else "1") * 32
    repository.commits[twin] = repository.commits[sha]
    await story.ana.types(f"/promote checkout@{sha[:7]} to dev because trying it out")
    await story.until("P-1", "rejected")
    assert story.dispatches() == []


@given(
    version=st.text(max_size=60).filter(is_version) | st.sampled_from(["v1.0.0", "feature/x", "a+b"]),
    reason=st.text(max_size=80),
    kind=st.sampled_from([Kind.PROMOTE, Kind.ROLLBACK]),
)
def test_a36_inputs_hold_no_character_that_a_shell_reads(version: str, reason: str, kind: Kind) -> None:
    """The version's grammar, names of the catalog, ids and hex: that is all, and no reason that somebody typed."""
    asked = replace(promotion(kind), version=version, reason=f"{reason} sesame", sha="a" * 40)
    given_to_workflow = inputs_of(asked, catalog_of().rules("shop", "dev", kind))
    assert [value for value in given_to_workflow.values() if not HARMLESS.fullmatch(value)] == []
    assert "sesame" not in str(given_to_workflow)


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_a36_inputs_reach_a_shipped_workflow_as_environment_only(file: Path) -> None:
    """No `${{ … }}` stands in a script or a shell's name: what is an input is a variable, which no shell runs."""
    workflow = yaml.safe_load(file.read_text())
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    scripts = [step[key] for step in steps for key in ("run", "shell", "working-directory") if key in step]
    assert scripts
    assert [script for script in scripts if "${{" in script] == []
    assert [script for script in scripts if re.search(r"\beval\b|\bbash -c\b|\bsh -c\b", script)] == []
    held = {path for path, text in _expressions(workflow) if "inputs." in text}
    assert {path.split(".")[0] for path in held if not path.endswith(".environment")} <= {
        "env",
        "run-name",
        "concurrency",
    }


@pytest.mark.parametrize("file", OWN, ids=lambda file: file.name)
def test_a67_our_own_workflows_are_no_way_in(file: Path) -> None:
    """Read-only token, code of others only by its full SHA, no secrets, nothing that runs a fork's code with rights."""
    text = file.read_text()
    workflow: dict[object, Any] = yaml.safe_load(text)
    events = set(workflow.get("on") or workflow.get(True) or ())
    assert events
    assert not {"pull_request_target", "workflow_run", "issue_comment"} & events
    assert set(workflow["permissions"].values()) <= {"read"}
    jobs = workflow["jobs"].values()
    assert not [job for job in jobs if "permissions" in job or job.get("secrets") == "inherit"]
    used = [step["uses"] for job in jobs for step in job["steps"] if "uses" in step]
    assert [use for use in used if not re.search(r"@[0-9a-f]{40}$", use)] == []
    scripts = [step["run"] for job in jobs for step in job["steps"] if "run" in step]
    assert [script for script in scripts if "${{" in script] == []
    assert "secrets." not in text


def _expressions(node: object, path: str = "") -> list[tuple[str, str]]:
    """Every text with an expression, and where it stands."""
    if isinstance(node, dict):
        return [
            one for key, value in node.items() for one in _expressions(value, f"{path}.{key}".lstrip("."))
        ]
    if isinstance(node, list):
        return [one for value in node for one in _expressions(value, path)]
    return [(path, node)] if isinstance(node, str) and "${{" in node else []
