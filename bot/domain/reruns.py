"""Further attempts of a run, which people start in GitHub: told, and never a success by themselves.

One makes what serves unknown when it begins, whatever had come of the promotion; when it has ended the health URL is
asked once more.
"""

from dataclasses import replace

from bot.domain.context import Context
from bot.domain.following import followed
from bot.domain.ledger import looked_well
from bot.domain.messages import RunSeen
from bot.domain.promotion import Phase, Promotion, Replaced, Run


def is_rerunning(run: Run) -> bool:
    """Whether a further attempt after the end goes on, as far as is known."""
    return bool(run.extra_attempt) and run.status != "completed"


def run_seen_after_end(promotion: Promotion, message: RunSeen, context: Context) -> Promotion:
    """A person ran it again in GitHub, or it turns up now: told, and never a success by itself.

    What serves is open again, when the new attempt begins and when it has ended.
    """
    run = promotion.run
    if run.run_id is None and promotion.intent is not None:
        run = replace(followed(run, message, context), status="", attempt=0, end_announced=False)
    begun = message.attempt > max(run.attempt, run.extra_attempt)
    over = message.attempt == run.extra_attempt and message.status == "completed" != run.status
    if message.run_id != run.run_id or message.attempt < max(run.extra_attempt, 1):
        return promotion
    if not (begun or over):
        return _still_going(promotion, message, context)
    again = replace(
        run,
        extra_attempt=message.attempt,
        status=message.status,
        actor=message.actor,
        heard=context.now,
        started=run.started or context.now,
    )
    return _open_again(replace(promotion, run=again), context)


def run_seen_while_verifying(promotion: Promotion, message: RunSeen, context: Context) -> Promotion:
    """A person ran it again before it was verified: kept, and told after the end."""
    run = promotion.run
    if message.run_id != run.run_id or message.attempt <= run.attempt:
        return promotion
    again = replace(run, extra_attempt=message.attempt, status=message.status, actor=message.actor)
    return replace(promotion, run=again)


def _still_going(promotion: Promotion, message: RunSeen, context: Context) -> Promotion:
    """A look at a further attempt that goes on: when it was made is what the next one waits for."""
    run = promotion.run
    if message.source != "api" or not run.extra_attempt or run.status == "completed":
        return promotion
    return replace(looked_well(promotion, "run"), run=replace(run, heard=context.now, status=message.status))


def _open_again(promotion: Promotion, context: Context) -> Promotion:
    """What serves is asked anew; that it is live is not so any more until that says so."""
    was_live = promotion.phase is Phase.SUCCEEDED
    until = promotion.replaced.at if promotion.replaced is not None else context.now
    return replace(
        looked_well(looked_well(promotion, "serving"), "run"),
        serving=None,
        serving_seen=None,
        replaced=Replaced(until) if was_live else None,
    )
