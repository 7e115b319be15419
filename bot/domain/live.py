"""What serves where after a promotion moved: recorded when it is proved, unknown when it is not."""

from dataclasses import replace

from bot.domain.context import Context
from bot.domain.ledger import LOOK
from bot.domain.policy import GateRule, Kind
from bot.domain.promotion import HOLDING, Departure, Live, Phase, Promotion, Release
from bot.domain.reruns import is_rerunning
from bot.domain.usual import timed

KEPT = 10  # good releases
KEPT_UNDONE = 20
SHORT = 7  # characters of a SHA that name it
SERVING = LOOK + "serving"
SERVING_WITHIN = 5.0  # seconds after an end for which its news waits to say what serves
RAN = HOLDING | {Phase.SUCCEEDED, Phase.FAILED}


def ran(promotion: Promotion) -> bool:
    """Whether its deploy runs or ran: only that can be undone, and counts as a step on the path.

    What ended before a run began is no deploy; what GitHub superseded never came to a step, unless run again.
    """
    dropped = promotion.phase is Phase.SUPERSEDED and not promotion.run.extra_attempt
    return promotion.phase in RAN or (promotion.run.started is not None and not dropped)


def live_after(before: Promotion | None, after: Promotion, context: Context) -> Live | None:
    """The new record of the target environment, or None when nothing about it changed."""
    live = context.live
    moved = before is None or before.phase is not after.phase
    if moved and after.phase is Phase.SUCCEEDED and after.serving is not None:
        return _succeeded(live, after, after.serving, context)
    if moved and left_it_open(after):
        return _record(live, after.serving)
    if _is_open_again(before, after):
        return _record(live, None)
    looked = before is not None and before.serving_seen is None and after.serving_seen is not None
    if looked and live.serving is None:  # else something newer was recorded since
        return _record(live, after.serving)
    return None


def rollback_target(live: Live, left: frozenset[str], version: str = "") -> Release | None:
    """The newest release that succeeded and was verified here, other than what is being left.

    A version may be named, or a SHA by seven characters or more: of releases with one name the newest is meant.
    """
    there = [one for one in live.good if one.sha not in left]
    if not version:
        return next((one for one in there if one.sha not in live.undone), None)
    exact = [one for one in there if version in (one.version, one.sha)]
    short = [one for one in there if len(version) >= SHORT and one.sha.startswith(version)]
    return next(iter((*exact, *short)), None)


def left_by(undone: Promotion | None, live: Live) -> frozenset[str]:
    """The SHAs that a rollback never goes to: what it undoes, and what serves.

    After a deploy that broke off, or while one runs, what serves is what it was to replace: there it goes back to.
    """
    own = leaving(undone) if undone is not None else frozenset()
    if undone is not None and _broke_off(undone):
        return own
    return own | ({live.serving.sha} if live.serving is not None else frozenset())


def is_undoable(undone: Promotion, live: Live) -> bool:
    """Whether undoing it takes away what serves: it runs, what serves is its doing, or nobody knows what serves."""
    return undone.phase.is_open or live.serving is None or explains(undone, live)


def explains(undone: Promotion, live: Live) -> bool:
    """Whether what serves is this promotion's doing: itself, or what was there before it broke off."""
    serving = live.serving
    if serving is not None and _put_there(undone, serving):
        return True
    return _broke_off(undone) and (serving is None or serving == undone.previous)


def _put_there(promotion: Promotion, serving: Release) -> bool:
    """By its own success, or by somebody who recorded its commit as live."""
    if serving.promotion:
        return serving.promotion == promotion.id
    return serving.sha == promotion.sha


def _broke_off(promotion: Promotion) -> bool:
    """Whether it runs or ended otherwise than well, and nothing has mended that since."""
    return promotion.phase is not Phase.SUCCEEDED and not promotion.undone_by


def leaving(undone: Promotion) -> frozenset[str]:
    """The SHA that undoing a promotion leaves: its own, or what a rollback that did not succeed was to leave."""
    if undone.kind is not Kind.ROLLBACK or undone.phase is Phase.SUCCEEDED:
        return frozenset({undone.sha} if undone.sha else ())
    return frozenset({undone.previous.sha} if undone.previous else ())


def departure(undone: Promotion | None) -> Departure | None:
    """Whose version undoing a promotion takes away: a rollback that did not succeed was to take away another's."""
    if undone is None or undone.intent is None:
        return None
    if undone.kind is Kind.ROLLBACK and undone.phase is not Phase.SUCCEEDED:
        return undone.leaves
    return Departure(undone.id, undone.intent.at)


def serving_rule(promotion: Promotion, context: Context) -> GateRule | None:
    """The health rule that can still tell what an end left serving; None: it is known, or nothing tells it."""
    look = promotion.ledger.get(SERVING)
    gave_up = look is not None and look.gave_up
    if promotion.serving_seen is not None or gave_up or not left_it_open(promotion) or is_past(promotion):
        return None
    if is_rerunning(promotion.run):
        return None
    return next((rule for rule in context.rules.verify if rule.use == "health"), None)


def serving_settles(promotion: Promotion, context: Context) -> float:
    """From when on the news of an end says what serves as well as it can: at once, or after a short wait."""
    return 0.0 if serving_rule(promotion, context) is None else promotion.since + SERVING_WITHIN


def _is_open_again(before: Promotion | None, after: Promotion) -> bool:
    """Whether a run began or turned up after the end, so that nobody knows any more what serves."""
    was_known = before is not None and (
        before.serving_seen is not None or not left_it_open(before) or is_past(before)
    )
    return was_known and after.serving_seen is None and left_it_open(after) and not is_past(after)


def is_past(promotion: Promotion) -> bool:
    """Whether something else was put there since: what it left cannot be seen any more."""
    return promotion.replaced is not None and bool(promotion.replaced.version)


def left_it_open(promotion: Promotion) -> bool:
    """Whether it ended so that something else than before may be serving."""
    if promotion.phase.is_open:
        return False
    if promotion.phase is Phase.SUCCEEDED:  # only somebody who ran it again in GitHub
        return bool(promotion.run.extra_attempt)
    return promotion.phase is Phase.FAILED or promotion.run.started is not None


def _record(live: Live, serving: Release | None) -> Live | None:
    return None if live.serving == serving else replace(live, serving=serving)


def _succeeded(live: Live, promotion: Promotion, release: Release, context: Context) -> Live:
    left = _left_by(promotion, context)
    good = (release, *(one for one in live.good if one.sha not in {release.sha, *left}))
    undone = (*left, *(sha for sha in live.undone if sha not in {release.sha, *left}))
    return replace(timed(live, promotion), serving=release, good=good[:KEPT], undone=undone[:KEPT_UNDONE])


def _left_by(promotion: Promotion, context: Context) -> tuple[str, ...]:
    """The SHA that a rollback leaves behind: it needs a new success here before it may go further."""
    if promotion.kind is not Kind.ROLLBACK:
        return ()
    undone = leaving(context.undoes) if context.undoes else frozenset()
    serving = promotion.previous.sha if promotion.previous else None
    return tuple(dict.fromkeys(sha for sha in (*undone, serving) if sha and sha != promotion.sha))
