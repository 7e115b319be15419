"""What the tests of runs share: a run's steps, the world while it goes on, and what is heard of it."""

from dataclasses import replace

from bot.domain.context import Context
from bot.domain.effects import Effect
from bot.domain.messages import RunSeen
from bot.domain.plan import plan
from bot.domain.policy import Rules
from bot.domain.promotion import Promotion, Step
from tests.domain.builders import RULES, at, context, held, judged, run_seen

P = "P-142"
RAN = (Step("build", "succeeded"), Step("smoke", "failed"), Step("notify", "skipped"))
NEVER_RAN = (Step("build", "skipped"),)
HOUR = RULES.deploy_timeout


def world(seconds: float = 60.0, rules: Rules = RULES) -> Context:
    """The world while P-142 holds the slot."""
    return at(context(rules, slot=held()), seconds)


def heard(status: str, conclusion: str = "") -> RunSeen:
    """What a webhook said."""
    return replace(run_seen(status, conclusion, steps=None), source="webhook")


def effects(one: Promotion, around: Context, kind: type) -> list[Effect]:
    """The planned effects of one kind."""
    return [effect for effect in plan(one, around, judged(one, around)).effects if isinstance(effect, kind)]
