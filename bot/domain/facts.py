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
from bot.domain.policy import Kind, Verdict
from bot.domain.promotion import (
    Ending,
    GateFact,
    Phase,
    Promotion,
)
from bot.domain.readings import Unreadable
from bot.domain.requirements import path_verdict
from bot.domain.size import clipped, cut, link_or_none
from bot.domain.transitions import end


def nothing(promotion: Promotion, message: Fact, context: Context) -> Promotion:
    """A fact that has nothing to say here."""
    return promotion


def version_seen(promotion: Promotion, message: VersionSeen, context: Context) -> Promotion:
    """The version means a commit; another one than before makes all that was seen worthless."""
    first = promotion.sha is None
    moved = not first and promotion.sha != message.sha
    if promotion.intent is not None and promotion.intent.bound not in {"", message.sha}:
        return end(
            promotion, Phase.SUPERSEDED, Ending(cause="moved", at=context.now, said=cut(message.sha, CLIP))
        )
    seen = replace(
        looked_well(promotion, "version"),
        sha=message.sha,
        version_seen=_looked(message, context),
        on_branch=message.on_branch,
        changes=message.changes or (None if moved else promotion.changes),
        gates={} if moved else promotion.gates,
    )
    return _not_worth_a_card(seen, context) if first else seen


def version_not_found(promotion: Promotion, message: VersionNotFound, context: Context) -> Promotion:
    """A version that names nothing is rejected; one that vanished later voids what was signed."""
    if promotion.sha is not None:
        gone = looked_well(promotion, "version")
        return replace(gone, version_seen=_looked(message, context), on_branch=None)
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
        at=_looked(message, context),
        reading=clipped(message.reading),
        basis=message.basis,
        link=link_or_none(message.link),
    )
    failed = isinstance(message.reading, Unreadable)
    seen = promotion if failed else looked_well(promotion, message.gate)
    return replace(seen, gates={**promotion.gates, message.gate: fact})


def _looked(message: VersionSeen | VersionNotFound | GateSeen, context: Context) -> float:
    """A look counts from its beginning: what changed while it was under way, it may not have seen."""
    return context.now if message.looked is None else message.looked


def verify_seen(promotion: Promotion, message: GateSeen, context: Context) -> Promotion:
    """Keep a look after the deploy; `verification` judges what it means."""
    return gate_seen(promotion, message, context) if message.gate.startswith(VERIFY) else promotion


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
