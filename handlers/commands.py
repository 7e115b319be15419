"""Lines that people type, after `/promote`, `/rollback` or a mention: one line, one private answer."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from blocks import answers, replies
from blocks.rendition import Rendition
from bot.domain import command_line
from bot.domain import lines as line
from bot.domain.documents import Adoption
from bot.domain.errors import CannotParse, NoSuchPromotion
from bot.domain.face import Button, WantedForm
from bot.domain.line_incident import is_said_in_a_room
from bot.domain.line_words import Here
from bot.domain.messages import Approve, Cancel, Command, Reject, Request, Retry
from bot.domain.policy import Kind, Person
from bot.service import Answer, Applied, Unavailable
from handlers import doctor, home, incidents, plans, questions, request_form, rollback_form, whoami
from handlers.asked import Asked
from handlers.desk import Desk, face, is_checking
from handlers.payloads import Typed
from handlers.places import Place, place_to_undo, unknown_place, unknown_service
from handlers.whereabouts import example_service, service_of

ROLLBACK = "/rollback"


async def answer(desk: Desk, person: Person, typed: Typed) -> Rendition | None:
    """Do what a slash command says and answer it; None: a form opens, or the answer comes later."""
    room = await desk.store.find_by_channel(typed.channel) if is_said_in_a_room(typed.text) else None
    here = Here(room or "", service_of(desk, typed.channel, typed.room))
    parse = command_line.parse_rollback if typed.command == ROLLBACK else command_line.parse
    asked = Asked(
        desk, person, typed.channel, typed.delivery, trigger=typed.trigger, here=here, room=typed.room
    )
    return await act(asked, parse(typed.text, desk.known, here))


async def act(asked: Asked, meaning: line.Line | CannotParse) -> Rendition | None:
    """Do what a line means and answer it, whichever way it came; None: a form opens, or the
    answer comes later."""
    if isinstance(meaning, CannotParse):
        return replies.refused(meaning)
    home.learns(asked.desk, asked.person, meaning)
    return await LINES[type(meaning)](asked, meaning)


async def _ask(asked: Asked, meaning: line.Ask) -> Rendition | None:
    if not (meaning.service and meaning.version and meaning.environment):
        return await _open_request(asked, meaning)
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
        asked_thread=asked.thread,
    )
    return _requested(asked, await asked.desk.service.request(request, dedupe=asked.dedupe))


def _requested(asked: Asked, answer: Answer) -> Rendition:
    """The reply to a request that was stored, or why it was not."""
    if isinstance(answer, Applied):
        return replies.asked(face(answer), answer.context.rules.service.channel)
    return asked.said_no(answer)


async def _open_request(asked: Asked, meaning: line.Ask) -> Rendition | None:
    if meaning.service and meaning.service not in asked.desk.catalog().services:
        return replies.refused(unknown_service(asked.desk, meaning.service))
    wanted = WantedForm(
        request_form.NAME,
        service=meaning.service,
        environment=meaning.environment,
        version=meaning.version,
        reason=meaning.reason,
    )
    if asked.is_mention:
        return replies.form_here(wanted)
    await request_form.open_request(asked.desk, asked.form_trigger, wanted)
    return None


async def _undo(asked: Asked, meaning: line.Undo) -> Rendition | None:
    where = await place_to_undo(asked.desk, meaning, asked.channel)
    if not isinstance(where, Place):
        return replies.refused(where)
    if not meaning.reason:
        wanted = WantedForm(
            "rollback", where.promotion, where.service, where.environment, meaning.version, meaning.remark
        )
        if asked.is_mention:
            return replies.form_here(wanted)
        await rollback_form.open_rollback(asked.desk, asked.form_trigger, where, wanted)
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
        asked_thread=asked.thread,
        kind=Kind.ROLLBACK,
        undoes=where.promotion,
    )
    return _requested(asked, await asked.desk.service.request(request, dedupe=asked.dedupe))


async def _yes(asked: Asked, meaning: line.SayYes) -> Rendition:
    asked.desk.channels.heard(asked.channel)
    message = Approve(meaning.promotion, asked.person.name, note=meaning.note, where=asked.channel)
    return await _tell(asked, message)


async def _no(asked: Asked, meaning: line.SayNo) -> Rendition:
    return await _tell(asked, Reject(meaning.promotion, asked.person.name, meaning.reason))


async def _stop(asked: Asked, meaning: line.Stop) -> Rendition:
    return await _tell(asked, Cancel(meaning.promotion, asked.person.name, meaning.reason))


async def _again(asked: Asked, meaning: line.Again) -> Rendition | None:
    looked = await asked.desk.service.look(meaning.promotion)
    if looked is not None and not looked.promotion.phase.is_open:
        if asked.is_mention:
            return replies.form_here(WantedForm(Button.REQUEST_AGAIN.value, meaning.promotion))
        await request_form.open_again(asked.desk, asked.form_trigger, looked.promotion)
        return None
    return await _tell(asked, Retry(meaning.promotion, asked.person.name, meaning.gate))


async def _tell(asked: Asked, message: Command) -> Rendition:
    """Hand a command about a known promotion to the door and say what came of it."""
    if await asked.desk.store.load(message.promotion) is None:
        return replies.refused(NoSuchPromotion(message.promotion))
    answer = await asked.desk.service.handle(message, dedupe=asked.dedupe)
    if isinstance(answer, Applied):
        if isinstance(message, Approve) and is_checking(answer, asked.person):
            return replies.recorded_checking_membership(face(answer))
        return replies.recorded(face(answer))
    return asked.said_no(answer)


async def _record(asked: Asked, meaning: line.Record) -> Rendition:
    desk = asked.desk
    adoption = Adoption(
        service=meaning.service,
        environment=meaning.environment,
        version=meaning.version,
        by=asked.person.name,
        reason=meaning.reason,
        asked_in=asked.channel,
        asked_thread=asked.thread,
        at=desk.service.clock.now(),
    )
    refusal = unknown_place(desk, meaning.service, meaning.environment)
    refusal = refusal or await desk.adoptions.refusal(adoption)
    if refusal is not None:
        return replies.refused(refusal)
    if not await desk.adoptions.ask(adoption):
        return asked.said_no(Unavailable("the adoption was not kept"))
    return replies.adopting(meaning.service, meaning.environment, meaning.version)


async def _plan(asked: Asked, meaning: line.AskPlan) -> Rendition | None:
    return await plans.answer(asked, meaning)


async def _status(asked: Asked, meaning: line.AskStatus) -> Rendition:
    return await questions.status(asked.desk, asked.person, meaning.subject)


async def _why(asked: Asked, meaning: line.AskWhy) -> Rendition:
    return await questions.why(asked.desk, meaning, asked.channel)


async def _history(asked: Asked, meaning: line.AskHistory) -> Rendition:
    return await questions.history(asked.desk, meaning)


async def _who_am_i(asked: Asked, meaning: line.AskWhoAmI) -> Rendition | None:
    return await whoami.answer(asked, meaning)


async def _doctor(asked: Asked, meaning: line.AskDoctor) -> Rendition:
    return await doctor.answer(asked.desk, asked.person, asked.later)


async def _help(asked: Asked, meaning: line.AskHelp) -> Rendition:
    service = example_service(asked.desk, asked.here.service, asked.channel, asked.room)
    return answers.help_text(meaning.topic, service)


LINES: Mapping[type, Callable[[Asked, Any], Awaitable[Rendition | None]]] = {
    line.Ask: _ask,
    line.AskPlan: _plan,
    line.AskStatus: _status,
    line.AskWhy: _why,
    line.AskHistory: _history,
    line.AskWhoAmI: _who_am_i,
    line.AskDoctor: _doctor,
    line.SayYes: _yes,
    line.SayNo: _no,
    line.Stop: _stop,
    line.Again: _again,
    line.Undo: _undo,
    line.Record: _record,
    line.Acknowledge: incidents.by_line,
    line.Lead: incidents.by_line,
    line.WriteNote: incidents.note_by_line,
    line.Close: incidents.by_line,
    line.AskHelp: _help,
}
