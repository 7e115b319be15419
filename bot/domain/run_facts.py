"""What GitHub answered about the dispatch and the run, and what the promotion becomes by it."""

from dataclasses import replace

from bot.domain.context import Context
from bot.domain.forgotten import remembered
from bot.domain.intent import SETTLE, Watch
from bot.domain.ledger import CLIP, VERSION_LOOK, WRONG_RUN, failed, looked_well
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
from bot.domain.promotion import Ending, Entry, Phase, Promotion, Run, Step, Stranger
from bot.domain.size import cut
from bot.domain.transitions import back_to_waiting, deployed, end, may_have_left

LOST_AFTER = 3600.0  # seconds in which a dispatch could not be looked up, after which a person is asked
FORCE_AFTER = 300.0  # seconds that GitHub has to cancel a run before it is forced to
FORCE_AGAIN = 300.0  # seconds between further tries by force
UNSTOPPED_AFTER = 600.0  # seconds after which a run that goes on is a person's matter
MOST_STEPS = 40


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
    """Progress from anywhere; the end only from a read of the API."""
    known = promotion.run
    if known.run_id not in {None, message.run_id} or message.attempt < known.attempt:
        return promotion
    followed = replace(
        looked_well(promotion, "run"),
        phase=Phase.DEPLOYING,
        since=promotion.since if promotion.phase is Phase.DEPLOYING else context.now,
        run=_followed(known, message, context),
    )
    if message.status != "completed" or message.source != "api":
        return followed
    return _ended(followed, message, context)


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
    return replace(promotion, run=_followed(promotion.run, message, context))


def run_seen_after_end(promotion: Promotion, message: RunSeen, context: Context) -> Promotion:
    """A person ran it again in GitHub, or it turns up now: told, and never a success by itself.

    What serves is open again, when the new attempt begins and when it has ended.
    """
    run = promotion.run
    if run.run_id is None and promotion.intent is not None:
        run = replace(_followed(run, message, context), status="", attempt=0, end_announced=False)
    begun = message.attempt > max(run.attempt, run.extra_attempt)
    ended = message.attempt == run.extra_attempt and message.status == "completed" != run.status
    if message.run_id != run.run_id or not (begun or ended):
        return promotion
    again = replace(run, extra_attempt=message.attempt, status=message.status, actor=message.actor)
    return replace(promotion, run=again, serving=None, serving_seen=None)


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


def _followed(known: Run, message: RunSeen, context: Context) -> Run:
    status = _furthest(known, message)
    waits = status == "waiting"
    return replace(
        known,
        run_id=message.run_id,
        repo=message.repo or known.repo,
        url=message.url or known.url,
        status=status,
        attempt=message.attempt,
        actor=_acting(known, message),
        steps=message.steps[:MOST_STEPS] if message.steps is not None else known.steps,
        heard=context.now,
        started=known.started or context.now,
        end_announced=message.status == "completed" or _still_announced(known, message),
        waiting_since=(known.waiting_since or context.now) if waits else None,
        waited=known.waited if waits else known.waited + _held_back(known, context),
    )


def _held_back(known: Run, context: Context) -> float:
    return 0.0 if known.waiting_since is None else max(0.0, context.now - known.waiting_since)


def _still_announced(known: Run, message: RunSeen) -> bool:
    """Whether an end that an event told has not been read yet: a late event does not take it back."""
    return known.end_announced and message.source == "webhook" and message.attempt == known.attempt


def _acting(known: Run, message: RunSeen) -> str:
    """Who started the attempt; once it was cancelled, who did that: only the event of the end tells it."""
    if message.source == "webhook" or message.conclusion != "cancelled":
        return message.actor or known.actor
    return known.actor if known.end_announced and message.attempt == known.attempt else ""


def _furthest(known: Run, message: RunSeen) -> str:
    """Events come late and in any order: a run never goes back to the queue within an attempt."""
    order = {"requested": 0, "queued": 1, "pending": 1, "waiting": 1, "in_progress": 2, "completed": 3}
    if message.source == "api" or message.attempt > known.attempt:
        return message.status
    return max(known.status, message.status, key=lambda word: order.get(word, 0))


def _ended(promotion: Promotion, message: RunSeen, context: Context) -> Promotion:
    run = replace(promotion.run, conclusion=message.conclusion, end_announced=False)
    ended = replace(promotion, run=run)
    if message.conclusion == "success":
        return deployed(ended, context)
    if message.conclusion == "cancelled":
        return _cancelled(ended, context)
    step = next((step.name for step in run.steps if step.status == "failed"), message.conclusion)
    return end(ended, Phase.FAILED, Ending(cause="run", at=context.now, said=step))


def _cancelled(promotion: Promotion, context: Context) -> Promotion:
    """By us, by a time-out of ours, by GitHub's concurrency group, or by a person in GitHub."""
    wish = promotion.wish
    if wish is not None and not wish.by:
        return end(promotion, Phase.FAILED, Ending(cause="timeout", at=context.now, said=wish.reason))
    if wish is not None:
        ending = Ending(cause="person", at=context.now, by=wish.by, said=wish.reason)
        return end(promotion, Phase.CANCELLED, ending)
    if not _any_step_ran(promotion.run.steps) and not _is_human(promotion.run.actor):
        return end(promotion, Phase.SUPERSEDED, Ending(cause="concurrency", at=context.now))
    ending = Ending(cause="github", at=context.now, by=promotion.run.actor)
    return end(promotion, Phase.CANCELLED, ending)


def _is_human(login: str) -> bool:
    """Whether a person is known to have done it; GitHub's concurrency groups act as whoever started the next run."""
    return bool(login) and not login.endswith("[bot]")


def _any_step_ran(steps: tuple[Step, ...]) -> bool:
    return any(step.status not in {"pending", "skipped"} for step in steps)
