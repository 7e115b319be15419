"""Slack's markup of what people wrote, as they see it on their screens: names, links and channels as words."""

import html
import re
from collections.abc import Iterable

from bot.domain.policy import Person

PERSON = re.compile(r"<@([UW][A-Z0-9]{1,20})(?:\|[^<>]*)?>")
_LABELLED = re.compile(
    r"<(#?)[^<>|]*\|([^<>]*)>"
)  # a link, a channel or a group, with the words that people see
_BARE = re.compile(r"<((?:https?|mailto):[^<>|]*)>")
_CALL = re.compile(r"<!(here|channel|everyone)>")


def as_read(text: str, people: Iterable[Person]) -> str:
    """What a message says, in plain characters; somebody of the catalog has the name of the catalog."""
    names = {person.slack: f"@{person.name}" for person in people}
    named = PERSON.sub(lambda found: names.get(found[1], f"@{found[1]}"), text)
    linked = _BARE.sub(r"\1", _LABELLED.sub(r"\1\2", _CALL.sub(r"@\1", named)))
    return html.unescape(linked)
