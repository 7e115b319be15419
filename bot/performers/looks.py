"""Looks at the world: versions, gates, teams, what serves, who is on call."""

from bot import gates
from bot.domain.authors import knows_authors
from bot.domain.effects import LookAtGate, LookAtOnCall, LookAtServing, LookAtTeam, LookAtVersion
from bot.domain.incident_messages import OnCallSeen
from bot.domain.messages import (
    EffectDone,
    EffectFailed,
    Fact,
    GateSeen,
    ServingSeen,
    VersionNotFound,
    VersionRefused,
    VersionSeen,
)
from bot.domain.policy import Person, TeamSource
from bot.domain.promotion import Changes
from bot.domain.readings import HealthReading, Unreadable
from bot.performers.tools import Scene, Tools, again_at
from bot.ports import Limited, ManyVersions, NoVersion, Refused, VendorError


async def look_at_version(tools: Tools, scene: Scene, effect: LookAtVersion) -> tuple[Fact, ...]:
    """Resolve the version once more, and see which branch reaches it and what it would change."""
    promotion, rules = scene.promotion, scene.context.rules
    repo, looked = rules.service.repo, tools.clock.now()
    try:
        found = await tools.repository.resolve(repo, promotion.version)
        if isinstance(found, NoVersion):
            return (VersionNotFound(promotion.id, "missing", found.nearest, looked),)
        if isinstance(found, ManyVersions):
            return (VersionNotFound(promotion.id, "ambiguous", found.candidates, looked),)
        branch = await tools.repository.branch_of(repo, found.sha, rules.branches)
    except Refused as no:
        return (VersionRefused(promotion.id, no.code, no.sentence),)
    try:
        changes = await _changes(tools, scene, found.sha)
    except VendorError as error:  # the rules ask who wrote it, and that is not known
        unread = _again(tools, scene, effect.key, error)
        return (VersionSeen(promotion.id, found.sha, branch, None, looked), unread)
    return (VersionSeen(promotion.id, found.sha, branch, changes, looked),)


async def _changes(tools: Tools, scene: Scene, sha: str) -> Changes | None:
    """What changes since the live version: worth a failure only where the authors may not approve it."""
    promotion, serving, rules = scene.promotion, scene.context.live.serving, scene.context.rules
    known = promotion.sha == sha and promotion.changes is not None
    if serving is None or (known and knows_authors(promotion, scene.context)):
        return None
    everyone = not rules.author_approval
    try:
        return await tools.repository.changes(
            rules.service.repo, serving.sha, sha, serving.version, everyone=everyone
        )
    except VendorError:
        if everyone:
            raise
        return None


async def look_at_gate(tools: Tools, scene: Scene, effect: LookAtGate) -> tuple[Fact, ...]:
    """Look once for one gate. A look that failed is a reading that counts as not passed."""
    promotion, looked, basis = scene.promotion, tools.clock.now(), effect.rule.basis
    known = promotion.gates.get(effect.fact)
    previous = known.reading if known is not None and known.basis == basis else None
    try:
        reading, link = await gates.observe(effect.rule, _view(tools, scene, effect.environment), previous)
    except VendorError as error:
        nothing, sha = Unreadable(error.sentence), promotion.sha or ""
        unreadable = GateSeen(promotion.id, effect.fact, nothing, basis, sha=sha, looked=looked)
        return (unreadable, _again(tools, scene, effect.key, error))
    return (GateSeen(promotion.id, effect.fact, reading, basis, link, promotion.sha or "", looked),)


async def look_at_serving(tools: Tools, scene: Scene, effect: LookAtServing) -> tuple[Fact, ...]:
    """Ask the health URL what it serves; only what the body names counts."""
    view = _view(tools, scene, scene.promotion.environment)
    reading, _ = await gates.observe(effect.rule, view, None)
    named = reading.version if isinstance(reading, HealthReading) else None
    return (ServingSeen(scene.promotion.id, named),)


async def look_at_team(tools: Tools, scene: Scene, effect: LookAtTeam) -> tuple[Fact, ...]:
    """Read who is in a team that a promotion waits for."""
    await read_team(tools, effect.team.name, effect.team.source)
    return (EffectDone(scene.promotion.id, effect.key),)


async def read_team(tools: Tools, name: str, source: TeamSource) -> None:
    """Read who is in a team and keep it for everyone, as a small document. Raises VendorError."""
    looked = tools.clock.now()
    ids = await tools.directory.members(source)
    people = tools.phonebook().people.values()
    names = frozenset(person.name for person in people if _id_of(person, source) in ids)
    await tools.team_seen(name, names, looked)


async def look_at_on_call(tools: Tools, scene: Scene, effect: LookAtOnCall) -> tuple[Fact, ...]:
    """Ask PagerDuty who is on call for the service; whoever the catalog does not know is left out."""
    ids = await tools.pager.on_call(effect.service)
    people = tools.phonebook().people.values()
    names = tuple(sorted(person.name for person in people if person.pagerduty in ids))
    return (OnCallSeen(scene.promotion.id, names),)


def _view(tools: Tools, scene: Scene, environment: str) -> gates.GateView:
    return gates.GateView(
        service=scene.context.rules.service,
        environment=environment,
        sha=scene.promotion.sha or "",
        version=scene.promotion.version,
        repository=tools.repository,
        pager=tools.pager,
        probe=tools.probe,
    )


def _again(tools: Tools, scene: Scene, key: str, error: VendorError) -> EffectFailed:
    entry = scene.promotion.ledger.get(key)
    now = tools.clock.now()
    again = again_at(error, entry.tries if entry else 0, now)
    limited = isinstance(error, Limited)
    return EffectFailed(scene.promotion.id, key, error.sentence, again, limited=limited)


def _id_of(person: Person, source: TeamSource) -> str | None:
    match source.kind:
        case "slack_group":
            return person.slack
        case "github_team":
            return person.github
        case "pagerduty_schedule":
            return person.pagerduty
        case "members":
            return person.name
