"""Buttons. Each carries an id and the digest that was shown; the stored promotion decides everything else."""

from collections.abc import Awaitable, Callable, Mapping

from blocks import home as home_blocks
from blocks import modals, replies
from blocks.rendition import View
from bot.courier import tell
from bot.domain.errors import NoSuchPromotion, StaleCard, StrangeSurface
from bot.domain.face import Button, WantedForm
from bot.domain.messages import (
    Approve,
    Cancel,
    Command,
    EffectDone,
    IsLive,
    NeverStarted,
    Retry,
    SkipWait,
    Supersede,
)
from bot.domain.policy import Person, digest_of
from bot.domain.promotion import Entry, Promotion
from bot.ports import Refused as SlackRefused
from bot.service import Applied, Refused, Unavailable
from bot.store.protocol import StoreDown
from handlers import details_form, forms, home, incidents, preferences, request_form, rollback_form
from handlers.desk import Desk, Trigger, face, is_checking, words
from handlers.payloads import Click
from handlers.places import Place, unknown_place

Press = Callable[[Desk, Person, Click, Applied], Awaitable[None]]
SURFACES = ("card", "mirror", "incident_card")
POSTING = 60.0  # seconds between the mark that a message is posted and the time that Slack gives it, at most


async def press(desk: Desk, person: Person, click: Click) -> None:
    """Do what a button says. The card shows what came of it; a refusal is said privately."""
    if click.action in LINKS:
        return
    if await forms.chosen(desk, person, click):
        return
    if click.action == replies.OPEN_FORM:
        await _open_again(desk, person, click)
        return
    if click.action in home.PRESSES:
        await home.press(desk, person, click)
        return
    if click.action not in set(Button):
        return
    applied = await desk.service.look(click.promotion)
    if applied is None:
        desk.whisper(click.channel, person, replies.refused(NoSuchPromotion(click.promotion)))
        return
    if _is_strange(applied.promotion, click):
        _disarm(desk, person, applied, click)
        return
    await BUTTONS[Button(click.action)](desk, person, click, applied)
    await _redraw(desk, applied, click)


async def _redraw(desk: Desk, applied: Applied, click: Click) -> None:
    """A button that its message ought not to show: an edit that Slack took was lost, so it is sent once more."""
    shown = face(applied)
    there = (*shown.buttons, *(shown.incident.buttons if shown.incident is not None else ()))
    if click.private or (Button(click.action) in there and click.rev == shown.digest):
        return
    for key in SURFACES:
        entry = applied.promotion.ledger.get(key)
        if entry is None or not entry.ref or (entry.channel, entry.ref) != (click.channel, click.ts):
            continue
        if entry.shown == digest_of(shown):  # else an edit is due anyway
            await desk.service.handle(EffectDone(click.promotion, key, entry.ref, entry.channel, shown=""))


def _is_strange(promotion: Promotion, click: Click) -> bool:
    """A message with our buttons that we do not know as this promotion's: an orphan of a crash, or a copy."""
    if click.private or not click.ts:
        return False
    shown = [entry for key in SURFACES if (entry := promotion.ledger.get(key))]
    if any(_is_being_posted(entry, click) for entry in shown):
        return False  # Slack shows it to people before it tells us where it is
    return (click.channel, click.ts) not in {(entry.channel, entry.ref) for entry in shown}


def _is_being_posted(entry: Entry, click: Click) -> bool:
    """Whether this message may be the one whose posting began: as old as that, and where it was if that is known."""
    if entry.begun is None or entry.ref or entry.channel not in {"", click.channel}:
        return False
    posted = click.ts.partition(".")[0]
    return posted.isdigit() and abs(int(posted) - entry.begun) <= POSTING


def _disarm(desk: Desk, person: Person, applied: Applied, click: Click) -> None:
    """Take the buttons off a message that is not the card; a copy that is not ours is told to the person."""
    card, shown = applied.promotion.ledger.get("card"), face(applied)
    no = replies.refused(StrangeSurface(click.promotion))

    async def errand() -> None:
        link = await desk.chat.permalink(card.channel, card.ref) if card and card.ref else ""
        left = replies.stale_copy(shown, link)
        try:
            await desk.chat.update(click.channel, click.ts, left.text, left.rungs)
        except SlackRefused:
            await tell(desk.chat, click.channel, person, no)

    desk.courier.send(errand)


async def _tell(desk: Desk, person: Person, click: Click, message: Command) -> None:
    answer = await desk.service.handle(message, dedupe=f"slack:{click.delivery}")
    if isinstance(answer, Unavailable):
        raise StoreDown(answer.why)  # it is not acknowledged: Slack shows the person that it did not arrive
    if isinstance(answer, Applied):
        if isinstance(message, Approve) and is_checking(answer, person):
            desk.whisper(click.channel, person, replies.recorded_checking_membership(face(answer)))
        return
    if isinstance(answer, Refused) and _is_on_home(click):
        desk.homes.opened(person.name)  # whatever was refused there, what it shows is not how it is
        if isinstance(answer.refusal, StaleCard):
            desk.whisper("", person, home_blocks.out_of_date(click.promotion))
            return
    said = words(answer)
    if said is not None:
        desk.whisper(click.channel, person, said)


def _is_on_home(click: Click) -> bool:
    """Whether a button stands on Home: in no channel, and in no form."""
    return not click.channel and click.filled is None


async def _approve(desk: Desk, person: Person, click: Click, applied: Applied) -> None:
    where = "" if click.private else click.channel
    desk.channels.heard(where)
    await _tell(desk, person, click, Approve(click.promotion, person.name, digest=click.rev, where=where))


async def _cancel(desk: Desk, person: Person, click: Click, applied: Applied) -> None:
    await _tell(desk, person, click, Cancel(click.promotion, person.name))


async def _skip_wait(desk: Desk, person: Person, click: Click, applied: Applied) -> None:
    await _tell(desk, person, click, SkipWait(click.promotion, person.name))


async def _replace(desk: Desk, person: Person, click: Click, applied: Applied) -> None:
    older = face(applied).replaces
    if older:
        await _tell(desk, person, click, Supersede(older, person.name, click.promotion))


async def _retry(desk: Desk, person: Person, click: Click, applied: Applied) -> None:
    if applied.promotion.phase.is_open:
        await _tell(desk, person, click, Retry(click.promotion, person.name))
    else:
        await _request_again(desk, person, click, applied)


async def _request_again(desk: Desk, person: Person, click: Click, applied: Applied) -> None:
    await request_form.open_again(desk, _trigger(person, click), applied.promotion)


async def _reject(desk: Desk, person: Person, click: Click, applied: Applied) -> None:
    _open(desk, person, click, modals.reject(face(applied)), Button.REJECT)


async def _roll_back(desk: Desk, person: Person, click: Click, applied: Applied) -> None:
    promotion = applied.promotion
    place = Place(promotion.service, promotion.environment, promotion.id)
    wanted = WantedForm(Button.ROLL_BACK.value, promotion.id)
    await rollback_form.open_rollback(desk, _trigger(person, click), place, wanted)


async def _details(desk: Desk, person: Person, click: Click, applied: Applied) -> None:
    view = await details_form.details(desk, applied)
    _open(desk, person, click, view, Button.DETAILS)


async def _adopt_run(desk: Desk, person: Person, click: Click, applied: Applied) -> None:
    _open(desk, person, click, modals.adopt_run(face(applied)), Button.ADOPT_RUN)


def _open(desk: Desk, person: Person, click: Click, view: View, button: Button) -> None:
    wanted = WantedForm(button.value, click.promotion)
    desk.open(_trigger(person, click), view, wanted)


def _trigger(person: Person, click: Click) -> Trigger:
    return Trigger(click.trigger, person, click.channel)


async def _open_again(desk: Desk, person: Person, click: Click) -> None:
    """The button of a reply that a form did not open: whatever it carries, it opens a form and does nothing else."""
    wanted = click.form
    if wanted is None:
        return
    if wanted.name in FORMS:
        applied = await desk.service.look(click.promotion)
        if applied is None:
            desk.whisper(click.channel, person, replies.refused(NoSuchPromotion(click.promotion)))
        else:
            await FORMS[wanted.name](desk, person, click, applied)
        return
    gone = unknown_place(desk, wanted.service, wanted.environment) if wanted.name == "rollback" else None
    if gone is not None:
        desk.whisper(click.channel, person, replies.refused(gone))
        return
    if wanted.name == preferences.NAME:
        await preferences.open_preferences(desk, _trigger(person, click))
    elif wanted.name == "rollback":
        place = Place(wanted.service, wanted.environment, wanted.promotion)
        await rollback_form.open_rollback(desk, _trigger(person, click), place, wanted)
    else:
        await request_form.open_request(desk, _trigger(person, click), wanted)


async def _never_started(desk: Desk, person: Person, click: Click, applied: Applied) -> None:
    await _tell(desk, person, click, NeverStarted(click.promotion, person.name))


async def _is_live(desk: Desk, person: Person, click: Click, applied: Applied) -> None:
    await _tell(desk, person, click, IsLive(click.promotion, person.name))


FORMS: Mapping[str, Press] = {
    Button.REQUEST_AGAIN: _request_again,
    Button.REJECT: _reject,
    Button.ROLL_BACK: _roll_back,
    Button.DETAILS: _details,
    Button.ADOPT_RUN: _adopt_run,
    Button.ADD_NOTE: incidents.open_note,
    Button.RESOLVE: incidents.open_resolve,
}
LINKS = frozenset({Button.VIEW_RUN, Button.OPEN_INCIDENT})
BUTTONS: Mapping[Button, Press] = {
    Button.APPROVE: _approve,
    Button.REJECT: _reject,
    Button.CANCEL: _cancel,
    Button.CANCEL_RUN: _cancel,
    Button.SKIP_WAIT: _skip_wait,
    Button.RETRY: _retry,
    Button.REPLACE: _replace,
    Button.ROLL_BACK: _roll_back,
    Button.DETAILS: _details,
    Button.ADOPT_RUN: _adopt_run,
    Button.NEVER_STARTED: _never_started,
    Button.IS_LIVE: _is_live,
    Button.REQUEST_AGAIN: _request_again,
    Button.ACKNOWLEDGE: incidents.acknowledge,
    Button.TAKE_LEAD: incidents.take_lead,
    Button.ADD_NOTE: incidents.open_note,
    Button.RESOLVE: incidents.open_resolve,
}
