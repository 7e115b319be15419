"""Builds the rules that the domain judges from what the catalog says, and names what this version cannot judge."""

from collections.abc import Iterator, Sequence

from bot.catalog import schema
from bot.catalog import schema_gates as kinds
from bot.catalog.path import before
from bot.domain.policy import (
    CODE_OWNERS,
    ApprovalRule,
    DeployRule,
    FailureRule,
    GateRule,
    Kind,
    Rules,
    Service,
    Side,
)
from bot.gates import checks, health, incidents

DEFAULT_EXPIRY = 4 * 3_600.0
DEFAULT_INPUTS = (
    ("service", "{service}"),
    ("environment", "{environment}"),
    ("version", "{version}"),
    ("sha", "{sha}"),
    ("promotion_id", "{promotion_id}"),
    ("correlation_id", "{correlation_id}"),
    ("triggered_by", "{requester}"),
)
NOBODY = "nobody"


def rules_for(file: schema.File, service: Service, environment: str, kind: Kind) -> Rules:
    """Everything that must hold for one kind of promotion of one service to one environment."""
    written = file.environments[environment]
    entry = file.services[service.name]
    undo = kind is Kind.ROLLBACK
    asked = written.rollback.approvals if undo else written.approvals
    after = {name: other.after for name, other in file.environments.items()}
    return Rules(
        service=service,
        environment=environment,
        kind=kind,
        after=None if undo else before(after, service.environments, environment),
        branches=() if undo else tuple(written.branches),
        gates=() if undo else gate_rules(written.gates),
        approvals=approval_rules(asked),
        self_approval=written.self_approval,
        wait=0.0 if undo else written.wait,
        skip_wait=() if undo else tuple(written.skip_wait),
        expires=_expiry(written, asked),
        deploy=rollback_rule(entry) if undo else deploy_rule(entry),
        deploy_timeout=written.deploy_timeout,
        verify=gate_rules(written.verify, verifying=True),
        on_failure=_failure_rule(written.on_failure, file.incident_channel),
        may_request=role(file.roles.request),
        may_roll_back=role(file.roles.rollback),
        may_waive=role(file.roles.waive),
        admins=role(file.roles.admin),
        unavailable=tuple(_unavailable(written, kind)),
        incident_name=file.incident_channel.name,
        author_approval=undo or written.author_approval,
    )


def role(names: Sequence[str]) -> tuple[str, ...]:
    """A role's teams and words; nobody is no one."""
    return tuple(name for name in names if name != NOBODY)


def gate_rules(gates: kinds.Gates, *, verifying: bool = False) -> tuple[GateRule, ...]:
    """The gates of one section that this version can judge."""
    rules = (_gate_rule(name, gate, verifying) for name, gate in gates.items())
    return tuple(rule for rule in rules if rule is not None)


def _gate_rule(name: str, gate: kinds.AnyGate, verifying: bool) -> GateRule | None:
    side: Side = "target" if verifying else gate.of
    match gate:
        case kinds.Checks():
            named = checks.Settings(
                tuple(gate.required), tuple(gate.ignore), tuple(gate.apps), statuses=gate.statuses
            )
            return checks.rule(name, side, named)
        case kinds.Health():
            return health.rule(name, side, _health_settings(gate, verifying))
        case kinds.Incidents():
            return incidents.rule(name, side, incidents.Settings(gate.severity))
        case _:
            return None


def _health_settings(gate: kinds.Health, verifying: bool) -> health.Settings:
    """After a deploy the version must be seen twice in a row: an old replica may still answer between."""
    twice = verifying and gate.version is not None
    return health.Settings(gate.attempts, gate.every, gate.expect, gate.version, in_a_row=2 if twice else 1)


def approval_rules(approvals: Sequence[schema.Approval]) -> tuple[ApprovalRule, ...]:
    """The approvals that this version can judge."""
    return tuple(ApprovalRule(rule.count, rule.from_) for rule in approvals if rule.from_ != CODE_OWNERS)


def deploy_rule(service: schema.Service) -> DeployRule:
    """The workflow that promotes."""
    deploy = service.deploy
    inputs = DEFAULT_INPUTS if deploy.inputs is None else tuple(deploy.inputs.items())
    return DeployRule(deploy.workflow, deploy.ref, inputs)


def rollback_rule(service: schema.Service) -> DeployRule:
    """The workflow that rolls back: the deploy workflow unless the service has one for it."""
    usual, own = deploy_rule(service), service.rollback
    if own is None:
        return usual
    inputs = usual.inputs if own.inputs is None else tuple(own.inputs.items())
    return DeployRule(own.workflow, own.ref or usual.ref, inputs)


def _expiry(written: schema.Environment, asked: Sequence[schema.Approval]) -> float | None:
    if not asked:
        return None
    return DEFAULT_EXPIRY if written.expires is None else written.expires


def _failure_rule(written: schema.OnFailure, channel: schema.IncidentChannel) -> FailureRule:
    return FailureRule(
        page=written.page,
        incident_channel=written.incident_channel and channel.mode == "create",
        rollback=written.rollback,
        resolve=written.resolve,
    )


def _unavailable(written: schema.Environment, kind: Kind) -> Iterator[str]:
    """The names of rules that must hold and cannot be judged yet, for one kind of promotion.

    A way back is not barred by what is not built: what a rollback would also do or verify is only warned of.
    """
    if kind is Kind.ROLLBACK:
        yield from (name for key, name in unavailable_rollback(written))
        return
    yield from (name for key, name in unavailable_rules(written))
    yield from (name for key, name in unavailable_verify(written))
    if kind is Kind.EMERGENCY:
        yield "emergency"


Missing = tuple[str, str]  # the key below the environment, the name of the requirement


def unavailable_rules(written: schema.Environment) -> Iterator[Missing]:
    """What a promotion must meet and this version cannot judge."""
    yield from _unavailable_gates("gates", written.gates, "")
    yield from _unavailable_approvals("approvals", written.approvals)
    for key in ("cool_off", "checklist", "closed", "open"):
        if getattr(written, key):
            yield key, key


def unavailable_rollback(written: schema.Environment) -> Iterator[Missing]:
    """What a rollback must meet and this version cannot judge."""
    yield from _unavailable_approvals("rollback.approvals", written.rollback.approvals)


def unavailable_verify(written: schema.Environment) -> Iterator[Missing]:
    """What must be verified after a deploy and this version cannot judge."""
    return _unavailable_gates("verify", written.verify, "verify:")


def _unavailable_gates(section: str, gates: kinds.Gates, prefix: str) -> Iterator[Missing]:
    for name, gate in gates.items():
        if _gate_rule(name, gate, verifying=section == "verify") is None:
            yield f"{section}.{name}", prefix + name
        if isinstance(gate, kinds.Incidents) and gate.statuspage:
            yield f"{section}.{name}.statuspage", f"{prefix}{name} statuspage"


def _unavailable_approvals(section: str, approvals: Sequence[schema.Approval]) -> Iterator[Missing]:
    for index, rule in enumerate(approvals):
        if rule.from_ == CODE_OWNERS:
            yield f"{section}[{index}]", CODE_OWNERS
