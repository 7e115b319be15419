"""Who approved, who still may, and who may not, in words."""

from blocks.text import count_of, listed, untrusted
from blocks.words import names
from bot.domain.face import ApprovalFace, ApprovalNeed, Barred, EvidenceChange, Face


def tally(face: Face) -> str:
    """How far approval has come: `1 of 2`."""
    need = sum(rule.count for rule in face.needs)
    return f"{sum(min(rule.have, rule.count) for rule in face.needs)} of {need}"


def given(face: Face) -> str:
    """Everyone who approved, each with a note, as mentions of people who acted already."""
    return " · ".join(_one(approval) for approval in face.approvals[:6])


def _one(approval: ApprovalFace) -> str:
    note = f" “{untrusted(approval.note, 100)}”" if approval.note else ""
    if approval.checking:
        return f":hourglass_flowing_sand: {names.mention(approval.by)} (checking membership){note}"
    if not approval.counts:
        return f"{names.mention(approval.by)} (no longer counts)"
    return f":white_check_mark: {names.mention(approval.by)}{note}"


def approvers(face: Face) -> str:
    """Who approved and counts, as a phrase: `approved by @bo and @cy`; nothing when nobody did."""
    counted = [one.by for one in face.approvals if one.counts]
    return f"approved by {names.mentions(counted)}" if counted else ""


def approvers_plain(face: Face) -> str:
    """The same without pinging anyone."""
    counted = [one.by for one in face.approvals if one.counts]
    return f"approved by {names.names(counted)}" if counted else ""


def who_may(face: Face) -> str:
    """Whose approval is still wanted, and who is shut out."""
    open_rules = [rule for rule in face.needs if rule.have < rule.count]
    if not open_rules:
        return ""
    asked = listed([wanted(rule) for rule in open_rules[:4]])
    shut_out = "; not ".join(_shut_out(face))
    return " ".join(
        [f"Needs {asked}.", *([f"Not {shut_out}."] if shut_out else []), *_too_few(face, open_rules)]
    )


def _shut_out(face: Face) -> list[str]:
    """Who may not approve though they are on the team, each with why."""
    asked = [] if face.self_approval else [f"{names.handle(face.requester)}, who asked"]
    return [*asked, *authors(face)]


def authors(face: Face) -> list[str]:
    """The approvers who are kept from it because they wrote some of it: `@bo, who wrote #812`."""
    others = [one for one in face.barred if face.self_approval or one.who.name != face.requester.name]
    return [f"{names.handle(one.who)}, who {_wrote(one)}" for one in others[:4]]


def _wrote(one: Barred) -> str:
    return f"wrote {listed([untrusted(word, 20) for word in one.wrote]) or 'some of it'}"


def _too_few(face: Face, rules: list[ApprovalNeed]) -> list[str]:
    """Whether the rule about authors leaves a place that nobody can fill."""
    short = any(rule.possible and len(rule.possible) < rule.count - rule.have for rule in rules)
    nobody = any(not rule.possible for rule in rules)
    if not face.barred or not (short or nobody):
        return []
    return ["That leaves too few who may: an admin can name more approvers."]


def small(face: Face) -> str:
    """The small line beside the Approve button: who approved so far, and who still may."""
    return " · ".join(line for line in (given(face), who_may(face)) if line)


def wanted(rule: ApprovalNeed) -> str:
    """What one approval rule still asks for: `1 more of release-managers (@bo or @cy)`."""
    still = f" ({names.handles(rule.possible, 'or')})" if rule.possible else ""
    return f"{rule.count - rule.have} more of {names.team(rule.team)}{still}"


def pinged(face: Face) -> str:
    """The approvers that are asked now, each pinged: their group where there is one, else the people."""
    groups = [names.group(rule.slack_group, rule.team) for rule in face.needs if rule.slack_group]
    people = {who.slack: who for rule in face.needs if not rule.slack_group for who in rule.possible}
    return listed([*groups, *([names.mentions(people.values())] if people else [])]) or _teams(face)


def _teams(face: Face) -> str:
    return listed([names.team(rule.team) for rule in face.needs]) or "Approvers"


def change(part: EvidenceChange) -> str:
    """One part of the evidence that is different now: `rule wait 600 → 300`."""
    name = untrusted(part.part, 60)
    if not (part.before or part.after):
        return name
    before, after = untrusted(part.before, 80) or "nothing", untrusted(part.after, 80) or "nothing"
    return f"{name} {before} → {after}"


def changes(face: Face) -> str:
    """Why earlier approvals do not count: at most three parts by name."""
    words = [change(part) for part in face.voided[:3]]
    more = len(face.voided) - 3
    return "; ".join([*words, count_of(more, "more change")] if more > 0 else words)
