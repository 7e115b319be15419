"""Buttons. Each carries an id and the digest that was shown; the stored promotion decides everything else."""

from collections.abc import Awaitable, Callable, Mapping

from blocks import modals, replies
from bot.courier import tell
from bot.domain.errors import NoSuchPromotion, StrangeSurface
from bot.domain.face import Button
from bot.domain.messages import Approve, Cancel, Command, IsLive, NeverStarted, Retry, SkipWait, Supersede
from bot.domain.policy import Person
from bot.domain.promotion import Entry, Promotion
from bot.ports import Refused as SlackRefused
from bot.service import Applied, Unavailable
from bot.store.protocol import StoreDown
from handlers import surfaces
from handlers.desk import Desk, face, is_checking, words
from handlers.payloads import Click
from handlers.questions import Place

Press = Callable[[Desk, Person, Click, Applied], Awaitable[None]]
SERVICE = "service"  # the select of the request form, on which its other fields depend
SURFACES = ("card", "mirror", "incident_card")
POSTING = 60.0  # seconds between the mark that a message is posted and the time that Slack gives it, at most


async def press(desk: Desk, person: Person, click: Click) -> None:
    """Do what a button says. The card shows what came of it; a refusal is said privately."""
    if click.action in LINKS:
        return
    if click.action == SERVICE:
        view = modals.request(surfaces.request_form(desk, click.chosen))
        desk.courier.send(lambda: desk.chat.update_view(click.view, view))
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
    said = words(answer)
    if said is not None:
        desk.whisper(click.channel, person, said)


async def _approve(desk: Desk, person: Person, click: Click, applied: Applied) -> None:
    await _tell(desk, person, click, Approve(click.promotion, person.name, digest=click.rev))


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
    form = surfaces.again_form(desk, applied.promotion)
    desk.open(click.trigger, modals.request(form))


async def _reject(desk: Desk, person: Person, click: Click, applied: Applied) -> None:
    desk.open(click.trigger, modals.reject(face(applied)))


async def _roll_back(desk: Desk, person: Person, click: Click, applied: Applied) -> None:
    promotion = applied.promotion
    place = Place(promotion.service, promotion.environment, promotion.id)
    form = await surfaces.rollback_form(desk, place)
    desk.open(click.trigger, modals.rollback(form))


async def _details(desk: Desk, person: Person, click: Click, applied: Applied) -> None:
    view = await surfaces.details(desk, applied)
    desk.open(click.trigger, view)


async def _adopt_run(desk: Desk, person: Person, click: Click, applied: Applied) -> None:
    desk.open(click.trigger, modals.adopt_run(face(applied)))


async def _never_started(desk: Desk, person: Person, click: Click, applied: Applied) -> None:
    await _tell(desk, person, click, NeverStarted(click.promotion, person.name))


async def _is_live(desk: Desk, person: Person, click: Click, applied: Applied) -> None:
    await _tell(desk, person, click, IsLive(click.promotion, person.name))


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
}
