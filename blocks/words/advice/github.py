"""Advice on GitHub: the token or the App, repositories, environments, teams."""

from blocks.text import count_of
from bot.domain.checkup import Advice


def login(name: str, *, is_app: bool) -> Advice:
    """GitHub takes the credentials."""
    return Advice(f"GitHub takes the {'key of the App' if is_app else 'token'}: {name}.")


def refused(why: str, *, is_app: bool) -> Advice:
    """GitHub does not take the credentials."""
    if is_app:
        return Advice(
            f"GitHub does not take the App's key ({why}).",
            "Set GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY_FILE to those of one App; its page makes a new key.",
        )
    return Advice(
        f"GitHub does not take GITHUB_TOKEN ({why}).",
        "Set GITHUB_TOKEN to a token that has not expired, or set up a GitHub App.",
    )


def not_installed(owner: str) -> Advice:
    """The App is not on the owner's repositories."""
    return Advice(
        f"The GitHub App is not installed on {owner}.",
        f"Install it on {owner}: the App's page > Install App, with the repositories of the catalog.",
    )


def not_selected(repo: str) -> Advice:
    """The App is on some of the owner's repositories, and not on this one."""
    return Advice(
        f"The GitHub App is not installed on {repo}, though it is on others of the same owner.",
        f"Add {repo} to the App's installation: its owner's Settings > GitHub Apps > Configure.",
    )


def suspended(owner: str) -> Advice:
    """Somebody switched the installation off."""
    return Advice(
        f"The GitHub App's installation on {owner} is suspended.",
        f"An owner of {owner} unsuspends it under Settings > GitHub Apps.",
    )


def permission_missing(owner: str, name: str, wanted: str, granted: str) -> Advice:
    """A permission that the App needs and does not have."""
    has = f"has only {granted}" if granted else "does not have it"
    return Advice(
        f"The App needs the permission {name}: {wanted} on {owner}, and {has}.",
        f"Set {name} to {wanted} on the App's page > Permissions, then accept it for {owner}.",
    )


def permission_superfluous(owner: str, name: str, granted: str) -> Advice:
    """A permission that the App has and never uses."""
    return Advice(
        f"The App has the permission {name}: {granted} on {owner}, which Greenlight never uses.",
        f"Set {name} to no access on the App's page > Permissions.",
    )


def permissions_right(owner: str) -> Advice:
    """Exactly what is needed."""
    return Advice(f"The App has the permissions that Greenlight needs on {owner}.")


def repository_fine(left: int, most: int) -> Advice:
    """The repository can be read."""
    calls = f"; {left} of {most} calls are left this hour" if most else ""
    return Advice(f"The repository can be read{calls}.")


def calls_short(left: int, most: int) -> Advice:
    """GitHub will soon say no."""
    return Advice(
        f"Only {left} of {most} calls are left of this hour.",
        "Use a token or an App of its own for Greenlight, and add the webhooks, so that it polls less.",
    )


def may_start() -> Advice:
    """The token is a classic one with all that it takes."""
    return Advice(
        "The token may start workflows: its person may write to every repository, and it has the scope repo."
    )


def person_may_not_start(repo: str) -> Advice:
    """A token can do no more than its person."""
    return Advice(
        f"The person behind GITHUB_TOKEN may only read {repo}: GitHub starts no workflow for them.",
        f"Give them the role Write on {repo} (Settings > Collaborators and teams).",
    )


def token_may_not_start() -> Advice:
    """A classic token that only reads."""
    return Advice(
        "GITHUB_TOKEN does not have the scope repo, so GitHub starts no workflow for it.",
        "Add the scope repo to the token: GitHub > Settings > Developer settings > Tokens (classic).",
    )


def start_unproved() -> Advice:
    """A fine-grained token."""
    return Advice(
        "Whether GITHUB_TOKEN may start workflows cannot be proved: GitHub does not tell what such a token may do.",
        "See that it has Actions: write on every repository, or use a GitHub App or a classic token.",
    )


def repository_hidden(repo: str, services: str, *, is_app: bool) -> Advice:
    """No such repository, or not for us."""
    who = "the App's installation" if is_app else "GITHUB_TOKEN"
    return Advice(
        f"{repo} ({services}) cannot be seen: there is none, or {who} does not cover it.",
        f"Let {who} cover {repo}, or correct services.*.repo in the catalog.",
    )


def repository_archived(repo: str) -> Advice:
    """No workflow runs there."""
    return Advice(
        f"{repo} is archived: no workflow can be started there.", "Unarchive it, or correct the catalog."
    )


def repository_moved(repo: str) -> Advice:
    """It has another name now."""
    return Advice(
        f"{repo} was renamed or transferred: the catalog names its old address.",
        "Correct services.*.repo in the catalog.",
    )


def environments_fine(names: str) -> Advice:
    """They are there."""
    return Advice(f"The environments that its workflows name exist: {names}.")


def environment_missing(repo: str, name: str) -> Advice:
    """GitHub would make it up."""
    return Advice(
        f"{repo} has no environment {name}: GitHub makes it at the first run, with no protection and no secret.",
        f"Create {name} under the repository's Settings > Environments.",
    )


def environments_hidden() -> Advice:
    """They cannot be read."""
    return Advice(
        "GitHub does not let this token list the environments, so they were not looked at.",
        "Grant Actions: read, or see under the repository's Settings > Environments.",
    )


def team_fine(team: str, count: int) -> Advice:
    """The team can be read."""
    members = count_of(count, "member")
    return Advice(f"The members of {team} can be read ({members}).")


def team_hidden(team: str, ours: str) -> Advice:
    """No such team, or not for us."""
    return Advice(
        f"The GitHub team {team} of the team {ours} cannot be read: there is none, or the token may not.",
        f"Grant Members: read on the organization, or correct teams.{ours}.github_team in the catalog.",
    )


def team_empty(team: str) -> Advice:
    """A team that nobody is in."""
    return Advice(f"Nobody is in the GitHub team {team}.", "Add its people in GitHub.")
