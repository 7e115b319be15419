"""Finds what Slack would read as markup in rendered blocks, and characters that nobody can see."""

import re
import unicodedata
from collections.abc import Iterator

TOKEN = re.compile(r"<([^>]*)>")
OURS = re.compile(
    r"@U0ANA|#C0INC|!subteam\^S0WEB|!date\^\d+\^\{date_short_pretty\} \{time(?:_secs)?\}\|\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)? UTC"
    r"|https://github\.com/acme/checkout\|[^<>]*"
)


def texts(node: object, kind: str = "") -> Iterator[tuple[str, str]]:
    """Every text that Slack shows, with the kind of object that it stands in."""
    if isinstance(node, dict):
        kind = str(node.get("type", kind))
        for name, value in node.items():
            if name in ("text", "title") and isinstance(value, str):
                yield kind, value
            elif name not in (
                "value",
                "url",
                "private_metadata",
                "initial_value",
                "initial_option",
                "options",
            ):
                yield from texts(value, kind)
    elif isinstance(node, list):
        for item in node:
            yield from texts(item, kind)


def strange_tokens(kind: str, text: str) -> list[str]:
    """What stands between angle brackets and is not ours; outside of mrkdwn there are no brackets at all."""
    found = TOKEN.findall(text)
    return [token for token in found if kind != "mrkdwn" or not OURS.fullmatch(token)]


def hidden(text: str) -> list[str]:
    """Characters that cannot be seen, other than our own line breaks."""
    return [one for one in text if one != "\n" and unicodedata.category(one) in ("Cc", "Cf", "Cs", "Co")]
