"""Rules for promotions whose place left the catalog: what waits is barred by name, what runs is followed to its end."""

from dataclasses import replace

from bot.catalog import schema
from bot.catalog.rules import role, rules_for
from bot.domain.policy import REMOVED, DeployRule, FailureRule, Kind, Rules, Service

DEPLOY_TIMEOUT = 1_800.0  # seconds: as for an environment that says none


def removed_rules(
    file: schema.File, known: Service | None, service: str, environment: str, kind: Kind
) -> Rules:
    """What this version of the file still says of a place that it no longer has."""
    named = known or Service(name=service, repo="", owner=None, channel=file.slack.channel, environments=())
    there = replace(named, environments=(*named.environments, environment))
    if known is not None and environment in file.environments:
        return rules_for(file, there, environment, kind).withdrawn()
    return _bare(file, there, environment, kind)


def _bare(file: schema.File, service: Service, environment: str, kind: Kind) -> Rules:
    return Rules(
        service=service,
        environment=environment,
        kind=kind,
        after=None,
        branches=(),
        gates=(),
        approvals=(),
        self_approval=False,
        wait=0.0,
        skip_wait=(),
        expires=None,
        deploy=DeployRule("", "", ()),
        deploy_timeout=DEPLOY_TIMEOUT,
        verify=(),
        on_failure=FailureRule(rollback="off"),
        may_request=role(file.roles.request),
        may_roll_back=role(file.roles.rollback),
        may_waive=role(file.roles.waive),
        admins=role(file.roles.admin),
        unavailable=(REMOVED,),
    )
