"""The catalog: each mistake with its line, and each rule that this version cannot judge."""

from blocks.words.advice import catalog as words
from bot.catalog import Catalog
from bot.doctor.case import Case
from bot.doctor.chart import Chart


async def look(chart: Chart, case: Case) -> None:
    """Judge promotions.yml as it was read."""
    if case.refusal is not None:
        for problem, told in zip(case.refusal.problems, case.refusal.told(), strict=True):
            if problem.line:
                chart.fails("catalog", f"{case.file.name} line {problem.line}", words.problem(told))
            else:
                chart.fails("catalog", case.file.name, words.unusable(told))
    elif case.catalog is not None:
        _judge(chart, case.file.name, case.catalog)


def _judge(chart: Chart, name: str, catalog: Catalog) -> None:
    for warning in catalog.warnings:
        chart.warns("rules", warning.partition(":")[0], words.warning(warning))
    services = catalog.services.values()
    places = sum(len(service.environments) for service in services)
    chart.passes("catalog", name, words.sound(name, len(services), places))
