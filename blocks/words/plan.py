"""What a promotion would meet, in words: nothing of it has happened, and every sentence says so."""

from blocks.text import count_of, date, duration, listed, untrusted
from blocks.words import approvals, evidence, names, replies, rules
from blocks.words.commands import typed
from bot.domain.context import Membership
from bot.domain.face import Face, RequirementFace
from bot.domain.policy import Verdict
from bot.domain.rehearsal import PlanFace

_OWN_LINES = {"approvals", "wait", "slot"}


def head(plan: PlanFace) -> str:
    """What is rehearsed, and that it is only that."""
    return f":clipboard: *Plan:* {names.title(plan.face)}. Nothing was asked for or started."


def sentence(plan: PlanFace) -> str:
    """The plan in one sentence, for notifications and screen readers."""
    subject = names.subject(plan.face)
    if plan.turned_away is not None:
        return f"Plan of {subject}: a request would be turned away. {no(plan)}"
    return f"Plan of {subject}: earliest start {start(plan)}. Nothing was started."


def no(plan: PlanFace) -> str:
    """Why a request would be turned away; nothing when it would get a card."""
    return replies.not_started(plan.turned_away)[0] if plan.turned_away is not None else ""


def turned_away(plan: PlanFace) -> str:
    """The same under its own mark."""
    return f":no_entry: *A request would be turned away.* {no(plan)}"


def requirement_lines(plan: PlanFace) -> list[str]:
    """Each requirement with what is known of it now; approval, wait and slot as they would come."""
    face = plan.face
    lines = [_line(face, one, plan) for one in face.requirements if one.kind not in _OWN_LINES]
    wait = [f":white_small_square: *Wait* {duration(face.wait)} after the last approval"] if face.wait else []
    return [*lines, *_approvals(face), *wait, _slot(plan)]


def _line(face: Face, one: RequirementFace, plan: PlanFace) -> str:
    if one.verdict is Verdict.PENDING and not plan.looked:
        basis = f" · needs {untrusted(one.basis, 100)}" if one.basis else ""
        return f":hourglass_flowing_sand: *{evidence.safe_label(one)}* not looked at yet{basis}"
    return rules.line(face, one)


def _approvals(face: Face) -> list[str]:
    if not face.needs:
        return [":white_check_mark: *Approvals* none needed"]
    asked = listed([approvals.wanted(rule).replace(" more of ", " of ", 1) for rule in face.needs[:4]])
    own = "" if face.self_approval else ", not by whoever asks"
    authors = "".join(f"; not by {one}" for one in approvals.authors(face))
    return [f":white_small_square: *Approvals* {asked}{own}{authors}"]


def _slot(plan: PlanFace) -> str:
    if not plan.holder:
        return ":white_check_mark: *Slot* free"
    behind = f" and {plan.before_it} more" if plan.before_it else ""
    return f":hourglass_flowing_sand: *Slot* behind {names.promotion(plan.holder)}{behind}"


def you(plan: PlanFace) -> str:
    """What the person who looks may do with it."""
    return f"*You* {_ask(plan)} {_approve(plan)}".rstrip()


def _ask(plan: PlanFace) -> str:
    match plan.may_ask:
        case Membership.YES:
            return "may ask for it."
        case Membership.NO:
            needs = listed([names.team(team) for team in plan.askers[:8]], "or") or "a role that nobody has"
            return f"cannot ask for it: that needs {needs} (rule `roles.request`)."
        case Membership.UNKNOWN:
            return "may be able to ask for it: your team is not known yet."


def _approve(plan: PlanFace) -> str:
    if not plan.face.needs:
        return ""
    if any(one.who.name == plan.person.name for one in plan.face.barred):
        return "You cannot approve it: you wrote some of it (rule `author_approval`)."
    match plan.may_approve:
        case Membership.YES if plan.face.self_approval:
            return "You can approve it, also when you ask for it."
        case Membership.YES:
            return "You can approve it when somebody else asks."
        case Membership.NO:
            return "You are none of its approvers."
        case Membership.UNKNOWN:
            return "Whether you are an approver is not known yet."


def start(plan: PlanFace) -> str:
    """When it could start if everything went well from now on."""
    face = plan.face
    behind = f", and behind {names.promotion(plan.holder)}" if plan.holder else ""
    blocked = _named(face, Verdict.UNMET)
    if blocked:
        return f"not before {listed(blocked)} {'passes' if len(blocked) == 1 else 'pass'}{behind}"
    open_gates = _named(face, Verdict.PENDING)
    has = "has" if len(open_gates) == 1 else "have"
    once = f", once {listed(open_gates)} {has} passed" if open_gates else ""
    if face.needs:
        after = f"{duration(face.wait)} after the last approval" if face.wait else "with the last approval"
        return f"{after}{once}{behind}"
    return f"{date(plan.now + face.wait) if face.wait else 'at once'}{once}{behind}"


def _named(face: Face, verdict: Verdict) -> list[str]:
    found = [one for one in face.requirements if one.kind not in _OWN_LINES and one.verdict is verdict]
    return [evidence.safe_label(one) for one in found[:5]]


def start_line(plan: PlanFace) -> str:
    """The same under its name."""
    return f"*Earliest start* {start(plan)}."


def commits(plan: PlanFace) -> str:
    """How much changes; what is live is compared with it."""
    changes = plan.face.changes
    if changes is None:
        return ""
    return f"*Changes* {count_of(changes.commits, 'commit')} since {names.version(changes.since)}"


def alike(plan: PlanFace) -> str:
    """An open promotion that asks for the same."""
    if not plan.alike:
        return ""
    return (
        f":warning: {names.promotion(plan.alike)} asks for this version already: a second request is refused."
    )


def ask_for_it(plan: PlanFace) -> str:
    """The line that would ask for it."""
    face = plan.face
    return f"Ask for it: {typed(f'/promote {face.service}@{face.version} to {face.environment} because …')}"


def not_looked(face: Face, why: str) -> str:
    """That the world did not answer, and what to do about it."""
    again = typed(f"/promote plan {face.service}@{face.version} to {face.environment}")
    return f"I could not look {names.version(face.version)} up (“{untrusted(why, 160)}”). Try again later: {again}"


def no_version(service: str, environment: str, before: str) -> str:
    """A plan without a version, where none can be guessed."""
    where = f" in {names.environment(before)}" if before else ""
    example = typed(f"/promote plan {service}@v2.14.3 to {environment}")
    next_one = f"nothing is recorded{where} that would be next for {names.environment(environment)}"
    return f"Name a version: {next_one}. {example}"
