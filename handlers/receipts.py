"""Receipts: a form that was sent says where its promotion's card is as soon as there is one, or why there is none.

Nothing rests on it. What the form said when it was sent stays true for ever, the person may have closed it, and a
process that starts again has forgotten whose form shows what. A form that took another one's place in an
acknowledgement has a hash that Slack tells nobody, so it is redrawn without one: it has no field any more, and
nothing that somebody typed can be lost.
"""

import logging
from collections import OrderedDict
from functools import partial

from blocks import modals, replies
from blocks.rendition import View
from blocks.words import request_form, rollback_form
from bot.courier import Courier
from bot.domain.face import Face
from bot.domain.plan_notices import CARD
from bot.domain.policy import Kind
from bot.domain.portrait import face_of
from bot.domain.promotion import Entry, Phase, Promotion
from bot.ports import Chat, VendorError
from bot.service import Applied
from handlers.rungs import by_rungs

log = logging.getLogger(__name__)
MOST = 1_000  # forms that are remembered
TURNED_AWAY = frozenset({Phase.REJECTED, Phase.ERRORED})  # before there was a card, so that none comes


def title_of(promotion: Promotion) -> str:
    """The title of the form that asks for such a promotion."""
    return rollback_form.TITLE if promotion.kind is Kind.ROLLBACK else request_form.TITLE


class Receipts:
    """The forms that were sent to this process and wait for a card."""

    def __init__(self, chat: Chat, scouts: Courier) -> None:
        self._chat = chat
        self._scouts = scouts
        self._forms: OrderedDict[str, str] = OrderedDict()  # promotion -> the form that asked for it

    def await_card(self, promotion: str, form: str) -> None:
        """Remember in which form a promotion was asked for."""
        self._forms[promotion] = form
        if len(self._forms) > MOST:
            self._forms.popitem(last=False)

    def saw(self, applied: Applied) -> None:
        """Something was committed: the form that waits for it is redrawn, after everything else."""
        promotion = applied.promotion
        card = promotion.ledger.get(CARD)
        has_card = card is not None and bool(card.ref)
        if promotion.id not in self._forms or not (has_card or _gets_no_card(promotion)):
            return
        form = self._forms.pop(promotion.id)
        face = face_of(promotion, applied.context, applied.requirements)
        title = title_of(promotion)
        if card is not None and card.ref:
            self._scouts.send(partial(self._show_card, form, title, face, card))
        else:
            self._scouts.send(partial(self._draw, form, modals.turned_away(title, replies.not_started(face))))

    async def _show_card(self, form: str, title: str, face: Face, card: Entry) -> None:
        """Say where the card is; without a way there when Slack does not tell its address."""
        try:
            address = await self._chat.permalink(card.channel, card.ref)
        except VendorError as error:
            log.warning("a card without an address", extra={"why": str(error)})
            address = ""
        await self._draw(form, modals.posted(title, face, card.channel, address))

    async def _draw(self, form: str, view: View) -> None:
        try:
            await by_rungs(partial(self._chat.update_view, form), view)
        except VendorError as error:  # it was closed, as a rule
            log.debug("a form was not redrawn", extra={"why": str(error)})


def _gets_no_card(promotion: Promotion) -> bool:
    """Whether it ended before there was one: for what it asked, or because its author took it back in time."""
    return promotion.phase in TURNED_AWAY or (promotion.sha is None and not promotion.phase.is_open)
