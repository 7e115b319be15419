"""Who somebody is to us, and what they may do where, with the rule that says so."""

from collections.abc import Mapping

from blocks.text import listed, untrusted
from blocks.words import names
from bot.domain.context import Membership
from bot.domain.rights import Act, Right, WhoAmI

_ACTS: Mapping[Act, tuple[str, str]] = {
    "request": ("Ask for a promotion", "roles.request"),
    "approve": ("Approve", "approvals"),
    "roll back": ("Roll back", "roles.rollback"),
    "administer": ("Settle unknown outcomes and adopt", "roles.admin"),
}
_MARKS: Mapping[Membership, str] = {
    Membership.YES: ":white_check_mark:",
    Membership.NO: ":no_entry:",
    Membership.UNKNOWN: ":grey_question:",
}


def head(me: WhoAmI) -> str:
    """Who the catalog says that this is."""
    return f"You are *{names.person(me.person)}* in the catalog. {accounts(me)} {teams(me)}"


def accounts(me: WhoAmI) -> str:
    """The same person on the other vendors, and who can name them there."""
    known = [
        f"{vendor} `{untrusted(login, 60)}`" if login else f"{vendor} not known"
        for vendor, login in (("GitHub", me.person.github), ("PagerDuty", me.person.pagerduty))
    ]
    missing = " An admin can add it under `people`." if not (me.person.github and me.person.pagerduty) else ""
    return f"{' · '.join(known)}.{missing}"


def teams(me: WhoAmI) -> str:
    """The teams that somebody is in."""
    yes = [names.team(name) for name, answer in me.teams if answer is Membership.YES]
    unsure = [names.team(name) for name, answer in me.teams if answer is Membership.UNKNOWN]
    words = f"Teams: {listed(yes[:12])}." if yes else "You are in no team that I know of."
    return f"{words} Not looked up lately: {listed(unsure[:12])}." if unsure else words


def right(one: Right) -> str:
    """One act, where, and why or why not."""
    act, rule = _ACTS[one.act]
    where = listed([names.environment(name) for name in one.environments[:12]])
    if one.act == "approve" and not one.words:
        return f":white_small_square: *{act}* in {where}: no approval is asked there"
    return f"{_MARKS[one.answer]} *{act}* in {where}: {_because(one)} (rule `{rule}`)"


def _because(one: Right) -> str:
    needs = listed([names.team(word) for word in one.words[:8]], "or") or "a role that nobody has"
    match one.answer:
        case Membership.YES:
            yours = listed([names.team(word) for word in one.through[:8]])
            own = ", except what you ask for yourself" if one.act == "approve" else ""
            return f"yes, through {yours or needs}{own}"
        case Membership.NO:
            return f"no, that needs {needs}"
        case Membership.UNKNOWN:
            return f"not known yet, that needs {needs}"


def sentence(me: WhoAmI) -> str:
    """Who somebody is, in one sentence."""
    return f"{head(me)} What you may do is listed service by service."


def more(me: WhoAmI) -> str:
    """That not every service is shown."""
    return f"and {me.more} more services: name one, as in `/promote whoami checkout`"
