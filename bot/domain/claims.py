"""What the card of an ended promotion says of the present, and since when that is not so any more.

A card is read an hour later as well. Whatever changes what serves wakes the promotions whose cards speak of it; each
of them then compares, keeps what replaced it, and speaks of the past from there on.
"""

from collections.abc import Iterable
from dataclasses import replace

from bot.domain.context import Context
from bot.domain.live import SERVING_WITHIN, is_past, left_it_open
from bot.domain.messages import Woken
from bot.domain.promotion import Live, Phase, Promotion, Release, Replaced

SPEAKING = frozenset({Phase.SUCCEEDED, Phase.FAILED, Phase.CANCELLED})  # whose cards may


def speaks(promotion: Promotion) -> bool:
    """Whether its card says what serves now; what serves since nobody knows may turn out to be what it said."""
    if promotion.undone_by or is_past(promotion):
        return False
    return promotion.phase in SPEAKING and (promotion.phase is Phase.SUCCEEDED or left_it_open(promotion))


def speakers(ended: Iterable[Promotion]) -> tuple[str, ...]:
    """Whose cards speak of the present, among the newest that ended in one place.

    What ended before the last one that went well was replaced by that, also when an older version told nobody so.
    """
    known = tuple(ended)
    well = max((one.since for one in known if one.phase is Phase.SUCCEEDED), default=0.0)
    return tuple(one.id for one in known if one.since >= well and speaks(one))


def compared(promotion: Promotion, message: Woken, context: Context) -> Promotion:
    """What serves there now beside what its card says: from the moment at which they differ it speaks of the past."""
    if not speaks(promotion):
        return promotion
    if _holds(promotion, context.live):
        return replace(promotion, replaced=None)
    return replace(promotion, replaced=_replaced(promotion.replaced, context))


def told_at(promotion: Promotion) -> float:
    """From when on the card shows that it was replaced: that nobody knows what serves may last seconds only."""
    replaced = promotion.replaced
    return replaced.at + SERVING_WITHIN if replaced is not None and not replaced.version else 0.0


def _holds(promotion: Promotion, live: Live) -> bool:
    serving = live.serving
    if promotion.phase is not Phase.SUCCEEDED:
        return _sha(promotion.serving) == _sha(serving)
    if serving is None:
        return False
    return serving.promotion == promotion.id if serving.promotion else serving.sha == promotion.sha


def _replaced(before: Replaced | None, context: Context) -> Replaced:
    """The moment stays the first one, at which nobody knew what serves."""
    serving = context.live.serving
    if serving is None:
        return before or Replaced(context.now)
    at = before.at if before is not None else serving.since
    return Replaced(at, serving.version, serving.promotion)


def _sha(release: Release | None) -> str:
    return release.sha if release is not None else ""
