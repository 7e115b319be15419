"""A workflow file as far as Greenlight has to know it. Pure: bytes in, facts out; nothing of it is run."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import yaml

from bot.doctor.expressions import inputs_in, inputs_shown

LARGEST = 256 * 1024  # bytes
HEAVIEST = 4 * LARGEST  # letters and nodes, each alias counted as what it stands for
BOOLEANS = ("true", "false")
PINNED = re.compile(r"[0-9a-f]{40}|sha256:[0-9a-f]{64}")
LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # every scalar stays text: `on` is no boolean
# How a script asks GitHub for the runs of a workflow.
ASKS_FOR_RUNS = re.compile(r"actions/(?:workflows/[^\s\"']{1,200}/)?runs|gh\s+run\s+list|listWorkflowRuns")

Node = object  # what YAML reads: text, a list or a mapping


class NotAWorkflow(Exception):
    """The file is not YAML, or no workflow."""


@dataclass(frozen=True, slots=True)
class Input:
    """One input of workflow_dispatch."""

    is_required: bool
    has_default: bool
    values: tuple[str, ...] | None = None  # all that it takes; None: anything
    is_environment: bool = False  # it takes the names of the repository's environments


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a job."""

    uses: str
    text: str  # everything that is written in it


@dataclass(frozen=True, slots=True)
class WorkflowFile:
    """What was read of the file."""

    run_name: str
    inputs: Mapping[str, Input] | None  # None: it has no workflow_dispatch
    environments: tuple[str, ...]  # as they are written, expressions included
    has_concurrency: bool
    steps: tuple[Step, ...]
    calls: tuple[str, ...]  # `uses` of whole jobs
    env: str  # what stands above the steps and reaches them

    def named_in_run_name(self) -> frozenset[str]:
        """The inputs that the run's name does something with."""
        return inputs_in(self.run_name)

    def shown_in_run_name(self) -> frozenset[str]:
        """The inputs that the run's name is certain to show whole."""
        return inputs_shown(self.run_name)

    def unpinned(self, owner: str) -> tuple[str, ...]:
        """What it uses of others by a name that can be moved; GitHub's own and the owner's may be."""
        used = dict.fromkeys([*(step.uses for step in self.steps if step.uses), *self.calls])
        return tuple(one for one in used if _is_loose(one, owner))

    def has_guard(self, correlation: frozenset[str]) -> bool:
        """Whether a step looks for older runs with the correlation id, as far as that can be recognized."""
        above = bool(inputs_in(self.env) & correlation)
        return any(
            ASKS_FOR_RUNS.search(step.text) and (above or inputs_in(step.text) & correlation)
            for step in self.steps
        )


def read_workflow(raw: bytes) -> WorkflowFile:
    """The facts of a file's bytes; raises NotAWorkflow with why."""
    if len(raw) > LARGEST:
        raise NotAWorkflow(f"it is larger than {LARGEST // 1024} KB")
    try:
        root: Node = yaml.load(raw.decode(), Loader=LOADER)
    except UnicodeDecodeError:
        raise NotAWorkflow("it is not UTF-8 text") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise NotAWorkflow(f"line {line} is not YAML") from None
    except (yaml.YAMLError, RecursionError, ValueError):
        raise NotAWorkflow("it is not YAML") from None
    if not isinstance(root, dict) or not isinstance(root.get("jobs"), dict):
        raise NotAWorkflow("it has no `jobs`")
    if not _is_bearable(root):
        raise NotAWorkflow(f"its aliases make it larger than {HEAVIEST // 1024} KB")
    return _facts(root)


def _is_bearable(root: Node) -> bool:
    """Whether the file stays small with every alias written out; one that contains itself does not."""
    weight, waiting = 0, [root]
    while waiting and weight <= HEAVIEST:
        node = waiting.pop()
        inside = [*_list(node), *_mapping(node), *_mapping(node).values()]
        weight += len(_text(node)) + len(inside)
        waiting += inside
    return weight <= HEAVIEST


def _facts(root: Mapping[str, Node]) -> WorkflowFile:
    jobs = [job for job in _mapping(root.get("jobs")).values() if isinstance(job, dict)]
    return WorkflowFile(
        run_name=_text(root.get("run-name")),
        inputs=_inputs(root.get("on")),
        environments=tuple(name for job in jobs if (name := _environment(job.get("environment")))),
        has_concurrency="concurrency" in root or any("concurrency" in job for job in jobs),
        steps=tuple(_steps(jobs)),
        calls=tuple(_text(job.get("uses")) for job in jobs if job.get("uses")),
        env=_written([root.get("env"), *(job.get("env") for job in jobs)]),
    )


def _inputs(on: Node) -> Mapping[str, Input] | None:
    if on == "workflow_dispatch" or (isinstance(on, list) and "workflow_dispatch" in on):
        return {}
    if not isinstance(on, dict) or "workflow_dispatch" not in on:
        return None
    declared = _mapping(_mapping(on["workflow_dispatch"]).get("inputs"))
    return {name: _input(_mapping(said)) for name, said in declared.items()}


def _input(said: Mapping[str, Node]) -> Input:
    kind = _text(said.get("type"))
    return Input(
        is_required=_text(said.get("required")).lower() == "true",
        has_default=bool(_text(said.get("default"))),
        values=BOOLEANS if kind == "boolean" else _options(said) if kind == "choice" else None,
        is_environment=kind == "environment",
    )


def _options(said: Mapping[str, Node]) -> tuple[str, ...]:
    return tuple(map(_text, _list(said.get("options"))))


def _environment(written: Node) -> str:
    return _text(written.get("name")) if isinstance(written, dict) else _text(written)


def _steps(jobs: list[dict[str, Node]]) -> Iterator[Step]:
    for job in jobs:
        for step in _list(job.get("steps")):
            if isinstance(step, dict):
                said = [step.get("run"), step.get("env"), step.get("with"), step.get("if")]
                yield Step(_text(step.get("uses")), _written(said))


def _written(parts: list[Node]) -> str:
    """All text of some parts, one level deep."""
    texts = [
        part if isinstance(part, str) else "\n".join(map(_text, _mapping(part).values())) for part in parts
    ]
    return "\n".join(texts)


def _is_loose(uses: str, owner: str) -> bool:
    if uses.startswith("./"):
        return False
    action, _, ref = uses.partition("@")
    theirs = action.split("/")[0].casefold() not in {"actions", "github", owner.casefold()}
    return theirs and not PINNED.fullmatch(ref)


def _mapping(node: Node) -> Mapping[str, Node]:
    return node if isinstance(node, dict) else {}


def _list(node: Node) -> list[Node]:
    return node if isinstance(node, list) else []


def _text(node: Node) -> str:
    return node if isinstance(node, str) else ""
