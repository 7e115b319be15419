"""The settings: what is wrong with them, secrets that the catalog names, webhooks that are switched off."""

from collections.abc import Mapping

from blocks.words.advice import settings as words
from bot.doctor.case import Case
from bot.doctor.chart import Chart
from bot.settings import is_writable


async def look(chart: Chart, case: Case) -> None:
    """Judge the settings as they were read."""
    for problem in case.problems:
        chart.fails("settings", problem.split()[0].rstrip(":"), words.problem(problem))
    if not case.problems:
        chart.passes("settings", "environment", words.sound())
    _secrets(chart, case)
    _webhooks(chart, case)


def _secrets(chart: Chart, case: Case) -> None:
    wanted = _wanted(case)
    missing = {name: services for name, services in wanted.items() if not _is_set(case, name)}
    for name, services in missing.items():
        chart.fails("secrets", name, words.secret_missing(name, ", ".join(services)))
    for name in sorted(wanted.keys() - missing.keys()):
        if not is_writable(case.settings.secret(f"env:{name}")):
            chart.fails("secrets", name, words.secret_unwritable(name))
    if wanted and not missing:
        chart.passes("secrets", "catalog", words.secrets_set(len(wanted)))


def _wanted(case: Case) -> Mapping[str, list[str]]:
    """The names that the catalog refers to as env:NAME, with the services that need them."""
    wanted: dict[str, list[str]] = {}
    for service in case.catalog.services.values() if case.catalog else ():
        if service.pagerduty is not None:
            name = service.pagerduty.routing_key.removeprefix("env:")
            wanted.setdefault(name, []).append(service.name)
    return wanted


def _is_set(case: Case, name: str) -> bool:
    try:
        return bool(case.settings.secret(f"env:{name}"))
    except KeyError:
        return False


def _webhooks(chart: Chart, case: Case) -> None:
    settings = case.settings
    if settings.github_webhook_secret is None and not case.has_problem("GITHUB_WEBHOOK_SECRET"):
        chart.warns("webhooks", "GITHUB_WEBHOOK_SECRET", words.no_github_webhook())
    elif settings.github_webhook_secret is not None:
        chart.passes("webhooks", "GITHUB_WEBHOOK_SECRET", words.webhook_on("GITHUB_WEBHOOK_SECRET"))
    if settings.pagerduty_webhook_secret is not None:
        chart.passes("webhooks", "PAGERDUTY_WEBHOOK_SECRET", words.webhook_on("PAGERDUTY_WEBHOOK_SECRET"))
    elif _wanted(case) and not case.has_problem("PAGERDUTY_WEBHOOK_SECRET"):
        chart.warns("webhooks", "PAGERDUTY_WEBHOOK_SECRET", words.no_pagerduty_webhook())
