"""Every rule of a promotion in a line of its own, for `why` and the details form."""

from blocks.text import date, duration
from blocks.words import approvals, evidence, names
from bot.domain.face import Face, RequirementFace
from bot.domain.policy import Verdict

_LATER = ":white_small_square:"


def line(face: Face, one: RequirementFace) -> str:
    """One rule with its verdict and what was seen, or what is still awaited."""
    given = _given(face, one) if one.verdict is Verdict.MET else ""
    if given:
        return f":white_check_mark: *{evidence.safe_label(one)}* {given}"
    awaited = _awaited(face, one) if one.verdict is Verdict.PENDING else ""
    if not awaited:
        return evidence.row(one)
    return f"{_LATER} *{evidence.safe_label(one)}* {awaited}"


def _given(face: Face, one: RequirementFace) -> str:
    """What people gave: who approved, and how long was waited."""
    if one.kind == "approvals" and face.needs:
        who = names.names([approval.by for approval in face.approvals if approval.counts])
        return f"{approvals.tally(face)}: {who}" if who else ""
    return f"{duration(face.wait)}, over" if one.kind == "wait" and face.wait else ""


def _awaited(face: Face, one: RequirementFace) -> str:
    match one.kind:
        case "approvals":
            parts = [approvals.tally(face), approvals.given(face), approvals.who_may(face)]
            return " · ".join(part for part in parts if part)
        case "wait":
            until = f", until {date(face.starts)}" if face.starts is not None else " after the last approval"
            return f"{duration(face.wait)}{until}"
        case "slot":
            return f"behind {names.promotion(face.behind)}" if face.behind else "taken when all else holds"
        case _:
            return ""
