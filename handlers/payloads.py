"""The only file that indexes raw JSON: what Slack sends, as small types (GitHub's and PagerDuty's: `handlers.news`).

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
    app: str


@dataclass(frozen=True, slots=True)
class Typed:
    """A slash command."""

    caller: Caller
    command: str  # /promote
    text: str
    channel: str
    trigger: str
    delivery: str


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
    view: str
    chosen: str  # the option of a select
    trigger: str
    delivery: str
    form: WantedForm | None = None  # that the button opens once more


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
    query: str
    values: Mapping[str, str | tuple[str, ...]]


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
            caller=_caller(body),
            action=action["action_id"],
            promotion=value.id,
            rev=value.rev,
            channel=container.get("channel_id", ""),
            ts=container.get("message_ts", ""),
            private=bool(container.get("is_ephemeral", False)),
            view=(body.get("view") or {}).get("id", ""),
            chosen=str((action.get("selected_option") or {}).get("value", "")),
            trigger=body.get("trigger_id", ""),
            delivery=f"{body.get('trigger_id', '')}:{action.get('action_ts', '')}",
            form=value.form,
        )
    except (KeyError, IndexError, AttributeError, TypeError) as wrong:
        raise Malformed(f"a click that is not one: {wrong!r}") from None


def submission(body: Mapping[str, Any]) -> Submission:
    """A view_submission payload."""
    try:
        view = body["view"]
        metadata = _value(view.get("private_metadata") or "{}")
        return Submission(
            caller=_caller(body),
            callback=view["callback_id"],
            view=view["id"],
            promotion=metadata.id,
            rev=metadata.rev,
            values=_values(view.get("state", {}).get("values", {})),
            delivery=body.get("trigger_id") or view["id"],
        )
    except (KeyError, AttributeError, TypeError) as wrong:
        raise Malformed(f"a form that is not one: {wrong!r}") from None


def search(body: Mapping[str, Any]) -> Search:
    """A block_suggestion payload."""
    try:
        state = (body.get("view") or {}).get("state", {})
        return Search(
            caller=_caller(body),
            action=body["action_id"],
            query=body.get("value", ""),
            values=_values(state.get("values", {})),
        )
    except (KeyError, AttributeError, TypeError) as wrong:
        raise Malformed(f"a search that is not one: {wrong!r}") from None


def caller(body: Mapping[str, Any]) -> Caller:
    """Who sent any Slack payload."""
    try:
        if "user_id" in body:
            return Caller(body["user_id"], body["team_id"], body.get("api_app_id", ""))
        return _caller(body)
    except (KeyError, AttributeError, TypeError) as wrong:
        raise Malformed(f"a payload without a sender: {wrong!r}") from None


def _caller(body: Mapping[str, Any]) -> Caller:
    user = body["user"]
    team = user.get("team_id") or (body.get("team") or {}).get("id", "")
    return Caller(user["id"], team, body.get("api_app_id", ""))


def _value(text: str) -> _Value:
    """A button's value or a view's metadata: an id and the digest that was shown; anything else is nothing."""
    try:
        return _Value.model_validate_json(text)
    except ValidationError:
        return _Value()


def _values(values: Mapping[str, Any]) -> Mapping[str, str | tuple[str, ...]]:
    return {
        block: _chosen(state) for block, actions in values.items() for state in list(actions.values())[:1]
    }


def _chosen(state: Mapping[str, Any]) -> str | tuple[str, ...]:
    if state.get("selected_options") is not None:
        return tuple(option["value"] for option in state["selected_options"])
    if state.get("selected_option"):
        return str(state["selected_option"]["value"])
    return str(state.get("value") or "")
