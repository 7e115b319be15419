"""auth.test, bots.*, users.* and usergroups.*: who is who."""

from bot.playground.slack.conversations import paged
from bot.playground.slack.raw import Raw, SlackError, text_argument
from bot.playground.slack.shapes import bot_json, email_of, user_json
from bot.playground.slack.state import Workspace


def auth_test(workspace: Workspace, arguments: Raw) -> Raw:
    """auth.test: who this token is."""
    world = workspace.world
    return {
        "url": "https://acme.slack.example/",
        "team": "Acme",
        "team_id": world.slack_team,
        "user": "greenlight",
        "user_id": world.bot_user,
        "bot_id": world.bot_id,
        "is_enterprise_install": False,
    }


def bot_info(workspace: Workspace, arguments: Raw) -> Raw:
    """bots.info: the app behind a bot."""
    world = workspace.world
    if arguments.get("bot") not in (None, world.bot_id):
        raise SlackError("bot_not_found")
    bot: Raw = {"id": world.bot_id, "deleted": False, "name": "Greenlight", "app_id": world.slack_app}
    return {"bot": bot | {"user_id": world.bot_user}}


def user_info(workspace: Workspace, arguments: Raw) -> Raw:
    """users.info: one member, the bot among them."""
    user = text_argument(arguments, "user")
    if user == workspace.world.bot_user:
        return {"user": bot_json(workspace.world)}
    return {"user": user_json(workspace.world, workspace.person(user))}


def user_list(workspace: Workspace, arguments: Raw) -> Raw:
    """users.list: all members, in pages."""
    world = workspace.world
    everyone = [user_json(world, person) for person in world.people.values()] + [bot_json(world)]
    page, cursor = paged(everyone, arguments)
    return {"members": page, "response_metadata": {"next_cursor": cursor}}


def user_by_email(workspace: Workspace, arguments: Raw) -> Raw:
    """users.lookupByEmail: the member with this address."""
    email = text_argument(arguments, "email")
    for person in workspace.world.people.values():
        if email_of(person) == email:
            return {"user": user_json(workspace.world, person)}
    raise SlackError("users_not_found")


def usergroup_users(workspace: Workspace, arguments: Raw) -> Raw:
    """usergroups.users.list: who is in a user group."""
    group = text_argument(arguments, "usergroup")
    if group not in workspace.usergroups:
        raise SlackError("no_such_subteam")
    return {"users": workspace.usergroups[group]}


METHODS = {
    "auth.test": auth_test,
    "bots.info": bot_info,
    "users.info": user_info,
    "users.list": user_list,
    "users.lookupByEmail": user_by_email,
    "usergroups.users.list": usergroup_users,
}
