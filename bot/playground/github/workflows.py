"""The workflow files of the playground: what they take, how runs are named, which steps they run."""

from collections.abc import Mapping
from dataclasses import dataclass

SET_UP = "Set up job"
CHECK_SHA = "Check the SHA"
ROLL_OUT = "Roll out"
SMOKE_TESTS = "Smoke tests"
COMPLETE = "Complete job"

DEPLOY_RUN_NAME = "Deploy ${{ inputs.version }} to ${{ inputs.environment }} (${{ inputs.correlation_id }})"
ROLLBACK_RUN_NAME = (
    "Back to ${{ inputs.version }} in ${{ inputs.environment }} (${{ inputs.correlation_id }})"
)
DEPLOY_INPUTS = ("service", "environment", "version", "sha", "promotion_id", "correlation_id", "triggered_by")
DEPLOY_STEPS = ((SET_UP, 1), (CHECK_SHA, 1), (ROLL_OUT, 5), (SMOKE_TESTS, 2), (COMPLETE, 1))


@dataclass(frozen=True, slots=True)
class Workflow:
    """One file in .github/workflows; `required` is alternatives: one of each group must be given."""

    file: str
    name: str
    run_name: str
    inputs: tuple[str, ...]
    required: tuple[tuple[str, ...], ...]
    job: str
    steps: tuple[tuple[str, int], ...]  # name and share of the run's time
    dispatchable: bool = True

    @property
    def path(self) -> str:
        """Where the file is in the repository."""
        return f".github/workflows/{self.file}"

    def title(self, inputs: Mapping[str, str]) -> str:
        """The run's name: the `run-name` template with these inputs."""
        title = self.run_name
        for name in self.inputs:
            title = title.replace("${{ inputs." + name + " }}", inputs.get(name, ""))
        return title

    def text(self) -> str:
        """The file itself."""
        return "\n".join([*self._head(), *self._jobs(), ""])

    def _head(self) -> list[str]:
        head = [f"name: {self.name}", f"run-name: {self.run_name}"]
        if not self.dispatchable:
            return [f"name: {self.name}", "on: [push, pull_request]"]
        certain = {group[0] for group in self.required if len(group) == 1}
        inputs = [f"      {name}: {{required: {str(name in certain).lower()}}}" for name in self.inputs]
        return [*head, "on:", "  workflow_dispatch:", "    inputs:", *inputs]

    def _jobs(self) -> list[str]:
        own_steps = [name for name, _ in self.steps if name not in (SET_UP, COMPLETE)]
        steps = [line for name in own_steps for line in self._step(name)]
        job = ["jobs:", f"  {self.job}:", "    runs-on: ubuntu-latest"]
        if ROLL_OUT not in own_steps:
            return [*job, "    steps:", *steps]
        group = "deploy-${{ inputs.service }}-${{ inputs.environment }}"
        place = "    environment: ${{ inputs.environment }}"
        return ["concurrency:", f"  group: {group}", *job, place, "    steps:", *steps]

    def _step(self, name: str) -> list[str]:
        """One step; the first one of a deploy also refuses a second run for the same promotion."""
        if name != CHECK_SHA:
            return [f"      - {{name: {name}, run: ./{_script(name)}}}"]
        runs = f"repos/$GITHUB_REPOSITORY/actions/workflows/{self.file}/runs"
        return [
            f"      - name: {name}",
            '        env: {CORRELATION_ID: "${{ inputs.correlation_id }}"}',
            "        run: |",
            f"          ./{_script(name)}",
            f'          ./refuse-a-second-run "$(gh api {runs})" "$CORRELATION_ID"',
        ]


WORKFLOWS = (
    Workflow(
        file="deploy.yml",
        name="Deploy",
        run_name=DEPLOY_RUN_NAME,
        inputs=DEPLOY_INPUTS,
        required=(("environment",), ("version", "sha"), ("correlation_id",)),
        job="deploy",
        steps=DEPLOY_STEPS,
    ),
    Workflow(
        file="rollback.yml",
        name="Rollback",
        run_name=ROLLBACK_RUN_NAME,
        inputs=DEPLOY_INPUTS,
        required=(("environment",), ("version", "sha"), ("correlation_id",)),
        job="rollback",
        steps=DEPLOY_STEPS,
    ),
    Workflow(
        file="smoke.yml",
        name="Smoke tests",
        run_name="Smoke tests of ${{ inputs.target }} (${{ inputs.correlation_id }})",
        inputs=("target", "service", "environment", "version", "sha", "correlation_id"),
        required=(("target",),),
        job="smoke",
        steps=((SET_UP, 1), (SMOKE_TESTS, 8), (COMPLETE, 1)),
    ),
    Workflow(
        file="ci.yml",
        name="CI",
        run_name="CI",
        inputs=(),
        required=(),
        job="build",
        steps=((SET_UP, 1), ("Build", 8), (COMPLETE, 1)),
        dispatchable=False,
    ),
)


def workflow_named(name: str) -> Workflow | None:
    """The workflow with this file name or path."""
    return next((flow for flow in WORKFLOWS if name in (flow.file, flow.path)), None)


def complaint_about(workflow: Workflow, inputs: Mapping[str, object]) -> str | None:
    """GitHub's sentence on inputs that this workflow does not take; None when they are fine."""
    if len(inputs) > 25:
        return "you may only define up to 25 `inputs` for a `workflow_dispatch` event"
    if sum(len(name) + len(str(value)) for name, value in inputs.items()) > 65_535:
        return "inputs are too large."
    unexpected = [f'"{name}"' for name in inputs if name not in workflow.inputs]
    if unexpected:
        return f"Unexpected inputs provided: [{', '.join(unexpected)}]"
    for group in workflow.required:
        if not any(inputs.get(name) for name in group):
            return f"Required input '{group[0]}' not provided"
    return None


def _script(step: str) -> str:
    return step.lower().replace(" ", "-")
