"""What stands in the way of a promotion: which code each rule has, and what helps against it."""

from blocks.words.commands import typed, why
from bot.domain.face import Face, RequirementFace
from bot.domain.policy import Kind, Verdict
from bot.domain.readings import Unreadable

_CODES = {"branch": "E44", "path": "E03", "authors": "E12", "role": "E33", "unavailable": "E50"}


def code(one: RequirementFace) -> str:
    """The code of a rule that is not met."""
    if isinstance(one.reading, Unreadable):
        return "E12"
    if one.use == "incidents":
        return "E15"
    return _CODES.get(one.kind, "E11")


def codes(face: Face) -> tuple[str, ...]:
    """The codes of everything that is not met, each once."""
    unmet = [one for one in face.requirements if one.verdict is Verdict.UNMET]
    return tuple(dict.fromkeys(code(one) for one in unmet))


def small(face: Face) -> str:
    """The small line of a blocked card: what helps, who may do without, and the codes."""
    shown = codes(face)
    return " · ".join([_step(face, shown), f"{why(face.id)} shows each rule", *shown])


def _step(face: Face, shown: tuple[str, ...]) -> str:
    if "E15" in shown:
        return f"Deploys wait until the incident is resolved{_way_back(face)}"
    if "E44" in shown or "E03" in shown:
        return "Press Retry when the version got there"
    if "E12" in shown:
        return "What I cannot read counts as not passed; press Retry to look again"
    if "E50" in shown:
        return "Whoever keeps the catalog can change the rule"
    if "E33" in shown:
        return "Ask somebody who may to ask for it"
    return "Press Retry when it is mended"


def _way_back(face: Face) -> str:
    if face.kind is Kind.ROLLBACK:
        return ""
    line = typed(f"/rollback {face.service} in {face.environment} because …")
    return f"; a rollback is still allowed: {line}"
