"""PagerDuty: the API key, the services, who would be paged, and in whose name notes are written. Nobody is paged."""

from collections.abc import Mapping
from functools import partial
from urllib.parse import urlsplit

from blocks.words.advice import pagerduty as words
from bot.doctor.case import Case, Instruments
from bot.doctor.chart import Chart
from bot.doctor.lack import lacks_catalog
from bot.domain.policy import PagerService
from bot.inspections import PagerInspection
from bot.ports import Refused

ROUTE = "/pagerduty/webhooks"
HIDDEN = frozenset({"401", "402", "403", "404"})


async def look(chart: Chart, case: Case, instruments: Instruments) -> None:
    """Ask PagerDuty, where it is used; a key that it does not take ends it there."""
    services, schedules = _services(case), _schedules(case)
    if case.settings.pagerduty_api_key is None:
        if case.catalog is None:
            lacks_catalog(chart, case)
        elif services or schedules:
            chart.warns("key", "PAGERDUTY_API_KEY", words.key_unset())
        else:
            chart.passes("key", "PAGERDUTY_API_KEY", words.unused())
        return
    pager = instruments.pagerduty
    if not await chart.within("key", "PAGERDUTY_API_KEY", partial(_is_taken, chart, pager)):
        return
    if case.catalog is None:
        lacks_catalog(chart, case)
    asked = [(name, partial(_service, chart, case, pager, name, one)) for name, one in services.items()]
    await chart.each("service", asked)
    await chart.each(
        "schedule",
        [(ref, partial(_schedule, chart, pager, team, ref)) for team, ref in schedules.items()],
    )
    await _author(chart, case, pager)
    if case.settings.pagerduty_webhook_secret is not None:
        await chart.each("webhook", [(ROUTE, partial(_webhook, chart, pager))])


def _services(case: Case) -> Mapping[str, PagerService]:
    found = case.catalog.services.values() if case.catalog else ()
    return {service.name: service.pagerduty for service in found if service.pagerduty is not None}


def _schedules(case: Case) -> Mapping[str, str]:
    teams = case.catalog.teams.items() if case.catalog else ()
    return {name: team.ref for name, team in teams if team.kind == "pagerduty_schedule"}


async def _is_taken(chart: Chart, pager: PagerInspection) -> bool:
    try:
        await pager.answers()
    except Refused as no:
        chart.fails("key", "PAGERDUTY_API_KEY", words.key_refused(no.sentence))
        return False
    chart.passes("key", "PAGERDUTY_API_KEY", words.key_taken())
    return True


async def _service(chart: Chart, case: Case, pager: PagerInspection, ours: str, named: PagerService) -> None:
    try:
        found = await pager.service(named.service)
    except Refused as no:
        if no.code != "404":
            raise
        chart.fails("service", ours, words.service_missing(named.service, ours))
        return
    name = found.name or named.service
    if found.status == "disabled":
        chart.fails("service", ours, words.service_disabled(name, ours))
    elif found.status == "maintenance":
        chart.warns("service", ours, words.service_resting(name))
    else:
        chart.passes("service", ours, words.service_fine(name, found.status))
    if found.keys and _routing_key(case, named) not in {"", *found.keys}:
        chart.warns("routing key", ours, words.key_of_another(name, ours))
    if not await pager.on_call(named.service):
        chart.warns("on call", ours, words.nobody_on_call(name))


def _routing_key(case: Case, named: PagerService) -> str:
    """The service's key; empty when it is not set, which is told of the settings."""
    try:
        return case.settings.secret(named.routing_key)
    except KeyError:
        return ""


async def _schedule(chart: Chart, pager: PagerInspection, team: str, schedule: str) -> None:
    try:
        members = await pager.schedule_members(schedule)
    except Refused as no:
        if no.code != "404":
            raise
        chart.fails("schedule", schedule, words.schedule_missing(team, schedule))
        return
    if members:
        chart.passes("schedule", schedule, words.schedule_fine(team, len(members)))
    else:
        chart.warns("schedule", schedule, words.schedule_empty(team, schedule))


async def _author(chart: Chart, case: Case, pager: PagerInspection) -> None:
    email = case.settings.pagerduty_from
    if email is None:
        chart.warns("from", "PAGERDUTY_FROM", words.from_unset())
        return

    async def known() -> None:
        if await pager.has_user(email):
            chart.passes("from", "PAGERDUTY_FROM", words.from_known(email))
        else:
            chart.fails("from", "PAGERDUTY_FROM", words.from_nobody(email))

    await chart.each("from", [("PAGERDUTY_FROM", known)])


async def _webhook(chart: Chart, pager: PagerInspection) -> None:
    try:
        found = await pager.subscriptions()
    except Refused as no:
        if no.code not in HIDDEN:
            raise
        chart.warns("webhook", ROUTE, words.webhooks_hidden())
        return
    ours = [one for one in found if _leads_here(one.url)]
    if not ours:
        chart.warns("webhook", ROUTE, words.webhook_missing())
    elif not any(one.is_active for one in ours):
        chart.warns("webhook", ROUTE, words.webhook_off())
    else:
        chart.passes("webhook", ROUTE, words.webhook_fine())


def _leads_here(url: str) -> bool:
    try:
        return urlsplit(url).path.rstrip("/").endswith(ROUTE)
    except ValueError:
        return False
