"""What must hold before the deploy, and what of it people sign. Computed once per message.

Everything else met → slot → gates, version and teams looked at again after the slot was taken → intent.
"""

from dataclasses import dataclass

from bot.domain.approvals import Tally, tally
from bot.domain.authors import authors_item
from bot.domain.context import Context, Membership, Team
from bot.domain.evidence import evidence_of
from bot.domain.face import RequirementFace
from bot.domain.forgotten import listed_from
from bot.domain.policy import ANYONE, GateRule, Kind, Verdict, digest_of
from bot.domain.promotion import Evidence, GateFact, Phase, Promotion, SlotWish
from bot.domain.readings import Unreadable
from bot.domain.slot_wish import SATISFIED, slot_wish


@dataclass(frozen=True, slots=True)
class Requirements:
    """Every requirement of one promotion at one moment, and what follows from them."""

    items: tuple[RequirementFace, ...]
    evidence: Evidence
    digest: str
    tally: Tally
    wait_until: float | None  # when the wait after the last approval ends; None: not running yet
    slot_wish: SlotWish
    fresh: bool  # everything was looked at again since the slot was taken
    behind: str = ""  # another promotion that has the slot

    @property
    def unmet(self) -> tuple[str, ...]:
        """Names of the requirements that say no."""
        return tuple(item.name for item in self.items if item.verdict is Verdict.UNMET)

    @property
    def evidence_complete(self) -> bool:
        """Whether everything that approvers look at holds, so that approval is really possible."""
        return all(item.verdict in SATISFIED for item in self.items if item.kind not in AFTER_EVIDENCE)

    @property
    def incomplete(self) -> tuple[str, ...]:
        """Names of the parts of the evidence that are still being looked at."""
        return tuple(
            item.name
            for item in self.items
            if item.kind not in AFTER_EVIDENCE and item.verdict is Verdict.PENDING
        )

    @property
    def awaiting_approval(self) -> bool:
        """Whether nothing but people's approval is missing for the evidence."""
        return self.evidence_complete and not self.tally.is_complete

    @property
    def ready(self) -> bool:
        """Whether the intent may be committed now."""
        return self.fresh and all(item.verdict in SATISFIED for item in self.items)

    def verdict(self, name: str) -> Verdict | None:
        """The verdict of the requirement of this name."""
        return next((item.verdict for item in self.items if item.name == name), None)


AFTER_EVIDENCE = frozenset({"approvals", "wait", "store", "slot"})


def requirements_of(promotion: Promotion, context: Context) -> Requirements:
    """Judge every requirement of the promotion with the rules and the world as they are now."""
    evidence_items = (
        *_role(promotion, context),
        *_branch(promotion, context),
        *_path(promotion, context),
        *authors_item(promotion, context),
        *(_gate(rule, promotion, context) for rule in context.rules.gates),
        *(
            RequirementFace(name=name, kind="unavailable", verdict=Verdict.UNMET)
            for name in context.rules.unavailable
        ),
    )
    evidence = evidence_of(promotion, context, evidence_items)
    digest = digest_of(evidence)
    count = tally(promotion, digest, context)
    wait_until = _wait_until(promotion, context, digest, count)
    before_slot = (
        *evidence_items,
        *_approvals(count),
        *_wait(context, wait_until),
        *_store(promotion, context),
    )
    wish = slot_wish(promotion, context, before_slot, count)
    return Requirements(
        items=(*before_slot, _slot(promotion, context)),
        evidence=evidence,
        digest=digest,
        tally=count,
        wait_until=wait_until,
        slot_wish=wish,
        fresh=_is_fresh(promotion, context),
        behind=context.slot.holder if context.slot.holder != promotion.id else "",
    )


def needs_version(promotion: Promotion) -> bool:
    """Whether a version has to be resolved: a rollback goes to a release whose SHA is recorded."""
    return promotion.kind is not Kind.ROLLBACK


def gate_verdict(rule: GateRule, fact: GateFact | None) -> Verdict:
    """What the rule says of the last look; a look under another basis does not count, a failed one never."""
    if fact is None or fact.basis != rule.basis:
        return Verdict.PENDING
    if isinstance(fact.reading, Unreadable):
        return Verdict.UNMET
    return rule.judge(fact.reading)


def gate_environment(rule: GateRule, context: Context) -> str:
    """The environment that a gate looks at: the one before, or the target."""
    after = context.rules.after
    return after if rule.of == "after" and after is not None else context.rules.environment


def role_of(promotion: Promotion, context: Context) -> tuple[str, ...]:
    """Who may ask for such a promotion: words of the catalog's `roles`."""
    rules = context.rules
    return rules.may_roll_back if promotion.kind is Kind.ROLLBACK else rules.may_request


def _role(promotion: Promotion, context: Context) -> tuple[RequirementFace, ...]:
    """A requester whose membership is not known yet is checked before anything runs."""
    answer = context.may(promotion.requester, role_of(promotion, context))
    if answer is Membership.YES:
        return ()
    verdict = Verdict.PENDING if answer is Membership.UNKNOWN else Verdict.UNMET
    return (RequirementFace(name="role", kind="role", verdict=verdict),)


def _branch(promotion: Promotion, context: Context) -> tuple[RequirementFace, ...]:
    if not context.rules.branches or not needs_version(promotion):
        return ()
    if promotion.version_seen is None:
        verdict = Verdict.PENDING
    else:
        verdict = Verdict.MET if promotion.on_branch in context.rules.branches else Verdict.UNMET
    basis = " or ".join(context.rules.branches)
    return (RequirementFace(name="branch", kind="branch", verdict=verdict, basis=basis),)


def _path(promotion: Promotion, context: Context) -> tuple[RequirementFace, ...]:
    after = context.rules.after
    if after is None or promotion.kind is Kind.ROLLBACK:
        return ()
    return (
        RequirementFace(
            name="path", kind="path", verdict=path_verdict(promotion, context), environment=after, basis=after
        ),
    )


def path_verdict(promotion: Promotion, context: Context) -> Verdict:
    """Whether the SHA's last promotion to the environment before succeeded and was not rolled back."""
    after, sha = context.rules.after, promotion.sha
    if after is None:
        return Verdict.MET
    if sha is None:
        return Verdict.PENDING
    before = context.live_in(after)
    if sha in before.undone:
        return Verdict.UNMET
    last = context.earlier
    if last is not None:
        if last.phase.is_open:
            return Verdict.PENDING
        passed = last.phase is Phase.SUCCEEDED and not last.undone_by
        return Verdict.MET if passed else Verdict.UNMET
    return Verdict.MET if any(release.sha == sha for release in before.good) else Verdict.UNMET


def gates_seen(promotion: Promotion, context: Context) -> tuple[RequirementFace, ...]:
    """Every gate before the deploy with its last look: also when nothing is required any more."""
    return tuple(_gate(rule, promotion, context) for rule in context.rules.gates)


def _gate(rule: GateRule, promotion: Promotion, context: Context) -> RequirementFace:
    fact = promotion.gates.get(rule.name)
    waiver = next((one for one in promotion.waivers if one.gate == rule.name), None)
    verdict = gate_verdict(rule, fact) if promotion.sha else Verdict.PENDING
    return RequirementFace(
        name=rule.name,
        kind="gate",
        verdict=verdict if waiver is None else Verdict.WAIVED,
        use=rule.use,
        environment=gate_environment(rule, context),
        reading=fact.reading if fact else None,
        basis=rule.basis,
        link=fact.link if fact else "",
        reason=waiver.reason if waiver else "",
        by=waiver.by if waiver else "",
    )


def _approvals(count: Tally) -> tuple[RequirementFace, ...]:
    if not count.needs:
        return ()
    verdict = Verdict.MET if count.is_complete else Verdict.PENDING
    return (RequirementFace(name="approvals", kind="approvals", verdict=verdict),)


def _wait_until(promotion: Promotion, context: Context, digest: str, count: Tally) -> float | None:
    if not context.rules.wait or promotion.skip_wait_for == digest:
        return 0.0
    if count.complete_at is None:
        return None
    return max(count.complete_at, promotion.created) + context.rules.wait


def _wait(context: Context, until: float | None) -> tuple[RequirementFace, ...]:
    if not context.rules.wait:
        return ()
    verdict = Verdict.MET if until is not None and until <= context.now else Verdict.PENDING
    return (RequirementFace(name="wait", kind="wait", verdict=verdict),)


def forgets_until(promotion: Promotion, context: Context) -> float | None:
    """Until when nothing of this promotion starts, because the store may have forgotten that it did; None: it may."""
    if not context.may_be_forgotten(promotion.created):
        return None
    until = listed_from(context)
    return until if context.now < until else None


def _store(promotion: Promotion, context: Context) -> tuple[RequirementFace, ...]:
    """A store that took over may have lost an intent: the run of that one has to be listed before a look can tell."""
    if forgets_until(promotion, context) is None:
        return ()
    return (RequirementFace(name="store", kind="store", verdict=Verdict.PENDING),)


def _slot(promotion: Promotion, context: Context) -> RequirementFace:
    verdict = Verdict.MET if context.slot.holder == promotion.id else Verdict.PENDING
    return RequirementFace(name="slot", kind="slot", verdict=verdict)


def _is_fresh(promotion: Promotion, context: Context) -> bool:
    """Whether version, gates and teams were looked at after the slot was taken."""
    if context.slot.holder != promotion.id:
        return False
    since = fresh_from(promotion, context)
    version = not needs_version(promotion) or context.seen_since(promotion.version_seen, since)
    waived = {waiver.gate for waiver in promotion.waivers}
    gates = all(
        rule.name in promotion.gates and context.seen_since(promotion.gates[rule.name].at, since)
        for rule in context.rules.gates
        if rule.name not in waived
    )
    return version and gates and not stale_teams(promotion, context, since)


def fresh_from(promotion: Promotion, context: Context) -> float:
    """Since when everything must have been looked at: the slot was taken, or waiting began anew."""
    return max(context.slot.since, promotion.since)


def stale_teams(promotion: Promotion, context: Context, since: float) -> tuple[str, ...]:
    """Teams that approvals and the requester's role rest on and that were not looked at since `since`."""
    asked = tuple(rule.team for rule in context.rules.approvals)
    words = (*asked, *_role_in_doubt(promotion, context, since))
    teams = (context.team(word) for word in dict.fromkeys(words))
    return tuple(team.name for team in teams if team is not None and not _looked_since(team, since, context))


def _role_in_doubt(promotion: Promotion, context: Context, since: float) -> tuple[str, ...]:
    """The teams of the requester's role, unless one that is known already says yes.

    Else a PagerDuty that does not answer would hold up the rollback of somebody whom the catalog itself names.
    """
    role = role_of(promotion, context)
    words = () if ANYONE in role else context.expand(role)
    known = (team for word in words if (team := context.team(word)) and _looked_since(team, since, context))
    return () if any(promotion.requester in team.members for team in known) else words


def _looked_since(team: Team, since: float, context: Context) -> bool:
    return team.is_static or context.seen_since(team.at, since)
