"""The moves between phases that more than one message makes."""

from dataclasses import replace

from bot.domain.context import Context
from bot.domain.forgotten import may_run
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


def may_have_left(promotion: Promotion) -> Promotion:
    """The promotion bound to the commit of this try: its run may turn up late, and must be of what it says then."""
    intent = promotion.intent
    if intent is None:
        return promotion
    return replace(promotion, intent=replace(intent, bound=intent.bound or intent.sha))


def back_to_waiting(promotion: Promotion, context: Context) -> Promotion:
    """Nothing runs: everything is checked again, unless somebody wished it cancelled meanwhile."""
    return granted(replace(promotion, phase=Phase.WAITING, since=context.now, run=Run()), context)


def granted(promotion: Promotion, context: Context) -> Promotion:
    """A wish to cancel what waits is granted once it is known that nothing runs."""
    wish = promotion.wish
    if wish is None or promotion.phase is not Phase.WAITING or may_run(promotion, context):
        return promotion
    ending = Ending(cause="person", at=context.now, by=wish.by, said=wish.reason)
    return end(promotion, Phase.CANCELLED, ending)


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
