"""Refusals of what was asked for: the words, the service, the version, what is live already."""

from blocks.text import count_of, date, listed, untrusted
from blocks.words import names
from blocks.words.commands import action, named, typed, why
from bot.domain import errors


def unknown_service(refused: errors.UnknownService) -> str:
    """E01: no such service, the nearest one, and where all are listed."""
    meant = f" Did you mean *{names.service(refused.nearest)}*?" if refused.nearest else ""
    count = f"all {len(refused.known)}" if len(refused.known) > 1 else "those I know"
    unknown = f"I do not know a service called “{names.service(refused.name)}”."
    return f"{unknown}{meant} `/promote status all` lists {count}."


def unknown_environment(refused: errors.UnknownEnvironment) -> str:
    """E02: no such environment, and the service's path."""
    service = names.service(refused.service)
    path = " › ".join(names.environment(one) for one in refused.path[:8])
    likely = refused.nearest or (refused.path[-1] if refused.path else "")
    return (
        f"{service} has no environment “{names.environment(refused.name)}”. "
        f"Its path is {path or 'empty'}. Try `/promote {service} to {names.environment(likely)}`."
    )


def bad_version(refused: errors.BadVersion) -> str:
    """E29: not even the form of a version."""
    return (
        f"“{names.version(refused.version)}” cannot be a tag, a branch or a commit. "
        "Name one that exists, as in `/promote checkout@v2.14.3 to production`."
    )


def cannot_parse(refused: errors.CannotParse) -> str:
    """E27: words outside of the grammar, and a command that would work."""
    heard = (
        f"I did not understand “{untrusted(refused.text, 120)}”."
        if refused.text.strip()
        else "Something is missing."
    )
    return f"{heard} Did you mean {typed(refused.suggestion or '/promote help')}?"


def reason_needed(refused: errors.ReasonNeeded) -> str:
    """E30: a reason is missing or too short."""
    example = f"For example: {typed(refused.example)}" if refused.example else "Write one and send it again."
    least = f" of at least {count_of(refused.least, 'character')}" if refused.least > 1 else ""
    needed = f"A reason{least} is needed to {action(refused.action)}"
    return f"{needed}: whoever reads the audit log later relies on it. {example}"


def unknown_gate(refused: errors.UnknownGate) -> str:
    """E31: no such gate, and those there are."""
    return (
        f"{names.promotion(refused.promotion)} has no gate “{untrusted(refused.name, 40)}”. "
        f"Its gates are {named(refused.known)}; {why(refused.promotion)} shows them."
    )


def already_asked(refused: errors.AlreadyAsked) -> str:
    """E42: an open promotion asks for the same thing."""
    return (
        f"{names.promotion(refused.promotion)} asks for the same thing already (asked by "
        f"{names.handle(refused.by)}). {why(refused.promotion)} tells what it waits for."
    )


def already_live(refused: errors.AlreadyLive) -> str:
    """E04: nothing to do, and who did it."""
    service = names.service(refused.service)
    by = f" ({names.promotion(refused.promotion)})" if refused.promotion else ""
    runs = f"{service} {names.environment(refused.environment)} already runs {names.version(refused.version)}"
    return (
        f"{runs} since {date(refused.since)}{by}. Nothing to do; `/promote status {service}` shows the rest."
    )


def nothing_to_roll_back(refused: errors.NothingToRollBack) -> str:
    """E23: no verified release to go back to, or not the one that was named."""
    service = names.service(refused.service)
    place = f"{service} in {names.environment(refused.environment)}"
    what = f"There is no earlier verified release of {place} that I recorded."
    if refused.went_back:
        back = names.version(refused.went_back)
        what = f"{place} was rolled back to {back} already; to go further, name the version."
    elif refused.asked:
        what = f"{names.version(refused.asked)} is no verified release of {place} that I recorded."
    if not refused.known:
        return f"{what} Promote a version that works instead: `/promote {service}`"
    known = listed([names.version(one) for one in refused.known[:5]], "or")
    target = names.version(refused.known[0])
    back = f"/rollback {service} in {names.environment(refused.environment)} to {target}"
    return f"{what} Choose {known}: `{back} because …`"


def serves_another(refused: errors.ServesAnother) -> str:
    """E51: what serves instead of what was to be rolled back, and how to roll that one back."""
    service, environment = names.service(refused.service), names.environment(refused.environment)
    by = f" ({names.promotion(refused.promotion)})" if refused.promotion else ""
    serving = f"{names.version(refused.version)}{by}" if refused.version else "Nobody knows what"
    what = f"{serving} serves {service} in {environment} now"
    if refused.undoes:
        what = f"{names.promotion(refused.undoes)} does not serve any more: {what}"
    return f"{what}. To roll that back: `/rollback {service} in {environment}`"
