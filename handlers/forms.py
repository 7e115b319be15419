"""Forms that were sent, what is chosen in open ones, and the selects in them that ask for their options."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace

from blocks import details_modal, incident_forms, modals, replies, request_modal, rollback_modal
from blocks.preferences import PREFERENCES
from blocks.rendition import Blocks, Rendition, View
from blocks.text import bare
from blocks.words import forms as form_words
from blocks.words import incident_forms as incident_words
from blocks.words import receipts as receipt_words
from blocks.words import request_form as request_words
from bot.courier import noted
from bot.domain.errors import BadVersion, ReasonNeeded, RunMissing, ServesAnother, UnknownService
from bot.domain.forms import Checking, NotAsked
from bot.domain.incident_messages import AddNote, CloseIncident
from bot.domain.messages import AdoptRun, Command, Reject, Request
from bot.domain.policy import Kind, Person
from bot.service import Answer, Applied, Refused
from handlers import details_form, preferences, request_form, rollback_form
from handlers.changes import choice_of
from handlers.desk import Desk, face, words
from handlers.payloads import Click, Filled, Search, Submission
from handlers.places import Place, unknown_place
from handlers.receipts import title_of


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
Redraw = Callable[[Desk, Person, Filled, str], Awaitable[None]]


async def send(desk: Desk, person: Person, form: Submission) -> Outcome:
    """Do what a form says; what does not fit comes back beside its field."""
    handler = CALLBACKS.get(form.callback)
    outcome = await handler(desk, person, form) if handler is not None else Closed()
    return _placed(outcome, form) if isinstance(outcome, FieldErrors) else outcome


def _placed(wrong: FieldErrors, form: Submission) -> FieldErrors:
    """The errors by the blocks of their inputs; one whose input is not there stands below the last one."""
    last = next(reversed(list(form.blocks.values())), "reason")
    return FieldErrors({form.blocks.get(name, last): sentence for name, sentence in wrong.errors.items()})


async def chosen(desk: Desk, person: Person, click: Click) -> bool:
    """Something was chosen in an open form: draw again what depends on it. False: no form's choice."""
    filled = click.filled
    if filled is None:
        return False
    tab = details_modal.tab_of(click.action)
    if tab is not None:
        applied = await desk.service.look(filled.promotion)
        if applied is not None:
            await details_form.turn(desk, applied, filled, tab)
        return True
    acts, redraw = CHOICES.get(filled.callback, (frozenset(), request_form.redraw))
    if click.action in acts:
        await redraw(desk, person, filled, click.action)
    return click.action in acts


async def _request(desk: Desk, person: Person, form: Submission) -> Outcome:
    wrong = _wrong_place(desk, form) or await _wrong_version(desk, form)
    if wrong is not None:
        return wrong
    too_fast = desk.limits.is_asked_for(form.text("service"))
    if too_fast is not None:
        return _no("service", replies.refused(too_fast))
    request = Request(
        promotion="",
        correlation="",
        by=person.name,
        service=form.text("service"),
        environment=form.text("environment"),
        version=form.text("version"),
        reason=form.text("reason"),
        skip=form.choices("skip_health"),
        skip_reason=form.text("skip_reason"),
        retries=await request_form.retried(desk, form.promotion, form.text("service")),
    )
    answer = await desk.service.request(request, dedupe=f"slack:{form.delivery}")
    return _accepted(desk, form, answer, _request_field(answer))


def _wrong_place(desk: Desk, form: Submission) -> FieldErrors | None:
    """A service or a stage that is none: the catalog was changed, or what was sent was never offered."""
    service, environment = form.text("service"), form.text("environment")
    refusal = unknown_place(desk, service, environment)
    if refusal is None:
        return None
    if isinstance(refusal, UnknownService):
        return _no("service", replies.refused(refusal))
    path = desk.catalog().services[service].environments
    return _field("environment", request_words.no_stage(service, environment, path))


async def _wrong_version(desk: Desk, form: Submission) -> FieldErrors | None:
    """A version that was chosen for another service, or that serves there already."""
    service, environment = form.text("service"), form.text("environment")
    offered_for, _ = request_modal.place_of(form.blocks.get("version", ""))
    if offered_for and offered_for != service:
        return _field("version", request_words.other_service(service))
    choice = await choice_of(desk, service, environment)
    live = request_form.serves_surely(choice, form.text("version"))
    return _field("version", request_words.live_already(live)) if live is not None else None


async def _rollback(desk: Desk, person: Person, form: Submission) -> Outcome:
    place = await rollback_form.place_of(desk, form)
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
        seen=await rollback_form.seen(desk, form),
    )
    answer = await desk.service.request(request, dedupe=f"slack:{form.delivery}")
    if isinstance(answer, Refused) and isinstance(answer.refusal, ServesAnother):
        return await _look_again(desk, place, form)
    return _accepted(desk, form, answer, "reason")


async def _look_again(desk: Desk, place: Place, form: Submission) -> Outcome:
    """The form for what serves now, with the reason that was typed; GitHub is not waited for."""
    now = await rollback_form.anew(desk, place, form.text("reason"))
    if isinstance(now.changes, Checking):
        now = replace(now, changes=NotAsked("later"))
    return Replaced(rollback_modal.rollback(now))


async def _reject(desk: Desk, person: Person, form: Submission) -> Outcome:
    if not form.text("reason"):
        return _field("reason", form_words.BLANK_REASON)
    reason = form_words.rejected_because(form.text("why"), form.text("reason"))
    return await _command(desk, form, Reject(form.promotion, person.name, reason), "reason")


async def _adopt_run(desk: Desk, person: Person, form: Submission) -> Outcome:
    run = form.text("run").rstrip("/").rpartition("/")[2]
    if not run.isdecimal():
        return _no("run", replies.refused(RunMissing(form.promotion, run)))
    return await _command(desk, form, AdoptRun(form.promotion, person.name, int(run)), "run")


async def _note(desk: Desk, person: Person, form: Submission) -> Outcome:
    if not form.text("note"):
        return _field("note", incident_words.BLANK_NOTE)
    return await _command(desk, form, AddNote(form.promotion, person.name, form.text("note")), "note")


async def _resolve(desk: Desk, person: Person, form: Submission) -> Outcome:
    return await _command(desk, form, CloseIncident(form.promotion, person.name, form.text("note")), "note")


async def _preferences(desk: Desk, person: Person, form: Submission) -> Outcome:
    wrong = await preferences.save(desk, person, form)
    return FieldErrors(wrong) if wrong else Closed()


async def _command(desk: Desk, form: Submission, message: Command, field: str) -> Outcome:
    answer = await desk.service.handle(message, dedupe=f"slack:{form.delivery}")
    said = words(answer)
    return _no(field, said) if said is not None else Closed()


def said(rendition: Rendition, form: Submission) -> Outcome:
    """A sentence below a form's last input, so that nothing is lost that was typed; a form without any is replaced."""
    if form.blocks:
        return _placed(_no("", rendition), form)
    return Replaced(modals.message(request_words.TITLE, rendition.text))


def _accepted(desk: Desk, form: Submission, answer: Answer, field: str) -> Outcome:
    """The receipt, which is redrawn when there is a card; what was refused stands beside its field."""
    if isinstance(answer, Applied):
        desk.receipts.await_card(answer.promotion.id, form.view)
        channel = answer.context.rules.service.channel
        said = receipt_words.asked(face(answer), channel, receipt_words.BY_LETTER)
        return Replaced(modals.message(title_of(answer.promotion), said))
    if isinstance(answer, Refused) and isinstance(answer.refusal, ReasonNeeded):
        blank = field == "skip_reason"
        return _field(field, request_words.BLANK_SKIP_REASON if blank else request_words.BLANK_REASON)
    said_no = words(answer)
    return _no(field, said_no) if said_no is not None else Closed()


def _request_field(answer: Answer) -> str:
    """The field that a refusal is about."""
    refusal = answer.refusal if isinstance(answer, Refused) else None
    if isinstance(refusal, BadVersion):
        return "version"
    return "skip_reason" if isinstance(refusal, ReasonNeeded) and "skip" in refusal.action else "reason"


def _no(field: str, rendition: Rendition) -> FieldErrors:
    """A refusal beside a field, where there is no room for its code: that is in the log alone."""
    return _field(field, noted(rendition).text)


def _field(name: str, text: str) -> FieldErrors:
    return FieldErrors({name: bare(text, 250)})


async def options(desk: Desk, person: Person, search: Search) -> Mapping[str, Blocks]:
    """What a select offers for what was typed so far; from the catalog, the store and the cache, at once."""
    return await request_form.found(desk, search)


CALLBACKS: Mapping[str, Send] = {
    request_modal.REQUEST: _request,
    rollback_modal.ROLLBACK: _rollback,
    modals.REJECT: _reject,
    modals.ADOPT_RUN: _adopt_run,
    incident_forms.NOTE: _note,
    incident_forms.RESOLVE: _resolve,
    PREFERENCES: _preferences,
}
CHOICES: Mapping[str, tuple[frozenset[str], Redraw]] = {
    request_modal.REQUEST: (request_form.ACTS, request_form.redraw),
    rollback_modal.ROLLBACK: (rollback_form.ACTS, rollback_form.redraw),
}
