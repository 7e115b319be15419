"""What a store that took over may have forgotten: an intent, whose run only a look at GitHub can still tell of.

Until that look nobody can say that nothing runs. So what would end such a promotion is kept as a wish, and what
would end it by itself is seen again afterwards.
"""

from dataclasses import replace

from bot.domain.context import Context
from bot.domain.intent import SETTLE, Intent, Watch, workflow_of
from bot.domain.ledger import VERSION_LOOK, failed
from bot.domain.policy import digest_of
from bot.domain.promotion import Ending, Phase, Promotion, Wish

PAUSE = 60.0  # seconds before a version that would end it is looked at again
OPEN_QUESTION = "whether an earlier run exists is looked for first"


def listed_from(context: Context) -> float:
    """From when on a run that the store before had started must be listed."""
    return context.switched + SETTLE


def is_in_doubt(promotion: Promotion, context: Context) -> bool:
    """Whether a run of a waiting promotion may exist that the store forgot and that nobody has looked for yet."""
    return (
        promotion.phase is Phase.WAITING
        and promotion.run.run_id is None
        and context.may_be_forgotten(promotion.created)
        and not context.seen_since(promotion.run.heard, listed_from(context))
    )


def may_run(promotion: Promotion, context: Context) -> bool:
    """Whether something of a waiting promotion runs, or may: it cannot end as if nothing had."""
    found = promotion.phase is Phase.WAITING and promotion.run.run_id is not None
    return found or is_in_doubt(promotion, context)


def held(before: Promotion, after: Promotion, context: Context) -> Promotion:
    """What a message makes of a promotion, unless that is an end which says too early that nothing runs."""
    if after.ending is None or not may_run(before, context):
        return after
    if after.ending.by:
        return replace(before, wish=before.wish or _wish(after.ending))
    again = max(listed_from(context), context.now + PAUSE)
    return failed(before, VERSION_LOOK, OPEN_QUESTION, again)


def _wish(ending: Ending) -> Wish:
    return Wish(by=ending.by, at=ending.at, reason=ending.said)


def remembered(promotion: Promotion, context: Context) -> Promotion:
    """The promotion with an intent again, once its run was found: nobody knows any more who had approved it."""
    rules, sha = context.rules, promotion.sha or ""
    intent = Intent(
        number=1,
        at=context.now,
        boottime=context.boottime,
        process="",
        approvers=(),
        digest="",
        workflow=workflow_of(rules),
        inputs=digest_of(rules.deploy.inputs),
        watch=Watch(context.process, context.boottime),
        sha=sha,
        bound=sha,
    )
    return replace(promotion, intent=intent, previous=context.live.serving)
