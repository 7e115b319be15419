"""The services' health URLs: each answers, as the gates expect it, and names its version where that is verified."""

from collections.abc import Iterator
from functools import partial

from blocks.words.advice import services as words
from bot.catalog import Catalog
from bot.doctor.case import Case, Instruments
from bot.doctor.chart import Chart, Look
from bot.doctor.lack import lacks_catalog
from bot.domain.policy import GateRule, Kind, Service
from bot.gates.health import VERSION, health_url, version_in
from bot.gates.view import setting_of, settings_of
from bot.ports import Answer, Probe, Refused, Unclear, Unreachable

USUAL = 200


async def look(chart: Chart, case: Case, instruments: Instruments) -> None:
    """Read each health URL once."""
    if case.catalog is None:
        lacks_catalog(chart, case)
        return
    await chart.each("health", _looks(chart, case.catalog, instruments.probe))
    if not chart.findings:
        chart.passes("health", "catalog", words.none())


def _looks(chart: Chart, catalog: Catalog, probe: Probe) -> Iterator[tuple[str, Look]]:
    for service in catalog.services.values():
        for environment in service.environments:
            url = health_url(service, environment)
            if url is not None:
                about = f"{service.name} {environment}"
                rules = tuple(_rules(catalog, service, environment))
                yield about, partial(_health, chart, probe, about, url, rules)


def _rules(catalog: Catalog, service: Service, environment: str) -> Iterator[GateRule]:
    """Every health rule that looks at an environment: its own, and the gates of the one after it."""
    for target in service.environments:
        rules = catalog.rules(service.name, target, Kind.PROMOTE)
        here, before = target == environment, rules.after == environment
        found = [
            *(gate for gate in rules.gates if (here if gate.of == "target" else before)),
            *(rules.verify if here else ()),
        ]
        yield from (rule for rule in found if rule.use == "health")


async def _health(chart: Chart, probe: Probe, about: str, url: str, rules: tuple[GateRule, ...]) -> None:
    try:
        answer = await probe.get(url)
    except Refused as no:
        chart.fails("health", about, words.not_read(no.sentence, url))
        return
    except (Unreachable, Unclear) as dead:
        chart.fails("health", about, words.dead(dead.sentence, url))
        return
    expected = next((int(setting_of(rule, "expect")) for rule in rules), USUAL)
    if answer.status != expected:
        chart.warns("health", about, words.unwell(answer.status, expected, url))
        return
    paths = [path for rule in rules for path in settings_of(rule, "version")]
    _version(chart, about, url, answer, paths)


def _version(chart: Chart, about: str, url: str, answer: Answer, paths: list[str]) -> None:
    named = {path: _named(answer, path) for path in paths}
    silent = [path for path, version in named.items() if not version]
    for path in silent:
        chart.fails("version", about, words.no_version(path, url))
    if not silent:
        chart.passes("health", about, words.fine(answer.status, next(iter(named.values()), "")))


def _named(answer: Answer, path: str) -> str:
    version = version_in(answer.body, path)
    return version if version and VERSION.fullmatch(version) else ""
