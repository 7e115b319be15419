"""The only file that indexes raw JSON: what Slack sends, as small types.

Its mentions and menus are in `handlers.event_payloads`, GitHub's and PagerDuty's news in `handlers.news`.

Only the fields that are used are read; unknown ones are ignored. What does not fit raises `Malformed`.
"""

import html
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.domain.face import WantedForm


class Malformed(ValueError):
    """A payload that is not what the vendor documents."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who Slack says it is, and through which workspace and app."""

    user: str
    team: str  # the user's own workspace
    app: str | None  # None: Slack does not name it in this kind of payload


@dataclass(frozen=True, slots=True)
class Typed:
    """A slash command."""

    caller: Caller
    command: str  # /promote
    text: str
    channel: str
    trigger: str
    delivery: str
    room: str = ""  # the channel's name


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it stands on somebody's screen: what it is, what it shows, and what was chosen in it so far."""

    view: str
    hash: str
    callback: str
    promotion: str
    values: Mapping[str, str | tuple[str, ...]]
    rev: str = ""

    def text(self, name: str) -> str:
        """The trimmed text of one input; empty when it is not there."""
        value = self.values.get(name, "")
        return value.strip() if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True)
class Click:
    """A button that was pressed."""

    caller: Caller
    action: str
    promotion: str
    rev: str
    channel: str  # empty in a modal or home
    ts: str  # of the message
    private: bool  # the message is only that person's
    trigger: str
    delivery: str
    form: WantedForm | None = None  # that the button opens once more
    filled: Filled | None = None  # the form that it was pressed in


@dataclass(frozen=True, slots=True)
class Submission:
    """A form that was sent."""

    caller: Caller
    callback: str
    view: str
    promotion: str
    rev: str
    values: Mapping[str, str | tuple[str, ...]]
    delivery: str
    blocks: Mapping[str, str]  # the block of each input: below it an error finds its place

    def text(self, name: str) -> str:
        """The trimmed text of one field; empty when it is not there."""
        value = self.values.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    def choices(self, name: str) -> tuple[str, ...]:
        """The chosen options of one field."""
        value = self.values.get(name, ())
        return value if isinstance(value, tuple) else ((value,) if value else ())


@dataclass(frozen=True, slots=True)
class Search:
    """A select that asks for its options."""

    caller: Caller
    action: str
    block: str
    query: str


class _Value(BaseModel):
    model_config = ConfigDict(extra="ignore")
    id: str = ""
    rev: str = ""
    form: WantedForm | None = None


def typed(body: Mapping[str, Any]) -> Typed:
    """A slash command's form."""
    try:
        return Typed(
            caller=Caller(body["user_id"], body["team_id"], body.get("api_app_id", "")),
            command=body["command"],
            text=html.unescape(body.get("text", "")),
            channel=body["channel_id"],
            trigger=body["trigger_id"],
            delivery=body["trigger_id"],
            room=body.get("channel_name", ""),
        )
    except KeyError as missing:
        raise Malformed(f"a slash command without {missing}") from None


def click(body: Mapping[str, Any]) -> Click:
    """A block_actions payload's first action."""
    try:
        action = body["actions"][0]
        container = body.get("container", {})
        value = _value(action.get("value") or "{}")
        return Click(
            caller=sender(body),
            action=action["action_id"],
            promotion=value.id,
            rev=value.rev,
            channel=container.get("channel_id", ""),
            ts=container.get("message_ts", ""),
            private=bool(container.get("is_ephemeral", False)),
            trigger=body.get("trigger_id", ""),
            delivery=f"{body.get('trigger_id', '')}:{action.get('action_ts', '')}",
            form=value.form,
            filled=_filled(body.get("view") or {}),
        )
    except (KeyError, IndexError, AttributeError, TypeError) as wrong:
        raise Malformed(f"a click that is not one: {wrong!r}") from None


def submission(body: Mapping[str, Any]) -> Submission:
    """A view_submission payload."""
    try:
        view = body["view"]
        metadata = _value(view.get("private_metadata") or "{}")
        return Submission(
            caller=sender(body),
            callback=view["callback_id"],
            view=view["id"],
            promotion=metadata.id,
            rev=metadata.rev,
            values=_values(view),
            delivery=body.get("trigger_id") or view["id"],
            blocks={name: block for block, name, _ in _inputs(view)},
        )
    except (KeyError, AttributeError, TypeError) as wrong:
        raise Malformed(f"a form that is not one: {wrong!r}") from None


def search(body: Mapping[str, Any]) -> Search:
    """A block_suggestion payload."""
    try:
        return Search(
            caller=sender(body),
            action=body["action_id"],
            block=str(body.get("block_id", "")),
            query=str(body.get("value") or ""),
        )
    except (KeyError, AttributeError, TypeError) as wrong:
        raise Malformed(f"a search that is not one: {wrong!r}") from None


def caller(body: Mapping[str, Any]) -> Caller:
    """Who sent any Slack payload."""
    try:
        if "user_id" in body:
            return Caller(body["user_id"], body["team_id"], body.get("api_app_id", ""))
        return sender(body)
    except (KeyError, AttributeError, TypeError) as wrong:
        raise Malformed(f"a payload without a sender: {wrong!r}") from None


def sender(body: Mapping[str, Any]) -> Caller:
    """The one who did something interactive; their own workspace where Slack names it."""
    user = body["user"]
    team = user.get("team_id") or (body.get("team") or {}).get("id", "")
    return Caller(user["id"], team, body.get("api_app_id", ""))


def _value(text: str) -> _Value:
    """A button's value or a view's metadata: an id and the digest that was shown; anything else is nothing."""
    try:
        return _Value.model_validate_json(text)
    except ValidationError:
        return _Value()


def _filled(view: Mapping[str, Any]) -> Filled | None:
    if view.get("type") != "modal":
        return None
    metadata = _value(view.get("private_metadata") or "{}")
    return Filled(
        view=view["id"],
        hash=view.get("hash", ""),
        callback=view.get("callback_id", ""),
        promotion=metadata.id,
        rev=metadata.rev,
        values=_values(view),
    )


def _values(view: Mapping[str, Any]) -> Mapping[str, str | tuple[str, ...]]:
    """What each input holds, by the input's own name: its block may be named after what it depends on."""
    return {name: _chosen(state) for _, name, state in _inputs(view)}


def _inputs(view: Mapping[str, Any]) -> list[tuple[str, str, Mapping[str, Any]]]:
    """Each input of a form: its block, its name, its state."""
    values = (view.get("state") or {}).get("values", {})
    return [(block, name, state) for block, inputs in values.items() for name, state in inputs.items()]


def _chosen(state: Mapping[str, Any]) -> str | tuple[str, ...]:
    if state.get("selected_options") is not None:
        return tuple(option["value"] for option in state["selected_options"])
    if state.get("selected_option"):
        return str(state["selected_option"]["value"])
    return str(state.get("value") or state.get("selected_time") or "")
