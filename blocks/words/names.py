"""How things and people are called: the subject of a promotion, versions, people, groups, channels."""

import re
from collections.abc import Iterable

from blocks.text import listed, untrusted
from bot.domain.face import Face
from bot.domain.policy import ANYONE, APPROVERS, CODE_OWNERS, OWNER, Kind, Person

_USER = re.compile(r"[UW][A-Z0-9]{1,20}")
_GROUP = re.compile(r"S[A-Z0-9]{1,20}")
_CHANNEL = re.compile(r"[CG][A-Z0-9]{1,20}")
_FULL_SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_TEAM_WORDS = {
    OWNER: "the owner team",
    APPROVERS: "the approvers",
    CODE_OWNERS: "the code owners",
    ANYONE: "people of the catalog",
}


def service(name: str) -> str:
    """A service's name."""
    return untrusted(name, 60)


def environment(name: str) -> str:
    """An environment's name."""
    return untrusted(name, 40)


def version(name: str) -> str:
    """A version as people say it: a full SHA by its first seven characters."""
    return untrusted(name[:7] if _FULL_SHA.fullmatch(name) else name, 80)


def promotion(id: str) -> str:
    """A promotion's id."""
    return untrusted(id, 20)


def commit(sha: str) -> str:
    """A commit by its first seven characters."""
    return untrusted(sha[:7])


def person(who: Person) -> str:
    """A person's name, which pings nobody."""
    return untrusted(who.name, 40) or "somebody"


def handle(who: Person) -> str:
    """A person's name with an @ that pings nobody, for people who are wanted but need not come now."""
    return untrusted(f"@{who.name or 'somebody'}", 41)  # together: the catalog may call somebody `channel`


def mention(who: Person) -> str:
    """A person's mention, which pings them; the bare name when the catalog's Slack id is not one."""
    return f"<@{who.slack}>" if _USER.fullmatch(who.slack) else person(who)


def mention_id(slack: str) -> str:
    """The mention of a Slack user id."""
    return f"<@{slack}>" if _USER.fullmatch(slack) else untrusted(slack, 40)


def group(id: str, name: str) -> str:
    """A user group's mention, which pings its members; the name when the id is not one."""
    return f"<!subteam^{id}>" if _GROUP.fullmatch(id) else team(name)


def channel(id: str) -> str:
    """A link to a channel, nothing when the id is not one."""
    return f"<#{id}>" if _CHANNEL.fullmatch(id) else ""


def room(channel: str) -> str:
    """A channel as the catalog names it, by id or by name."""
    name = untrusted(channel.removeprefix("#"), 80)
    return f"<#{channel}>" if _CHANNEL.fullmatch(channel) else f"#{name}"


def team(name: str) -> str:
    """A team's name, or the words for a role."""
    return _TEAM_WORDS.get(name) or untrusted(name, 60)


def handles(people: Iterable[Person], last: str = "and") -> str:
    """Some people in a row, without pinging them; at most eight by name."""
    return _row([handle(who) for who in people], last)


def mentions(people: Iterable[Person]) -> str:
    """Some people in a row, each pinged; at most eight."""
    return _row([mention(who) for who in people], "and")


def names(people: Iterable[Person]) -> str:
    """Some people in a row by bare name; at most eight."""
    return _row([person(who) for who in people], "and")


def _row(words: list[str], last: str) -> str:
    return listed(words if len(words) <= 8 else [*words[:7], f"{len(words) - 7} more"], last)


def subject(face: Face) -> str:
    """What is to happen, in a sentence: `checkout v2.14.3 to production`."""
    if face.kind is Kind.ROLLBACK:
        place = f"{service(face.service)} in {environment(face.environment)}"
        return f"rollback of {place} to {version(face.version)}"
    words = f"{service(face.service)} {version(face.version)} to {environment(face.environment)}"
    return f"EMERGENCY: {words}" if face.kind is Kind.EMERGENCY else words


def title(face: Face) -> str:
    """What is to happen, as the head of a card: `checkout v2.14.3 → production`."""
    if face.kind is Kind.ROLLBACK:
        return f"{service(face.service)} {environment(face.environment)} ↩ {version(face.version)}"
    words = f"{service(face.service)} {version(face.version)} → {environment(face.environment)}"
    return f"EMERGENCY: {words}" if face.kind is Kind.EMERGENCY else words


def workflow(face: Face) -> str:
    """The workflow that deploys."""
    return untrusted(face.workflow, 80) or "the deploy workflow"


def live_in(face: Face) -> str:
    """A version in its place: `checkout v2.14.3 in production`."""
    return f"{service(face.service)} {version(face.version)} in {environment(face.environment)}"
