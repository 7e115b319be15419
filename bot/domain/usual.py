"""How long a deploy usually takes: the median of the last ones that went well, kept beside what is live."""

from dataclasses import replace
from statistics import median

from bot.domain.forms import Expected
from bot.domain.policy import Kind
from bot.domain.promotion import Live, Promotion

LOOKED_AT = 9  # of each kind


def timed(live: Live, promotion: Promotion) -> Live:
    """The record with what a success took, from its intent on: an outcome that somebody vouched for took no time."""
    ending, intent, run = promotion.ending, promotion.intent, promotion.run
    if ending is None or intent is None or run.started is None:
        return live
    took = round(
        max(0.0, ending.at - intent.at - run.waited), 1
    )  # without what GitHub held it back for people
    if promotion.kind is Kind.ROLLBACK:
        return replace(live, rollbacks=(took, *live.rollbacks)[:LOOKED_AT])
    return replace(live, deploys=(took, *live.deploys)[:LOOKED_AT])


def expected(live: Live, kind: Kind) -> Expected | None:
    """What one of this kind takes there; a rollback takes what deploys take until one has succeeded."""
    if kind is Kind.ROLLBACK and live.rollbacks:
        return Expected(median(live.rollbacks), len(live.rollbacks), "rollback")
    return Expected(median(live.deploys), len(live.deploys), "deploy") if live.deploys else None


def usual_seconds(live: Live, kind: Kind) -> float | None:
    """How long one of this kind usually takes there; None: nobody knows."""
    one = expected(live, kind)
    return one.seconds if one is not None else None
