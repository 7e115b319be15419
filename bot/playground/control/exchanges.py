"""What a person is told of one exchange: what was done, for which promotion, and its JSON without secrets."""

import json
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl

from bot.playground.slack.raw import Raw
from bot.playground.traffic import Exchange
from bot.playground.world import Person

_PROMOTION = re.compile(r"\bP-[1-9]\d{0,8}\b")
_ANGLE = re.compile(r"<([^<>]+)>")
_SECRET_KEYS = frozenset({"token", "routing_key", "authorization", "secret", "password"})
_BODY_MOST = 40_000  # characters; a longer body is cut, so that one answer cannot fill a browser
_WORDS_MOST = 140


def spoken(body: object) -> object:
    """A body as JSON: bytes and texts are read, a form becomes an object, and Slack's payload field is opened."""
    text = body.decode(errors="replace") if isinstance(body, bytes) else body
    if not isinstance(text, str):
        return text
    if not text.strip():
        return None
    try:
        return json.loads(text)
    except ValueError:
        return _form(text) if isinstance(body, bytes) else text


def _form(text: str) -> object:
    fields = dict(parse_qsl(text, keep_blank_values=True))
    return json.loads(fields["payload"]) if "payload" in fields else fields


def masked(value: object, secrets: frozenset[str]) -> object:
    """The same JSON with every secret reduced to how it begins."""
    if isinstance(value, Mapping):
        return {key: _behind_key(str(key), one, secrets) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [masked(one, secrets) for one in value]
    return _hidden(value) if isinstance(value, str) and value in secrets else value


def _behind_key(key: str, value: object, secrets: frozenset[str]) -> object:
    if key.lower() in _SECRET_KEYS and isinstance(value, str) and value:
        return _hidden(value)
    return masked(value, secrets)


def _hidden(secret: str) -> str:
    return f"{secret[:4]}••••"


def cut(body: object) -> object:
    """The body, or only its beginning when it is too large to look at."""
    text = json.dumps(body, ensure_ascii=False)
    if len(text) <= _BODY_MOST:
        return body
    return {"cut after": _BODY_MOST, "characters": len(text), "beginning": text[:_BODY_MOST]}


def promotion_of(request: object, response: object) -> str | None:
    """The promotion of an exchange: the pressed button's, else the request's first, or the answer's only one."""
    body = request if isinstance(request, dict) else {}
    pressed = _PROMOTION.search(json.dumps(body.get("actions")))
    if pressed or _is_home(body):  # a home names many, and examples too
        return pressed.group() if pressed else None
    asked = _PROMOTION.search(json.dumps(request))
    told = set(_PROMOTION.findall(json.dumps(response)))
    return asked.group() if asked else told.pop() if len(told) == 1 else None


def _is_home(body: Raw) -> bool:
    event = body.get("event")
    view = body.get("view") or (event.get("view") if isinstance(event, dict) else None)
    return isinstance(view, dict) and view.get("type") == "home"


def what_of(exchange: Exchange, request: object, people: Mapping[str, Person]) -> str:
    """One line that says what was done, in the words of the person or machine that did it."""
    body = request if isinstance(request, dict) else {}
    if exchange.direction == "from bot":
        words = _asked_of_vendor(exchange, body)
    elif exchange.vendor == "slack":
        words = _done_in_slack(body, people)
    else:
        words = _told_by_vendor(exchange, body)
    words = _ANGLE.sub(lambda found: _named(found, people), words)
    return words if len(words) <= _WORDS_MOST else f"{words[: _WORDS_MOST - 1]}…"


def _named(found: re.Match[str], people: Mapping[str, Person]) -> str:
    """What a person reads of one of Slack's angle brackets: the label of a link, the name of a person."""
    target, _, label = found[1].partition("|")
    person = people.get(target.removeprefix("@"))
    return label or (f"@{person.name}" if person else target)


def _done_in_slack(body: Raw, people: Mapping[str, Person]) -> str:
    user = body.get("user_id") or (body.get("user") or {}).get("id") or (body.get("event") or {}).get("user")
    person = people.get(str(user))
    who = person.title if person else "Slack"
    if "command" in body:
        return f"{who} types {body['command']} {body.get('text', '')}".rstrip()
    match body.get("type"):
        case "block_actions":
            return f"{who} {_pressed(body['actions'][0])}"
        case "view_submission" | "view_closed":
            verb = "submits" if body["type"] == "view_submission" else "closes"
            return f"{who} {verb} {_title(body)}"
        case "block_suggestion":
            return f"{who} looks for “{body.get('value', '')}”"
        case "shortcut" | "message_action":
            return f"{who} uses the shortcut {body.get('callback_id', '')}"
        case "event_callback":
            return f"{who}: {body['event'].get('type', 'event').replace('_', ' ')}"
    return who


def _pressed(action: Raw) -> str:
    text = (action.get("text") or {}).get("text")
    if text:
        return f"presses {text}"
    chosen = (action.get("selected_option") or {}).get("text") or {}
    return f"chooses {chosen.get('text') or action.get('action_id', '')}"


def _title(body: Raw) -> str:
    return str(((body.get("view") or {}).get("title") or {}).get("text", "a form"))


def _told_by_vendor(exchange: Exchange, body: Raw) -> str:
    if exchange.vendor == "pagerduty":
        return f"webhook {(body.get('event') or {}).get('event_type', '')}"
    action = body.get("action")
    return f"webhook {exchange.headers.get('X-GitHub-Event', '')}{f' {action}' if action else ''}"


def _asked_of_slack(body: Raw) -> str:
    view = body.get("view")
    if isinstance(view, dict):
        return "the home" if view.get("type") == "home" else f"the form {_title(body)}"
    return str(body.get("text") or body.get("topic") or body.get("name") or "")


def _asked_of_vendor(exchange: Exchange, body: Raw) -> str:
    if exchange.vendor == "slack":
        return _asked_of_slack(body)
    if exchange.vendor == "pagerduty":
        summary = (body.get("payload") or {}).get("summary") or body.get("dedup_key") or ""
        return f"{body['event_action']}: {summary}" if "event_action" in body else ""
    inputs = body.get("inputs") or {}
    if exchange.path.endswith("/dispatches"):
        goes = (inputs.get("service"), inputs.get("version"), "to", inputs.get("environment"))
        return f"start the workflow: {' '.join(str(one) for one in goes if one)}"
    return ""
