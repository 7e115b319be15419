"""Deploying by a dispatched GitHub workflow: what it is given, and how its run is told from any other.

The workflow file comes from a trusted ref of the catalog, so the run's `head_sha` is that ref's tip and never
the promoted SHA. The SHA goes as an input; the workflow's first step proves it.
"""

from collections.abc import Mapping

from bot.domain.policy import Rules
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


def is_ours(look: RunLook, promotion: Promotion, rules: Rules) -> bool:
    """Whether a run is this promotion's: workflow path, event, ref and correlation id all have to fit."""
    return (
        look.path.split("@")[0].endswith(f"/workflows/{rules.deploy.workflow}")
        and look.event == "workflow_dispatch"
        and look.branch == rules.deploy.ref
        and promotion.correlation in look.title
    )
