"""Advice on Slack: the token, its scopes, the socket, channels, people and user groups."""

from blocks.text import count_of
from bot.domain.checkup import Advice

SCOPES_PAGE = "OAuth & Permissions > Scopes > Bot Token Scopes"


def token_taken(team: str, app: str) -> Advice:
    """The bot token works."""
    return Advice(f"Slack takes the bot token: workspace {team}, app {app or 'unknown'}.")


def token_refused(code: str) -> Advice:
    """Slack does not take the bot token."""
    return Advice(
        f"Slack does not take SLACK_BOT_TOKEN ({code}).",
        "Set SLACK_BOT_TOKEN to the bot token of the installed app (api.slack.com/apps > OAuth & Permissions, xoxb-…).",
    )


def not_a_bot() -> Advice:
    """A person's token."""
    return Advice(
        "SLACK_BOT_TOKEN belongs to a person, not to a bot.",
        "Set SLACK_BOT_TOKEN to the Bot User OAuth Token of the app (OAuth & Permissions, xoxb-…).",
    )


def scope_missing(scope: str) -> Advice:
    """A scope that the bot needs and does not have."""
    return Advice(
        f"The app does not have the scope {scope}, which Greenlight needs.",
        f"Add {scope} under {SCOPES_PAGE}, then install the app again.",
    )


def scope_superfluous(scope: str) -> Advice:
    """A scope that the bot has and never uses."""
    return Advice(
        f"The app has the scope {scope}, which Greenlight never uses.",
        f"Remove {scope} under {SCOPES_PAGE}, then install the app again.",
    )


def scopes_right(count: int) -> Advice:
    """Exactly what is needed."""
    return Advice(f"The app has the {count_of(count, 'scope')} that Greenlight needs, and no other.")


def scopes_unknown() -> Advice:
    """Slack did not tell the scopes."""
    return Advice(
        "Slack did not tell which scopes the token has, so they were not compared.",
        f"Compare {SCOPES_PAGE} with manifest.yml.",
    )


def without_scope(scope: str) -> Advice:
    """What could not be looked at for want of a scope."""
    return Advice(
        f"Not looked at, because the app does not have the scope {scope}.",
        f"Add {scope} under {SCOPES_PAGE}, install the app again, then run the doctor again.",
    )


def socket_opens() -> Advice:
    """Socket Mode works."""
    return Advice("Slack takes the app-level token: a socket was opened, and Slack said hello on it.")


def sockets_open(count: int) -> Advice:
    """The bot that is asked has sockets itself."""
    return Advice(f"The bot has {count_of(count, 'socket')} to Slack open.")


def sockets_full() -> Advice:
    """As many as an app may have."""
    return Advice(
        "Slack takes the app-level token, and opens no more sockets: an app may have ten.",
        "If fewer bots than that run, end what else uses SLACK_APP_TOKEN, or make a new token for it.",
    )


def socket_refused(code: str) -> Advice:
    """Slack does not open a socket."""
    return Advice(
        f"Slack opens no socket for SLACK_APP_TOKEN ({code}).",
        "Turn Socket Mode on, and set SLACK_APP_TOKEN to an app-level token with the scope connections:write "
        "(Basic Information > App-Level Tokens, xapp-…).",
    )


def other_app(app: str, ours: str) -> Advice:
    """The two tokens are of two apps."""
    return Advice(
        f"SLACK_APP_TOKEN belongs to the app {app}, and SLACK_BOT_TOKEN to {ours}.",
        "Set both to tokens of one app: api.slack.com/apps shows its App ID under Basic Information.",
    )


def requests_arrive() -> Advice:
    """HTTP mode, and Slack was heard."""
    return Advice("Slack reaches the bot over HTTP: within the last day it sent something, well signed.")


def requests_unproved() -> Advice:
    """HTTP mode, as far as it can be seen."""
    return Advice(
        "SLACK_SIGNING_SECRET is set; whether Slack reaches the bot, and signs with it, cannot be proved from here.",
        "Type /promote doctor in Slack: an answer proves both. Without one, see the Request URL of the app, and "
        "the Signing Secret under Basic Information.",
    )


def room_fine(name: str) -> Advice:
    """A channel that cards can be posted in."""
    return Advice(f"#{name} exists, and the bot is in it.")


def room_missing(name: str) -> Advice:
    """A channel that is not there, or that the bot cannot see."""
    return Advice(
        f"There is no public channel #{name}, or it is a private one that the bot cannot see.",
        f"Create #{name} as a public channel, or correct its name in the catalog.",
    )


def rooms_too_many(names: str) -> Advice:
    """Not every channel could be read."""
    return Advice(
        f"The workspace has too many channels to find {names} among them, so it was not proved that they exist.",
        "See in Slack that they are public channels with the bot in them.",
    )


def room_archived(name: str) -> Advice:
    """A channel in which nothing can be posted any more."""
    return Advice(
        f"#{name} is archived: no card can be posted there.",
        f"Unarchive #{name} in Slack, or name another channel in the catalog.",
    )


def room_shared(name: str) -> Advice:
    """A channel that people of another company read."""
    return Advice(
        f"#{name} is shared with another company, or one is invited to it: cards say less there, and nothing is "
        "approved.",
        f"End the sharing in the settings of #{name}, or name another channel in the catalog.",
    )


def room_not_joined(name: str) -> Advice:
    """A channel that the bot is not in."""
    return Advice(
        f"The bot is not in #{name}: no card can be posted there.", f"Type /invite @greenlight in #{name}."
    )


def people_fine(count: int) -> Advice:
    """Everybody of the catalog may speak."""
    return Advice(
        f"{count_of(count, 'person').replace('persons', 'people')} of the catalog: all full members."
    )


def person_missing(name: str, user: str) -> Advice:
    """An id that nobody has."""
    return Advice(
        f"Nobody in this workspace has the member id {user}, which the catalog gives to {name}.",
        f"Correct people.{name}.slack in the catalog (profile > ⋮ > Copy member ID).",
    )


def person_left(name: str, user: str) -> Advice:
    """Somebody whose account was closed."""
    return Advice(
        f"The account of {name} ({user}) is deactivated: what they approve counts no more.",
        f"Remove {name} from the catalog, and see that enough approvers are left.",
    )


def person_limited(name: str, what: str) -> Advice:
    """Somebody who may not speak."""
    return Advice(
        f"{name} is {what}: Greenlight listens to full members of the workspace only.",
        f"Make {name} a full member in Slack, or remove people.{name} from the catalog.",
    )


def group_fine(team: str, count: int) -> Advice:
    """A user group with people in it."""
    members = "1 member" if count == 1 else f"{count} members"
    return Advice(f"The user group of {team} has {members}.")


def group_missing(team: str, group: str) -> Advice:
    """A user group that is not there."""
    return Advice(
        f"There is no user group {group}, which the catalog gives to the team {team}.",
        f"Correct teams.{team}.slack_group in the catalog, or enable the group in Slack.",
    )


def group_empty(team: str, group: str) -> Advice:
    """A user group that nobody is in."""
    return Advice(f"Nobody is in the user group {group} of the team {team}.", "Add its people in Slack.")
