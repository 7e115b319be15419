"""What the promotion needs now, and when it should be looked at next. Derived from state and ledger alone,
so that after a crash, a lost webhook or an upgrade it is right again."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.domain.context import Context
from bot.domain.effects import Effect
from bot.domain.needs import Need, Scene
from bot.domain.plan_incident import incident_needs
from bot.domain.plan_looks import look_needs
from bot.domain.plan_notices import notice_needs
from bot.domain.plan_reminders import letter_needs
from bot.domain.promotion import Promotion
from bot.domain.requirements import Requirements


@dataclass(frozen=True, slots=True)
class Plan:
    """Effects to perform now, and the next moment at which something may be due (None: never)."""

    effects: tuple[Effect, ...]
    wake: float | None

    @property
    def is_settled(self) -> bool:
        """Nothing is missing and nothing will be by time alone."""
        return not self.effects and self.wake is None


def plan(promotion: Promotion, context: Context, requirements: Requirements) -> Plan:
    """Everything that is missing between what the promotion is and what the world has been told and asked."""
    scene = Scene(promotion, context, requirements)
    needs = [
        _held_back(need, scene)
        for need in (
            *look_needs(scene),
            *notice_needs(scene),
            *incident_needs(scene),
            *letter_needs(scene),
        )
        if not _given_up(need, scene)
    ]
    return Plan(
        effects=tuple(need.effect for need in needs if need.effect is not None and need.at <= context.now),
        wake=_earliest(needs, context.now),
    )


def _held_back(need: Need, scene: Scene) -> Need:
    """An effect that failed waits for the moment it may be tried again."""
    entry = scene.entry(need.effect.key) if need.effect is not None else None
    return need if entry is None else replace(need, at=max(need.at, entry.not_before))


def _given_up(need: Need, scene: Scene) -> bool:
    entry = scene.entry(need.effect.key) if need.effect is not None else None
    return entry is not None and entry.gave_up


def _earliest(needs: Iterable[Need], now: float) -> float | None:
    later = [need.at for need in needs if need.at > now]
    return min(later, default=None)
