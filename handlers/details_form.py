"""The details of one promotion: a form with tabs, each drawn from the record at the moment it is chosen."""

from collections.abc import Mapping, Sequence

from blocks import details_modal
from blocks.rendition import View
from bot.domain.face import RequirementFace
from bot.domain.forms import AuditLine, Details, Tab
from bot.domain.promotion import Promotion
from bot.domain.requirements import gates_seen
from bot.service import Applied
from bot.store.protocol import AuditRow
from handlers.audit_rows import line_of
from handlers.desk import Desk, face
from handlers.payloads import Filled

MOST_ROWS: Mapping[Tab, int] = {
    "timeline": 500,
    "audit": 500,
}  # most rows are looks and bookkeeping, which are left out
FIRST, APPROVED = "request", "approve"  # actions of rows: the first of a promotion, and an approval's


async def details(desk: Desk, applied: Applied, tab: Tab = "timeline") -> View:
    """One tab of what is known of a promotion, with the newest rows of its audit log."""
    promotion, most = applied.promotion, MOST_ROWS.get(tab, 0)
    rows = await desk.store.audit_of(promotion.id, most) if most else ()
    is_cut = bool(rows) and rows[0].action != FIRST
    shown = Details(
        face=face(applied),
        gates=_gates(applied),
        tab=tab,
        audit=tuple(line_of(row) for row in rows),
        before=_recorded(promotion, rows) if is_cut or not rows else (),
        is_cut=is_cut,
        correlation=promotion.correlation,
        looked={name: fact.at for name, fact in promotion.gates.items()},
    )
    return details_modal.details(shown)


def _recorded(promotion: Promotion, rows: Sequence[AuditRow]) -> tuple[AuditLine, ...]:
    """What a promotion tells of itself that is in none of its rows: a store finds only so many of them."""
    there = {(row.at, row.actor) for row in rows if row.action == APPROVED}
    asked = AuditLine(promotion.created, promotion.requester, FIRST, said=promotion.reason)
    given = (AuditLine(one.at, one.by, APPROVED, said=one.note) for one in promotion.approvals)
    return (asked, *(one for one in given if (one.at, one.actor) not in there))


def _gates(applied: Applied) -> tuple[RequirementFace, ...]:
    """What is required now; after the deploy has begun, below what was required and seen before it. What is over
    waits for no turn."""
    is_open = applied.promotion.phase.is_open
    now = tuple(one for one in face(applied).requirements if is_open or one.kind != "slot")
    seen = gates_seen(applied.promotion, applied.context)
    there = {(one.kind, one.name) for one in now}
    return (*(one for one in seen if (one.kind, one.name) not in there), *now)


async def turn(desk: Desk, applied: Applied, filled: Filled, tab: Tab) -> None:
    """Show another tab of the form that is open."""
    desk.redraws.redraw(filled, await details(desk, applied, tab))
