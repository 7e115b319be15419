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
from bot.domain.policy import Person
from handlers import clicks, commands, forms, payloads
from handlers.desk import Desk
from handlers.failures import Broke, guarded
from handlers.payloads import Caller

COMMANDS = ("/promote", "/rollback")
UNAVAILABLE = 503
Body = Mapping[str, Any]


def slack_app(desk: Desk) -> AsyncApp:
    """The Bolt app. Signatures are checked on the raw bytes before anything reaches it (bot/web.py)."""
    app = AsyncApp(
        name="greenlight",  # else Bolt reads the source files of all its callers to find one
        process_before_response=True,
        request_verification_enabled=False,
        ssl_check_enabled=False,
        authorize=_authorize(desk),
    )
    for command in COMMANDS:
        app.command(command)(_on_command(desk))
    app.action(re.compile(".*"))(_on_click(desk))
    app.view(re.compile(".*"))(_on_form(desk))
    app.options(re.compile(".*"))(_on_search(desk))
    return app


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
            reply = _said(broke)
        if reply is None:
            await ack()
        else:
            await ack(text=reply.text, blocks=reply.blocks or [])

    return listener


async def _command(desk: Desk, body: Body) -> Rendition | None:
    typed = payloads.typed(body)
    person = _admit(desk, typed.caller)
    return person if isinstance(person, Rendition) else await commands.answer(desk, person, typed)


def _on_click(desk: Desk) -> Callable[..., Awaitable[BoltResponse | None]]:
    async def listener(ack: AsyncAck, body: dict[str, Any]) -> BoltResponse | None:
        click = payloads.click(body)
        person = _identify(desk, click.caller)
        if isinstance(person, Person) and desk.limits.asks(person.name):
            return BoltResponse(status=UNAVAILABLE)
        try:
            if isinstance(person, Person):
                await guarded(lambda: clicks.press(desk, person, click))
            else:
                _whisper(desk, click.caller, click.channel, person)
        except Broke as broke:
            _whisper(desk, click.caller, click.channel, _said(broke))
            if broke.reason != "ours":
                return BoltResponse(status=UNAVAILABLE)  # an acknowledgement is a receipt
        await ack()
        return None

    return listener


def _on_form(desk: Desk) -> Callable[..., Awaitable[None]]:
    async def listener(ack: AsyncAck, body: dict[str, Any]) -> None:
        form = payloads.submission(body)
        person = _admit(desk, form.caller)
        try:
            outcome = (
                forms.said(person)
                if isinstance(person, Rendition)
                else await guarded(lambda: forms.send(desk, person, form))
            )
        except Broke as broke:
            outcome = forms.said(_said(broke))
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
        person = _identify(desk, search.caller)
        found = () if isinstance(person, Rendition) else await forms.options(desk, person, search)
        await ack(options=[{"text": {"type": "plain_text", "text": name}, "value": name} for name in found])

    return listener


def _identify(desk: Desk, caller: Caller) -> Person | Rendition:
    """The person, or what to say to somebody who is none."""
    person = desk.accounts.identify(caller.user, caller.team, caller.app)
    return person if isinstance(person, Person) else replies.refused(person)


def _admit(desk: Desk, caller: Caller) -> Person | Rendition:
    """The person, as long as they ask no faster than hands can; else what to say."""
    person = _identify(desk, caller)
    if isinstance(person, Rendition):
        return person
    too_fast = desk.limits.asks(person.name)
    return replies.refused(too_fast) if too_fast else person


def _said(broke: Broke) -> Rendition:
    match broke.reason:
        case "store down":
            return replies.store_down()
        case "newer":
            return replies.newer()
        case "ours":
            return replies.internal(broke.reference)


def _whisper(desk: Desk, caller: Caller, channel: str, rendition: Rendition) -> None:
    if channel:
        desk.courier.send(lambda: desk.chat.whisper(channel, caller.user, rendition.text, rendition.blocks))
