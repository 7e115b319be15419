"""Keeping a promotion's document small: texts are cut where they come in, and detail is shed when it must be.

A document that did not fit could not be stored, and the promotion would stand still. So what explains gives way
to what decides: first links, then the list of changes, then who wrote them once nobody is to approve any more, then
steps, then what old approvals had signed, then all but the first name of what gates saw, what people noted about an
incident, which stands in its room as well, and what went wrong with notes and when they were begun. No line of the
ledger is dropped: it would be said again.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from bot.domain.incident import Incident
from bot.domain.promotion import Entry, GateFact, Promotion
from bot.domain.readings import ChecksReading, IncidentsReading, OpenIncident, Reading, Unreadable

Measure = Callable[[Promotion], int]
MOST_REASON, MOST_SAID, MOST_NOTE = 3000, 500, 200  # bytes of what people write
NAMES = 10  # of checks or incidents that a reading names; the others are counted
NAME = 60  # bytes of each
LINK = 300  # bytes; half a link leads nowhere, so a longer one is left out
SAID = 300  # bytes of why a look failed


def cut(text: str, most: int) -> str:
    """At most `most` bytes of UTF-8, never half a character, with an ellipsis where something was cut."""
    raw = text.encode("utf-8", "replace")
    if len(raw) <= most:
        return raw.decode("utf-8")
    return raw[: most - 3].decode("utf-8", "ignore") + "…"


def link_or_none(url: str) -> str:
    """The link, or nothing when it is too long to be kept."""
    return url if len(url.encode("utf-8", "replace")) <= LINK else ""


def clipped(reading: Reading, names: int = NAMES) -> Reading:
    """The reading with so many names, at least one where there were some, and a count of the others."""
    match reading:
        case ChecksReading(failed=failed, pending=pending, missing=missing):
            return replace(
                reading,
                failed=_first(failed, names),
                pending=_first(pending, names),
                missing=_first(missing, names),
                more_failed=reading.more_failed + max(0, len(failed) - names),
                more_pending=reading.more_pending + max(0, len(pending) - names),
                more_missing=reading.more_missing + max(0, len(missing) - names),
            )
        case IncidentsReading(open=found):
            kept = tuple(
                OpenIncident(one.number, cut(one.title, NAME), link_or_none(one.url)) for one in found[:names]
            )
            return replace(reading, open=kept, more=reading.more + max(0, len(found) - names))
        case Unreadable(why=why):
            return Unreadable(cut(why, SAID))
        case _:
            return reading


def _first(words: tuple[str, ...], most: int) -> tuple[str, ...]:
    return tuple(cut(word, NAME) for word in words[:most])


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
    if promotion.changes is not None and not promotion.phase.is_open:
        changes = replace(promotion.changes, authors=(), everyone=False)  # nobody is to approve any more
        promotion = replace(promotion, changes=changes)
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
    promotion = replace(promotion, reason=cut(promotion.reason, 500))
    yield promotion
    promotion = replace(promotion, gates={name: _bare(fact) for name, fact in promotion.gates.items()})
    yield promotion
    promotion = replace(promotion, incident=_brief(promotion.incident))
    yield promotion
    yield replace(promotion, ledger={key: _terse(entry) for key, entry in promotion.ledger.items()})


def _bare(fact: GateFact) -> GateFact:
    return replace(fact, reading=clipped(fact.reading, names=1), link="")


def _brief(incident: Incident | None) -> Incident | None:
    if incident is None:
        return None
    notes = tuple(replace(one, text=cut(one.text, NAME), link="") for one in incident.notes)
    return replace(incident, notes=notes)


def _terse(entry: Entry) -> Entry:
    """What is done and has no message to find again was begun before: only a try after it would tell more."""
    is_over = entry.done is not None and not entry.ref and (entry.begun or 0.0) <= entry.done
    return replace(entry, error=cut(entry.error, NAME), begun=None if is_over else entry.begun)
