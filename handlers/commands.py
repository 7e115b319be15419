"""`/promote` and `/rollback`: one typed line, one private answer."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from blocks import modals, replies
from blocks.rendition import Rendition, View
from bot.domain import command_line as line
from bot.domain.documents import Adoption
from bot.domain.errors import (
    CannotParse,
    NoSuchPromotion,
    Refusal,
    UnknownEnvironment,
    UnknownService,
)
from bot.domain.face import Button, WantedForm
from bot.domain.messages import Approve, Cancel, Command, Reject, Request, Retry
from bot.domain.nearest import nearest
from bot.domain.policy import Kind, Person
from bot.service import Answer, Applied
from handlers import questions, surfaces
from handlers.desk import Desk, Trigger, face, is_checking, words
from handlers.payloads import Typed

ROLLBACK = "/rollback"


@dataclass(frozen=True, slots=True)
class Asked:
    """A line, who typed it, and where."""

    desk: Desk
    person: Person
    channel: str
    trigger: str
    delivery: str


async def answer(desk: Desk, person: Person, typed: Typed) -> Rendition | None:
    """Do what a line says and answer it; None: a form opens instead."""
    asked = Asked(desk, person, typed.channel, typed.trigger, typed.delivery)
    parse = line.parse_rollback if typed.command == ROLLBACK else line.parse
    meaning = parse(typed.text, desk.known)
    if isinstance(meaning, CannotParse):
        return replies.refused(meaning)
    return await LINES[type(meaning)](asked, meaning)


async def _ask(asked: Asked, meaning: line.Ask) -> Rendition | None:
    if not (meaning.service and meaning.version and meaning.environment):
        return _open_request(asked, meaning)
    refusal = unknown_place(asked.desk, meaning.service, meaning.environment)
    refusal = refusal or asked.desk.limits.is_asked_for(meaning.service)
    if refusal is not None:
        return replies.refused(refusal)
    request = Request(
        promotion="",
        correlation="",
        by=asked.person.name,
        service=meaning.service,
        environment=meaning.environment,
        version=meaning.version,
        reason=meaning.reason,
        asked_in=asked.channel,
    )
    return requested(await asked.desk.service.request(request, dedupe=_delivery(asked)))


def requested(answer: Answer) -> Rendition:
    """The reply to a request that was stored, or why it was not."""
    if isinstance(answer, Applied):
        return asked_for(answer)
    return words(answer) or replies.store_down()


def asked_for(applied: Applied) -> Rendition:
    """What is said of a promotion that was just stored: a rollback knows its version already."""
    if applied.promotion.kind is Kind.ROLLBACK:
        return replies.rolling_back(face(applied))
    return replies.accepted(applied.promotion.id, applied.context.rules.service.channel)


def _open_request(asked: Asked, meaning: line.Ask) -> Rendition | None:
    if meaning.service and meaning.service not in asked.desk.catalog().services:
        return replies.refused(unknown_service(asked.desk, meaning.service))
    form = surfaces.request_form(
        asked.desk, meaning.service, meaning.version, meaning.environment, meaning.reason
    )
    wanted = WantedForm(
        "request",
        service=meaning.service,
        environment=meaning.environment,
        version=meaning.version,
        reason=meaning.reason,
    )
    _open(asked, modals.request(form), wanted)
    return None


def _open(asked: Asked, view: View, wanted: WantedForm) -> None:
    asked.desk.open(Trigger(asked.trigger, asked.person, asked.channel), view, wanted)


async def _undo(asked: Asked, meaning: line.Undo) -> Rendition | None:
    where = await questions.place_to_undo(asked.desk, meaning, asked.channel)
    if not isinstance(where, questions.Place):
        return replies.refused(where)
    if not meaning.reason:
        form = await surfaces.rollback_form(asked.desk, where, meaning.version)
        wanted = WantedForm("rollback", where.promotion, where.service, where.environment, meaning.version)
        _open(asked, modals.rollback(form), wanted)
        return None
    request = Request(
        promotion="",
        correlation="",
        by=asked.person.name,
        service=where.service,
        environment=where.environment,
        version=meaning.version,
        reason=meaning.reason,
        asked_in=asked.channel,
        kind=Kind.ROLLBACK,
        undoes=where.promotion,
    )
    return requested(await asked.desk.service.request(request, dedupe=_delivery(asked)))


async def _yes(asked: Asked, meaning: line.SayYes) -> Rendition:
    message = Approve(meaning.promotion, asked.person.name, note=meaning.note)
    return await _tell(asked, message)


async def _no(asked: Asked, meaning: line.SayNo) -> Rendition:
    return await _tell(asked, Reject(meaning.promotion, asked.person.name, meaning.reason))


async def _stop(asked: Asked, meaning: line.Stop) -> Rendition:
    return await _tell(asked, Cancel(meaning.promotion, asked.person.name, meaning.reason))


async def _again(asked: Asked, meaning: line.Again) -> Rendition | None:
    looked = await asked.desk.service.look(meaning.promotion)
    if looked is not None and not looked.promotion.phase.is_open:
        form = surfaces.again_form(asked.desk, looked.promotion)
        _open(asked, modals.request(form), WantedForm(Button.REQUEST_AGAIN.value, meaning.promotion))
        return None
    return await _tell(asked, Retry(meaning.promotion, asked.person.name, meaning.gate))


async def _tell(asked: Asked, message: Command) -> Rendition:
    """Hand a command about a known promotion to the door and say what came of it."""
    if await asked.desk.store.load(message.promotion) is None:
        return replies.refused(NoSuchPromotion(message.promotion))
    answer = await asked.desk.service.handle(message, dedupe=_delivery(asked))
    if isinstance(answer, Applied):
        if isinstance(message, Approve) and is_checking(answer, asked.person):
            return replies.recorded_checking_membership(face(answer))
        return replies.recorded(face(answer))
    return words(answer) or replies.store_down()


async def _record(asked: Asked, meaning: line.Record) -> Rendition:
    desk = asked.desk
    adoption = Adoption(
        service=meaning.service,
        environment=meaning.environment,
        version=meaning.version,
        by=asked.person.name,
        reason=meaning.reason,
        asked_in=asked.channel,
        at=desk.service.clock.now(),
    )
    refusal = unknown_place(desk, meaning.service, meaning.environment)
    refusal = refusal or await desk.adoptions.refusal(adoption)
    if refusal is not None:
        return replies.refused(refusal)
    if not await desk.adoptions.ask(adoption):
        return replies.store_down()
    return replies.adopting(meaning.service, meaning.environment, meaning.version)


async def _status(asked: Asked, meaning: line.AskStatus) -> Rendition:
    return await questions.status(asked.desk, meaning.subject)


async def _why(asked: Asked, meaning: line.AskWhy) -> Rendition:
    return await questions.why(asked.desk, meaning, asked.channel)


async def _history(asked: Asked, meaning: line.AskHistory) -> Rendition:
    return await questions.history(asked.desk, meaning)


async def _help(asked: Asked, meaning: line.AskHelp) -> Rendition:
    services = tuple(asked.desk.catalog().services)
    return replies.help_text(meaning.topic, services[0] if services else "checkout")


def unknown_service(desk: Desk, name: str) -> UnknownService:
    """E01, with the nearest name that exists."""
    known = tuple(desk.catalog().services)
    return UnknownService(name, nearest(name, known), known)


def unknown_place(desk: Desk, service: str, environment: str) -> Refusal | None:
    """Why a service or one of its environments is not one, or None when both exist."""
    known = desk.catalog().services.get(service)
    if known is None:
        return unknown_service(desk, service)
    if environment not in known.environments:
        return UnknownEnvironment(
            service, environment, nearest(environment, known.environments), known.environments
        )
    return None


def _delivery(asked: Asked) -> str:
    return f"slack:{asked.delivery}"


LINES: Mapping[type, Callable[[Asked, Any], Awaitable[Rendition | None]]] = {
    line.Ask: _ask,
    line.AskStatus: _status,
    line.AskWhy: _why,
    line.AskHistory: _history,
    line.SayYes: _yes,
    line.SayNo: _no,
    line.Stop: _stop,
    line.Again: _again,
    line.Undo: _undo,
    line.Record: _record,
    line.AskHelp: _help,
}
