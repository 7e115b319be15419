"""Deploying by a dispatched GitHub workflow: what it is given, and how its run is told from any other.

The workflow file comes from a trusted ref of the catalog, so the run's `head_sha` is that ref's tip and never
the promoted SHA. The SHA goes as an input; the workflow's first step proves it.
What was started is what the intent says, whatever the catalog says by now.
"""

from collections.abc import Mapping

from bot.domain.intent import Intent, Workflow
from bot.domain.policy import Rules, digest_of
from bot.domain.promotion import Promotion
from bot.domain.templates import fill
from bot.ports import RunLook


def inputs_of(promotion: Promotion, rules: Rules) -> Mapping[str, str]:
    """The workflow's inputs: the catalog's templates, filled in."""
    values = {
        "service": promotion.service,
        "environment": promotion.environment,
        "version": promotion.version,
        "sha": promotion.sha or "",
        "promotion_id": promotion.id,
        "correlation_id": promotion.correlation,
        "requester": promotion.requester,
        "kind": promotion.kind.value,
    }
    return {name: fill(template, values) for name, template in rules.deploy.inputs}


def is_of(intent: Intent, rules: Rules) -> bool:
    """Whether the rules still start what the intent froze, with the inputs that people signed."""
    frozen = Workflow(rules.service.repo, rules.deploy.workflow, rules.deploy.ref)
    return intent.workflow == frozen and intent.inputs == digest_of(rules.deploy.inputs)


def workflows_of(promotion: Promotion) -> tuple[Workflow, ...]:
    """Every workflow that a run of this promotion may be of, the newest try's first."""
    return promotion.intent.workflows if promotion.intent else ()


def repos_of(promotion: Promotion) -> tuple[str, ...]:
    """Where the run is: its repository, or all that it may be in as long as nobody has seen it."""
    if promotion.run.repo:
        return (promotion.run.repo,)
    return tuple(dict.fromkeys(workflow.repo for workflow in workflows_of(promotion)))


def is_ours(look: RunLook, repo: str, promotion: Promotion) -> bool:
    """Whether a run of `repo` is this promotion's: workflow path, event, ref and correlation id have to fit."""
    return (
        any(_is_run_of(look, repo, workflow) for workflow in workflows_of(promotion))
        and look.event == "workflow_dispatch"
        and promotion.correlation in look.title
    )


def _is_run_of(look: RunLook, repo: str, workflow: Workflow) -> bool:
    return (
        repo.casefold() == workflow.repo.casefold()
        and look.path.split("@")[0].endswith(f"/workflows/{workflow.file}")
        and look.branch == workflow.ref
    )
