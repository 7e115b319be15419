"""What GitHub answered about the dispatch and the run, and what the promotion becomes by it."""

from dataclasses import replace

from bot.domain.context import Context
from bot.domain.following import followed
from bot.domain.forgotten import remembered
from bot.domain.intent import SETTLE, Watch
from bot.domain.ledger import CLIP, LOOK, VERSION_LOOK, WRONG_RUN, failed, looked_well
from bot.domain.messages import (
    CancelAccepted,
    DispatchAccepted,
    DispatchRefused,
    DispatchUnclear,
    NotSent,
    RunNotFound,
    RunNotOurs,
    RunSeen,
)
from bot.domain.promotion import Ending, Entry, Phase, Promotion, Run, Stranger
from bot.domain.run_ends import ended
from bot.domain.size import cut
from bot.domain.transitions import back_to_waiting, end, may_have_left

LOST_AFTER = 3600.0  # seconds in which a run could not be looked at, after which a person is asked
GONE_AFTER = 600.0  # the same where GitHub says that it is not there: its repository moved, or it was deleted
FORCE_AFTER = 300.0  # seconds that GitHub has to cancel a run before it is forced to
FORCE_AGAIN = 300.0  # seconds between further tries by force
UNSTOPPED_AFTER = 600.0  # seconds after which a run that goes on is a person's matter


def dispatch_accepted(promotion: Promotion, message: DispatchAccepted, context: Context) -> Promotion:
    """GitHub started it. Without a run id the run is looked for, and never assumed."""
    if not _answers(promotion, message.number) or promotion.run.run_id is not None:
        return promotion
    if message.run_id is None:
        return _unclear(promotion, "accepted without naming the run")
    run = Run(
        run_id=message.run_id,
        url=message.url,
        status="queued",
        heard=context.now,
        started=context.now,
        repo=promotion.intent.workflow.repo if promotion.intent else "",
    )
    return replace(promotion, phase=Phase.DEPLOYING, since=context.now, run=run)


def dispatch_refused(promotion: Promotion, message: DispatchRefused, context: Context) -> Promotion:
    """GitHub said no: nothing runs, and a person has to mend it."""
    if not _answers(promotion, message.number):
        return promotion
    said = cut(f"{message.code} {message.sentence}", CLIP)
    return end(promotion, Phase.ERRORED, Ending(cause="refused", at=context.now, said=said))


def dispatch_unclear(promotion: Promotion, message: DispatchUnclear, context: Context) -> Promotion:
    """Neither yes nor no: from here on only a look can tell."""
    return _unclear(promotion, message.why) if _answers(promotion, message.number) else promotion


def not_sent(promotion: Promotion, message: NotSent, context: Context) -> Promotion:
    """The dispatch never left: everything is checked again, and a wish to cancel is granted at once."""
    if not _answers(promotion, message.number):
        return promotion
    held = failed(promotion, VERSION_LOOK, message.why, message.again, limited=message.limited)
    return back_to_waiting(held, context)


def held_until(promotion: Promotion) -> float:
    """Until when a dispatch that did not leave is held back, also where no version has to be looked at first."""
    entry = promotion.ledger.get(VERSION_LOOK)
    return entry.not_before if entry is not None else 0.0


def run_seen(promotion: Promotion, message: RunSeen, context: Context) -> Promotion:
    """Progress from anywhere; the end only from a read of the API, and of the attempt that is followed."""
    known = promotion.run
    if known.run_id not in {None, message.run_id} or message.attempt < known.attempt:
        return promotion
    one = replace(
        looked_well(promotion, "run"),
        phase=Phase.DEPLOYING,
        since=promotion.since if promotion.phase is Phase.DEPLOYING else context.now,
        run=followed(known, message, context),
    )
    if message.status != "completed" or message.source != "api" or message.attempt > known.attempt:
        return one
    return ended(one, message, context)


def run_seen_while_waiting(promotion: Promotion, message: RunSeen, context: Context) -> Promotion:
    """An earlier try was started after all: it is followed, at once or when the slot is here, and never repeated.

    So is one that the store forgot; any other run of a promotion that was never started is none of it.
    """
    if promotion.intent is None:
        if not context.may_be_forgotten(promotion.created):
            return promotion
        promotion = remembered(promotion, context)
    if context.slot.holder == promotion.id:
        return run_seen(promotion, message, context)
    return replace(promotion, run=followed(promotion.run, message, context))


def run_not_found(promotion: Promotion, message: RunNotFound, context: Context) -> Promotion:
    """No run after the settle time: back to the start once when the sender died, else honestly unknown."""
    looked = looked_at(promotion, context)
    if promotion.intent is None or promotion.intent.number != message.number:
        return looked
    intent = replace(promotion.intent, watch=_watched(promotion.intent.watch, context))
    looked = replace(looked, intent=intent)
    if intent.watch.seconds < SETTLE:
        return looked
    if intent.unclear or promotion.returned:
        return replace(looked, phase=Phase.UNKNOWN, since=context.now)
    return replace(back_to_waiting(may_have_left(looked), context), returned=True)


def _watched(watch: Watch, context: Context) -> Watch:
    """One more look: what passed since the last one counts when the same process made that."""
    passed = context.boottime - watch.boottime if watch.process == context.process else 0.0
    return Watch(context.process, context.boottime, watch.seconds + max(passed, 0.0))


def looked(promotion: Promotion, message: RunNotFound, context: Context) -> Promotion:
    """A look that found nothing: in `unknown` it is repeated, after a failover it settles that nothing runs."""
    return looked_at(promotion, context)


def looked_at(promotion: Promotion, context: Context) -> Promotion:
    """Remember when the run was last looked for."""
    return replace(looked_well(promotion, "run"), run=replace(promotion.run, heard=context.now))


def run_not_ours(promotion: Promotion, message: RunNotOurs, context: Context) -> Promotion:
    """The run that an admin named is another one's: forget it. One that somebody else started is told."""
    told = _told_of_stranger(promotion, message)
    if promotion.phase is not Phase.UNKNOWN or promotion.run.run_id != message.run_id:
        return told
    return replace(
        told,
        run=Run(heard=context.now),
        ledger={**told.ledger, WRONG_RUN: Entry(ref=str(message.run_id))},
    )


def _told_of_stranger(promotion: Promotion, message: RunNotOurs) -> Promotion:
    """The first run of somebody else that carries our correlation id is kept; more of them say no more."""
    if not message.starter or promotion.stranger is not None:
        return promotion
    return replace(promotion, stranger=Stranger(message.run_id, cut(message.starter, CLIP)))


def cancel_accepted(promotion: Promotion, message: CancelAccepted, context: Context) -> Promotion:
    """GitHub took the request to cancel; the phase still waits for what becomes of the run."""
    if promotion.wish is None:
        return promotion
    wish = replace(
        promotion.wish,
        asked_at=promotion.wish.asked_at or context.now,
        forced=message.forced or promotion.wish.forced,
        forced_at=context.now if message.forced else promotion.wish.forced_at,
    )
    return replace(looked_well(promotion, "cancel"), wish=wish)


def is_lost(promotion: Promotion, context: Context) -> bool:
    """Whether a run has not been seen for so long that a person is asked: by the looks that were really made."""
    look = promotion.ledger.get(LOOK + "run")
    if look is None or look.failing_since is None:
        return False
    looked_at = min(context.now, look.not_before) if promotion.phase is Phase.DEPLOYING else context.now
    if promotion.phase is Phase.DEPLOYING and look.gone_since is not None:
        return looked_at - look.gone_since >= GONE_AFTER
    return looked_at - look.failing_since >= LOST_AFTER


def lost(promotion: Promotion, context: Context) -> Promotion:
    """Nobody knows what became of it: asking goes on, nothing is sent, and an admin may settle it."""
    run = replace(promotion.run, lost=promotion.phase is Phase.DEPLOYING)
    return replace(promotion, phase=Phase.UNKNOWN, since=context.now, run=run)


def unstopped_at(promotion: Promotion) -> float | None:
    """When a run that is to stop and goes on becomes a person's matter; None: nobody asked it to stop."""
    if promotion.phase is not Phase.DEPLOYING or promotion.wish is None:
        return None
    return max(promotion.wish.at, promotion.since) + UNSTOPPED_AFTER


def is_unstopped(promotion: Promotion, context: Context) -> bool:
    """Whether GitHub could not be brought to stop the run."""
    at = unstopped_at(promotion)
    return at is not None and context.now >= at


def deploy_deadline(promotion: Promotion, context: Context) -> float | None:
    """When the deploy has taken too long; None while GitHub holds the run back: that time is not the deploy's."""
    if promotion.run.waiting_since is not None:
        return None
    return promotion.since + context.rules.deploy_timeout + promotion.run.waited


def _answers(promotion: Promotion, number: int) -> bool:
    return promotion.intent is not None and promotion.intent.number == number


def _unclear(promotion: Promotion, why: str) -> Promotion:
    if promotion.intent is None:
        return promotion
    return replace(promotion, intent=replace(promotion.intent, unclear=cut(why, CLIP)))
