"""What one person is told in private: receipts, requests that got no card, lists, and trouble on our side."""

from blocks.text import date, duration, link, listed, untrusted
from blocks.words import endings, names, sentences
from blocks.words.commands import typed, why
from bot.domain.face import Face
from bot.domain.policy import Kind
from bot.domain.promotion import Release


def recorded(face: Face) -> str:
    """A typed command that was done, and where things stand now."""
    return f"Done. {sentences.sentence(face)}"


def not_started(face: Face) -> tuple[str, str]:
    """Why a request got no card, with the next step; and the code."""
    match face.ending.cause if face.ending else "":
        case "missing":
            return _missing(face), "E05"
        case "ambiguous":
            return _ambiguous(face), "E43"
        case "branch":
            return _off_branch(face), "E44"
        case "path":
            return _off_path(face), "E03"
        case "live":
            return _live(face), "E04"
        case "undone":
            return _undone(face), "E03"
        case "role":
            return _barred(face), "E33"
        case "refused":
            return _refused_look(face), "E16"
        case _:
            return _rejected(face), "E45"


def _missing(face: Face) -> str:
    nearest = face.ending.nearest if face.ending else ()
    near = listed([names.version(one) for one in nearest[:3]], "or")
    command = f"/promote {face.service}@{nearest[0]} to {face.environment}" if nearest else ""
    step = (
        f"Nearest: {near}. Try {typed(command)}"
        if nearest
        else "Push the tag first, or name a branch or a commit."
    )
    where = f"{untrusted(face.repo, 100)} (tags, branches, commits)"
    return f"I cannot find “{names.version(face.version)}” in {where}, so nothing was started. {step}"


def _ambiguous(face: Face) -> str:
    found = [untrusted(one, 80) for one in (face.ending.nearest if face.ending else ())]
    means = f": {listed(found[:4])}" if found else ""
    return (
        f"“{names.version(face.version)}” means more than one commit in {untrusted(face.repo, 100)}{means}. "
        "Name the full commit SHA instead."
    )


def _off_branch(face: Face) -> str:
    allowed = face.ending.nearest if face.ending else ()
    branches = listed([f"`{untrusted(one, 60)}`" for one in allowed[:4]], "or") or "an allowed branch"
    return (
        f"{names.version(face.version)} is not on {branches}, and {names.environment(face.environment)} "
        "takes nothing else (rule `branches`). Merge it there, then ask again."
    )


def _off_path(face: Face) -> str:
    before = face.ending.said if face.ending else ""
    command = f"/promote {face.service}@{face.version} to {before}"
    return (
        f"{names.version(face.version)} has not succeeded in {names.environment(before)}, and "
        f"{names.environment(face.environment)} only takes versions that did (rule `after`). "
        f"Promote it there first: {typed(command)}"
    )


def _undone(face: Face) -> str:
    before = face.ending.said if face.ending else ""
    command = f"/promote {face.service}@{face.version} to {before}"
    return (
        f"{names.version(face.version)} was rolled back in {names.environment(before)}, and "
        f"{names.environment(face.environment)} only takes versions that hold there (rule `after`). "
        f"Let it succeed there again first: {typed(command)}"
    )


def _live(face: Face) -> str:
    since = f" since {date(face.previous.since)}" if face.previous else ""
    by = f" ({names.promotion(face.ending.said)})" if face.ending and face.ending.said else ""
    service = names.service(face.service)
    runs = f"{service} {names.environment(face.environment)} already runs {names.version(face.version)}"
    return f"{runs}{since}{by}. Nothing to do; `/promote status {service}` shows the rest."


def _barred(face: Face) -> str:
    teams = face.ending.said.split(", ") if face.ending and face.ending.said else []
    needs = listed([names.team(team) for team in teams[:8]], "or") or "a role that nobody has in the catalog"
    people = [untrusted(one, 40) for one in (face.ending.nearest if face.ending else ())]
    ask = f"Ask {listed(people[:4], 'or')}." if people else "An admin can name somebody in the catalog."
    rollback = face.kind is Kind.ROLLBACK
    action = "roll back" if rollback else "ask for a promotion of"
    what = f"{action} {names.service(face.service)} in {names.environment(face.environment)}"
    rule = "roles.rollback" if rollback else "roles.request"
    return f"You cannot {what}: that needs {needs} (rule `{rule}`). Nothing was started. {ask}"


def _refused_look(face: Face) -> str:
    return f"{endings.could_not_look(face)} Nothing was started; ask again when it is mended."


def _rejected(face: Face) -> str:
    said = endings.said(face.ending)
    return f"{names.subject(face)} was not started{f': {said}' if said else ''}. {why(face.id)} tells more."


def duplicate_of(id: str) -> str:
    """The same click or command twice: done once."""
    done = f"That was done already, as {names.promotion(id)}; nothing was done twice"
    return f"{done}. {why(id)} shows where it stands."


def checking_membership(face: Face) -> str:
    """An approval that is stored and counts when the membership is known."""
    return (
        f"Your approval of {names.promotion(face.id)} is recorded. I am checking your membership; "
        "it counts as soon as that says yes, and the card will show it."
    )


def stale_copy(face: Face, address: str) -> str:
    """A card that was left over: the live one is elsewhere."""
    there = link(address, f"the card of {names.promotion(face.id)}")
    return f"This is an old copy, so its buttons do nothing. Go to {there}, {names.subject(face)}."


def rate_limited(vendor: str, seconds: float, id: str) -> str:
    """E19: a vendor asks to wait, and nobody has to do anything."""
    keeps = f"{names.promotion(id)} keeps its place" if id else "Nothing is lost"
    limit = f"{untrusted(vendor, 30)} asks me to wait {duration(seconds)} (rate limit)"
    return f"{limit}. {keeps}; no action needed."


def store_down() -> str:
    """E25: nothing is acknowledged that could not be stored."""
    return (
        "I cannot reach my database, so I will not approve or start anything, and this was not recorded. "
        "Try again in a minute; the team that runs me sees it in the logs."
    )


def store_unclear() -> str:
    """E25, when the change was sent off and no answer came: neither yes nor no would be true."""
    return (
        "My database took too long, and I cannot tell whether this was recorded. Look at the card, or ask me "
        "for `/promote status`, before you try again."
    )


def not_first() -> str:
    """A message that talks about the bot, or asks it something in the wrong order."""
    return (
        "I do what a message says only when it begins with my name, so nothing was done. Begin with it: "
        "`/promote why`, or `/promote help mentions` for more."
    )


def comes_again() -> str:
    """E25, of a mention: Slack repeats by itself what was not taken."""
    return (
        "I cannot reach my database, so nothing was done yet. Slack brings me your message again within a few "
        "minutes and I answer then; you need not repeat it."
    )


def busy() -> str:
    """More comes in than can be answered in time."""
    return "I have too much to do at this moment, so this was not done. Try again in a few seconds."


def newer() -> str:
    """While an upgrade is under way, an older replica leaves alone what a newer one wrote."""
    return (
        "A newer version of me has written this, and I am the older one, so I leave it alone: nothing was done. "
        "Try again when the upgrade is through."
    )


def internal(ref: str) -> str:
    """E28: our fault, with a reference."""
    return (
        f"Something went wrong on my side (ref `{untrusted(ref, 40)}`), and this was not done. "
        "Try again; the team that runs me can find it by that reference."
    )


def adopted(service: str, environment: str, release: Release) -> str:
    """What is live was recorded without a deploy."""
    place = f"{names.service(service)} {names.environment(environment)}"
    runs = f"Recorded: {place} runs {names.version(release.version)}"
    return f"{runs}. Nothing was deployed; a rollback can go back to it."


def adopting(service: str, environment: str, version: str) -> str:
    """An adoption that is stored; its version is being looked up."""
    place = f"{names.service(service)} {names.environment(environment)}"
    what = names.version(version) if version else "what the health URL names"
    return f"Looking {what} up for {place}. I tell you here when it is recorded as live; nothing is deployed."


def not_adopted(service: str, environment: str, version: str) -> str:
    """Nothing was recorded, because the version could not be found."""
    place = f"{names.service(service)} {names.environment(environment)}"
    what = f"“{names.version(version)}”" if version else "a version in the health body"
    command = typed(f"/promote adopt {service}@v2.14.2 in {environment} because it is live")
    return f"I cannot find {what} for {place}, so nothing was recorded. Name a tag, a branch or a commit: {command}"


def not_looked_up(service: str, environment: str, version: str, why: str) -> str:
    """Nothing was recorded, because nobody would say which commit the version is."""
    place = f"{names.service(service)} {names.environment(environment)}"
    what = names.version(version) if version else "the version"
    named = f"{service}@{version}" if version else service
    command = typed(f"/promote adopt {named} in {environment} because it is live")
    said = f"I could not look {what} up for {place} (“{untrusted(why, 160)}”), so nothing was recorded."
    return f"{said} Try again when that is mended: {command}"


def delayed(face: Face) -> str:
    """The version cannot be looked up yet, and the request keeps its place."""
    why_so = f" ({untrusted(face.trouble, 160)})" if face.trouble else ""
    return (
        f"GitHub does not answer me{why_so}, so {names.subject(face)} has no card yet. "
        f"{names.promotion(face.id)} keeps its place and I keep trying; `/promote cancel {face.id}` ends it."
    )


OPEN_FORM = "Open the form"
OPEN_AGAIN = f"{OPEN_FORM} that did not open"
OPEN_FILLED = f"{OPEN_FORM} with what you typed"


def not_opened(*, is_whole: bool) -> str:
    """A form for which Slack's three seconds were over before it opened."""
    kept = "what you typed is in it" if is_whole else "the beginning of what you typed is in it"
    return f"The form did not open in time, and nothing was done. Press *{OPEN_FORM}*: {kept}."


def form_here(*, is_whole: bool) -> str:
    """A form that a mention cannot open."""
    kept = "what you typed is in it" if is_whole else "the beginning of what you typed is in it"
    return f"This needs a form. Press *{OPEN_FORM}*: {kept}."
