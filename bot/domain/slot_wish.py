"""What a promotion wants of the slot: to have it, to keep it, or to leave it to others."""

from bot.domain.approvals import Tally
from bot.domain.context import Context
from bot.domain.face import RequirementFace
from bot.domain.policy import Kind, Verdict
from bot.domain.promotion import Phase, Promotion, SlotWish

SATISFIED = frozenset({Verdict.MET, Verdict.WAIVED})


def slot_wish(
    promotion: Promotion, context: Context, items: tuple[RequirementFace, ...], count: Tally
) -> SlotWish:
    """What it wants of the slot, given all that must hold before; computed with the requirements."""
    if promotion.phase.holds_slot:
        return "keep"
    if promotion.phase is not Phase.WAITING or promotion.sha is None:
        return "free"
    if promotion.run.run_id is not None:
        return "want"  # its run turned up, whatever is missing
    if promotion.wish is not None:
        return "free"  # it will not start
    if _lets_a_rollback_pass(promotion, context) or context.slot_is_ahead:
        return "free"  # and it may be taken again, now
    if all(item.verdict in SATISFIED for item in items):
        return "want"
    in_line = promotion.id in (context.slot.holder, *context.slot.queue)
    looking = count.checking or any(
        item.kind == "gate" and item.verdict is Verdict.PENDING for item in items
    )  # a gate that is looked at again makes the evidence another one for the moment
    looked_at = {"gate", "role", "store", "authors"} | ({"approvals", "wait"} if looking else set())
    looking_again = in_line and all(
        item.verdict in SATISFIED or (item.verdict is Verdict.PENDING and item.kind in looked_at)
        for item in items
    )
    return "want" if looking_again else "free"


def _lets_a_rollback_pass(promotion: Promotion, context: Context) -> bool:
    """A holder that still has something to look at must not keep a rollback waiting, whatever fails to answer."""
    if promotion.kind is Kind.ROLLBACK or context.slot.holder != promotion.id:
        return False
    queue = context.slot.queue
    return any(other.kind is Kind.ROLLBACK and other.id in queue for other in context.others)
