"""The moves between phases that more than one message makes."""

from dataclasses import replace

from bot.domain.context import Context
from bot.domain.ledger import VERIFY
from bot.domain.promotion import (
    Ending,
    Phase,
    Promotion,
    Release,
    Run,
)


def end(promotion: Promotion, phase: Phase, ending: Ending) -> Promotion:
    """The promotion at one of its seven ends."""
    return replace(promotion, phase=phase, since=ending.at, ending=ending, awaiting_since=None)


def back_to_waiting(promotion: Promotion, context: Context) -> Promotion:
    """Nothing runs: everything is checked again, unless somebody wished it cancelled meanwhile."""
    if promotion.wish is not None:
        wish = promotion.wish
        return end(
            promotion,
            Phase.CANCELLED,
            Ending(cause="person", at=context.now, by=wish.by, said=wish.reason),
        )
    return replace(promotion, phase=Phase.WAITING, since=context.now, run=Run())


def deployed(promotion: Promotion, context: Context) -> Promotion:
    """The deploy is through: verify where the rules say how, else it succeeded."""
    if not context.rules.verify:
        return succeeded(promotion, context)
    gates = {name: fact for name, fact in promotion.gates.items() if not name.startswith(VERIFY)}
    return replace(promotion, phase=Phase.VERIFYING, since=context.now, gates=gates)


def succeeded(promotion: Promotion, context: Context) -> Promotion:
    """It is live and verified."""
    release = Release(
        sha=promotion.sha or "",
        version=promotion.version,
        since=context.now,
        promotion=promotion.id,
        by=promotion.requester,
    )
    ended = end(promotion, Phase.SUCCEEDED, Ending(cause="done", at=context.now))
    return replace(ended, serving=release, serving_seen=context.now)
