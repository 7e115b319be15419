"""Lines that the card and the details form share: the path's origin, and what changes."""

from blocks.text import date, link, untrusted
from blocks.words import names, states
from bot.domain.face import Face, State
from bot.domain.promotion import Change


def origin(face: Face) -> str:
    """The small line below the head: path, commit, who asked and when."""
    parts = [
        states.path(face),
        f"`{names.commit(face.sha)}`" if face.sha else "",
        f"asked by {names.mention(face.requester)} {date(face.created)}",
        f"expires {date(face.expires)}" if face.expires and face.state is State.AWAITING_APPROVAL else "",
        f"undoes {names.promotion(face.undoes)}" if face.undoes else "",
    ]
    return " · ".join(part for part in parts if part)


def reason(face: Face) -> list[str]:
    """Why somebody asked, quoted; nothing when no reason was given."""
    return [f"> “{untrusted(face.reason, 300)}”"] if face.reason.strip() else []


def changes_line(face: Face) -> list[str]:
    """What changes since the live version: a count that links to the comparison, and three items."""
    changes = face.changes
    if changes is None:
        return []
    since = f" since {names.version(changes.since)}" if changes.since else ""
    count = f"{changes.commits} commit{'' if changes.commits == 1 else 's'}{since}"
    items = [item(one) for one in changes.items[:3]]
    more = [f"and {len(changes.items) - 3} more"] if len(changes.items) > 3 else []
    behind = f":warning: {changes.behind} commits that are live now are *not in this version*"
    return [" · ".join([link(changes.url, count), *items, *more]), *([behind] if changes.behind else [])]


def item(one: Change) -> str:
    """One commit or pull request, with its link."""
    if one.number is None:
        return link(one.url, untrusted(one.title, 60) or names.commit(one.sha))
    return f"{link(one.url, f'#{one.number}')} {untrusted(one.title, 60)}".rstrip()


def change_lines(face: Face, most: int) -> list[str]:
    """Each change in a line, with its author."""
    items = face.changes.items[:most] if face.changes else ()
    return [f"• {item(one)}{f' ({untrusted(one.author, 40)})' if one.author else ''}" for one in items]
