"""Whether a signed body is a request at all, and of which kind: parsed once, strictly, before Bolt gets it.

Bolt takes the shape of what Slack sends for granted and answers 500 to anything else, of two fields with one name it
takes the last, and it finds nothing in a command whose text has the word `payload` in it. So what Bolt gets is parsed
already, and a body that nobody can read in one way only is refused before anything acts on it.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.envelope import UNHEARD, Heard
from handlers import event_payloads, payloads
from handlers.payloads import Malformed

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
MOST_FIELDS = 100
M = TypeVar("M", bound=BaseModel)


class _Tolerant(BaseModel):
    """The parts of an envelope that Bolt reads; all others are let through."""

    model_config = ConfigDict(extra="ignore")


class _Named(_Tolerant):
    id: str = ""


class _Pressed(_Tolerant):
    type: str
    action_id: str
    block_id: str = ""
    value: str | None = None


class _Typed(_Tolerant):
    type: str


class _Interaction(_Tolerant):
    type: str
    user: _Named
    team: _Named | None = None
    enterprise: _Named | None = None
    channel: _Named | None = None
    view: _Typed | None = None
    container: dict[str, Any] = Field(default_factory=dict)
    actions: list[_Pressed] = Field(default_factory=list)


class _Event(_Tolerant):
    type: str
    team_id: str | None = None
    enterprise_id: str | None = None
    event: _Typed | None = None
    authorizations: list[dict[str, Any]] = Field(default_factory=list)


INTERACTIONS: Mapping[str, tuple[str, Callable[[Mapping[str, Any]], object]]] = {
    "block_actions": ("click", payloads.click),
    "view_submission": ("form", payloads.submission),
    "block_suggestion": ("search", payloads.search),
    "shortcut": ("shortcut", event_payloads.shortcut),
    "message_action": ("shortcut", event_payloads.shortcut),
}
EVENTS: Mapping[str, Callable[[Mapping[str, Any]], object]] = {
    "app_mention": event_payloads.mention,
    "app_home_opened": event_payloads.opened,
}
HEARD = (
    "event_callback",
    "url_verification",
)  # of what is no click, command or form; Slack tells of rate limits too
OTHER = (UNHEARD, payloads.caller)


def read(content_type: str, body: str) -> Heard | None:
    """The request that the body is, of those that Slack documents. None: it is none that can be read in one way."""
    try:
        return _read(content_type, body)
    except Malformed:
        return None


def _read(content_type: str, body: str) -> Heard:
    if content_type == JSON:
        event = _document(body)
        return Heard(_kind_of_event(event), event)
    if content_type == FORM:
        return _read_form(_fields(body))
    raise Malformed("neither a form nor JSON")


def _kind_of_event(body: Mapping[str, Any]) -> str:
    shaped = _shaped(_Event, body)
    if shaped.event is not None and shaped.event.type in EVENTS:
        EVENTS[shaped.event.type](body)
    return "event" if shaped.type in HEARD else UNHEARD


def _fields(body: str) -> dict[str, Any]:
    """The fields of a form; with two of one name nobody can say which one was meant."""
    try:
        pairs = parse_qsl(body, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:
        raise Malformed("a form that cannot be read") from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise Malformed("a form that names a field twice")
    return fields


def _read_form(fields: dict[str, Any]) -> Heard:
    if "payload" not in fields:
        payloads.typed(fields)
        return Heard("command", fields)
    interaction = _document(fields["payload"])
    kind, parse = INTERACTIONS.get(_shaped(_Interaction, interaction).type, OTHER)
    parse(interaction)
    return Heard(kind, interaction)


def _document(text: str) -> dict[str, Any]:
    """A JSON object, all of whose text can be stored and shown."""
    try:
        parsed = json.loads(text)
        json.dumps(parsed, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise Malformed("not JSON") from None
    if not isinstance(parsed, dict):
        raise Malformed("not an object")
    return parsed


def _shaped(model: type[M], body: Mapping[str, Any]) -> M:
    try:
        return model.model_validate(body)
    except ValidationError as wrong:
        raise Malformed(f"{wrong.error_count()} fields do not fit") from None
