"""What the end of a run makes of its promotion: by its conclusion, by whether anything ran, and by who ended it."""

from dataclasses import replace

from bot.domain.context import Context
from bot.domain.messages import RunSeen
from bot.domain.promotion import Ending, Phase, Promotion, Step
from bot.domain.transitions import deployed, end


def ended(promotion: Promotion, message: RunSeen, context: Context) -> Promotion:
    """Only `success` is success. What never came to a step left everything as it was, and is nobody's emergency."""
    ran = not message.nothing_ran
    run = replace(
        promotion.run,
        conclusion=message.conclusion,
        end_announced=False,
        started=promotion.run.started if ran else None,
    )
    one = replace(promotion, run=run)
    if message.conclusion == "success":
        return deployed(one, context)
    if message.conclusion == "cancelled":
        return _cancelled(one, context, ran=ran)
    if not ran:
        return _never_ran(one, message, context)
    step = next((step.name for step in run.steps if step.status == "failed"), message.conclusion)
    return end(one, Phase.FAILED, Ending(cause="run", at=context.now, said=step))


def _never_ran(promotion: Promotion, message: RunSeen, context: Context) -> Promotion:
    """A reviewer said no, or GitHub came to nothing: it broke before anything ran."""
    if message.rejected_by:
        ending = Ending(cause="github", at=context.now, by=message.rejected_by)
        return end(promotion, Phase.REJECTED, ending)
    return end(promotion, Phase.ERRORED, Ending(cause="run", at=context.now, said=message.conclusion))


def _cancelled(promotion: Promotion, context: Context, *, ran: bool) -> Promotion:
    """By us, by a time-out of ours, by GitHub's concurrency group, or by a person in GitHub.

    Only the event of the end tells who it was. A bot that is none of us is the group: without a name it is a guess.
    """
    wish, actor = promotion.wish, promotion.run.actor
    if wish is not None and not wish.by:
        phase = Phase.FAILED if ran else Phase.ERRORED
        return end(promotion, phase, Ending(cause="timeout", at=context.now, said=wish.reason))
    if wish is not None:
        ending = Ending(cause="person", at=context.now, by=wish.by, said=wish.reason)
        return end(promotion, Phase.CANCELLED, ending)
    if _is_bot(actor) and not _any_step_ran(promotion.run.steps):
        return end(promotion, Phase.SUPERSEDED, Ending(cause="concurrency", at=context.now))
    return end(promotion, Phase.CANCELLED, Ending(cause="github", at=context.now, by=actor))


def _is_bot(login: str) -> bool:
    """Whether no person did it: a concurrency group acts as whoever started the runs."""
    return login.endswith("[bot]")


def _any_step_ran(steps: tuple[Step, ...]) -> bool:
    return any(step.status not in {"pending", "skipped"} for step in steps)
