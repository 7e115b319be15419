"""What one person's Home shows: `home_of`. Pure, from a picture of everything that is open, recent and live.

Like the face of a card it has no age: a view that shows nothing new is not sent a second time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.checkup import Checkup
from bot.domain.context import Team
from bot.domain.face import Face
from bot.domain.incident_life import may_be_open
from bot.domain.needs import Scene
from bot.domain.plan_reminders import missing
from bot.domain.policy import ANYONE, Kind, Person, Service
from bot.domain.portrait import face_of
from bot.domain.promotion import Live, Phase, Promotion, Release

RECENT = 10
DAY = 86_400.0  # seconds
BROKEN = frozenset({Phase.FAILED, Phase.ERRORED, Phase.CANCELLED})


class Step(StrEnum):
    """What a newcomer tries once."""

    ASKED = "asked"
    DECIDED = "decided"  # approved or rejected something, or asked why it stands where it stands
    PLANNED = "planned"  # asked for a plan


@dataclass(frozen=True, slots=True)
class EnvironmentRow:
    """One environment over all services: what is on its way there, and what came last."""

    environment: str
    in_flight: tuple[Face, ...]
    last: tuple[str, Release] | None  # the service
    broke: Face | None = None  # what was tried there after that, and did not end well


@dataclass(frozen=True, slots=True)
class Drift:
    """How far an environment is behind the one before it."""

    environment: str
    before: str
    since: float  # when the one before got what this one has not
    commits: int | None = None  # None: nobody has counted them


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """What runs of one service in each environment of its path."""

    service: str
    serving: tuple[tuple[str, Release | None], ...]
    drift: Drift | None


@dataclass(frozen=True, slots=True)
class Keep:
    """What an admin sees of the bot itself."""

    parts: tuple[tuple[str, bool], ...]  # store, worker, slack: whether each is well
    version: str
    digest: str  # of the catalog that counts
    loaded: float
    refused: tuple[str, ...] = ()  # why a changed file does not count
    checked: Checkup | None = None  # by the doctor, a moment ago


@dataclass(frozen=True, slots=True)
class HomeFace:
    """Everything that one person's Home shows."""

    person: Person
    strip: tuple[EnvironmentRow, ...]
    waiting: tuple[Face, ...]  # for this person's approval
    flying: tuple[Face, ...]  # what this person asked for and is open
    services: tuple[ServiceRow, ...]
    is_owner: bool  # of these services; else they are all there are
    recent: tuple[Face, ...]
    steps: tuple[Step, ...] | None = None  # that are done; None: no newcomer
    incidents: tuple[Face, ...] = ()  # open ones of this person's, who is on call or leads
    keep: Keep | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """The world at one moment, the same for everybody's Home."""

    now: float
    open: tuple[Scene, ...]  # newest first
    ended: tuple[Scene, ...]
    lives: Mapping[tuple[str, str], Live]
    services: Mapping[str, Service]
    environments: tuple[str, ...]
    teams: Mapping[str, Team]
    admins: tuple[str, ...]  # teams and words of the role


def home_of(
    person: Person, picture: Picture, steps: tuple[Step, ...] | None = None, keep: Keep | None = None
) -> HomeFace:
    """What this person's Home shows; only an admin's has `keep`."""
    own = tuple(one for one in picture.services.values() if _is_in(person, one.owner or "", picture))
    shown = own or tuple(picture.services.values())
    return HomeFace(
        person=person,
        strip=tuple(_environment(name, picture) for name in picture.environments),
        waiting=tuple(_face(scene) for scene in picture.open if may_approve(person, scene)),
        flying=tuple(_face(scene) for scene in picture.open if scene.promotion.requester == person.name),
        services=tuple(_service(one, picture) for one in shown),
        is_owner=bool(own),
        recent=_recent(person, {one.name for one in shown}, picture),
        steps=steps,
        incidents=tuple(
            _face(scene) for scene in picture.ended if has_to_look(person, scene.promotion, picture.now)
        ),
        keep=keep if is_admin(person, picture) else None,
    )


def may_approve(person: Person, scene: Scene) -> bool:
    """Whether this person's yes is one that is still missing."""
    awaits = scene.promotion.phase is Phase.WAITING and scene.requirements.awaiting_approval
    return awaits and person in missing(scene.requirements.tally)


def has_to_look(person: Person, promotion: Promotion, now: float) -> bool:
    """Whether an incident is open that this person is on call for, or leads one that may be."""
    incident = promotion.incident
    if incident is None or incident.resolved_at is not None:
        return False
    called = incident.on_call if may_be_open(promotion, now) else ()  # it may be over long since
    return person.name in (*called, incident.lead)


def is_admin(person: Person, picture: Picture) -> bool:
    """Whether this person keeps the bot."""
    return any(word == ANYONE or _is_in(person, word, picture) for word in picture.admins)


def steps_seen(person: str, picture: Picture) -> frozenset[Step]:
    """The first steps that can be told from what is open and recent."""
    found = set()
    for scene in (*picture.open, *picture.ended):
        promotion = scene.promotion
        if promotion.requester == person:
            found.add(Step.ASKED)
        if any(one.by == person for one in promotion.approvals) or _rejected_it(person, promotion):
            found.add(Step.DECIDED)
    return frozenset(found)


def _rejected_it(person: str, promotion: Promotion) -> bool:
    ending = promotion.ending
    return promotion.phase is Phase.REJECTED and ending is not None and ending.by == person


def _is_in(person: Person, team: str, picture: Picture) -> bool:
    known = picture.teams.get(team)
    return known is not None and person.name in known.members


def _face(scene: Scene) -> Face:
    return face_of(scene.promotion, scene.context, scene.requirements)


def _recent(person: Person, services: set[str], picture: Picture) -> tuple[Face, ...]:
    """What ended last, of this person or of these services."""
    ended = (one for one in picture.ended if _concerns(person, services, one.promotion))
    return tuple(_face(scene) for scene, _ in zip(ended, range(RECENT), strict=False))


def _concerns(person: Person, services: set[str], promotion: Promotion) -> bool:
    return promotion.requester == person.name or promotion.service in services


def _environment(name: str, picture: Picture) -> EnvironmentRow:
    flying = tuple(_face(scene) for scene in picture.open if scene.promotion.environment == name)
    serving = [
        (service, live.serving)
        for (service, environment), live in picture.lives.items()
        if environment == name and live.serving is not None and service in picture.services
    ]
    last = max(serving, key=lambda one: one[1].since, default=None)
    return EnvironmentRow(name, flying, last, _broke(name, last[1] if last else None, picture))


def _broke(environment: str, last: Release | None, picture: Picture) -> Face | None:
    """The newest that was started there since, and did not end well: what serves may be what it left."""
    since, left_by = (last.since, last.promotion) if last else (0.0, "")
    tried = [
        (ending.at, scene)
        for scene in picture.ended
        if scene.promotion.environment == environment
        and scene.promotion.phase in BROKEN
        and scene.promotion.intent is not None
        and (ending := scene.promotion.ending) is not None
        and (ending.at > since or scene.promotion.id == left_by)
    ]
    return _face(max(tried, key=lambda one: one[0])[1]) if tried else None


def _service(service: Service, picture: Picture) -> ServiceRow:
    serving = tuple((name, _serving(service.name, name, picture)) for name in service.environments)
    return ServiceRow(service.name, serving, _drift(service, picture))


def _serving(service: str, environment: str, picture: Picture) -> Release | None:
    live = picture.lives.get((service, environment))
    return live.serving if live else None


def _drift(service: Service, picture: Picture) -> Drift | None:
    """How far the last environment that differs from the one before it is behind; None: all run the same."""
    path = service.environments
    for before, name in zip(reversed(path[:-1]), reversed(path[1:]), strict=True):
        newer, older = _serving(service.name, before, picture), _serving(service.name, name, picture)
        if newer is None or older is None or newer.sha == older.sha:
            continue
        if older.sha in picture.lives[service.name, before].undone:
            continue  # it is the one before that went back
        return Drift(name, before, newer.since, _commits(service.name, name, newer, older, picture))
    return None


def _commits(service: str, environment: str, newer: Release, older: Release, picture: Picture) -> int | None:
    """How many commits lie between, as far as a promotion of just these two has counted them."""
    for scene in (*picture.open, *picture.ended):
        promotion = scene.promotion
        same = (promotion.service, promotion.environment) == (service, environment)
        if same and promotion.sha == newer.sha and promotion.changes and promotion.kind is not Kind.ROLLBACK:
            return promotion.changes.commits if promotion.changes.since == older.version else None
    return None
