"""A small world to decide in: Ana asks, Bo and Cy approve, Fay is an admin; checkout goes from OLD to NEW."""

from dataclasses import replace

from bot.domain.context import Context, Team
from bot.domain.errors import Refusal
from bot.domain.machine import Decision, decide
from bot.domain.messages import (
    Approve,
    DispatchAccepted,
    DispatchUnclear,
    GateSeen,
    Message,
    Request,
    RunNotFound,
    RunSeen,
    VersionSeen,
)
from bot.domain.policy import (
    ApprovalRule,
    DeployRule,
    FailureRule,
    GateRule,
    Kind,
    PagerService,
    Person,
    Rules,
    Service,
    TeamSource,
    Verdict,
)
from bot.domain.promotion import Live, Phase, Promotion, Release, Slot, Step
from bot.domain.readings import HealthReading, Reading
from bot.domain.requirements import Requirements, requirements_of

T0 = 1_800_000_000.0
NEW = "a" * 40
OLD = "b" * 40
OLDER = "c" * 40
RUN = 8840
GOOD = HealthReading(good_in_a_row=1, attempts=1, status=200)
SLOW = HealthReading(good_in_a_row=0, attempts=1, status=503, wrong="answered 503, not 200")
BAD = HealthReading(good_in_a_row=0, attempts=5, status=503, wrong="answered 503, not 200")


def judge(reading: Reading) -> Verdict:
    """Met by one good answer, unmet after five bad ones."""
    if not isinstance(reading, HealthReading):
        return Verdict.UNMET
    if reading.good_in_a_row:
        return Verdict.MET
    return Verdict.UNMET if reading.attempts >= 5 else Verdict.PENDING


def gate(name: str = "health", basis: str = "answers 200", use: str = "health") -> GateRule:
    """A gate that looks at the target."""
    return GateRule(
        name=name, use=use, of="target", settings=(("expect", basis),), basis=basis, every=10.0, judge=judge
    )


SERVICE = Service(
    name="checkout",
    repo="acme/checkout",
    owner="payments",
    channel="checkout",
    environments=("dev", "staging", "production"),
    health="https://checkout.{environment}.acme.example/health",
    pagerduty=PagerService("PCHECKOUT", "env:KEY"),
)
RULES = Rules(
    service=SERVICE,
    environment="production",
    kind=Kind.PROMOTE,
    after="staging",
    branches=("main",),
    gates=(gate(),),
    approvals=(ApprovalRule(2, "release-managers"),),
    self_approval=False,
    wait=0.0,
    skip_wait=(),
    expires=4 * 3600.0,
    deploy=DeployRule("deploy.yml", "main", (("sha", "{sha}"), ("correlation_id", "{correlation_id}"))),
    deploy_timeout=3600.0,
    verify=(),
    on_failure=FailureRule(page="critical", incident_channel=True, resolve="after_rollback"),
    may_request=("anyone",),
    may_roll_back=("owner", "approvers"),
    may_waive=("sre",),
    admins=("sre",),
)
VERIFIED_RULES = replace(RULES, verify=(gate(),))
ROLLBACK_RULES = replace(RULES, kind=Kind.ROLLBACK, after=None, branches=(), gates=(), approvals=())
PEOPLE = {name: Person(name, f"U0{name.upper()}", name) for name in ("ana", "bo", "cy", "dee", "eli", "fay")}


def team(name: str, *members: str) -> Team:
    """A team that the catalog itself spells out."""
    return Team(name, TeamSource("members", members=members), frozenset(members))


def group(name: str, at: float | None, *members: str) -> Team:
    """A team that lives in Slack, looked at at some time."""
    return Team(name, TeamSource("slack_group", "S0WEB"), frozenset(members), at)


TEAMS = {
    "release-managers": team("release-managers", "bo", "cy"),
    "payments": team("payments", "ana", "dee"),
    "sre": team("sre", "fay"),
}
OLD_RELEASE = Release(OLD, "v2.14.2", T0 - 86_400, "P-139", "ana")
OLDER_RELEASE = Release(OLDER, "v2.14.1", T0 - 9 * 86_400, "P-120", "ana")
STAGING = Live("checkout", "staging", good=(Release(NEW, "v2.14.3", T0 - 7200, "P-140"),))
PRODUCTION = Live("checkout", "production", OLD_RELEASE, (OLD_RELEASE, OLDER_RELEASE))
LIVES = {"staging": STAGING, "production": PRODUCTION}
FREE = Slot("checkout", "production")


def held(by: str = "P-142", since: float = T0, *queue: str) -> Slot:
    """The slot in somebody's hands."""
    return replace(FREE, holder=by, since=since, queue=queue)


def context(rules: Rules = RULES, now: float = T0, slot: Slot = FREE) -> Context:
    """The world beside the promotion."""
    return Context(
        now=now,
        boottime=now - T0 + 1000.0,
        process="this",
        rules=rules,
        people=PEOPLE,
        teams=TEAMS,
        slot=slot,
        lives=LIVES,
    )


def at(before: Context, seconds: float) -> Context:
    """The same world some seconds after T0."""
    return replace(before, now=T0 + seconds, boottime=1000.0 + seconds)


def recorded(before: Context, live: Live | None) -> Context:
    """The same world with this recorded as live in production; None: nothing changed about it."""
    return before if live is None else replace(before, lives={**before.lives, "production": live})


def promotion(kind: Kind = Kind.PROMOTE) -> Promotion:
    """P-142 as it was just asked for."""
    return Promotion(
        id="P-142",
        kind=kind,
        service="checkout",
        environment="production",
        version="v2.14.3",
        requester="ana",
        reason="fix refunds",
        created=T0,
        since=T0,
        correlation="f" * 32,
    )


def request(kind: Kind = Kind.PROMOTE, version: str = "v2.14.3", by: str = "ana") -> Request:
    """Ana's request."""
    return Request(
        promotion="P-142",
        correlation="f" * 32,
        by=by,
        service="checkout",
        environment="production",
        version=version,
        reason="fix refunds for EUR cards",
        kind=kind,
    )


VERSION = VersionSeen("P-142", NEW, "main", None)
HEALTHY = GateSeen("P-142", "health", GOOD, "answers 200", sha=NEW)


def health(reading: Reading, basis: str = "answers 200", name: str = "health", sha: str = NEW) -> GateSeen:
    """What a look at the health gate brought."""
    return GateSeen("P-142", name, reading, basis, sha=sha)


def run_seen(
    status: str = "in_progress",
    conclusion: str = "",
    attempt: int = 1,
    steps: tuple[Step, ...] | None = (Step("deploy", "running"),),
    actor: str = "",
    run_id: int = RUN,
) -> RunSeen:
    """What the API said of the run."""
    return RunSeen(
        "P-142", "api", run_id, "https://github.example/8840", status, conclusion, attempt, actor, steps
    )


def decision(before: Promotion | None, message: Message, world: Context) -> Decision:
    """The decision on a message that must not be refused."""
    decided = decide(before, message, world)
    assert isinstance(decided, Decision), decided
    return decided


def after(before: Promotion | None, world: Context, *messages: Message) -> Promotion:
    """The promotion after some messages, none of which may be refused."""
    for message in messages:
        before = decision(before, message, world).promotion
    assert before is not None
    return before


def refusal(before: Promotion | None, message: Message, world: Context) -> Refusal:
    """The refusal of a message that must be refused."""
    decided = decide(before, message, world)
    assert not isinstance(decided, Decision), decided
    return decided


def judged(one: Promotion, world: Context) -> Requirements:
    """The requirements as they are."""
    return requirements_of(one, world)


def reviewed(rules: Rules = RULES) -> Promotion:
    """Resolved and with a good gate: approval is awaited."""
    seen = tuple(health(GOOD, rule.basis, rule.name) for rule in rules.gates)
    return after(promotion(), context(rules), VERSION, *seen)


def approved(rules: Rules = RULES, *people: str) -> Promotion:
    """Approved by Bo and Cy, or by whoever is named."""
    approvals = tuple(Approve("P-142", name) for name in people or ("bo", "cy"))
    return after(reviewed(rules), context(rules), *approvals)


def dispatching(rules: Rules = RULES) -> Promotion:
    """The slot was taken, everything was looked at again, and the intent is committed."""
    world = context(rules, slot=held())
    gates = tuple(health(GOOD, rule.basis, rule.name) for rule in rules.gates)
    one = after(approved(rules), world, VERSION, *gates)
    assert one.phase is Phase.DISPATCHING
    return one


def deploying(rules: Rules = RULES) -> Promotion:
    """GitHub named the run."""
    return after(dispatching(rules), context(rules, slot=held()), DispatchAccepted("P-142", 1, RUN, "u"))


def ended(conclusion: str = "success", rules: Rules = RULES) -> Promotion:
    """The run ended like this, and the API said so."""
    smoke = Step("smoke", "succeeded" if conclusion == "success" else "failed")
    steps = (Step("build", "succeeded"), smoke)
    return after(
        deploying(rules),
        context(rules, now=T0 + 60, slot=held()),
        run_seen("completed", conclusion, steps=steps),
    )


def unknown(rules: Rules = RULES) -> Promotion:
    """Nobody can say whether a run was started."""
    world = at(context(rules, slot=held()), 181)
    one = after(dispatching(rules), world, DispatchUnclear("P-142", 1, "502"), RunNotFound("P-142", 1))
    assert one.phase is Phase.UNKNOWN
    return one
