"""The evidence that people sign: the SHA, the rules, the waivers, and what each gate promised and said."""

from collections.abc import Mapping

from bot.domain.context import Context
from bot.domain.face import EvidenceChange, RequirementFace
from bot.domain.policy import SPELLED, Verdict
from bot.domain.promotion import Evidence, Promotion


def evidence_of(promotion: Promotion, context: Context, items: tuple[RequirementFace, ...]) -> Evidence:
    """What an approval of these requirements would sign."""
    return Evidence(
        sha=promotion.sha or "",
        rules=context.rules.sections(),
        waivers=tuple((waiver.gate, waiver.reason) for waiver in promotion.waivers),
        gates=tuple(
            (item.name, _signed_verdict(item.verdict), item.basis)
            for item in items
            if item.kind in {"gate", "path"}
        ),
    )


def differences(before: Evidence, after: Evidence) -> tuple[EvidenceChange, ...]:
    """Which parts of what was signed are different now, each named."""
    changes = []
    if before.sha != after.sha:
        changes.append(EvidenceChange("version", before.sha[:7], after.sha[:7]))
    changes += [_readable(change) for change in _pairs("rule", dict(before.rules), dict(after.rules))]
    changes += _pairs("skipped", dict(before.waivers), dict(after.waivers))
    changes += _pairs("gate", _bases(before), _bases(after)) or _pairs("gate", _said(before), _said(after))
    return tuple(changes)


def _signed_verdict(verdict: Verdict) -> str:
    """People sign only what is met, so a gate that is looked at again keeps what they signed until it says no."""
    return (Verdict.MET if verdict is Verdict.PENDING else verdict).value


def _pairs(word: str, before: Mapping[str, str], after: Mapping[str, str]) -> list[EvidenceChange]:
    names = dict.fromkeys((*before, *after))
    return [
        EvidenceChange(f"{word} {name}", before.get(name, ""), after.get(name, ""))
        for name in names
        if before.get(name) != after.get(name)
    ]


def _readable(change: EvidenceChange) -> EvidenceChange:
    """A section that is signed as a digest is named, and nothing more: digests say nothing to people."""
    return change if change.part.removeprefix("rule ") in SPELLED else EvidenceChange(change.part, "", "")


def _bases(evidence: Evidence) -> Mapping[str, str]:
    """What each gate promised."""
    return {name: basis for name, _, basis in evidence.gates}


def _said(evidence: Evidence) -> Mapping[str, str]:
    """What each gate said."""
    return {name: verdict for name, verdict, _ in evidence.gates}
