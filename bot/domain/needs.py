"""The form of a plan in the making: what is needed, and from when on."""

from dataclasses import dataclass

from bot.domain.context import Context
from bot.domain.effects import Effect
from bot.domain.promotion import Entry, Promotion
from bot.domain.requirements import Requirements


@dataclass(frozen=True, slots=True)
class Need:
    """An effect and the earliest moment for it; without an effect it is a moment to wake up at."""

    at: float
    effect: Effect | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """What every part of the plan looks at."""

    promotion: Promotion
    context: Context
    requirements: Requirements

    def entry(self, key: str) -> Entry | None:
        """The ledger's line of an effect."""
        return self.promotion.ledger.get(key)

    def is_done(self, key: str) -> bool:
        """Whether an effect happened."""
        entry = self.entry(key)
        return entry is not None and entry.done is not None

    def is_over(self, key: str) -> bool:
        """Whether an effect happened or was given up."""
        entry = self.entry(key)
        return entry is not None and (entry.done is not None or entry.gave_up)


NOW = 0.0
