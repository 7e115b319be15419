"""Text that is safe to show. Whatever people or GitHub wrote passes `untrusted` or `raw`.

Slack has no way to escape `*`, `` ` `` or `:emoji:`, so what would be read as markup is replaced with letters
that look the same. Characters that cannot be seen are spelled out, because they are how one name is made to
look like another.
"""

import math
import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

_HIDDEN = {"Cc", "Cf", "Cs", "Co"}
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")  # letters and marks that show nothing
_LOOKALIKE = str.maketrans({"*": "∗", "`": "ˋ", "~": "∼"})
_STYLING_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")  # snake_case is not styling
_SHORTCODE = re.compile(r":(?=[\w+'-]+:)")
_SHOUT = re.compile(
    r"@(?=channel|here|everyone|group)", re.IGNORECASE
)  # longer words too: nobody has to judge
_SPECIAL = re.compile(
    r"<[^<>|]*(?:\|([^<>]*))?>"
)  # what Slack draws in its own way; what stands after | is for the rest
_MARKUP = str.maketrans("", "", "*`")  # ours: what people typed carries look-alikes
_UNFINISHED = re.compile(r"(?:<[^>]*|&[a-z]*)$")
_LAST_SECOND = datetime(9999, 12, 31, tzinfo=UTC).timestamp()


def untrusted(text: str, most: int = 300) -> str:
    """Show what somebody typed inside mrkdwn: no markup, no mention, no link, nothing invisible, clipped."""
    return _escape(_inert(text, most))


def raw(text: str, most: int = 300) -> str:
    """Show what somebody typed where Slack reads no mrkdwn (tables, plans, labels): as safe, not escaped."""
    return _inert(text, most).replace("<", "‹").replace(">", "›")


def clip(text: str, most: int) -> str:
    """Cut plain text to `most` characters, with an ellipsis where something is missing."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def fit(mrkdwn: str, most: int) -> str:
    """Cut mrkdwn to `most` characters, never in the middle of a mention, a link or an escaped character."""
    if len(mrkdwn) <= most:
        return mrkdwn
    return _UNFINISHED.sub("", mrkdwn[: most - 1]) + "…"


def bare(mrkdwn: str, most: int) -> str:
    """A sentence of ours where Slack reads no mrkdwn: without markup, and moments in UTC."""
    words = _SPECIAL.sub(lambda found: found[1] or "", mrkdwn).translate(_MARKUP)
    return clip(words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"), most)


def lines_within(lines: Sequence[str], most: int) -> str:
    """Join as many lines as fit in `most` characters, and say how many did not."""
    kept: list[str] = []
    room = most - 30
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            break
        kept.append(line)
    missing = len(lines) - len(kept)
    return "\n".join([*kept, f"… and {missing} more"] if missing else kept)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _inert(text: str, most: int) -> str:
    shown = clip(_visible(text[: most + 1]), most).translate(_LOOKALIKE)
    shown = _STYLING_UNDERSCORE.sub("ˍ", shown)
    shown = _SHORTCODE.sub("∶", shown.replace("://", "∶//"))
    return _SHOUT.sub("＠", shown)


def _visible(text: str) -> str:
    return "".join(_spelled(character) for character in " ".join(text.split()))


def _spelled(character: str) -> str:
    if unicodedata.category(character) in _HIDDEN or character in _BLANK:
        return f"\\u{{{ord(character):x}}}"
    return character


def date(at: float) -> str:
    """A moment in the reader's own time zone, with UTC for clients that cannot tell it."""
    return f"<!date^{whole(at)}^{{date_short_pretty}} {{time}}|{utc(at)}>"


def moment(at: float) -> str:
    """The same to the second, where many things happen in one minute."""
    exactly = datetime.fromtimestamp(whole(at), UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    return f"<!date^{whole(at)}^{{date_short_pretty}} {{time_secs}}|{exactly}>"


def utc(at: float) -> str:
    """A moment as `2026-11-20 17:06 UTC`."""
    return datetime.fromtimestamp(whole(at), UTC).strftime("%Y-%m-%d %H:%M UTC")


def clock(at: float) -> str:
    """The time of day of a moment, as `17:06 UTC`."""
    return datetime.fromtimestamp(whole(at), UTC).strftime("%H:%M UTC")


def whole(at: float) -> int:
    """A moment in whole seconds that every calendar has."""
    return int(min(max(at, 0.0), _LAST_SECOND)) if math.isfinite(at) else 0


def duration(seconds: float) -> str:
    """A span in words, its two greatest units: `6 min 12 s`, `2 h 5 min`, `3 days`."""
    left = whole(round(seconds) if math.isfinite(seconds) else 0)
    parts = []
    for size, unit in ((86_400, "day"), (3_600, "h"), (60, "min"), (1, "s")):
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {unit}{'s' if unit == 'day' and count > 1 else ''}")
    return " ".join(parts[:2]) or "0 s"


def count_of(number: int, noun: str) -> str:
    """A number with its noun: `1 gate`, `5 gates`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def listed(words: Sequence[str], last: str = "and") -> str:
    """Words as a list in a sentence: `a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def web_address(url: str, most: int = 2_000) -> str:
    """The URL when it is an http(s) address that can stand in a link or a button, else nothing."""
    if len(url) > most or not url.isascii() or re.search(r"[\s<>|\"`\\\x00-\x20\x7f]", url):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.netloc and "@" not in parts.netloc else ""


def link(url: str, label: str) -> str:
    """A mrkdwn link on a label that is safe already; the label alone when the URL is not one."""
    address = web_address(url)
    return f"<{_escape(address)}|{label.replace('|', '¦')}>" if address else label
