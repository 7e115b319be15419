"""The `health` gate: the service's health URL answers well, and names the version where the catalog says so.

One look is one request. A reading carries the tally of its looks; a look after the tally ended begins a new one.
A service that does not answer is a bad look, not a failure to look: only a request that we may not send is one.
"""

import json
import re
from dataclasses import dataclass, replace
from functools import partial

from bot.domain.policy import GateRule, Service, Side, Verdict
from bot.domain.readings import HealthReading, Reading, Unreadable
from bot.gates.view import GateView, Seen, setting_of, settings_of
from bot.ports import Answer, Unclear, Unreachable

SHORTEST_SHA = 7
VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+/-]{0,63}")  # what may be shown of a body


@dataclass(frozen=True, slots=True)
class Settings:
    """How often to look, and what is a good answer."""

    attempts: int = 5
    every: float = 10.0  # seconds
    expect: int = 200  # HTTP status
    version: str | None = None  # path of the version in the JSON body: $.version
    in_a_row: int = 1  # good answers that are needed


def rule(name: str, of: Side, settings: Settings) -> GateRule:
    """The rule that approvers sign, with its judge."""
    pairs = [
        ("attempts", str(settings.attempts)),
        ("every", f"{settings.every:g}"),
        ("expect", str(settings.expect)),
        ("in_a_row", str(settings.in_a_row)),
    ]
    if settings.version is not None:
        pairs.append(("version", settings.version))
    return GateRule(
        name=name,
        use="health",
        of=of,
        settings=tuple(pairs),
        basis=_basis(settings),
        every=settings.every,
        judge=partial(judge, attempts=settings.attempts, in_a_row=settings.in_a_row),
    )


def _basis(settings: Settings) -> str:
    version = f" and {settings.version} is the version" if settings.version else ""
    again = f" {settings.in_a_row} times in a row" if settings.in_a_row > 1 else ""
    return f"answers {settings.expect}{version}{again}, within {settings.attempts} looks {settings.every:g} s apart"


def judge(reading: Reading, *, attempts: int, in_a_row: int) -> Verdict:
    """Met after enough good answers in a row, unmet when the looks are used up or the last one failed."""
    if not isinstance(reading, HealthReading):
        return Verdict.UNMET
    if reading.good_in_a_row >= in_a_row:
        return Verdict.MET
    return Verdict.UNMET if reading.attempts >= attempts else Verdict.PENDING


async def observe(rule: GateRule, view: GateView, previous: Reading | None) -> Seen:
    """Send one request and add it to the tally; the link is the health URL."""
    url = health_url(view.service, view.environment)
    if url is None:
        return Unreadable(f"{view.service.name} has no health URL in the catalog"), ""
    looked = await _look(rule, view, url)
    before = _unfinished(rule, previous)
    return replace(
        looked,
        attempts=before.attempts + 1,
        good_in_a_row=before.good_in_a_row + 1 if looked.wrong is None else 0,
    ), url


def health_url(service: Service, environment: str) -> str | None:
    """The service's health URL in one environment."""
    if service.health is None:
        return None
    return service.health.replace("{service}", service.name).replace("{environment}", environment)


def _unfinished(rule: GateRule, previous: Reading | None) -> HealthReading:
    """The tally to go on with: the last one, unless it ended."""
    if isinstance(previous, HealthReading) and rule.judge(previous) is Verdict.PENDING:
        return previous
    return HealthReading(good_in_a_row=0, attempts=0)


async def _look(rule: GateRule, view: GateView, url: str) -> HealthReading:
    try:
        answer = await view.probe.get(url)
    except (Unreachable, Unclear):
        return HealthReading(0, 0, wrong="nothing answered")
    expected = int(setting_of(rule, "expect"))
    paths = settings_of(rule, "version")
    seen = _version_look(answer, paths[0], view) if paths else HealthReading(0, 0, answer.status)
    if answer.status == expected:
        return seen
    return replace(seen, wrong=f"answered {answer.status}, not {expected}")  # what serves is named even so


def _version_look(answer: Answer, path: str, view: GateView) -> HealthReading:
    named = version_in(answer.body, path)
    seen = HealthReading(0, 0, answer.status, version=named if named and VERSION.fullmatch(named) else None)
    if named is None:
        return replace(seen, wrong=f"names no version at {path}")
    if is_version(named, view.version, view.sha):
        return seen
    return replace(seen, wrong=f"answers {seen.version or 'another version'}, not {view.version}")


def version_in(body: bytes, path: str) -> str | None:
    """The text at a path such as $.build.version of a JSON body, or None when there is none."""
    try:
        here = json.loads(body)
    except (ValueError, RecursionError):
        return None
    for key in path.removeprefix("$.").split("."):
        here = here.get(key) if isinstance(here, dict) else None
    return here if isinstance(here, str) and here else None


def is_version(named: str, version: str, sha: str) -> bool:
    """Whether what a body names is the version, the SHA, or the SHA's first seven characters or more."""
    folded = named.lower()
    return named == version or (len(folded) >= SHORTEST_SHA and sha.lower().startswith(folded))
