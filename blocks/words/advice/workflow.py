"""Advice on the workflow files that the catalog names."""

from collections.abc import Sequence

from blocks.text import clip, listed
from bot.domain.checkup import Advice

EXAMPLE = "examples/workflows/deploy.yml shows it"
MOST_SHOWN = 6  # values in a sentence


def fine(inputs: int) -> Advice:
    """The file takes what is sent, and its runs can be followed."""
    return Advice(
        f"It is switched on, takes the {inputs} inputs that are sent, and its runs can be recognized."
    )


def missing(path: str, ref: str) -> Advice:
    """There is no such file."""
    return Advice(
        f"There is no {path} on {ref}.",
        f"Add it on {ref}, or correct `workflow:` and `ref:` in the catalog.",
    )


def unreadable(why: str) -> Advice:
    """The file is not what GitHub reads."""
    return Advice(f"The file cannot be read: {why}.", "Correct its YAML.")


def disabled(state: str) -> Advice:
    """Somebody, or GitHub, switched it off."""
    return Advice(
        f"The workflow is switched off ({state}): GitHub starts none of its runs.",
        "Enable it under the repository's Actions tab.",
    )


def unknown(branch: str) -> Advice:
    """GitHub lists no such workflow."""
    return Advice(
        f"GitHub knows no workflow of this file: it starts only those that are on {branch} as well.",
        f"Add the file on {branch}.",
    )


def no_dispatch() -> Advice:
    """It cannot be started."""
    return Advice(
        "The file has no `workflow_dispatch`, so it cannot be started.",
        f"Add `workflow_dispatch` with its inputs under `on:`; {EXAMPLE}.",
    )


def input_absent(name: str) -> Advice:
    """GitHub would refuse the dispatch."""
    return Advice(
        f"The catalog sends the input {name}, which the file does not have: GitHub refuses to start it.",
        f"Add {name} under `on.workflow_dispatch.inputs`, or remove it from `inputs:` in the catalog.",
    )


def input_not_sent(name: str) -> Advice:
    """GitHub would refuse the dispatch."""
    return Advice(
        f"The file requires the input {name}, which the catalog does not send: GitHub refuses to start it.",
        f"Send {name} by `deploy.inputs` in the catalog, or let it be `required: false` or have a default.",
    )


def value_refused(name: str, takes: Sequence[str], sent: Sequence[str]) -> Advice:
    """GitHub would refuse the dispatch."""
    return Advice(
        f"The file's input {name} takes only {_choice(takes)}, and the catalog sends {_some(sent, 'and')}: "
        "GitHub refuses to start it.",
        f"Let {name} take what is sent (`type: string` takes anything), or correct `deploy.inputs` in the catalog.",
    )


def value_uncertain(name: str, takes: Sequence[str], sent: str) -> Advice:
    """GitHub may refuse the dispatch."""
    return Advice(
        f"The file's input {name} takes only {_choice(takes)}, and the catalog sends {sent}: "
        "GitHub refuses to start it with anything else.",
        f"Let the type of {name} be string.",
    )


def _choice(takes: Sequence[str]) -> str:
    return _some(takes, "or") if takes else "the options that it does not have"


def _some(values: Sequence[str], last: str) -> str:
    shown = [clip(value, 40) or "the empty text" for value in values[:MOST_SHOWN]]
    more = len(values) - len(shown)
    return listed([*shown, f"{more} more"] if more else shown, last)


def no_correlation(name: str) -> Advice:
    """The run could not be found."""
    return Advice(
        f"`run-name` does not carry the input {name} (the correlation id), so no run could be recognized.",
        f"Put ${{{{ inputs.{name} }}}} into `run-name`; {EXAMPLE}.",
    )


def correlation_uncertain(name: str) -> Advice:
    """The run may not be found."""
    return Advice(
        f"`run-name` uses the input {name} (the correlation id) in an expression that may not show it.",
        f"Put ${{{{ inputs.{name} }}}} by itself into `run-name`; {EXAMPLE}.",
    )


def no_concurrency() -> Advice:
    """Two runs could meet."""
    return Advice(
        "The file has no `concurrency`: a run that somebody starts in GitHub can meet one of Greenlight's.",
        f"Add `concurrency` with a group per service and environment, without cancel-in-progress; {EXAMPLE}.",
    )


def unpinned(action: str) -> Advice:
    """Others could change what runs with our secrets."""
    return Advice(
        f"The file uses {action}, which whoever owns that tag can change.",
        "Pin it to a full commit SHA (uses: owner/name@<40 hex characters>).",
    )


def no_guard() -> Advice:
    """The second guard is missing."""
    return Advice(
        "No step that ends the run when an older one carries the same correlation id was recognized.",
        f"Add one as the first or second step; {EXAMPLE}.",
    )
