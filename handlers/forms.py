"""Forms that were sent, and the selects in them that ask for their options."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from blocks import modals, replies
from blocks.rendition import Rendition, View
from blocks.text import bare
from blocks.words import forms as form_words
from bot.domain.errors import UnknownService
from bot.domain.messages import AdoptRun, Command, Reject, Request
from bot.domain.policy import Kind, Person
from bot.service import Answer, Applied
from handlers.commands import asked_for, unknown_place
from handlers.desk import Desk, words
from handlers.payloads import Search, Submission
from handlers.questions import Place


@dataclass(frozen=True, slots=True)
class Closed:
    """The form goes away."""


@dataclass(frozen=True, slots=True)
class FieldErrors:
    """The form stays, with a sentence beside each field that does not fit."""

    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Replaced:
    """Another view takes the form's place."""

    view: View


Outcome = Closed | FieldErrors | Replaced
Send = Callable[[Desk, Person, Submission], Awaitable[Outcome]]


async def send(desk: Desk, person: Person, form: Submission) -> Outcome:
    """Do what a form says; what does not fit comes back beside its field."""
    handler = CALLBACKS.get(form.callback)
    return await handler(desk, person, form) if handler is not None else Closed()


async def _request(desk: Desk, person: Person, form: Submission) -> Outcome:
    service, environment = form.text("service"), form.text("environment")
    refusal = unknown_place(desk, service, environment)
    if refusal is not None:
        field = "service" if isinstance(refusal, UnknownService) else "environment"
        return _field(field, replies.refused(refusal).text)
    too_fast = desk.limits.is_asked_for(service)
    if too_fast is not None:
        return _field("service", replies.refused(too_fast).text)
    request = Request(
        promotion="",
        correlation="",
        by=person.name,
        service=service,
        environment=environment,
        version=form.text("version"),
        reason=form.text("reason"),
        skip=form.choices("skip_health"),
        skip_reason=form.text("skip_reason"),
        retries=form.promotion,
    )
    answer = await desk.service.request(request, dedupe=f"slack:{form.delivery}")
    return _accepted(answer, _request_field(answer))


async def _rollback(desk: Desk, person: Person, form: Submission) -> Outcome:
    place = await _place(desk, form)
    request = Request(
        promotion="",
        correlation="",
        by=person.name,
        service=place.service,
        environment=place.environment,
        version=form.text("version"),
        reason=form.text("reason"),
        kind=Kind.ROLLBACK,
        undoes=place.promotion,
    )
    answer = await desk.service.request(request, dedupe=f"slack:{form.delivery}")
    return _accepted(answer, "reason")


async def _place(desk: Desk, form: Submission) -> Place:
    """The record decides; the form's own words count only where it undoes no promotion."""
    undone = await desk.store.load(form.promotion) if form.promotion else None
    if undone is not None:
        return Place(undone.service, undone.environment, undone.id)
    return Place(form.text("service"), form.text("environment"), "")


async def _reject(desk: Desk, person: Person, form: Submission) -> Outcome:
    return await _command(desk, form, Reject(form.promotion, person.name, form.text("reason")), "reason")


async def _adopt_run(desk: Desk, person: Person, form: Submission) -> Outcome:
    run = form.text("run").rstrip("/").rpartition("/")[2]
    if not run.isdecimal():
        return _field("run", form_words.RUN_HINT)
    return await _command(desk, form, AdoptRun(form.promotion, person.name, int(run)), "run")


async def _command(desk: Desk, form: Submission, message: Command, field: str) -> Outcome:
    answer = await desk.service.handle(message, dedupe=f"slack:{form.delivery}")
    said = words(answer)
    return _field(field, said.text) if said is not None else Closed()


def said(rendition: Rendition) -> Outcome:
    """A form that is replaced by a sentence."""
    return Replaced(modals.message(form_words.REQUEST, rendition.text))


def _accepted(answer: Answer, field: str) -> Outcome:
    if isinstance(answer, Applied):
        title = form_words.ROLL_BACK if answer.promotion.kind is Kind.ROLLBACK else form_words.REQUEST
        return Replaced(modals.message(title, asked_for(answer).text))
    said_no = words(answer)
    return _field(field, said_no.text) if said_no is not None else Closed()


def _request_field(answer: Answer) -> str:
    """The field that a refusal is about."""
    name = type(getattr(answer, "refusal", None)).__name__
    if name == "BadVersion":
        return "version"
    action = getattr(getattr(answer, "refusal", None), "action", "")
    return "skip_reason" if "skip" in action else "reason"


def _field(name: str, text: str) -> Outcome:
    return FieldErrors({name: bare(text, 250)})


async def options(desk: Desk, person: Person, search: Search) -> tuple[str, ...]:
    """What a select offers for what was typed so far; from the catalog, at once."""
    if search.action != "service":
        return ()
    query = search.query.lower()
    return tuple(name for name in desk.catalog().services if query in name)[:100]


CALLBACKS: Mapping[str, Send] = {
    modals.REQUEST: _request,
    modals.ROLLBACK: _rollback,
    modals.REJECT: _reject,
    modals.ADOPT_RUN: _adopt_run,
}
