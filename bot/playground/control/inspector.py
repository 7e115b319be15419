"""`GET /play/traffic`: the exchanges between the bot and the outside, with their JSON and without secrets."""

import re

from bot.playground.control.exchanges import cut, masked, promotion_of, spoken, what_of
from bot.playground.control.state import Runs
from bot.playground.slack.raw import Raw
from bot.playground.traffic import Exchange
from bot.playground.world import World

_RUN = re.compile(r"/runs/(\d+)\b")
_SHOWN_HEADERS = ("x-slack-", "x-github-", "x-hub-", "x-pagerduty-", "x-webhook-")


class Inspector:
    """Shows the traffic; reads only."""

    def __init__(self, world: World, runs: Runs) -> None:
        self._world = world
        self._runs = runs

    def traffic(self, after: int) -> Raw:
        """The exchanges that began or were answered after a number, and the number to ask with next."""
        by_run = {str(run["id"]): self._promotion_of(run) for run in self._runs.runs_state()}
        entries = [self._entry(exchange, by_run) for exchange in self._world.traffic.since(after)]
        return {"entries": entries, "last": self._world.traffic.last}

    def _entry(self, exchange: Exchange, by_run: dict[str, str | None]) -> Raw:
        secrets = frozenset(self._world.secrets.values())
        request, response = spoken(exchange.request), spoken(exchange.response)
        run = _run_of(exchange, request)
        people = {person.slack: person for person in self._world.people.values()}
        return {
            "n": exchange.n,
            "at": exchange.at,
            "direction": exchange.direction,
            "vendor": exchange.vendor,
            "method": exchange.method,
            "path": exchange.path,
            "status": exchange.status,
            "ms": exchange.ms,
            "what": what_of(exchange, request, people),
            "promotion": promotion_of(request, response) or by_run.get(run),
            "headers": {k: v for k, v in exchange.headers.items() if k.lower().startswith(_SHOWN_HEADERS)},
            "request": cut(masked(request, secrets)),
            "response": cut(masked(response, secrets)),
        }

    def _promotion_of(self, run: Raw) -> str | None:
        return (run.get("inputs") or {}).get("promotion_id")


def _run_of(exchange: Exchange, request: object) -> str:
    """The run that a call's path or a webhook's body names, or nothing."""
    found = _RUN.search(exchange.path)
    body = request if isinstance(request, dict) else {}
    told = (body.get("workflow_run") or {}).get("id") or (body.get("workflow_job") or {}).get("run_id")
    return found[1] if found else str(told or "")
