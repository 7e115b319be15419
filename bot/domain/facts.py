"""What was seen of the version and of the gates. A late or repeated fact changes nothing."""

from dataclasses import replace

from bot.domain.context import Context
from bot.domain.ledger import CLIP, LOOK, VERIFY, failed, looked_well
from bot.domain.messages import (
    Fact,
    GateSeen,
    VersionNotFound,
    VersionRefused,
    VersionSeen,
)
from bot.domain.policy import GateRule, Kind, Verdict
from bot.domain.promotion import (
    Ending,
    GateFact,
    Phase,
    Promotion,
)
from bot.domain.readings import Unreadable
from bot.domain.requirements import gate_verdict, path_verdict
from bot.domain.size import cut
from bot.domain.transitions import end, succeeded


def nothing(promotion: Promotion, message: Fact, context: Context) -> Promotion:
    """A fact that has nothing to say here."""
    return promotion


def version_seen(promotion: Promotion, message: VersionSeen, context: Context) -> Promotion:
    """The version means a commit; another one than before makes all that was seen worthless."""
    first = promotion.sha is None
    moved = not first and promotion.sha != message.sha
    seen = replace(
        looked_well(promotion, "version"),
        sha=message.sha,
        version_seen=context.now,
        on_branch=message.on_branch,
        changes=message.changes or (None if moved else promotion.changes),
        gates={} if moved else promotion.gates,
    )
    return _not_worth_a_card(seen, context) if first else seen


def version_not_found(promotion: Promotion, message: VersionNotFound, context: Context) -> Promotion:
    """A version that names nothing is rejected; one that vanished later voids what was signed."""
    if promotion.sha is not None:
        return replace(looked_well(promotion, "version"), version_seen=context.now, on_branch=None)
    ending = Ending(cause=message.cause, at=context.now, nearest=message.nearest[:5])
    return end(promotion, Phase.REJECTED, ending)


def version_refused(promotion: Promotion, message: VersionRefused, context: Context) -> Promotion:
    """GitHub refuses to be asked: at the request that ends it, later the look is repeated."""
    said = cut(f"{message.code} {message.sentence}", CLIP)
    if promotion.sha is not None:
        return failed(promotion, LOOK + "version", said, context.now + 60.0)
    return end(promotion, Phase.ERRORED, Ending(cause="refused", at=context.now, said=said))


def gate_seen(promotion: Promotion, message: GateSeen, context: Context) -> Promotion:
    """Keep the newest look of the gate, when it was at the commit that is promoted now."""
    if promotion.sha not in {None, message.sha}:
        return looked_well(promotion, message.gate)
    fact = GateFact(
        name=message.gate,
        at=context.now,
        reading=message.reading,
        basis=message.basis,
        link=message.link,
    )
    failed = isinstance(message.reading, Unreadable)
    seen = promotion if failed else looked_well(promotion, message.gate)
    return replace(seen, gates={**promotion.gates, message.gate: fact})


def verify_seen(promotion: Promotion, message: GateSeen, context: Context) -> Promotion:
    """A look after the deploy: all good is success, one no is failure."""
    if not message.gate.startswith(VERIFY):
        return promotion
    seen = gate_seen(promotion, message, context)
    verdicts = {
        rule.name: gate_verdict(rule, seen.gates.get(VERIFY + rule.name)) for rule in context.rules.verify
    }
    failed = next((rule.name for rule in context.rules.verify if _says_no(rule, seen, context)), None)
    if failed is not None:
        return end(seen, Phase.FAILED, Ending(cause="verification", at=context.now, said=failed))
    if all(verdict is Verdict.MET for verdict in verdicts.values()):
        return succeeded(seen, context)
    return seen


def _says_no(rule: GateRule, promotion: Promotion, context: Context) -> bool:
    """A look that failed is no answer; without a yes within the deploy's time it counts as a no."""
    fact = promotion.gates.get(VERIFY + rule.name)
    verdict = gate_verdict(rule, fact)
    if context.now >= promotion.since + context.rules.deploy_timeout:
        return verdict is not Verdict.MET
    return verdict is Verdict.UNMET and fact is not None and not isinstance(fact.reading, Unreadable)


def _not_worth_a_card(promotion: Promotion, context: Context) -> Promotion:
    """What can be refused at the request is refused there: off the branches, off the path, live already."""
    if promotion.kind is Kind.ROLLBACK:
        return promotion
    serving = context.live.serving
    if serving is not None and serving.sha == promotion.sha:
        ending = Ending(cause="live", at=context.now, said=serving.promotion)
        return end(promotion, Phase.REJECTED, ending)
    if context.rules.branches and promotion.on_branch is None:
        ending = Ending(cause="branch", at=context.now, nearest=context.rules.branches)
        return end(promotion, Phase.REJECTED, ending)
    if path_verdict(promotion, context) is Verdict.UNMET:
        after = context.rules.after or ""
        undone = promotion.sha in context.live_in(after).undone
        ending = Ending(cause="undone" if undone else "path", at=context.now, said=after)
        return end(promotion, Phase.REJECTED, ending)
    return promotion
