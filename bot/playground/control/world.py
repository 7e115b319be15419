"""Bending the world: `POST /play/world`."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import Protocol, cast, get_args

from bot.playground.control.pager import Incidents, deed_in
from bot.playground.control.sharing import Rooms, sharing_in
from bot.playground.control.words import BadCall, mapping, seconds_in
from bot.playground.slack.raw import Raw
from bot.playground.world import Fault, RunMode, RunPlan, Vendor, Webhooks, World

HEALTH = ("ok", "failing", "slow", "wrong-version", "huge", "html")
_FINE = (None, 0, 200, "ok")
_CONCLUSIONS = ("success", "failure", "cancelled", "timed_out")


class BotProcess(Protocol):
    """The bot as a process that can be killed and started."""

    @property
    def running(self) -> bool:
        """Whether it runs now."""

    async def kill(self) -> None:
        """End it as a power cut would."""

    async def start(self) -> None:
        """Start it and wait until it is ready."""


class Bender:
    """Applies what a call asks for, after it has been judged whole."""

    def __init__(self, world: World, incidents: Incidents, bot: BotProcess | None, rooms: Rooms) -> None:
        self._world = world
        self._rooms = rooms
        self._incidents = incidents
        self._bot = bot

    async def bend(self, body: Raw) -> None:
        """Change the world as asked. Raises BadCall, and then nothing has changed."""
        known = {
            "health",
            "run",
            "webhooks",
            "vendor",
            "incident",
            "pagerduty",
            "p99",
            "clock",
            "bot",
            "shared",
        }
        if unknown := body.keys() - known:
            raise BadCall(
                f"The world has no {', '.join(sorted(unknown))}; it has {', '.join(sorted(known))}."
            )
        health = self._health(body.get("health"))
        p99 = self._p99(body.get("p99"))
        run = self._run(body.get("run"))
        webhooks = _one_of(body.get("webhooks", self._world.webhooks), get_args(Webhooks), "webhooks")
        vendors = _vendors(body.get("vendor"))
        forward = seconds_in(mapping(body["clock"], "clock").get("forward")) if "clock" in body else 0.0
        incident = self._incident(body.get("incident"))
        accounts = [person.name for person in self._world.people.values() if person.pagerduty]
        deed = deed_in(body.get("pagerduty"), self._incidents, accounts)
        sharing = sharing_in(body.get("shared"), self._rooms)
        command = _one_of(body["bot"], ("kill", "start"), "bot") if "bot" in body else None
        if command and self._bot is None:
            raise BadCall("This playground does not run the bot itself.")
        self._world.health |= health
        self._set_p99(p99)
        self._world.run = run
        self._world.webhooks = cast(Webhooks, webhooks)
        self._set_vendors(vendors)
        for name, how in sharing.items():
            await self._rooms.shares(name, how)
        if forward:
            self._world.clock.forward(forward)
        if incident:
            self._incidents.open_incident(service=incident[0], severity=incident[1])
        if deed:
            deed.do(self._incidents)
        if command and self._bot is not None:
            await (self._bot.kill() if command == "kill" else self._bot.start())
        self._world.touch()

    def state(self) -> Raw:
        """The world now, as GET /play/state shows it."""
        vendors: Raw = {name: list(queue) for name, queue in self._world.vendor.items() if queue}
        running = None if self._bot is None else self._bot.running
        return {
            "serving": _nested(
                {k: {"version": r.version, "sha": r.sha} for k, r in self._world.serving.items()}
            ),
            "health": _nested(self._world.health),
            "p99": _nested(self._world.p99),
            "run": asdict(self._world.run),
            "webhooks": self._world.webhooks,
            "shared": dict(self._world.shared),
            "vendor": vendors | self._world.vendor_always,
            "clock": {"now": self._world.clock.now(), "offset": self._world.clock.offset},
            "bot": {None: "elsewhere", True: "running", False: "dead"}[running],
        }

    def _health(self, value: object) -> dict[tuple[str, str], str]:
        bent = self._places(value, "health")
        return {place: _one_of(mode, HEALTH, "health") for place, mode in bent.items()}

    def _p99(self, value: object) -> dict[tuple[str, str], float]:
        bent = self._places(value, "p99")
        for number in bent.values():
            if number is not None and (not isinstance(number, int | float) or number < 0):
                raise BadCall("A p99 is a number of milliseconds; null or 0 is the usual one.")
        return {place: float(cast(float, number or 0)) for place, number in bent.items()}

    def _set_p99(self, bent: Mapping[tuple[str, str], float]) -> None:
        for place, number in bent.items():
            self._world.p99.pop(place, None)
            if number:
                self._world.p99[place] = number

    def _places(self, value: object, name: str) -> dict[tuple[str, str], object]:
        places: dict[tuple[str, str], object] = {}
        for service, environments in mapping(value or {}, name).items():
            for environment, bent in mapping(environments, f"{name}.{service}").items():
                if (service, environment) not in self._world.serving:
                    raise BadCall(f"There is no {service} in {environment}.")
                places[service, environment] = bent
        return places

    def _run(self, value: object) -> RunPlan:
        asked = mapping(value or {}, "run")
        plan = self._world.run
        if unknown := asked.keys() - set(asdict(plan)):
            raise BadCall(f"A run has no {', '.join(sorted(unknown))}; it has {', '.join(asdict(plan))}.")
        _one_of(asked.get("conclusion", plan.conclusion), _CONCLUSIONS, "run.conclusion")
        _one_of(asked.get("mode", plan.mode), get_args(RunMode), "run.mode")
        for name in ("seconds", "lag"):
            if not isinstance(asked.get(name, 0), int | float) or asked.get(name, 0) < 0:
                raise BadCall(f"run.{name} is a number of seconds.")
        for name in ("step", "workflow"):
            if not isinstance(asked.get(name, ""), str | None):
                raise BadCall(f"run.{name} is a text or null.")
        return replace(plan, **asked)

    def _set_vendors(self, bent: Mapping[Vendor, Fault | list[Fault] | None]) -> None:
        for vendor, fault in bent.items():
            self._world.vendor.pop(vendor, None)
            self._world.vendor_always.pop(vendor, None)
            if isinstance(fault, list):
                self._world.vendor[vendor] = fault
            elif fault is not None:
                self._world.vendor_always[vendor] = fault

    def _incident(self, value: object) -> tuple[str, str] | None:
        if value is None:
            return None
        asked = mapping(value, "incident")
        services = {service for service, _ in self._world.serving}
        severity = _one_of(asked.get("severity", "high"), ("high", "low"), "incident.severity")
        return _one_of(asked.get("service"), sorted(services), "incident.service"), severity


def _vendors(value: object) -> dict[Vendor, Fault | list[Fault] | None]:
    bent: dict[Vendor, Fault | list[Fault] | None] = {}
    for name, fault in mapping(value or {}, "vendor").items():
        vendor = cast(Vendor, _one_of(name, get_args(Vendor), "vendor"))
        if isinstance(fault, list):
            bent[vendor] = [_fault(one) for one in fault]
        else:
            bent[vendor] = None if fault in _FINE else _fault(fault)
    return bent


def _fault(value: object) -> Fault:
    if value == "accept-then-502":
        return "accept-then-502"
    if isinstance(value, int) and 400 <= value <= 599:
        return value
    raise BadCall('A vendor answers a status from 400 to 599, "accept-then-502", or null when it is fine.')


def _one_of(value: object, allowed: Iterable[str], name: str) -> str:
    words = list(allowed)
    if value not in words:
        raise BadCall(f'"{name}" is one of: {", ".join(words)}.')
    return str(value)


def _nested(flat: Mapping[tuple[str, str], object]) -> Raw:
    nested: Raw = {}
    for (service, environment), value in flat.items():
        nested.setdefault(service, {})[environment] = value
    return nested
