"""PagerDuty as the bot sees it, on loopback: Events v2, the REST API and signed v3 webhooks."""

import uuid

from aiohttp import web

from bot.playground.door import Answer, Door
from bot.playground.pagerduty.api import RestApi
from bot.playground.pagerduty.documents import Documents
from bot.playground.pagerduty.events import EventsApi
from bot.playground.pagerduty.incidents import Incidents
from bot.playground.pagerduty.pages import Pages
from bot.playground.pagerduty.state import BOT_USER, SERVICES, Alert, Change, Incident, User
from bot.playground.webhooks import Courier, Delivery
from bot.playground.world import Person, World

BASE = "/sim/pagerduty"
ROUTING_KEYS = {name: service.routing_key for name, service in SERVICES.items()}
BOT_EMAIL = BOT_USER.email
SENTENCES = {
    401: ("Unauthorized", 2006),
    403: ("Access Denied", 2010),
    404: ("Not Found", 2100),
    429: ("Rate Limit Exceeded", 2020),
}


class PagerDuty:
    """The simulator; the person of the world with role `on call` is on call, the next one backs them up."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.door = Door(world, "pagerduty", BASE, bent=_bent)
        self.courier = Courier(world, "pagerduty", "/pagerduty/webhooks")
        people = [_user_of(person) for person in world.people.values() if person.pagerduty]
        self.users = [*people, BOT_USER]
        self._on_call = _on_call_first(world, people)
        self.incidents = Incidents(world, self.courier, Documents(self.door))
        self.incidents.on_call = self._on_call[0] if self._on_call else None
        self._events = EventsApi(self.door, self.incidents)
        self.rest = RestApi(self.door, self.incidents, self.users, lambda: self._on_call)

    def routes(self) -> list[web.RouteDef]:
        """Every route, all below /sim/pagerduty."""
        return [
            *self._events.routes(),
            *self.rest.routes(),
            *Pages(BASE + "/web", self.incidents).routes(),
        ]

    async def tick(self) -> None:
        """Send the webhooks that are due."""
        await self.courier.tick()

    async def close(self) -> None:
        """Let go of deliveries."""
        self.door.close()
        await self.courier.close()

    @property
    def deliveries(self) -> list[Delivery]:
        """The webhooks sent, lost or waiting, oldest first."""
        return list(self.courier.deliveries)

    @property
    def changes(self) -> list[Change]:
        """The change events, oldest first."""
        return self._events.changes

    def incidents_state(self) -> list[dict[str, object]]:
        """The incidents for `GET /play/state`, oldest first."""
        return self.incidents.state()

    def open_incident(self, service: str, severity: str = "high", title: str = "") -> Incident:
        """Something else opens an incident on a service of the world."""
        now, words = self.world.clock.now(), title or f"{service} is in trouble"
        alert = Alert(f"PALERT{uuid.uuid4().hex[:8].upper()}", now, words, "monitoring", severity)
        return self.incidents.trigger(SERVICES[service], uuid.uuid4().hex, alert)

    def acknowledge(self, number: str | int, by: str) -> Incident:
        """A person of the world acknowledges an incident, by id or number."""
        incident = self._incident(number)
        self.incidents.become(incident, "acknowledged", self._user(by))
        return incident

    def resolve(self, number: str | int, by: str) -> Incident:
        """A person of the world resolves an incident, by id or number."""
        incident = self._incident(number)
        self.incidents.become(incident, "resolved", self._user(by))
        return incident

    def fall_back(self, number: str | int, by: str = "") -> Incident:
        """An incident is triggered again: reopened by somebody, or its acknowledgement ran out."""
        incident = self._incident(number)
        self.incidents.fall_back(incident, self._user(by) if by else None)
        return incident

    def annotate(self, number: str | int, by: str, text: str) -> Incident:
        """A person of the world writes a note on an incident."""
        incident = self._incident(number)
        self.incidents.annotate(incident, self._user(by), text)
        return incident

    def puts_on_call(self, name: str) -> None:
        """Hand the pager to a person of the world who has an account."""
        user = self._user(name)
        self._on_call = [user, *(other for other in self._on_call if other != user)]
        self.incidents.on_call = user

    def has_nobody_on_call(self) -> None:
        """Nobody carries the pager any more."""
        self._on_call = []
        self.incidents.on_call = None

    def _incident(self, number: str | int) -> Incident:
        incident = self.incidents.find(str(number))
        if incident is None:
            raise LookupError(f"there is no incident {number}")
        return incident

    def _user(self, name: str) -> User:
        user = next((user for user in self.users if name.casefold() in (user.name.casefold(), user.id)), None)
        if user is None:
            raise LookupError(f"{name} has no PagerDuty account")
        return user


def _user_of(person: Person) -> User:
    return User(person.pagerduty or "", person.title, f"{person.name}@acme.example")


def _on_call_first(world: World, people: list[User]) -> list[User]:
    on_call = {person.pagerduty for person in world.people.values() if person.role == "on call"}
    return sorted(people, key=lambda user: user.id not in on_call)


def _bent(status: int) -> Answer:
    message, code = SENTENCES.get(status, ("Internal Server Error", 2000))
    body = {"error": {"message": message, "code": code}, "status": "error", "message": message}
    return Answer(status, body, {"Retry-After": "2"} if status == 429 else {})
