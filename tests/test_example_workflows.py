"""The example workflows as GitHub, three linters and a runner see them: their guards are executed, not read."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.playground.services import Services
from bot.playground.world import sha_for
from tests.deploy.judges import judged
from tests.documents import ROOT
from tests.playground.github_place import TOKEN, Place, github_place
from tests.playground.simulators import served
from tests.test_examples import EXAMPLES, WORKFLOWS, parsed

OURS = (*WORKFLOWS, *sorted((ROOT / ".github" / "workflows").glob("*.yml")))
FIRST_RUN, VERSION = (
    "Check that this is the first run for the promotion",
    "Check the version that is deployed",
)
CORRELATION = "0123456789abcdef" * 2
LAG = 5.0  # seconds until GitHub lists a run
INJECTED = "v1\n::warning::said by an input\n::stop-commands::abc"
PINNED = re.compile(r"[\w./-]+@[0-9a-f]{40}")


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    """A simulated GitHub."""
    async with github_place() as place:
        yield place


def named(file: Path) -> str:
    """A file as a test's name shows it."""
    return file.name


@pytest.mark.parametrize("file", OURS, ids=named)
def test_github_would_take_it(file: Path) -> None:
    """GitHub's own schema of workflow files."""
    code, said = judged("check-jsonschema", "--builtin-schema", "vendor.github-workflows", file)
    assert code == 0, said


@pytest.mark.parametrize("file", OURS, ids=named)
def test_a36_a67_zizmor_finds_nothing(file: Path) -> None:
    """The linter of workflows' security, offline, with everything that an auditor would ask."""
    code, said = judged("zizmor", "--offline", "--persona", "pedantic", "--no-progress", file)
    assert code == 0, said


@pytest.mark.parametrize("file", OURS, ids=named)
def test_actionlint_finds_nothing(file: Path) -> None:
    """Expressions and contexts are what they should be, where actionlint is installed."""
    code, said = judged("actionlint", "-no-color", file)
    assert code == 0, said


@pytest.mark.parametrize("file", OURS, ids=named)
def test_each_script_is_sound(file: Path, tmp_path: Path) -> None:
    """bash and shellcheck, or Python's compiler, take every step's script."""
    for number, step in enumerate(steps_of(file)):
        script = tmp_path / f"{number}.sh"
        if step.get("shell") == "python":
            compile(str(step["run"]), str(step["name"]), "exec")
            continue
        script.write_text(f"#!/usr/bin/env bash\n{step['run']}")
        assert judged("bash", "-n", script) == (0, "")
        assert judged("shellcheck", script) == (
            0,
            "",
        )


@pytest.mark.parametrize("file", OURS, ids=named)
def test_a67_what_is_used_is_pinned_to_a_commit(file: Path) -> None:
    """An action, if there is one, by its full SHA: a tag can be moved by whoever owns it."""
    used = [str(step["uses"]) for step in steps_of(file) if "uses" in step]
    assert [one for one in used if not PINNED.fullmatch(one)] == []


def test_smoke_can_be_called_as_it_can_be_started() -> None:
    """Whoever calls it gives what Greenlight gives, without what only names the promotion."""
    events = parsed(EXAMPLES / "workflows" / "smoke.yml")["on"]
    dispatched, called = (events[name]["inputs"] for name in ("workflow_dispatch", "workflow_call"))
    assert set(called) == set(dispatched) - {"promotion_id", "triggered_by"}
    assert all(called[name] == dispatched[name] for name in called)


@pytest.mark.parametrize("file", WORKFLOWS, ids=named)
async def test_a_second_run_for_a_promotion_ends_at_once(place: Place, file: Path) -> None:
    """An older run with the same correlation id is found, on whichever page; the first one goes on, so does another's."""
    workflow = file.name if file.name != "smoke.yml" else "deploy.yml"  # the simulated repository has these
    first, other, second = [
        await _started(place, workflow, nonce) for nonce in (CORRELATION, "f" * 32, CORRELATION)
    ]
    await place.passes(LAG)
    script = script_of(file, FIRST_RUN)
    assert await _runs(script, place, workflow, first, CORRELATION) == (0, "")
    assert await _runs(script, place, workflow, other, "f" * 32) == (0, "")
    code, said = await _runs(script, place, workflow, second, CORRELATION)
    assert code == 1
    assert re.search(rf"an older run is there for this promotion: http\S+/runs/{first}\b", said)
    small_pages = script.replace("per_page=100", "per_page=1")
    assert small_pages != script
    assert (await _runs(small_pages, place, workflow, second, CORRELATION))[0] == 1


@pytest.mark.parametrize("name", ["deploy.yml", "rollback.yml"])
async def test_a_run_that_is_started_again_ends_at_once(place: Place, name: str) -> None:
    """*Re-run all jobs* keeps the id of the run, so that no older one is found: nobody approved another deploy."""
    first = await _started(place, name, CORRELATION)
    await place.passes(LAG)
    script = script_of(EXAMPLES / "workflows" / name, FIRST_RUN)
    assert await _runs(script, place, name, first, CORRELATION) == (0, "")
    code, said = await _runs(script, place, name, first, CORRELATION, attempt=2)
    assert code == 1
    assert "ask in Slack again" in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("wrong", ["", "deploy", "F" * 32, f"{CORRELATION}0", f"{CORRELATION}\n"])
@pytest.mark.parametrize("file", WORKFLOWS, ids=named)
async def test_without_a_correlation_id_nothing_runs(place: Place, file: Path, wrong: str) -> None:
    """An empty one would be found in every run's name, and a short one in a stranger's."""
    code, said = await _runs(script_of(file, FIRST_RUN), place, "deploy.yml", 1, wrong)
    assert (code, said.strip()) == (1, "::error::not a correlation id")


@pytest.mark.parametrize("file", WORKFLOWS, ids=named)
async def test_when_github_does_not_tell_nothing_runs(place: Place, file: Path) -> None:
    """What could not be checked is not let through."""
    place.world.vendor["github"] = [500]
    run = await place.asks("/repos/acme/checkout")
    assert run.status == 500
    place.world.vendor["github"] = [500]
    assert (await _runs(script_of(file, FIRST_RUN), place, "deploy.yml", 1, CORRELATION))[0] != 0


@pytest.mark.parametrize(("version", "health", "code"), [
    ("v2.14.2", "ok", 0),
    ("v2.14.3", "ok", 1),
    ("v2.14.2", "failing", 1),
    ("v2.14.2", "html", 1),
])  # fmt: skip
async def test_smoke_asks_the_service_which_version_it_is(
    place: Place, version: str, health: str, code: int
) -> None:
    """The version in the health body has to be the one that was asked for; no answer and no JSON is no version."""
    place.world.health["checkout", "production"] = health
    script = script_of(EXAMPLES / "workflows" / "smoke.yml", VERSION)
    async with served(Services(place.world).routes()) as origin:
        url = f"{origin}/sim/services/checkout/production/health"
        ended, said = await _python(script, HEALTH_URL=url, VERSION=version, TRIES="1")
    assert ended == code
    assert ("::error::" in said) is bool(code)


async def test_smoke_prints_no_line_of_what_a_service_says(place: Place) -> None:
    """A version with a line break in it is shown on one line: the runner would take the next one for a command."""
    script = script_of(EXAMPLES / "workflows" / "smoke.yml", VERSION)
    serving = place.world.serving["checkout", "production"]
    place.world.serving["checkout", "production"] = replace(serving, version=INJECTED)
    async with served(Services(place.world).routes()) as origin:
        url = f"{origin}/sim/services/checkout/production/health"
        code, said = await _python(script, HEALTH_URL=url, VERSION="v1", TRIES="1")
    assert code == 1
    assert INJECTED.encode("unicode_escape").decode() in said
    assert commands_in(said) == [said.rstrip("\n")]


async def test_smoke_says_what_is_not_set_up() -> None:
    """A repository without the variable, or with an address that is not encrypted, is told so."""
    script = script_of(EXAMPLES / "workflows" / "smoke.yml", VERSION)
    for url in ("", "http://example.com", "file:///etc/passwd"):
        code, said = await _python(script, HEALTH_URL=url, VERSION="v1", TRIES="1")
        assert code == 1
        assert "HEALTH_URL is not set to an https address" in said


def commands_in(said: str) -> list[str]:
    """The lines that a runner takes for commands."""
    return [line for line in said.splitlines() if line.startswith("::")]


def steps_of(file: Path) -> list[dict[str, object]]:
    """Every step of a workflow."""
    return [step for job in parsed(file)["jobs"].values() for step in job["steps"]]


def script_of(file: Path, name: str) -> str:
    """The script of the step of this name."""
    (step,) = [step for step in steps_of(file) if step["name"] == name]
    return str(step["run"])


async def _started(place: Place, workflow: str, nonce: str) -> int:
    """The id of a run that was dispatched with this correlation id."""
    answer = await place.dispatches(workflow, sha=sha_for("checkout", "v2.14.3"), correlation_id=nonce)
    assert answer.status == 200
    return int(str(answer["workflow_run_id"]))


async def _runs(
    script: str, place: Place, workflow: str, run: int, nonce: str, attempt: int = 1
) -> tuple[int, str]:
    """Execute the step as a runner of this run would."""
    return await _python(
        script,
        CORRELATION_ID=nonce,
        GITHUB_RUN_ID=str(run),
        GITHUB_RUN_ATTEMPT=str(attempt),
        GITHUB_WORKFLOW_REF=f"acme/checkout/.github/workflows/{workflow}@refs/heads/main",
        GITHUB_API_URL=place.base,
        GITHUB_REPOSITORY="acme/checkout",
        TOKEN=TOKEN,
    )


async def _python(script: str, **environment: str) -> tuple[int, str]:
    """The exit code of a Python step and everything it said."""
    ran = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, env=environment,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await ran.communicate()
    return await ran.wait(), said.decode()
