"""GitHub: the credentials, and each repository and team that the catalog names."""

from collections.abc import Mapping
from functools import partial

from blocks.words.advice import github as words
from bot.catalog import Catalog
from bot.doctor import webhooks, workflows
from bot.doctor.case import Case, Instruments
from bot.doctor.chart import Chart
from bot.doctor.lack import lacks_catalog
from bot.doctor.needs import MEMBERS, OPTIONAL, PERMISSIONS
from bot.inspections import GitHubInspection, Granted, RepositoryLook
from bot.ports import Refused

FEW = 0.1  # of the hour's calls
STARTS = "repo"  # the scope of a classic token that starts workflows
RANK = {"": 0, "read": 1, "write": 2, "admin": 3}


async def look(chart: Chart, case: Case, instruments: Instruments) -> None:
    """Ask GitHub; credentials that it does not take end it there."""
    github = instruments.github
    if not await chart.within("credentials", _setting(github), partial(_login, chart, github)):
        return
    if case.catalog is None:
        lacks_catalog(chart, case)
        return
    barred = await _installations(chart, case.catalog, github) if github.is_app else frozenset[str]()
    seen = await _repositories(chart, case.catalog, github, barred)
    await workflows.look(chart, case.catalog, github, seen)
    if case.settings.github_webhook_secret is not None:
        await webhooks.look(chart, github, tuple(seen), webhooks.Watch(instruments.clock.now))
    await _teams(chart, case.catalog, github)


def _setting(github: GitHubInspection) -> str:
    return "GITHUB_APP_ID" if github.is_app else "GITHUB_TOKEN"


async def _login(chart: Chart, github: GitHubInspection) -> str:
    """Who we are; empty when GitHub does not take the credentials."""
    try:
        name = await github.login()
    except Refused as no:
        chart.fails("credentials", _setting(github), words.refused(no.sentence, is_app=github.is_app))
        return ""
    chart.passes("credentials", _setting(github), words.login(name, is_app=github.is_app))
    return name


async def _installations(chart: Chart, catalog: Catalog, github: GitHubInspection) -> frozenset[str]:
    """Look at the App's installation on each repository; those on which it is not."""
    repos = list(dict.fromkeys(service.repo for service in catalog.services.values()))
    found: dict[str, Granted | None] = {}  # None: it is not installed there
    await chart.each("installation", [(repo, partial(_installation, github, repo, found)) for repo in repos])
    by_owner: dict[str, list[str]] = {}
    for repo in (repo for repo in repos if repo in found):
        by_owner.setdefault(owner_of(repo), []).append(repo)
    for own in by_owner.values():
        _owner(chart, _needed(catalog), {repo: found[repo] for repo in own})
    return frozenset(repo for repo, granted in found.items() if granted is None or granted.is_suspended)


async def _installation(github: GitHubInspection, repo: str, found: dict[str, Granted | None]) -> None:
    try:
        found[repo] = await github.installation(repo)
    except Refused as no:
        if no.code == "404":
            found[repo] = None
        elif not no.code.startswith("3"):  # of one that moved the look at the repository tells
            raise


def owner_of(repo: str) -> str:
    """Whose a repository is, as GitHub compares it."""
    return repo.partition("/")[0].casefold()


def _owner(chart: Chart, needed: Mapping[str, str], found: Mapping[str, Granted | None]) -> None:
    """Judge the installation on the repositories of one owner: one for all of them, or for those that were selected."""
    owner = next(iter(found)).partition("/")[0]
    granted = next((one for one in found.values() if one is not None), None)
    if granted is None:
        chart.fails("installation", owner, words.not_installed(owner))
    elif granted.is_suspended:
        chart.fails("installation", owner, words.suspended(owner))
    else:
        for repo in (repo for repo, one in found.items() if one is None):
            chart.fails("installation", repo, words.not_selected(repo))
        _permissions(chart, owner, needed, granted.permissions)


def _needed(catalog: Catalog) -> Mapping[str, str]:
    reads_teams = any(team.kind == "github_team" for team in catalog.teams.values())
    return {**PERMISSIONS, MEMBERS: "read"} if reads_teams else PERMISSIONS


def _permissions(chart: Chart, owner: str, needed: Mapping[str, str], granted: Mapping[str, str]) -> None:
    short = [name for name in needed if RANK[granted.get(name, "")] < RANK[needed[name]]]
    for name in short:
        chart.fails(
            "permission", name, words.permission_missing(owner, name, needed[name], granted.get(name, ""))
        )
    for name in sorted(granted.keys() - needed.keys() - OPTIONAL):
        chart.warns("permission", name, words.permission_superfluous(owner, name, granted[name]))
    if not short:
        chart.passes("permission", owner, words.permissions_right(owner))


async def _repositories(
    chart: Chart, catalog: Catalog, github: GitHubInspection, barred: frozenset[str]
) -> Mapping[str, str]:
    """Look at each repository; those that can be read, with their default branches."""
    services: dict[str, list[str]] = {}
    for service in catalog.services.values():
        services.setdefault(service.repo, []).append(service.name)
    seen: dict[str, RepositoryLook] = {}
    looks = [
        (repo, partial(_repository, chart, github, repo, ", ".join(names), seen))
        for repo, names in services.items()
        if repo not in barred
    ]
    await chart.each("repository", looks)
    if not github.is_app:
        _may_start(chart, seen)
    return {repo: seen[repo].default_branch for repo in services if repo in seen}


async def _repository(
    chart: Chart, github: GitHubInspection, repo: str, services: str, seen: dict[str, RepositoryLook]
) -> None:
    try:
        found = await github.repository(repo)
    except Refused as no:
        if no.code == "404":
            advice = words.repository_hidden(repo, services, is_app=github.is_app)
        elif no.code.startswith("3"):
            advice = words.repository_moved(repo)
        else:
            raise
        chart.fails("repository", repo, advice)
        return
    seen[repo] = found
    if found.is_archived:
        chart.fails("repository", repo, words.repository_archived(repo))
    elif found.most and found.left < FEW * found.most:
        chart.warns("repository", repo, words.calls_short(found.left, found.most))
    else:
        chart.passes("repository", repo, words.repository_fine(found.left, found.most))


def _may_start(chart: Chart, looks: Mapping[str, RepositoryLook]) -> None:
    """Whether the token may start workflows: its person has to be able to write, and it to do what they can.

    A fine-grained token does not tell what it may do, and nothing but a start would prove it.
    """
    readers = [repo for repo, found in looks.items() if found.may_push is False]
    for repo in readers:
        chart.fails("token", repo, words.person_may_not_start(repo))
    scopes = [found.scopes for found in looks.values() if found.scopes is not None]
    if any(STARTS not in one for one in scopes):
        chart.fails("token", "GITHUB_TOKEN", words.token_may_not_start())
    elif len(scopes) < len(looks) or any(found.may_push is None for found in looks.values()):
        chart.warns("token", "GITHUB_TOKEN", words.start_unproved())
    elif looks and not readers:
        chart.passes("token", "GITHUB_TOKEN", words.may_start())


async def _teams(chart: Chart, catalog: Catalog, github: GitHubInspection) -> None:
    teams = [(name, team.ref) for name, team in catalog.teams.items() if team.kind == "github_team"]
    await chart.each("team", [(ref, partial(_team, chart, github, name, ref)) for name, ref in teams])


async def _team(chart: Chart, github: GitHubInspection, name: str, team: str) -> None:
    try:
        members = await github.team_members(team)
    except Refused as no:
        if no.code not in ("403", "404"):
            raise
        chart.fails("team", team, words.team_hidden(team, name))
        return
    if members:
        chart.passes("team", team, words.team_fine(team, len(members)))
    else:
        chart.warns("team", team, words.team_empty(team))
