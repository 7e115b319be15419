"""Refusals because of who asks: unknown, without the role, not an approver, the requester."""

from blocks.text import duration, listed, untrusted
from blocks.words import names
from blocks.words.commands import action
from bot.domain import errors
from bot.domain.policy import Person


def not_in_people(refused: errors.NotInPeople) -> str:
    """E32: authority comes from the catalog only, and this person is not in it."""
    return (
        f"I do not know {names.mention_id(refused.slack)}, so nothing was done. "
        f"An admin can add the Slack id `{untrusted(refused.slack, 40)}` under `people` in the catalog."
    )


def stranger(refused: errors.Stranger) -> str:
    """E46: guests, bots, closed accounts and people of other workspaces are let into nothing."""
    return (
        "I take requests from full members of this workspace only, so nothing was done. "
        "Ask somebody of the owner team to do it with you."
    )


def not_allowed(refused: errors.NotAllowed) -> str:
    """E33: a role is missing, and who has it."""
    about = f" {names.promotion(refused.promotion)}" if refused.promotion else ""
    what = f"You cannot {action(refused.action)}{about}: that needs {_teams(refused.needs)}."
    return f"{what} {_ask(refused.ask, refused.needs)}"


def not_checked(refused: errors.NotChecked) -> str:
    """E34: what is not known never lets anyone through."""
    match refused.what:
        case "account":
            return (
                "I could not check your account just now, and I let nobody through unchecked. "
                "Try again in a minute."
            )
        case "membership":
            return (
                "I do not know yet whether you are on a team that may do that, and I let nobody through "
                "unchecked. I am reading the team: try again in a few seconds."
            )
        case "channel":
            return (
                "I do not know yet whether this channel is shared with another company, so nothing was approved. "
                "I am looking: try again in a few seconds, or approve on my Home."
            )


def too_fast(refused: errors.TooFast) -> str:
    """E47: a limit that hands do not reach; a rollback is not held up by what others ask of the service."""
    wait = duration(max(1.0, refused.seconds))
    if refused.service:
        name = names.service(refused.service)
        return (
            f"{name} is being asked for too much at this moment, so this was not recorded. Try again in {wait}; "
            "a rollback still goes through."
        )
    return (
        f"You ask faster than I take requests from one person, so this was not recorded. Try again in {wait}."
    )


def not_approver(refused: errors.NotApprover) -> str:
    """E07: whose approval it takes, and who is near."""
    yours = (
        f"you are in {_teams(refused.member_of, 'and')}" if refused.member_of else "you are in none of them"
    )
    what = f"You cannot {action(refused.action)} {names.promotion(refused.promotion)}"
    needs = f"{names.environment(refused.environment)} needs {_teams(refused.needs)}"
    return f"{what}. {needs}; {yours}. {_ask(refused.ask, refused.needs)}"


def self_approval(refused: errors.SelfApproval) -> str:
    """E08: somebody else must approve."""
    return (
        f"You asked for {names.promotion(refused.promotion)}, so someone else must approve it "
        f"(rule `self_approval`). {_ask(refused.ask)}"
    )


def author_approval(refused: errors.AuthorApproval) -> str:
    """E52: somebody who wrote none of it must approve."""
    wrote = listed([untrusted(one, 20) for one in refused.wrote], "and") or "some of what changes"
    return (
        f"You wrote {wrote} in {names.promotion(refused.promotion)}, so someone else must approve it "
        f"(rule `author_approval`). {_ask(refused.ask)}"
    )


def shared_channel(refused: errors.SharedChannel) -> str:
    """E56: who else is there, and where an approval is taken."""
    return (
        f"{names.channel(refused.channel)} is shared with another company, so "
        f"{names.promotion(refused.promotion)} was not approved there. "
        "Approve it on my Home. An admin can end the sharing."
    )


def _teams(needs: tuple[str, ...], last: str = "or") -> str:
    return listed([names.team(team) for team in needs[:8]], last) or "a role that nobody has in the catalog"


def _ask(ask: tuple[Person, ...], needs: tuple[str, ...] = ()) -> str:
    if len(ask) == 1:
        return f"Ask {names.handle(ask[0])}."
    if ask:
        return f"Ask one of {names.handles(ask, 'or')}."
    return f"Ask somebody of {_teams(needs)}." if needs else "An admin can name somebody in the catalog."
