"""What is read of a workflow file, however it is written."""

import time

import pytest

from bot.doctor.workflow_file import LARGEST, Input, NotAWorkflow, WorkflowFile, read_workflow
from tests.documents import ROOT

JOBS = "jobs:\n  deploy:\n    steps: []\n"
CORRELATION = frozenset({"correlation_id"})


def read(text: str) -> WorkflowFile:
    """The facts of a text."""
    return read_workflow(text.encode())


@pytest.mark.parametrize(
    "file", sorted((ROOT / "examples" / "workflows").glob("*.yml")), ids=lambda file: file.name
)
def test_the_examples_are_whole(file: object) -> None:
    """What people copy has nothing to be told of: dispatch, run-name, concurrency, guard, no loose action."""
    from pathlib import Path

    found = read_workflow(Path(str(file)).read_bytes())
    assert found.inputs is not None
    assert "correlation_id" in found.shown_in_run_name()
    assert found.has_concurrency
    assert found.unpinned("acme") == ()
    assert found.has_guard(CORRELATION)


@pytest.mark.parametrize(
    ("on", "inputs"),
    [
        ("on: push", None),
        ("on: [push, pull_request]", None),
        ("on: workflow_dispatch", {}),
        ("on: [push, workflow_dispatch]", {}),
        ("on: {workflow_dispatch: }", {}),
        ("'on': {workflow_dispatch: {inputs: {a: {required: true}}}}", {"a": Input(True, False)}),
        (
            "on: {workflow_dispatch: {inputs: {a: , b: {default: 1}}}}",
            {"a": Input(False, False), "b": Input(False, True)},
        ),
    ],
)
def test_every_way_to_write_on(on: str, inputs: dict[str, Input] | None) -> None:
    """YAML 1.1 reads the key `on` as true; here it is text."""
    assert read(f"{on}\n{JOBS}").inputs == inputs


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Deploy ${{ inputs.run }}", {"run"}),
        ("${{ github.event.inputs.run }}", {"run"}),
        ("${{ inputs['my-run'] }} ${{inputs.a}}", {"my-run", "a"}),
        ("${{ format('{0}', inputs.run) }}", {"run"}),
        ("inputs.run", set()),
    ],
)
def test_the_inputs_in_a_run_name(name: str, shown: set[str]) -> None:
    """Only expressions count."""
    assert read(f'run-name: "{name}"\non: push\n{JOBS}').named_in_run_name() == shown


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("- a list", "has no `jobs`"),
        ("jobs: [", "line 2 is not YAML"),
        ("", "has no `jobs`"),
        ("jobs: {a: " + "[" * 20_000, "not YAML"),
        ("x" * (LARGEST + 1), "larger than"),
        ("\x00", "not YAML"),
    ],
)
def test_what_is_no_workflow_is_told(text: str, why: str) -> None:
    """Nothing that somebody commits breaks the doctor."""
    with pytest.raises(NotAWorkflow, match=why):
        read(text)


def test_bytes_that_are_no_text() -> None:
    """UTF-16, say."""
    with pytest.raises(NotAWorkflow, match="UTF-8"):
        read_workflow(b"\xff\xfe\x00")


LONG = "x" * 120_000
TWENTY_JOBS = "".join(f" j{number}: {{env: *long}}\n" for number in range(20))
STEPS = ", ".join(["*step"] * 20_000)


@pytest.mark.parametrize(
    "text",
    [
        f"env: &long {{A: '{LONG}'}}\njobs:\n{TWENTY_JOBS}",
        "a: &a [x, x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\n"
        "c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]\nd: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]\n"
        "e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]\njobs: {a: {steps: [*e, *e, *e, *e, *e, *e]}}",
        f"a: &step {{run: {LONG[:100]}}}\njobs: {{a: {{steps: [{STEPS}]}}}}",
    ],
    ids=["one long text", "lists of lists", "steps"],
)
def test_aliases_cannot_make_a_small_file_a_large_one(text: str) -> None:
    """Greenlight looks at no more than a file of that size could say by itself."""
    assert len(text) < LARGEST
    with pytest.raises(NotAWorkflow, match="aliases make it larger"):
        read(text)


def test_aliases_are_read() -> None:
    """GitHub takes them, so a file that has some is whole."""
    found = read("a: &step {uses: acme/one@v1}\non: push\njobs: {a: {steps: [*step]}, b: {steps: [*step]}}")
    assert [one.uses for one in found.steps] == ["acme/one@v1"] * 2


def test_an_alias_of_itself() -> None:
    """It would have no end."""
    with pytest.raises(NotAWorkflow):
        read("jobs: &a {a: *a}")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("{type: string}", Input(False, False)),
        ("{type: choice, options: [qa, 'true']}", Input(False, False, ("qa", "true"))),
        ("{type: choice}", Input(False, False, ())),
        ("{type: boolean, required: true}", Input(True, False, ("true", "false"))),
        ("{type: environment}", Input(False, False, None, is_environment=True)),
    ],
)
def test_what_an_input_takes(said: str, expected: Input) -> None:
    """All there is, or a few values."""
    inputs = read(f"on: {{workflow_dispatch: {{inputs: {{a: {said}}}}}}}\n{JOBS}").inputs
    assert inputs == {"a": expected}


@pytest.mark.parametrize(
    ("before", "again", "after"),
    [
        ("run-name: '", "${{", "'"),
        ('run-name: "${{ ', "inputs['a", ' }}"'),
        ("env: {a: '", "actions/workflows/", "'}"),
    ],
)
def test_a_hostile_file_is_read_in_no_time(before: str, again: str, after: str) -> None:
    """Where every beginning is tried against every end, these take from 7 s to a minute of the processor's time."""
    text = f"on: push\n{before}{again * (200_000 // len(again))}{after}\n{JOBS}"

    began = time.process_time()
    found = read(text)
    assert not found.shown_in_run_name() | found.named_in_run_name()
    assert not found.has_guard(CORRELATION)
    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    ("step", "is_guard"),
    [
        ("{run: 'gh run list | grep $ID', env: {ID: '${{ inputs.correlation_id }}'}}", True),
        (
            "{run: 'curl $API/repos/x/actions/workflows/deploy.yml/runs', env: {ID: '${{ inputs.correlation_id }}'}}",
            True,
        ),
        (
            "{uses: 'actions/github-script@v8', with: {script: 'github.rest.actions.listWorkflowRuns()'}, if: '${{ inputs.correlation_id }}'}",
            True,
        ),
        ("{run: 'gh run list'}", False),
        ("{run: 'echo', env: {ID: '${{ inputs.correlation_id }}'}}", False),
    ],
)
def test_the_second_guard_is_recognized(step: str, is_guard: bool) -> None:
    """A step that asks for runs and knows the correlation id."""
    assert read(f"on: push\njobs: {{a: {{steps: [{step}]}}}}").has_guard(CORRELATION) is is_guard
