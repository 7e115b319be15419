"""What is wrong with a workflow file is named before a deploy finds it out."""

import pytest

from bot.playground.github.workflows import WORKFLOWS
from tests.doctor.clinic import Clinic, not_well, place

DEPLOY = "acme/checkout deploy.yml@main"
ROLLBACK = "acme/checkout rollback.yml@main"


@pytest.fixture
def clinic(clinic: Clinic) -> Clinic:
    """No bot runs that GitHub could reach, so webhooks are left out."""
    del clinic.environment["GITHUB_WEBHOOK_SECRET"]
    return clinic


async def test_workflow_file_missing(clinic: Clinic) -> None:
    """The file and the ref are named."""
    files = clinic.playground.github.repository("checkout").files
    del files[".github/workflows/deploy.yml"]
    found = await clinic.finds("github")
    assert place(found) == ("FAIL", "workflow", DEPLOY)
    assert found.says == "There is no .github/workflows/deploy.yml on main."


async def test_workflow_ref_missing(clinic: Clinic) -> None:
    """A ref that the repository does not have."""
    clinic.writes("      ref: main", "      ref: release")
    found = not_well(await clinic.looks("github"))[0]
    assert place(found) == ("FAIL", "workflow", "acme/checkout deploy.yml@release")


async def test_workflow_is_not_yaml(clinic: Clinic) -> None:
    """The line is named."""
    clinic.edits("deploy.yml", "jobs:", "jobs: [")
    found = await clinic.finds("github")
    assert place(found) == ("FAIL", "workflow", DEPLOY)
    assert "is not YAML" in found.says


async def test_workflow_without_dispatch(clinic: Clinic) -> None:
    """It can only be pushed to."""
    clinic.edits("deploy.yml", "workflow_dispatch", "workflow_call")
    found = await clinic.finds("github")
    assert place(found) == ("FAIL", "workflow", DEPLOY)
    assert "Add `workflow_dispatch`" in found.fix


async def test_workflow_disabled(clinic: Clinic) -> None:
    """Somebody switched it off."""
    clinic.playground.github.disables_workflow("checkout", "deploy.yml")
    found = await clinic.finds("github")
    assert place(found) == ("FAIL", "workflow", DEPLOY)
    assert "disabled_manually" in found.says


async def test_input_absent(clinic: Clinic) -> None:
    """GitHub refuses inputs that a file does not know: the input is named."""
    clinic.edits("deploy.yml", "      promotion_id: {required: false}\n", "")
    found = await clinic.finds("github")
    assert place(found) == ("FAIL", "inputs", DEPLOY)
    assert "sends the input promotion_id" in found.says
    assert "Add promotion_id" in found.fix


async def test_services_that_share_a_file_and_send_it_other_inputs(clinic: Clinic) -> None:
    """Each of them is judged: what one sends right says nothing of the other."""
    clinic.writes(
        "repo: acme/inventory\n    owner: other-team\n    deploy: {workflow: deploy.yml, ref: main}",
        "repo: acme/checkout\n    owner: other-team\n    deploy: {workflow: deploy.yml, ref: main, "
        'inputs: {sha: "{sha}", correlation_id: "{correlation_id}", colour: "{environment}"}}',
    )
    found = (await clinic.looks("github")).findings
    for file in (DEPLOY, ROLLBACK):
        assert ("PASS", "workflow", file) in [place(one) for one in found]
        said = [one.says for one in found if place(one) == ("FAIL", "inputs", file)]
        assert any("sends the input colour" in one for one in said)
        assert any("requires the input environment" in one for one in said)


async def test_required_input_not_sent(clinic: Clinic) -> None:
    """One with a default need not be sent."""
    clinic.edits(
        "deploy.yml",
        "    inputs:\n",
        "    inputs:\n      region: {required: true}\n      size: {required: true, default: s}\n",
    )
    found = await clinic.finds("github")
    assert place(found) == ("FAIL", "inputs", DEPLOY)
    assert "requires the input region" in found.says
    assert "Send region by `deploy.inputs`" in found.fix


@pytest.mark.parametrize(
    ("name", "said", "expected"),
    [
        ("environment", "{required: true, type: choice, options: [qa, prod]}", "dev, production and staging"),
        ("environment", "{required: true, type: choice, options: [dev, staging, prod]}", "sends production"),
        ("environment", "{required: true, type: choice}", "the options that it does not have"),
        (
            "version",
            "{required: false, type: boolean}",
            "only true or false, and the catalog sends {version}",
        ),
        ("correlation_id", "{required: true, type: choice, options: [a, b]}", "sends {correlation_id}"),
    ],
)
async def test_an_input_does_not_take_what_is_sent(
    clinic: Clinic, name: str, said: str, expected: str
) -> None:
    """GitHub refuses to start it, so the values are named."""
    declared = "{required: true}" if "required: true" in said else "{required: false}"
    clinic.edits("deploy.yml", f"{name}: {declared}", f"{name}: {said}")
    found = await clinic.finds("github")
    assert place(found) == ("FAIL", "inputs", DEPLOY)
    assert expected in found.says
    assert f"Let {name} take what is sent" in found.fix


async def test_an_input_that_takes_all_that_is_sent(clinic: Clinic) -> None:
    """A choice of the environments, and one of the services that are deployed from there."""
    choice = "{required: true, type: choice, options: [production, staging, dev]}"
    clinic.edits("deploy.yml", "environment: {required: true}", f"environment: {choice}")
    clinic.edits("deploy.yml", "service: {required: false}", "service: {type: choice, options: [checkout]}")
    assert not_well(await clinic.looks("github")) == []


async def test_an_input_that_may_not_take_what_is_sent(clinic: Clinic) -> None:
    """Which versions people will ask for is not known beforehand."""
    choice = "{type: choice, options: [v1, v2]}"
    clinic.edits("deploy.yml", "version: {required: false}", f"version: {choice}")
    found = await clinic.finds("github")
    assert place(found) == ("WARN", "inputs", DEPLOY)
    assert "takes only v1 or v2, and the catalog sends {version}" in found.says


async def test_an_input_of_type_environment(clinic: Clinic) -> None:
    """Whatever the jobs run in, what is sent there has to exist."""
    clinic.edits(
        "deploy.yml", "environment: {required: true}", "environment: {required: true, type: environment}"
    )
    clinic.edits("deploy.yml", "    environment: ${{ inputs.environment }}\n", "")
    clinic.edits("rollback.yml", "    environment: ${{ inputs.environment }}\n", "")
    assert not_well(await clinic.looks("github")) == []
    clinic.playground.github.repository("checkout").environments.remove("staging")
    assert place(await clinic.finds("github")) == ("WARN", "environments", "acme/checkout")


async def test_run_name_without_correlation_id(clinic: Clinic) -> None:
    """Such a run could never be recognized."""
    clinic.edits("deploy.yml", " (${{ inputs.correlation_id }})", "")
    found = await clinic.finds("github")
    assert place(found) == ("FAIL", "run-name", DEPLOY)
    assert "${{ inputs.correlation_id }}" in found.fix


async def test_run_name_that_may_not_show_the_correlation_id(clinic: Clinic) -> None:
    """It is named in an expression, and what comes of that is not certain."""
    clinic.edits("deploy.yml", "(${{ inputs.correlation_id }})", "${{ inputs.correlation_id && '' }}")
    found = await clinic.finds("github")
    assert place(found) == ("WARN", "run-name", DEPLOY)
    assert "may not show it" in found.says


async def test_no_concurrency(clinic: Clinic) -> None:
    """Something to know of."""
    clinic.edits(
        "deploy.yml", "concurrency:\n  group: deploy-${{ inputs.service }}-${{ inputs.environment }}\n", ""
    )
    assert place(await clinic.finds("github")) == ("WARN", "concurrency", DEPLOY)


async def test_no_second_guard(clinic: Clinic) -> None:
    """No step asks for older runs with the correlation id."""
    clinic.edits("deploy.yml", "gh api", "echo")
    clinic.edits("deploy.yml", "/actions/workflows/deploy.yml/runs", "")
    assert place(await clinic.finds("github")) == ("WARN", "guard", DEPLOY)


@pytest.mark.parametrize(
    ("uses", "is_told"),
    [
        ("someone/action@v3", True),
        ("docker://alpine:3", True),
        ("someone/action@" + "a" * 40, False),
        ("actions/checkout@v5", False),
        ("acme/action@main", False),
        ("./.github/actions/own", False),
    ],
)
async def test_unpinned_action(clinic: Clinic, uses: str, is_told: bool) -> None:
    """What others can change is named; GitHub's own and the owner's may be named by a tag."""
    clinic.edits("deploy.yml", "    steps:\n", f"    steps:\n      - uses: {uses}\n")
    found = not_well(await clinic.looks("github"))
    assert [place(one) for one in found] == ([("WARN", "actions", DEPLOY)] if is_told else [])
    assert all(uses in one.says for one in found)


def test_the_playground_s_workflows_are_whole() -> None:
    """Three of them can be started, and the fourth is there to be refused."""
    assert [flow.dispatchable for flow in WORKFLOWS] == [True, True, True, False]
