"""Whether a signed body is a request at all: parsed once, strictly, before Bolt reads it.

Bolt takes the shape of what Slack sends for granted and answers 500 to anything else, and of two fields with one
name it takes the last. A body that nobody can read in one way only is refused before anything acts on it.
"""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from handlers import payloads
from handlers.payloads import Malformed

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
MOST_FIELDS = 100
INTERACTIONS: Mapping[str, Callable[[Mapping[str, Any]], object]] = {
    "block_actions": payloads.click,
    "view_submission": payloads.submission,
    "block_suggestion": payloads.search,
}


def is_request(content_type: str, body: str) -> bool:
    """Whether the body is a slash command, an interaction or an event, as Slack documents them."""
    try:
        _check(content_type, body)
    except Malformed:
        return False
    return True


def _check(content_type: str, body: str) -> None:
    if content_type == JSON:
        payloads.event_kind(payloads.document(body))
    elif content_type == FORM:
        _check_form(_fields(body))
    else:
        raise Malformed("neither a form nor JSON")


def _fields(body: str) -> Mapping[str, str]:
    """The fields of a form; with two of one name nobody can say which one was meant."""
    try:
        pairs = parse_qsl(body, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:
        raise Malformed("a form that cannot be read") from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise Malformed("a form that names a field twice")
    return fields


def _check_form(fields: Mapping[str, str]) -> None:
    if "payload" not in fields:
        payloads.typed(fields)
        return
    interaction = payloads.document(fields["payload"])
    parse = INTERACTIONS.get(payloads.interaction_kind(interaction), payloads.caller)
    parse(interaction)
