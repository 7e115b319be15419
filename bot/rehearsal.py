"""Looks at the world for a promotion that nobody asked for: the same looks, judged by the same rules, and nothing
of it is stored.

Whoever asks twice in a row is told what was seen the first time: a plan is no way to make us ask GitHub for ever.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from bot import gates
from bot.domain.context import Context
from bot.domain.messages import VersionNotFound, VersionRefused, VersionSeen
from bot.domain.policy import GateRule
from bot.domain.promotion import Changes, Promotion
from bot.domain.readings import Reading, Unreadable
from bot.domain.rehearsal import (
    PlanFace,
    VersionLook,
    plan_face,
    rehearsed,
    turned_away,
    with_gates,
    with_version,
)
from bot.domain.requirements import gate_environment
from bot.ports import Clock, ManyVersions, NoVersion, Pager, Probe, Refused, Repository, VendorError
from bot.service import Service

AT_ONCE = 4  # rehearsals that look at the world side by side
FRESH = 10.0  # seconds for which what was seen is told again
MOST_KEPT = 100


@dataclass(frozen=True, slots=True)
class Looked:
    """What was seen of one version on its way to one place."""

    at: float
    version: VersionLook
    gates: Mapping[GateRule, tuple[Reading, str]]


class Rehearsal:
    """Goes through a promotion without one."""

    def __init__(self, service: Service, clock: Clock, ports: tuple[Repository, Pager, Probe]) -> None:
        self._service = service
        self._clock = clock
        self._repository, self._pager, self._probe = ports
        self._places = asyncio.Semaphore(AT_ONCE)
        self._kept: dict[tuple[str, str, str], Looked] = {}

    async def known(self, service: str, environment: str, version: str, person: str) -> PlanFace:
        """What the store alone tells, at once."""
        promotion = rehearsed(service, environment, version, person, self._clock.now())
        return plan_face(promotion, await self._service.contexts.of(promotion), None)

    async def looked(self, service: str, environment: str, version: str, person: str) -> PlanFace:
        """The same with what GitHub and the gates say. Raises VendorError when the version cannot be looked up."""
        async with self._places:
            promotion = rehearsed(service, environment, version, person, self._clock.now())
            seen = await self._seen(promotion)
        whole = with_gates(with_version(promotion, seen.version, seen.at), seen.gates, seen.at)
        return plan_face(whole, await self._service.contexts.of(whole), seen.version)

    async def _seen(self, promotion: Promotion) -> Looked:
        key = (promotion.service, promotion.environment, promotion.version)
        kept = self._kept.get(key)
        if kept is not None and 0.0 <= self._clock.now() - kept.at <= FRESH:
            return kept
        seen = await self._look(promotion)
        self._kept = dict(list(self._kept.items())[-MOST_KEPT + 1 :]) | {key: seen}
        return seen

    async def _look(self, promotion: Promotion) -> Looked:
        at = self._clock.now()
        context = await self._service.contexts.of(promotion)
        version = await self._look_at_version(promotion, context)
        resolved = with_version(promotion, version, at)
        if resolved.sha is None:
            return Looked(at, version, {})
        context = await self._service.contexts.of(resolved)
        if turned_away(resolved, version, context) is not None:
            return Looked(at, version, {})  # no gate is asked for what would end before its first look
        rules = context.rules.gates
        seen = await asyncio.gather(*(self._look_at_gate(rule, resolved, context) for rule in rules))
        return Looked(at, version, dict(zip(rules, seen, strict=True)))

    async def _look_at_version(self, promotion: Promotion, context: Context) -> VersionLook:
        rules, id = context.rules, promotion.id
        try:
            found = await self._repository.resolve(rules.service.repo, promotion.version)
            if isinstance(found, NoVersion):
                return VersionNotFound(id, "missing", found.nearest)
            if isinstance(found, ManyVersions):
                return VersionNotFound(id, "ambiguous", found.candidates)
            branch = await self._repository.branch_of(rules.service.repo, found.sha, rules.branches)
        except Refused as no:
            return VersionRefused(id, no.code, no.sentence)
        return VersionSeen(id, found.sha, branch, await self._changes(context, found.sha))

    async def _changes(self, context: Context, sha: str) -> Changes | None:
        serving = context.live.serving
        if serving is None:
            return None
        try:
            repo, everyone = context.rules.service.repo, not context.rules.author_approval
            return await self._repository.changes(repo, serving.sha, sha, serving.version, everyone=everyone)
        except VendorError:
            return None

    async def _look_at_gate(
        self, rule: GateRule, promotion: Promotion, context: Context
    ) -> tuple[Reading, str]:
        view = gates.GateView(
            service=context.rules.service,
            environment=gate_environment(rule, context),
            sha=promotion.sha or "",
            version=promotion.version,
            repository=self._repository,
            pager=self._pager,
            probe=self._probe,
        )
        try:
            return await gates.observe(rule, view, None)
        except VendorError as error:
            return Unreadable(error.sentence), ""
