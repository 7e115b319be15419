"""Who wrote what is promoted, where the rules keep the authors from approving it (`author_approval: false`).

The version is compared with what is live. Until that was read to its end nobody can say who is no author, so
nobody's approval counts.
"""

from bot.domain.context import Context
from bot.domain.face import RequirementFace
from bot.domain.policy import Verdict
from bot.domain.promotion import Change, Changes, Phase, Promotion

UNKNOWN_LIVE, TOO_MANY = "live", "many"  # why the authors cannot be known
MOST_NAMED = 3


def authors_item(promotion: Promotion, context: Context) -> tuple[RequirementFace, ...]:
    """The requirement that everybody is known who wrote a part of it; nothing while that holds."""
    if context.rules.author_approval or promotion.phase is not Phase.WAITING or promotion.sha is None:
        return ()
    why = _why_unknown(promotion, context)
    if why is None:
        return ()
    verdict = Verdict.UNMET if why else Verdict.PENDING
    return (RequirementFace(name="authors", kind="authors", verdict=verdict, reason=why),)


def knows_authors(promotion: Promotion, context: Context) -> bool:
    """Whether no look at the changes could tell more of who wrote them, as far as the rules ask."""
    return not any(item.verdict is Verdict.PENDING for item in authors_item(promotion, context))


def authors_of(promotion: Promotion, context: Context) -> frozenset[str]:
    """The people of the catalog whom the rules keep from approving because they wrote some of it."""
    if context.rules.author_approval or promotion.changes is None:
        return frozenset()
    logins = _logins(promotion.changes)
    return frozenset(
        person.name for person in context.people.values() if person.github and person.github.lower() in logins
    )


def wrote(promotion: Promotion, login: str | None) -> tuple[str, ...]:
    """What somebody wrote of it, as far as it is listed: `#812`, or the beginning of a SHA."""
    items = promotion.changes.items if promotion.changes and login else ()
    mine = (one for one in items if one.author.lower() == (login or "").lower())
    return tuple(_named(one) for one in mine)[:MOST_NAMED]


def _why_unknown(promotion: Promotion, context: Context) -> str | None:
    """Why the authors are not known: empty when the changes have to be read first; None: they are known."""
    serving, changes = context.live.serving, promotion.changes
    if serving is None:
        return UNKNOWN_LIVE
    if changes is None or changes.base != serving.sha:
        return ""
    return None if changes.everyone else TOO_MANY


def _logins(changes: Changes) -> frozenset[str]:
    """GitHub tells no two accounts apart by the case of their letters."""
    return frozenset(login.lower() for login in (*changes.authors, changes.newest_by) if login)


def _named(change: Change) -> str:
    return f"#{change.number}" if change.number is not None else change.sha[:7]
