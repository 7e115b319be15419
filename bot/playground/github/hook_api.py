"""The part of GitHub's REST API about webhooks: which there are, what they delivered, and a ping on demand."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from bot.playground.door import Answer, Call
from bot.playground.github.documents import Document, Documents
from bot.playground.github.door import GitHubDoor, error, page_of
from bot.playground.github.repo_api import Shelf
from bot.playground.github.repos import Repository
from bot.playground.stamps import iso, number_for
from bot.playground.webhooks import Courier, Delivery

EVENTS = ("workflow_run", "workflow_job")


@dataclass(slots=True)
class Hook:
    """One webhook of a repository, or the App's own."""

    id: int
    path: str = "/github/webhooks"  # below the bot's address
    events: Sequence[str] = EVENTS
    active: bool = True
    content_type: str = "json"


class HookApi:
    """Answers questions about webhooks; all of them share what was delivered."""

    def __init__(self, door: GitHubDoor, shelf: Shelf, courier: Courier, documents: Documents) -> None:
        self.of_app: Hook | None = None  # the App's own webhook, where it has one
        self.of_repository = {
            name: [Hook(number_for("hook", name))] for name in shelf.repositories
        }  # by full name
        self.are_hidden = False  # from a token that may not read them
        self.may_ping = True
        self._door = door
        self._shelf = shelf
        self._courier = courier
        self._documents = documents

    def routes(self) -> list[web.RouteDef]:
        """The routes of this part."""
        hooks = "/repos/{owner}/{repo}/hooks"
        on = self._door.on
        return [
            on("GET", "/app/hook/config", self.show_config_of_app),
            on("GET", "/app/hook/deliveries", self.list_deliveries_of_app),
            on("GET", hooks, self.list_hooks),
            on("GET", hooks + r"/{hook:\d+}/deliveries", self.list_deliveries),
            on("POST", hooks + r"/{hook:\d+}/pings", self.ping),
        ]

    async def show_config_of_app(self, call: Call) -> Answer:
        """Where the App's webhook goes."""
        return error(404, "Not Found") if self.of_app is None else Answer(200, self._config(self.of_app))

    async def list_deliveries_of_app(self, call: Call) -> Answer:
        """What the App's webhook delivered."""
        return error(404, "Not Found") if self.of_app is None else self._deliveries(call)

    async def list_hooks(self, call: Call) -> Answer:
        """The webhooks of a repository."""
        repository = self._shelf.repository(call)
        if self.are_hidden:
            return error(404, "Not Found")
        shown, headers = page_of(call, self.of_repository.get(repository.full_name, []))
        return Answer(200, [self._hook(repository, hook) for hook in shown], headers)

    async def list_deliveries(self, call: Call) -> Answer:
        """What a webhook delivered, newest first."""
        known = self._known(call)
        return error(404, "Not Found") if known is None else self._deliveries(call)

    async def ping(self, call: Call) -> Answer:
        """Send a ping, which shows among the deliveries once it was answered."""
        known = self._known(call)
        if known is None or not self.may_ping:
            return error(404, "Not Found")
        repository, hook = known
        guid = str(uuid.uuid4())
        about = {"zen": "Speak like a human.", "hook_id": hook.id, "hook": self._hook(repository, hook)}
        payload = {**about, "repository": self._documents.repository(repository)}
        headers = {"X-GitHub-Event": "ping", "X-GitHub-Delivery": guid}
        self._courier.put("ping", guid, payload, headers, "X-Hub-Signature-256")
        return Answer(204)

    def _known(self, call: Call) -> tuple[Repository, Hook] | None:
        repository = self._shelf.repository(call)
        hooks = [] if self.are_hidden else self.of_repository.get(repository.full_name, [])
        found = [hook for hook in hooks if str(hook.id) == call.part("hook")]
        return (repository, found[0]) if found else None

    def _deliveries(self, call: Call) -> Answer:
        over = [one for one in enumerate(self._courier.deliveries, 1) if one[1].status != "waiting"]
        shown, headers = page_of(call, over[::-1])
        return Answer(200, [_delivery(number, one) for number, one in shown], headers)

    def _hook(self, repository: Repository, hook: Hook) -> Document:
        at = self._documents.api("repos", repository.full_name, "hooks", hook.id)
        return {
            "type": "Repository",
            "id": hook.id,
            "name": "web",
            "active": hook.active,
            "events": list(hook.events),
            "config": self._config(hook),
            "url": at,
            "ping_url": f"{at}/pings",
            "deliveries_url": f"{at}/deliveries",
        }

    def _config(self, hook: Hook) -> Document:
        url = f"{self._door.world.bot_url}{hook.path}"
        return {"url": url, "content_type": hook.content_type, "insecure_ssl": "0", "secret": "********"}


def _delivery(number: int, sent: Delivery) -> Document:
    event, _, action = sent.event.partition(".")
    status = sent.status if isinstance(sent.status, int) else 0
    return {
        "id": number,
        "guid": sent.guid,
        "delivered_at": iso(sent.due),
        "redelivery": sent.copy,
        "duration": 0.02,
        "status": "OK" if 200 <= status < 300 else "failed to connect to host" if not status else "Invalid",
        "status_code": status,
        "event": event,
        "action": action or None,
    }
