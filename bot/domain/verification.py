"""After the run: whether what was deployed is well, judged anew by every message and when its time is over."""

from bot.domain.context import Context
from bot.domain.ledger import LOOK, VERIFY
from bot.domain.policy import GateRule, Verdict
from bot.domain.promotion import Ending, Phase, Promotion
from bot.domain.readings import Unreadable
from bot.domain.requirements import gate_verdict
from bot.domain.transitions import end, succeeded


def verified(promotion: Promotion, context: Context) -> Promotion:
    """All rules of the moment met is success, one no is failure; a rule that left the catalog is not awaited."""
    if promotion.phase is not Phase.VERIFYING:
        return promotion
    rules = context.rules.verify
    no = next((rule.name for rule in rules if _says_no(rule, promotion, context)), None)
    if no is not None:
        return end(promotion, Phase.FAILED, Ending(cause="verification", at=context.now, said=no))
    if all(gate_verdict(rule, promotion.gates.get(VERIFY + rule.name)) is Verdict.MET for rule in rules):
        return succeeded(promotion, context)
    return promotion


def verify_until(promotion: Promotion, context: Context) -> float:
    """When verification has to have said yes: a deploy has its time once for the run and once for this."""
    return promotion.since + context.rules.deploy_timeout


def _says_no(rule: GateRule, promotion: Promotion, context: Context) -> bool:
    """A look that failed is no answer; without a yes within the deploy's time it counts as a no."""
    fact = promotion.gates.get(VERIFY + rule.name)
    verdict = gate_verdict(rule, fact)
    if context.now >= verify_until(promotion, context) and _looked_at_the_end(rule, promotion, context):
        return verdict is not Verdict.MET
    return verdict is Verdict.UNMET and fact is not None and not isinstance(fact.reading, Unreadable)


def _looked_at_the_end(rule: GateRule, promotion: Promotion, context: Context) -> bool:
    """Whether it was looked once more when the time was over: a bot that was down has not seen what came of it."""
    until = verify_until(promotion, context)
    fact = promotion.gates.get(VERIFY + rule.name)
    tried = promotion.ledger.get(LOOK + VERIFY + rule.name)
    broke = tried is not None and (tried.gave_up or tried.not_before >= until)
    return broke or (fact is not None and fact.at >= until)
