"""Slack: the token and what it may do, the socket, and the channels, people and groups that the catalog names."""

import re
from functools import partial

from blocks.words.advice import slack as words
from bot.catalog import Catalog
from bot.doctor import rooms
from bot.doctor.case import Case, Instruments
from bot.doctor.chart import Chart
from bot.doctor.lack import lacks_catalog
from bot.doctor.needs import SCOPES
from bot.domain.policy import Person
from bot.inspections import SlackInspection, SlackToken
from bot.ports import Account, Refused

APP = re.compile(r"xapp-[0-9]+-(A[A-Z0-9]+)-.+")  # an app-level token names its app
FULL = "too_many_websockets"
DAY = 86_400.0  # seconds
GONE = frozenset({"user_not_found", "user_not_visible"})


async def look(chart: Chart, case: Case, instruments: Instruments) -> None:
    """Ask Slack; a token that it does not take ends it there."""
    slack = instruments.slack
    token = await chart.within("token", "SLACK_BOT_TOKEN", partial(_token, chart, slack))
    if token is not None:
        _scopes(chart, token)
    app_token = case.settings.slack_app_token
    if app_token is not None:
        await _socket(chart, app_token.get_secret_value(), case, slack, token)
    elif not case.has_problem("SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"):
        _requests(chart, case, instruments.clock.now())
    if token is not None and case.catalog is not None:
        await _names(chart, case.catalog, slack, token)
    elif token is not None:
        lacks_catalog(chart, case)


async def _token(chart: Chart, slack: SlackInspection) -> SlackToken | None:
    """What the bot token is; None when it is no use."""
    try:
        token = await slack.token()
    except Refused as no:
        chart.fails("token", "SLACK_BOT_TOKEN", words.token_refused(no.code))
        return None
    if not token.bot:
        chart.fails("token", "SLACK_BOT_TOKEN", words.not_a_bot())
        return None
    chart.passes("token", "SLACK_BOT_TOKEN", words.token_taken(token.team, token.app))
    return token


def _scopes(chart: Chart, token: SlackToken) -> None:
    if token.scopes is None:
        chart.warns("scopes", "SLACK_BOT_TOKEN", words.scopes_unknown())
        return
    for scope in sorted(SCOPES - token.scopes):
        chart.fails("scopes", scope, words.scope_missing(scope))
    for scope in sorted(token.scopes - SCOPES):
        chart.warns("scopes", scope, words.scope_superfluous(scope))
    if token.scopes == SCOPES:
        chart.passes("scopes", "SLACK_BOT_TOKEN", words.scopes_right(len(SCOPES)))


def _requests(chart: Chart, case: Case, now: float) -> None:
    """Only what Slack sent proves that it reaches the bot, and signs with the secret that is set."""
    heard = case.arrivals.signed_at
    if heard is not None and now - heard < DAY:
        chart.passes("requests", "SLACK_SIGNING_SECRET", words.requests_arrive())
    else:
        chart.warns("requests", "SLACK_SIGNING_SECRET", words.requests_unproved())


async def _socket(
    chart: Chart, app_token: str, case: Case, slack: SlackInspection, token: SlackToken | None
) -> None:
    named = APP.fullmatch(app_token)
    if named and token is not None and token.app not in ("", named[1]):
        chart.fails("socket", "SLACK_APP_TOKEN", words.other_app(named[1], token.app))
        return
    if case.arrivals.sockets:  # a socket of ours would take what Slack means for the bot
        chart.passes("socket", "SLACK_APP_TOKEN", words.sockets_open(case.arrivals.sockets))
        return
    await chart.within("socket", "SLACK_APP_TOKEN", partial(_opened, chart, slack))


async def _opened(chart: Chart, slack: SlackInspection) -> None:
    """A socket is open when Slack has said hello on it."""
    try:
        said, why = await slack.first_frame()
    except Refused as no:
        said, why = "", no.code
    if said == "hello":
        chart.passes("socket", "SLACK_APP_TOKEN", words.socket_opens())
    elif why == FULL:
        chart.warns("socket", "SLACK_APP_TOKEN", words.sockets_full())
    else:
        chart.fails("socket", "SLACK_APP_TOKEN", words.socket_refused(why or said))


async def _names(chart: Chart, catalog: Catalog, slack: SlackInspection, token: SlackToken) -> None:
    """What the catalog names, as far as the scopes let it be looked at."""
    groups = {name: team.ref for name, team in catalog.teams.items() if team.kind == "slack_group"}
    if _may(chart, token, "channels:read", "channels"):
        await rooms.look(chart, catalog, slack)
    if catalog.people and _may(chart, token, "users:read", "people"):
        people = catalog.people.values()
        looks = [(one.name, partial(_person, chart, slack, token.team, one)) for one in people]
        before = len(chart.findings)
        await chart.each("people", looks)
        if len(chart.findings) == before and not chart.is_silent:
            chart.passes("people", "catalog", words.people_fine(len(looks)))
    if groups and _may(chart, token, "usergroups:read", "user groups"):
        asked = [(name, partial(_group, chart, slack, name, ref)) for name, ref in groups.items()]
        await chart.each("user groups", asked)


def _may(chart: Chart, token: SlackToken, scope: str, check: str) -> bool:
    if token.scopes is None or scope in token.scopes:
        return True
    chart.warns(check, scope, words.without_scope(scope))
    return False


async def _person(chart: Chart, slack: SlackInspection, team: str, person: Person) -> None:
    try:
        account = await slack.account(person.slack, team)
    except Refused as no:
        if no.code not in GONE:
            raise
        chart.fails("people", person.name, words.person_missing(person.name, person.slack))
        return
    if account.is_deleted:
        chart.warns("people", person.name, words.person_left(person.name, person.slack))
    elif what := _limit_of(account):
        chart.fails("people", person.name, words.person_limited(person.name, what))


def _limit_of(account: Account) -> str:
    """What keeps somebody from being a full member."""
    limits = {
        "a bot": account.is_bot,
        "of another workspace": account.is_stranger,
        "a guest": account.is_guest,
    }
    return next((what for what, holds in limits.items() if holds), "")


async def _group(chart: Chart, slack: SlackInspection, team: str, group: str) -> None:
    try:
        members = await slack.group_members(group)
    except Refused as no:
        if no.code != "no_such_subteam":
            raise
        chart.fails("user groups", team, words.group_missing(team, group))
        return
    if members:
        chart.passes("user groups", team, words.group_fine(team, len(members)))
    else:
        chart.warns("user groups", team, words.group_empty(team, group))
