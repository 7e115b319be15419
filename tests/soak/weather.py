"""What goes wrong with the vendors: one call in ten fails somehow, and webhooks are lost, doubled or late."""

import random
from collections import Counter
from dataclasses import dataclass, field

from bot.playground.github.simulator import GitHub
from bot.playground.world import Fault, Request, RunMode, Webhooks, World

SHARE = 0.1  # of all calls
FAULTS: tuple[Fault, ...] = (429, 500, 502, 503, "accept-then-502")
DISPATCH: tuple[RunMode, ...] = (
    "accept-then-502",
    "accept-then-hang",
    "accept-then-reset",
    "502",
    "204",
    "lag",
)
WEBHOOKS: tuple[Webhooks, ...] = ("on", "on", "on", "lost", "doubled", "late")
FAILING = 0.15  # of all runs
LASTS = (3.0, 20.0)  # seconds of the world that a run takes


@dataclass(slots=True)
class Weather:
    """Bends each call as it comes in; `clears` ends it."""

    world: World
    dice: random.Random
    faults: Counter[str] = field(default_factory=Counter)
    calls: int = 0  # that came in while it was bad
    _seen: int = 0
    _is_bad: bool = True

    def begins(self) -> None:
        """From now on, until it clears."""
        self.world.listeners.append(self._notice)

    def clears(self, github: GitHub) -> None:
        """Everything works again, and what GitHub had not listed yet is listed."""
        self._is_bad = False
        self.world.vendor.clear()
        self.world.webhooks = "on"
        plan = self.world.run
        plan.mode, plan.lag, plan.conclusion, plan.step, plan.seconds = "ok", 0.0, "success", None, LASTS[0]
        for run in github.runs.all:
            run.listed_at = 0.0

    def _notice(self) -> None:
        """The world calls this with each call that a vendor received, before it is answered."""
        fresh, self._seen = self.world.ledger[self._seen :], len(self.world.ledger)
        for call in fresh if self._is_bad else ():
            self._bend(call)

    def _bend(self, call: Request) -> None:
        self.calls += 1
        if call.method == "POST" and call.path.endswith("/dispatches"):
            self._bend_run()
        elif self.dice.random() < SHARE:
            fault = self.dice.choice(FAULTS)
            self.world.vendor.setdefault(call.vendor, []).append(fault)
            self.faults[f"{call.vendor} {fault}"] += 1
        if self.dice.random() < SHARE:
            self.world.webhooks = self.dice.choice(WEBHOOKS)

    def _bend_run(self) -> None:
        """How the run goes that is asked for now, and what GitHub says of it."""
        plan = self.world.run
        fails = self.dice.random() < FAILING
        plan.conclusion, plan.step = ("failure", "Smoke tests") if fails else ("success", None)
        plan.seconds = self.dice.uniform(*LASTS)
        plan.mode = self.dice.choice(DISPATCH) if self.dice.random() < 2 * SHARE else "ok"
        if plan.mode != "ok":
            self.faults[f"dispatch {plan.mode}"] += 1
