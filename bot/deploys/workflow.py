"""Deploying by a dispatched GitHub workflow: what it is given, and how its run is told from any other.

The workflow file comes from a trusted ref of the catalog, so the run's `head_sha` is that ref's tip and never
the promoted SHA. The SHA goes as an input; the workflow's first step proves it.
What was started is what the intent says, whatever the catalog says by now.
"""

from collections.abc import Mapping

from bot.domain.intent import Intent, Workflow, workflow_of
from bot.domain.policy import Rules, digest_of
from bot.domain.promotion import Phase, Promotion
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


def is_of(intent: Intent, promotion: Promotion, rules: Rules) -> bool:
    """Whether what would be started is still what the intent froze: workflow, inputs, and the one commit."""
    same = intent.workflow == workflow_of(rules) and intent.inputs == digest_of(rules.deploy.inputs)
    return same and intent.sha == promotion.sha and intent.bound in {"", intent.sha}


def workflows_of(promotion: Promotion, rules: Rules | None = None) -> tuple[Workflow, ...]:
    """Every workflow that a run of this promotion may be of, the newest try's first.

    Of one without an intent, which the store may have forgotten, what its rules would start.
    """
    if promotion.intent is not None:
        return promotion.intent.workflows
    return (workflow_of(rules),) if rules is not None and rules.service.repo else ()


def repos_of(promotion: Promotion) -> tuple[str, ...]:
    """Where the run is: its repository, or all that it may be in as long as nobody has seen it."""
    if promotion.run.repo:
        return (promotion.run.repo,)
    return tuple(dict.fromkeys(workflow.repo for workflow in workflows_of(promotion)))


def repos_to_read(promotion: Promotion, rules: Rules) -> tuple[str, ...]:
    """Where the run may be read: also where the catalog says by now that the repository is, since one may be moved."""
    known = repos_of(promotion)
    now = rules.service.repo
    return known if not now or now.casefold() in {one.casefold() for one in known} else (*known, now)


def is_ours(look: RunLook, repo: str, promotion: Promotion, me: str, rules: Rules | None = None) -> bool:
    """Whether a run of `repo` is this promotion's: it fits, and `me` started it.

    Who started the run that is followed already was proved then, or GitHub named it in its answer to us.
    """
    return fits(look, repo, promotion, rules) and (is_followed(look, promotion) or is_by(look, me))


def is_followed(look: RunLook, promotion: Promotion) -> bool:
    """Whether it is the run that the promotion follows; in `unknown` a run that never was is only somebody's word."""
    is_followed = promotion.phase is not Phase.UNKNOWN or promotion.run.lost
    return look.run_id == promotion.run.run_id and is_followed


def is_by(look: RunLook, me: str) -> bool:
    """Whether we started a run. Who does not know itself has started none."""
    return bool(me) and look.starter.casefold() == me.casefold()


def fits(look: RunLook, repo: str, promotion: Promotion, rules: Rules | None = None) -> bool:
    """Whether workflow path, event, ref and correlation id are this promotion's."""
    return (
        any(_is_run_of(look, repo, workflow) for workflow in workflows_of(promotion, rules))
        and look.event == "workflow_dispatch"
        and promotion.correlation in look.title
    )


def _is_run_of(look: RunLook, repo: str, workflow: Workflow) -> bool:
    return (
        repo.casefold() == workflow.repo.casefold()
        and look.path.split("@")[0].endswith(f"/workflows/{workflow.file}")
        and look.branch == workflow.ref
    )
