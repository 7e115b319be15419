"""Registers what Slack may send with Bolt. Each listener: identify, hand over, acknowledge with the answer."""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.response import BoltResponse

from blocks import replies
from blocks.rendition import Rendition
from bot.courier import noted
from bot.domain.policy import Person
from bot.entrances import COMMANDS
from handlers import clicks, commands, forms, payloads
from handlers.admission import UNAVAILABLE, admit, identify, is_unchecked, said, whisper
from handlers.desk import Desk
from handlers.failures import Broke, guarded
from handlers.slack_events import register_events

Body = Mapping[str, Any]
NOTHING: Mapping[str, Any] = {"options": []}


def slack_app(desk: Desk) -> AsyncApp:
    """The Bolt app. Signatures are checked on the raw bytes before anything reaches it (bot/web.py)."""
    app = AsyncApp(
        name="greenlight",  # else Bolt reads the source files of all its callers to find one
        process_before_response=True,
        request_verification_enabled=False,
        ssl_check_enabled=False,
        authorize=_authorize(desk),
    )
    # Bolt asks one listener after the other whether it is meant: what people do most often is asked first.
    app.action(re.compile(".*"))(_on_click(desk))
    for command in COMMANDS:
        app.command(command.name)(_on_command(desk))
    app.view(re.compile(".*"))(_on_form(desk))
    app.options(re.compile(".*"))(_on_search(desk))
    register_events(app, desk)
    return app


def busy() -> Mapping[str, object]:
    """The answer to a command for which there is no room."""
    words = replies.busy()
    return {"response_type": "ephemeral", "text": words.text, "blocks": words.blocks}


def _authorize(desk: Desk) -> Callable[..., Awaitable[AuthorizeResult]]:
    """What Bolt wants to know of us; asked of the cache, because no acknowledgement waits for Slack."""

    async def authorize(**_: object) -> AuthorizeResult:
        me = desk.accounts.me
        return AuthorizeResult(
            enterprise_id=None,
            team_id=me.team if me else None,
            bot_id=me.bot if me else None,
            bot_user_id=me.user if me else None,
        )

    return authorize


def _on_command(desk: Desk) -> Callable[..., Awaitable[None]]:
    async def listener(ack: AsyncAck, body: dict[str, Any]) -> None:
        try:
            reply = await guarded(lambda: _command(desk, body))
        except Broke as broke:
            reply = said(broke)
        if reply is None:
            await ack()
        else:
            await ack(text=noted(reply).text, blocks=reply.blocks or [])

    return listener


async def _command(desk: Desk, body: Body) -> Rendition | None:
    typed = payloads.typed(body)
    person = admit(desk, typed.caller)
    return person if isinstance(person, Rendition) else await commands.answer(desk, person, typed)


def _on_click(desk: Desk) -> Callable[..., Awaitable[BoltResponse | None]]:
    async def listener(ack: AsyncAck, body: dict[str, Any]) -> BoltResponse | None:
        click = payloads.click(body)
        person = identify(desk, click.caller)
        if isinstance(person, Rendition):
            whisper(desk, click.caller, click.channel, person)
            return BoltResponse(status=UNAVAILABLE) if is_unchecked(desk, click.caller) else await ack()
        if desk.limits.asks(person.name):
            return BoltResponse(status=UNAVAILABLE)
        try:
            await guarded(lambda: clicks.press(desk, person, click))
        except Broke as broke:
            whisper(desk, click.caller, click.channel, said(broke))
            if broke.reason != "ours":
                return BoltResponse(status=UNAVAILABLE)  # an acknowledgement is a receipt
        await ack()
        return None

    return listener


def _on_form(desk: Desk) -> Callable[..., Awaitable[None]]:
    async def listener(ack: AsyncAck, body: dict[str, Any]) -> None:
        form = payloads.submission(body)
        person = admit(desk, form.caller)
        try:
            outcome = (
                forms.said(person, form)
                if isinstance(person, Rendition)
                else await guarded(lambda: forms.send(desk, person, form))
            )
        except Broke as broke:
            outcome = forms.said(said(broke), form)
        await _acknowledge(ack, outcome)

    return listener


async def _acknowledge(ack: AsyncAck, outcome: forms.Outcome) -> None:
    match outcome:
        case forms.Closed():
            await ack()
        case forms.FieldErrors(errors=errors):
            await ack(response_action="errors", errors=dict(errors))
        case forms.Replaced(view=view):
            await ack(response_action="update", view=view)


def _on_search(desk: Desk) -> Callable[..., Awaitable[None]]:
    async def listener(ack: AsyncAck, body: dict[str, Any]) -> None:
        search = payloads.search(body)
        person = identify(desk, search.caller)
        try:
            found = await guarded(lambda: _found(desk, person, search))
        except Broke:
            found = NOTHING
        await ack(**found)

    return listener


async def _found(desk: Desk, person: Person | Rendition, search: payloads.Search) -> Mapping[str, Any]:
    """What a select offers; to somebody who is nobody here, nothing."""
    return NOTHING if isinstance(person, Rendition) else await forms.options(desk, person, search)
