"""What one word of a run, from a look or an event, adds to what is known of it: words come late and in any order."""

from dataclasses import replace

from bot.domain.context import Context
from bot.domain.messages import RunSeen
from bot.domain.promotion import Run

MOST_STEPS = 40


def followed(known: Run, message: RunSeen, context: Context) -> Run:
    """What is known of a run after one more word of it."""
    if message.attempt > known.attempt:
        return _outrun(known, message, context)
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
        lost=False,
        steps_done=message.steps_done if message.steps is not None else known.steps_done,
        steps_total=message.steps_total if message.steps is not None else known.steps_total,
    )


def _outrun(known: Run, message: RunSeen, context: Context) -> Run:
    """A further attempt begins when the one before has ended: how that one did is read now, whatever this one does.

    Whoever pressed Re-run is not who ended the attempt before it.
    """
    return replace(
        known,
        run_id=message.run_id,
        repo=message.repo or known.repo,
        url=message.url or known.url,
        status="completed",
        actor=known.actor if known.end_announced else "",
        started=known.started or context.now,
        end_announced=True,
        waiting_since=None,
        waited=known.waited + _held_back(known, context),
        lost=False,
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
    if message.source == "api":
        return message.status
    return max(known.status, message.status, key=lambda word: order.get(word, 0))
