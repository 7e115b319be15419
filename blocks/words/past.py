"""What a card says of what served once: it was true for a time, and something else came after it."""

from collections.abc import Callable

from blocks.text import date, utc
from blocks.words import names
from bot.domain.face import Face
from bot.domain.policy import Kind
from bot.domain.promotion import Replaced

Tell = Callable[[float], str]  # how a moment is written


def was_live(face: Face) -> str:
    """What had succeeded, as a sentence for notifications: until when it was live, and what came then."""
    service, environment = names.service(face.service), names.environment(face.environment)
    what = f"{service} {names.version(face.version)} was live in {environment}"
    if face.kind is Kind.ROLLBACK:
        what = f"{service} {environment} was back on {names.version(face.version)}"
    return f"{what} until {utc(face.replaced.at)}, {_then(face, face.replaced)}" if face.replaced else what


def span(face: Face) -> str:
    """From when to when it was live, and what came then, for its card."""
    if face.replaced is None:
        return ""
    since = f" from {date(face.serving.since)}" if face.serving is not None else ""
    return f"live{since} to {date(face.replaced.at)} · {_then(face, face.replaced)}"


def served(face: Face, tell: Tell = date) -> str:
    """What a deploy that broke off left serving, and what came then; empty while that still serves."""
    replaced = face.replaced
    if replaced is None:
        return ""
    when = tell(replaced.at)
    if face.serving is not None:
        return f"{names.version(face.serving.version)} was serving until {when}, {_then(face, replaced)}"
    return f"What it left serving was never known; {_brought(replaced)} {when}"


def _then(face: Face, replaced: Replaced) -> str:
    if not replaced.version and face.extra_attempt:
        return "and what serves now is not known"
    if not replaced.version:
        return "and what serves since then is not known"
    if not replaced.by:
        return f"then {names.version(replaced.version)} was recorded as live"
    return f"replaced by {names.promotion(replaced.by)} ({names.version(replaced.version)})"


def _brought(replaced: Replaced) -> str:
    if not replaced.by:
        return f"{names.version(replaced.version)} was recorded as live"
    return f"{names.promotion(replaced.by)} brought {names.version(replaced.version)}"
