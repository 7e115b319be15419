"""Where an approval may be given: in private, or in a channel where nobody of another company reads along."""

from dataclasses import replace

import pytest

from bot.domain.channels import Channel, Channels
from bot.domain.context import Context
from bot.domain.errors import NotChecked, SharedChannel
from bot.domain.messages import Approve, Reject
from bot.domain.policy import ApprovalRule, Kind
from bot.domain.portrait import face_of
from bot.domain.promotion import Entry, Phase
from bot.domain.requirements import requirements_of
from tests.domain.builders import ROLLBACK_RULES, after, context, refusal, reviewed

P = "P-142"
KNOWN = Channels(
    (
        Channel("C0IN", "checkout", "inside"),
        Channel("C0OUT", "partners", "outside"),
        Channel("C0DARK", "dark", "unread"),
    )
)


def world(before: Context | None = None) -> Context:
    """The world with three channels that were looked at."""
    return replace(before or context(), channels=KNOWN)


@pytest.mark.parametrize("where", ["", "D0BO", "C0IN"])
def test_a24_in_private_and_among_ourselves_an_approval_is_taken(where: str) -> None:
    """Home and forms are in no channel, a direct message is nobody else's."""
    assert after(reviewed(), world(), Approve(P, "bo", where=where)).approvals[0].by == "bo"


def test_a24_in_a_shared_channel_it_is_refused() -> None:
    """Whoever may approve is told where they can."""
    assert refusal(reviewed(), Approve(P, "bo", where="C0OUT"), world()) == SharedChannel(P, "C0OUT")


@pytest.mark.parametrize("where", ["C0DARK", "C0NEVER", "G0NEVER"])
def test_a24_where_nobody_looked_it_is_not_taken_yet(where: str) -> None:
    """Not read for long, or never: what could not be checked is not let through."""
    assert refusal(reviewed(), Approve(P, "bo", where=where), world()) == NotChecked("channel")


def test_a24_a_way_back_waits_for_no_look() -> None:
    """The approval of a rollback is refused in a shared channel only."""
    rules = replace(ROLLBACK_RULES, approvals=(ApprovalRule(1, "release-managers"),))
    undo, beside = replace(reviewed(), kind=Kind.ROLLBACK), world(context(rules))
    assert after(undo, beside, Approve(P, "bo", where="C0NEVER")).approvals
    assert refusal(undo, Approve(P, "bo", where="C0OUT"), beside) == SharedChannel(P, "C0OUT")


def test_a_no_is_taken_everywhere() -> None:
    """Stopping something needs no privacy."""
    assert after(reviewed(), world(), Reject(P, "bo", "not today")).phase is Phase.REJECTED


@pytest.mark.parametrize(("posted", "is_discreet"), [("", False), ("C0OUT", True), ("C0IN", False)])
def test_a24_the_face_says_less_where_its_card_is(posted: str, is_discreet: bool) -> None:
    """The channel of the catalog counts until the card is somewhere: it may have had to go elsewhere."""
    one = reviewed()
    carded = replace(one, ledger={**one.ledger, "card": Entry(ref="1.1", channel=posted)}) if posted else one
    assert face_of(carded, world(), requirements_of(carded, world())).discreet is is_discreet
