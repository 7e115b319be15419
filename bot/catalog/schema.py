"""Every key of promotions.yml. Unknown keys are errors; a required key's description says what to write."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from bot.catalog.schema_gates import Gates
from bot.catalog.values import (
    Budget,
    Channel,
    Days,
    GithubTeam,
    JsonPath,
    Keys,
    Login,
    Name,
    PagerId,
    Ref,
    Repo,
    Seconds,
    Secret,
    SlackGroup,
    SlackUser,
    Slug,
    Text,
    TimeOfDay,
    Url,
    Workflow,
    Zone,
)

Severity = Literal["critical", "error", "warning", "info"]
Count = Annotated[int, Field(ge=1, le=20)]


class QuietHours(Keys):
    from_: TimeOfDay = Field(alias="from", description='a time such as "20:00"')
    to: TimeOfDay = Field(description='a time such as "08:00"')


class Slack(Keys):
    channel: Channel = Field(description="the channel of the cards, such as deploys")
    audit_channel: Channel | None = None
    quiet_hours: QuietHours | None = None


class Person(Keys):
    slack: SlackUser = Field(description="the Slack member id, such as U0ANA")
    github: Login | None = None
    pagerduty: PagerId | None = None


class Team(Keys):
    members: list[Name] | None = None
    slack_group: SlackGroup | None = None
    github_team: GithubTeam | None = None
    pagerduty_schedule: PagerId | None = None


class Roles(Keys):
    request: list[Name] = Field(default=["anyone"])
    rollback: list[Name] = Field(default=["owner", "approvers"])
    freeze: list[Name] = Field(default=["nobody"])
    lock: list[Name] = Field(default=["anyone"])
    veto: list[Name] = Field(default=["nobody"])
    waive: list[Name] = Field(default=["nobody"])
    admin: list[Name] = Field(default=["nobody"])


def _bodies(entries: object) -> object:
    """An entry that is only a name, `dev:`, has no rules of its own."""
    if not isinstance(entries, dict):
        return entries
    return {name: {} if body is None else body for name, body in entries.items()}


class Approval(Keys):
    count: Count = 1
    from_: Name = Field(alias="from", description="a team, owner or code-owners")
    when: Literal["always", "changed"] = "always"


class CoolOff(Keys):
    approvals: Count = Field(description="a number of approvals")
    within: Seconds = Field(description="a time such as 20m")


class Window(Keys):
    days: Days = Field(description="days such as mon-fri")
    from_: TimeOfDay = Field(alias="from", description='a time such as "22:00"')
    to: TimeOfDay = Field(description='a time such as "06:00"')
    reason: Text | None = None


class Warn(Keys):
    commits: Annotated[int, Field(ge=1)] | None = None


class RollbackRule(Keys):
    approvals: list[Approval] = Field(default=[])
    cascade: list[Slug] = Field(default=[])


class OnFailure(Keys):
    page: Severity | None = None
    incident_channel: bool = False
    rollback: Literal["offer", "off"] = "offer"
    resolve: Literal["never", "after_rollback"] = "never"
    review_issue: bool = False


Skippable = Literal[
    "checks", "health", "incidents", "soak", "smoke", "p99", "bundle", "signed", "readiness", "http",
    "approvals", "wait", "closed", "open", "after", "cool_off", "checklist",
]  # fmt: skip


class Emergency(Keys):
    approvals: list[Approval] = Field(default=[])
    skips: list[Skippable] = Field(default=[])
    budget: Budget | None = None
    review_within: Seconds | None = None


class Environment(Keys):
    after: Slug | None = None
    promote_on_push: Ref | None = None
    promote_on_success: bool = False
    request_on_validated: bool = False
    branches: list[Ref] = Field(default=[])
    gates: Gates = Field(default={})
    approvals: list[Approval] = Field(default=[])
    self_approval: bool = False
    author_approval: bool = True
    cool_off: CoolOff | None = None
    checklist: list[Text] = Field(default=[])
    wait: Seconds = 0.0
    skip_wait: list[Name] = Field(default=[])
    expires: Seconds | None = None
    closed: list[Window] = Field(default=[])
    open: list[Window] = Field(default=[])
    warn: Warn | None = None
    deploy_timeout: Seconds = 1_800.0
    verify: Gates = Field(default={})
    rollback: RollbackRule = RollbackRule()
    on_failure: OnFailure = OnFailure()
    emergency: Emergency | None = None


class IncidentChannel(Keys):
    name: Text = "inc-{number}-{service}"
    mode: Literal["create", "external", "off"] = "create"


class ScoreRule(Keys):
    level: Name = Field(description="one of the scorecard's levels")
    check: Literal["readme", "required_approvals", "freshness", "code_owner_review", "team", "on_call"] = (
        Field(description="what is looked at, such as readme")
    )
    min: Annotated[int, Field(ge=1)] | None = None
    max: Seconds | None = None


class Posting(Keys):
    channel: Channel = Field(description="a Slack channel without #")
    every: Text = Field(description="a time such as monday 09:00")


class Scorecard(Keys):
    levels: Annotated[list[Name], Field(min_length=1)] = Field(
        description="a list such as [bronze, silver, gold]"
    )
    rules: dict[Name, ScoreRule] = Field(default={})
    digest: Posting | None = None
    summary: Posting | None = None


class Deploy(Keys):
    workflow: Workflow = Field(description="a file name such as deploy.yml")
    ref: Ref = Field(description="the trusted branch whose workflow file runs, such as main")
    inputs: dict[str, Text] | None = None


class RollbackDeploy(Keys):
    workflow: Workflow = Field(description="a file name such as rollback.yml")
    ref: Ref | None = None
    inputs: dict[str, Text] | None = None


class Metrics(Keys):
    prometheus: Url | None = None
    query: Text | None = None
    json_: Url | None = Field(default=None, alias="json")
    path: JsonPath | None = None


class Pager(Keys):
    service: PagerId = Field(description="the PagerDuty service id, such as PCHECKOUT")
    routing_key: Secret = "env:PAGERDUTY_ROUTING_KEY"


class Service(Keys):
    repo: Repo = Field(description="owner/name, such as acme/checkout")
    owner: Name | None = None
    channel: Channel | None = None
    environments: list[Slug] | None = None
    deploy: Deploy = Field(description="{workflow: deploy.yml, ref: main}")
    rollback: RollbackDeploy | None = None
    health: Url | None = None
    metrics: Metrics | None = None
    migrations: Text | None = None
    pagerduty: Pager | None = None


class File(Keys):
    """The whole of promotions.yml."""

    timezone: Zone = "UTC"
    slack: Slack = Field(description="{channel: deploys}")
    people: Annotated[dict[Name, Person], Field(min_length=1)] = Field(
        description="who is who, by Slack member id"
    )
    teams: dict[Name, Team] = Field(default={})
    roles: Roles = Roles()
    environments: Annotated[dict[Slug, Environment], Field(min_length=1), BeforeValidator(_bodies)] = Field(
        description="dev, staging, production"
    )
    incident_channel: IncidentChannel = IncidentChannel()
    scorecard: Scorecard | None = None
    services: Annotated[dict[Slug, Service], Field(min_length=1)] = Field(description="what may be promoted")
