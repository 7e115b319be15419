"""What can still be looked at when some settings are broken: each is named, and the others are used as they are."""

from collections.abc import Mapping

from bot.catalog import Catalog, CatalogError, load_catalog
from bot.doctor.case import Arrivals, Case
from bot.settings import Environment, Settings, SettingsError, load_settings

GITHUB = ("GITHUB_TOKEN", "GITHUB_APP_ID", "GITHUB_APP_PRIVATE_KEY", "GITHUB_APP_PRIVATE_KEY_FILE")
WAYS_IN = ("SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET")
# The settings without which a subject cannot be looked at.
NEEDED: Mapping[str, str] = {
    "SLACK_BOT_TOKEN": "slack",
    "SLACK_API_URL": "slack",
    **dict.fromkeys((*GITHUB, "GITHUB_API_URL"), "github"),
    "PAGERDUTY_API_KEY": "pagerduty",
    "PAGERDUTY_API_URL": "pagerduty",
    "PAGERDUTY_EVENTS_URL": "pagerduty",
    "STORE_URL": "store",
}
NOTHING = "missing"  # stands where settings need a value; what it stands for is not looked at


def case_of(environment: Environment, told: tuple[str, ...] = ()) -> Case:
    """Settings and catalog of an environment, and what is wrong with either; `told` was found out before."""
    try:
        settings, problems = load_settings(environment), told
    except SettingsError as error:
        problems = (*told, *error.problems)
        settings = _without(environment, {_named(problem) for problem in problems})
    broken = {NEEDED[name]: name for name in map(_named, problems) if name in NEEDED}
    catalog, refusal = _catalog(settings)
    return Case(settings, problems, tuple(broken.items()), catalog, refusal)


def case_of_bot(settings: Settings, current: Catalog, arrivals: Arrivals) -> Case:
    """The case of a bot that runs: it keeps the last good catalog when the file was broken since."""
    _, refusal = _catalog(settings)
    return Case(settings, catalog=current, refusal=refusal, arrivals=arrivals)


def _catalog(settings: Settings) -> tuple[Catalog | None, CatalogError | None]:
    try:
        return load_catalog(settings.catalog), None
    except CatalogError as refused:
        return None, refused


def _without(environment: Environment, broken: set[str]) -> Settings:
    kept = {name: value for name, value in environment.items() if name not in broken}
    if broken & set(GITHUB):
        kept = {name: value for name, value in kept.items() if name not in GITHUB}
        kept["GITHUB_TOKEN"] = NOTHING
    if "SLACK_BOT_TOKEN" in broken:
        kept["SLACK_BOT_TOKEN"] = NOTHING
    if broken & set(WAYS_IN) and not any(kept.get(name) for name in WAYS_IN):
        kept["SLACK_SIGNING_SECRET"] = NOTHING
    return load_settings(kept)


def _named(problem: str) -> str:
    """The setting that a problem's sentence begins with."""
    return problem.split()[0].rstrip(":")
