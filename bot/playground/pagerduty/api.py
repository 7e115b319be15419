"""PagerDuty's REST API: incidents and their notes, services, people, schedules, who is on call."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from aiohttp import web

from bot.playground.door import MALFORMED, Answer, Call, Door, Handler, Refused
from bot.playground.pagerduty.documents import Document, Documents
from bot.playground.pagerduty.incidents import Incidents
from bot.playground.pagerduty.state import POLICY, SCHEDULE, SERVICES, Incident, Status, User

Item = TypeVar("Item")
DEFAULT_LIMIT = 25
MOST_A_PAGE = 100
NO_FROM = 'You must specify a user\'s email address in the "From" header to perform this action'
NEXT_STATUSES: dict[object, Status] = {"acknowledged": "acknowledged", "resolved": "resolved"}


class RestApi:
    """Answers the REST calls; `users` are the people with an account, `on_call` those on call by level."""

    def __init__(
        self, door: Door, incidents: Incidents, users: Sequence[User], on_call: Callable[[], list[User]]
    ) -> None:
        self._door = door
        self._incidents = incidents
        self._users = users
        self._on_call = on_call
        self._documents = Documents(door)
        self.statuses: dict[str, str] = {}  # of services that are not active
        self.webhooks: list[str] = ["/pagerduty/webhooks"]  # paths on the bot; a disabled one begins with !
        self.are_webhooks_hidden = False  # from a key that may not read them

    def routes(self) -> list[web.RouteDef]:
        """The routes of the REST API."""

        def on(method: str, path: str, handler: Handler) -> web.RouteDef:
            return self._door.on(method, path, _admitted(handler))

        return [
            on("GET", "/incidents", self.list_incidents),
            on("GET", "/incidents/{id}", self.show_incident),
            on("PUT", "/incidents/{id}", self.update_incident),
            on("GET", "/incidents/{id}/notes", self.list_notes),
            on("POST", "/incidents/{id}/notes", self.create_note),
            on("GET", "/incidents/{id}/alerts", self.list_alerts),
            on("GET", "/oncalls", self.list_on_calls),
            on("GET", "/services", self.list_services),
            on("GET", "/services/{id}", self.show_service),
            on("GET", "/users", self.list_users),
            on("GET", "/users/{id}", self.show_user),
            on("GET", "/schedules/{id}/users", self.list_schedule_users),
            on("GET", "/webhook_subscriptions", self.list_webhooks),
        ]

    async def list_incidents(self, call: Call) -> Answer:
        """Incidents by status, service, urgency or key, oldest first unless `sort_by` says otherwise."""
        filters = ("statuses", "service_ids", "urgencies")
        wanted = {name: call.all_asked(f"{name}[]") for name in filters}
        found = self._incidents.matching({**wanted, "incident_key": call.all_asked("incident_key")})
        if call.asked("sort_by").endswith(":desc"):
            found.reverse()
        return _page(call, "incidents", found, self._documents.incident)

    async def show_incident(self, call: Call) -> Answer:
        """One incident by id or number."""
        return Answer(200, {"incident": self._documents.incident(self._incident(call))})

    async def update_incident(self, call: Call) -> Answer:
        """Acknowledge or resolve an incident, or change its title, in the name of `From`."""
        by, incident = self._from(call), self._incident(call)
        asked = _object(call, "incident")
        if "status" in asked and asked["status"] not in NEXT_STATUSES:
            raise _error(400, "Invalid Input Provided", 2001, "Status is invalid")
        if incident.status == "resolved" and asked.get("status"):
            raise _error(400, "Invalid Input Provided", 2001, "Incident Already Resolved")
        if isinstance(asked.get("title"), str):
            incident.title = str(asked["title"])
        if "status" in asked:
            self._incidents.become(incident, NEXT_STATUSES[asked["status"]], by)
        return Answer(200, {"incident": self._documents.incident(incident)})

    async def list_notes(self, call: Call) -> Answer:
        """The notes of an incident, oldest first; never paged."""
        return Answer(200, {"notes": [self._documents.note(note) for note in self._incident(call).notes]})

    async def create_note(self, call: Call) -> Answer:
        """Write a note in the name of `From`."""
        by, incident = self._from(call), self._incident(call)
        text = _object(call, "note").get("content")
        if not isinstance(text, str) or not text.strip():
            raise _error(400, "Invalid Input Provided", 2001, "Content cannot be empty.")
        return Answer(200, {"note": self._documents.note(self._incidents.annotate(incident, by, text))})

    async def list_alerts(self, call: Call) -> Answer:
        """The alerts of an incident."""
        incident = self._incident(call)
        return _page(call, "alerts", incident.alerts, lambda alert: self._documents.alert(incident, alert))

    async def list_on_calls(self, call: Call) -> Answer:
        """Who is on call: the first level by the schedule, the others by name."""
        policies, schedules = call.all_asked("escalation_policy_ids[]"), call.all_asked("schedule_ids[]")
        entries = list(enumerate(self._on_call(), start=1))
        if policies and POLICY not in policies:
            entries = []
        if schedules:
            entries = [entry for entry in entries if entry[0] == 1 and SCHEDULE in schedules]
        whole = "users" in call.all_asked("include[]")

        def write(entry: tuple[int, User]) -> Document:
            return self._documents.on_call(entry[1], entry[0], scheduled=entry[0] == 1, whole_user=whole)

        return _page(call, "oncalls", entries, write)

    async def list_services(self, call: Call) -> Answer:
        """Services, by a part of their name with `query`."""
        found = [service for service in SERVICES.values() if call.asked("query").casefold() in service.name]
        return _page(call, "services", found, self._documents.service)

    async def show_service(self, call: Call) -> Answer:
        """One service."""
        service = next((known for known in SERVICES.values() if known.id == call.part("id")), None)
        if service is None:
            raise _error(404, "Not Found", 2100)
        whole = "integrations" in call.all_asked("include[]")
        shown = self._documents.service(service, whole=whole)
        return Answer(200, {"service": {**shown, "status": self.statuses.get(service.id, "active")}})

    async def list_users(self, call: Call) -> Answer:
        """People, by a part of their name or e-mail with `query`."""
        query = call.asked("query").casefold()
        found = [user for user in self._users if query in f"{user.name} {user.email}".casefold()]
        return _page(call, "users", found, self._documents.user)

    async def show_user(self, call: Call) -> Answer:
        """One person."""
        user = next((known for known in self._users if known.id == call.part("id")), None)
        if user is None:
            raise _error(404, "Not Found", 2100)
        return Answer(200, {"user": self._documents.user(user)})

    async def list_schedule_users(self, call: Call) -> Answer:
        """Who is on the schedule now; never paged."""
        if call.part("id") != SCHEDULE:
            raise _error(404, "Not Found", 2100)
        return Answer(200, {"users": [self._documents.user(user) for user in self._on_call()[:1]]})

    async def list_webhooks(self, call: Call) -> Answer:
        """Where incidents are told of."""
        if self.are_webhooks_hidden:
            raise _error(403, "Access Denied", 2010)
        return _page(call, "webhook_subscriptions", self.webhooks, self._documents.webhook)

    def _incident(self, call: Call) -> Incident:
        incident = self._incidents.find(call.part("id"))
        if incident is None:
            raise _error(404, "Incident Not Found", 2100)
        return incident

    def _from(self, call: Call) -> User:
        """Whose name a write is in; PagerDuty refuses writes of account tokens without a known one."""
        email = call.http.headers.get("From", "")
        if not email:
            raise _error(400, NO_FROM, 2016)
        if "@" not in email:
            raise _error(400, 'Malformed "From" header', 1028)
        user = next((known for known in self._users if known.email == email.casefold()), None)
        if user is None:
            raise _error(400, "Requester User Not Found", 1008)
        return user


def _admitted(handler: Handler) -> Handler:
    async def admitted(call: Call) -> Answer:
        _admit(call)
        return await handler(call)

    return admitted


def _admit(call: Call) -> None:
    scheme, _, token = call.http.headers.get("Authorization", "").partition(" ")
    key = token.strip().removeprefix("token=")
    if scheme.casefold() not in ("token", "bearer") or not key.startswith("pd-playground"):
        raise _error(401, "Unauthorized", 2006)
    if call.body is MALFORMED:
        raise _error(400, "Invalid JSON", 2001)


def _object(call: Call, name: str) -> dict[str, object]:
    wrapped = call.fields.get(name)
    if not isinstance(wrapped, dict):
        raise _error(400, "Invalid Input Provided", 2001, f"{name} is missing")
    return wrapped


def _error(status: int, message: str, code: int, *errors: str) -> Refused:
    return Refused(Answer(status, {"error": {"message": message, "code": code, "errors": list(errors)}}))


def _page(call: Call, name: str, items: Sequence[Item], write: Callable[[Item], Document]) -> Answer:
    """One page by `limit` and `offset`; `total` only when asked for, as the vendor does it."""
    asked, start = call.asked("limit"), call.asked("offset")
    limit = min(MOST_A_PAGE, int(asked) if asked.isdecimal() and int(asked) else DEFAULT_LIMIT)
    offset = int(start) if start.isdecimal() else 0
    shown = [write(item) for item in items[offset : offset + limit]]
    total = len(items) if call.asked("total") in ("1", "true") else None
    more = offset + limit < len(items)
    return Answer(200, {name: shown, "limit": limit, "offset": offset, "more": more, "total": total})
