"""Keeping a promotion's document small: texts are cut where they come in, and detail is shed when it must be.

A document that did not fit could not be stored, and the promotion would stand still. So what explains gives way
to what decides: first links, then the list of changes, then steps, then what old approvals had signed.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from bot.domain.promotion import Promotion

Measure = Callable[[Promotion], int]


def cut(text: str, most: int) -> str:
    """At most `most` bytes of UTF-8, never half a character, with an ellipsis where something was cut."""
    raw = text.encode("utf-8", "replace")
    if len(raw) <= most:
        return raw.decode("utf-8")
    return raw[: most - 3].decode("utf-8", "ignore") + "…"


def slim(promotion: Promotion, most: int, measure: Measure) -> Promotion:
    """The promotion, or what of it fits into `most` bytes."""
    slimmer = promotion
    for slimmer in _ever_slimmer(promotion):
        if measure(slimmer) <= most:
            break
    return slimmer


def _ever_slimmer(promotion: Promotion) -> Iterator[Promotion]:
    yield promotion
    run = promotion.run
    steps = tuple(step if step.status == "failed" else replace(step, url="") for step in run.steps)
    promotion = replace(promotion, run=replace(run, steps=steps))
    yield promotion
    if promotion.changes is not None:
        promotion = replace(promotion, changes=replace(promotion.changes, items=()))
        yield promotion
    promotion = replace(promotion, run=replace(promotion.run, steps=steps[-5:]))
    yield promotion
    newest = promotion.approvals[-1].digest if promotion.approvals else ""
    signed = {digest: one for digest, one in promotion.signed.items() if digest == newest}
    promotion = replace(promotion, signed=signed)
    yield promotion
    approvals = tuple(replace(one, note="") for one in promotion.approvals)
    promotion = replace(promotion, approvals=approvals)
    yield promotion
    yield replace(promotion, reason=cut(promotion.reason, 500))
