"""The ledger of a promotion: what was begun, shown and done, and which look failed how often."""

from dataclasses import replace

from bot.domain.context import Context
from bot.domain.messages import (
    EffectDone,
    EffectFailed,
    EffectsBegun,
)
from bot.domain.promotion import (
    Entry,
    Promotion,
)
from bot.domain.size import cut

LOOK = "look:"
VERIFY = "verify:"
WRONG_RUN = "not ours"  # the line of the run that an admin named and that is another one's
VERSION_LOOK = LOOK + "version"
PAGE, UNSTOPPED = "page", "page:unstopped"
PAGES = (PAGE, UNSTOPPED)  # what opens the incident
RESOLVE, STOPPED = "resolve", "resolve:unstopped"  # of its own accord; what people close has a key of its own
INCIDENT_LOOK, STATUS_LOOK = LOOK + "incident", LOOK + "status"
CLIP = 300  # bytes of a vendor's sentence that are kept


def effects_begun(promotion: Promotion, message: EffectsBegun, context: Context) -> Promotion:
    """From here on these may have happened."""
    begun = {key: replace(promotion.ledger.get(key, Entry()), begun=context.now) for key in message.keys}
    return replace(promotion, ledger={**promotion.ledger, **begun})


def effect_done(promotion: Promotion, message: EffectDone, context: Context) -> Promotion:
    """It happened: what was shown, and where."""
    known = promotion.ledger.get(message.key, Entry())
    entry = Entry(
        begun=known.begun,
        done=context.now,
        ref=message.ref or known.ref,
        channel=message.channel or known.channel,
        shown=message.shown,
    )
    return replace(promotion, ledger={**promotion.ledger, message.key: entry})


def effect_failed(promotion: Promotion, message: EffectFailed, context: Context) -> Promotion:
    """It did not happen, as far as is known: when it may be tried again."""
    after = failed(promotion, message.key, message.why, message.again, limited=message.limited)
    known = after.ledger[message.key]
    since = context.now if known.failing_since is None else known.failing_since
    gone = (known.gone_since or context.now) if message.gone else None
    entry = replace(known, gave_up=message.gave_up, failing_since=since, gone_since=gone)
    entry = replace(entry, begun=None)  # not under way any more
    if message.lost:
        entry = replace(entry, ref="", shown="", done=None)
    return replace(after, ledger={**after.ledger, message.key: entry})


def looked_well(promotion: Promotion, what: str) -> Promotion:
    """A look that worked: its failures are forgotten."""
    key = LOOK + what
    if key not in promotion.ledger:
        return promotion
    return replace(promotion, ledger={name: entry for name, entry in promotion.ledger.items() if name != key})


def without(promotion: Promotion, *beginnings: str) -> Promotion:
    """The promotion without the lines whose keys begin so: what they tell is not so any more."""
    kept = {key: entry for key, entry in promotion.ledger.items() if not key.startswith(beginnings)}
    return promotion if len(kept) == len(promotion.ledger) else replace(promotion, ledger=kept)


def failed(promotion: Promotion, key: str, why: str, again: float, *, limited: bool = False) -> Promotion:
    """One more failure of an effect or a look, and when it may be tried again."""
    known = promotion.ledger.get(key, Entry())
    entry = replace(known, tries=known.tries + 1, error=cut(why, CLIP), not_before=again, limited=limited)
    return replace(promotion, ledger={**promotion.ledger, key: entry})
