"""The entries of Slack's menus: beside the composer, and beside each message, in threads too."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from blocks import question_views
from blocks.rendition import View
from blocks.words import shortcuts as words
from bot import entrances
from bot.domain.face import Button, WantedForm
from bot.domain.policy import Person
from bot.domain.promotion import Promotion
from handlers import request_form, rollback_form
from handlers.attach import attach
from handlers.desk import Desk, Trigger, face
from handlers.event_payloads import Shortcut
from handlers.places import Place
from handlers.questions import status_rows
from handlers.rungs import by_rungs
from handlers.whereabouts import promotion_here

Open = Callable[[Desk, Trigger, Shortcut], Awaitable[None]]


async def answer(desk: Desk, person: Person, shortcut: Shortcut) -> None:
    """Do what an entry of a menu says: most open something, and one keeps a message as a note."""
    trigger = Trigger(shortcut.trigger, person, shortcut.channel)
    await SHORTCUTS.get(shortcut.callback, _unknown)(desk, trigger, shortcut)


def show(desk: Desk, trigger: str, view: View) -> None:
    """Open a modal that only says something, in the plainest form that Slack takes."""
    desk.openers.send(lambda: by_rungs(partial(desk.chat.open_view, trigger), view))


async def show_status(desk: Desk, trigger: Trigger) -> None:
    """Open what runs where, of one's own services."""
    rows, note = await status_rows(desk, trigger.person, everything=False)
    show(desk, trigger.id, question_views.status(rows, note))


async def _promote(desk: Desk, trigger: Trigger, shortcut: Shortcut) -> None:
    await request_form.open_request(desk, trigger, WantedForm(request_form.NAME))


async def _status(desk: Desk, trigger: Trigger, shortcut: Shortcut) -> None:
    await show_status(desk, trigger)


async def _explain(desk: Desk, trigger: Trigger, shortcut: Shortcut) -> None:
    promotion = await _promotion(desk, shortcut)
    applied = await desk.service.look(promotion.id) if promotion else None
    if applied is None:
        show(desk, trigger.id, question_views.not_ours(words.EXPLAIN))
        return
    wanted = WantedForm(Button.DETAILS.value, applied.promotion.id)
    desk.open(trigger, question_views.why(face(applied)), wanted)


async def _roll_back(desk: Desk, trigger: Trigger, shortcut: Shortcut) -> None:
    promotion = await _promotion(desk, shortcut)
    if promotion is None:
        show(desk, trigger.id, question_views.not_ours(words.ROLL_BACK))
        return
    place = Place(promotion.service, promotion.environment, promotion.id)
    wanted = WantedForm(Button.ROLL_BACK.value, promotion.id)
    await rollback_form.open_rollback(desk, trigger, place, wanted)


async def _attach(desk: Desk, trigger: Trigger, shortcut: Shortcut) -> None:
    view = await attach(desk, trigger.person, shortcut)
    if view is not None:
        show(desk, trigger.id, view)


async def _unknown(desk: Desk, trigger: Trigger, shortcut: Shortcut) -> None:
    show(desk, trigger.id, question_views.unknown())


async def _promotion(desk: Desk, shortcut: Shortcut) -> Promotion | None:
    """The promotion that a message is about: the record decides, not what stands on the message."""
    return await promotion_here(desk, shortcut.channel, shortcut.thread or shortcut.message)


SHORTCUTS: Mapping[str, Open] = {
    entrances.PROMOTE.callback: _promote,
    entrances.WHAT_IS_DEPLOYED.callback: _status,
    entrances.EXPLAIN.callback: _explain,
    entrances.UNDO.callback: _roll_back,
    entrances.ATTACH.callback: _attach,
}
