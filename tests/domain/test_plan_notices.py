"""Which messages are still owed: the card two seconds apart, chatter at most once, a failure at least once."""

from dataclasses import replace

import pytest

from bot.domain.context import Context
from bot.domain.effects import Note, Say, ShowCard
from bot.domain.messages import (
    Approve,
    EffectDone,
    EffectFailed,
    EffectsBegun,
    VersionNotFound,
    VersionSeen,
)
from bot.domain.plan import Plan, plan
from bot.domain.plan_notices import COALESCE
from bot.domain.policy import digest_of
from bot.domain.portrait import face_of
from bot.domain.promotion import Promotion
from tests.domain.builders import (
    BAD,
    OLDER,
    RULES,
    T0,
    after,
    approved,
    at,
    context,
    deploying,
    ended,
    health,
    held,
    judged,
    promotion,
    reviewed,
)

P = "P-142"


def planned(one: Promotion, world: Context) -> Plan:
    """The plan of this moment."""
    return plan(one, world, judged(one, world))


def keys(one: Promotion, world: Context) -> set[str]:
    """The keys of what is to be done now."""
    return {effect.key for effect in planned(one, world).effects}


def carded(one: Promotion, world: Context) -> Promotion:
    """The same, with a card that shows it as it is."""
    shown = digest_of(face_of(one, world, judged(one, world)))
    return after(one, world, EffectDone(P, "card", "1.1", "C1", shown))


def notes(one: Promotion, world: Context) -> list[Note]:
    """What is to be said now."""
    return [effect.note for effect in planned(one, world).effects if isinstance(effect, Say)]


def test_a_card_is_edited_only_for_news() -> None:
    """The face that is shown is not shown again, at whatever time."""
    one = carded(reviewed(), context())
    assert "card" not in keys(one, at(context(), 3))
    assert "card" not in keys(one, at(context(), 200))


def test_edits_of_one_card_are_two_seconds_apart() -> None:
    """R11: coalesced, and the last state is always shown."""
    one = after(carded(reviewed(), context()), context(), Approve(P, "bo"))
    assert "card" not in keys(one, at(context(), COALESCE - 0.1))
    assert planned(one, at(context(), COALESCE - 0.1)).wake == T0 + COALESCE
    both = after(one, at(context(), 1), Approve(P, "cy"))
    card = next(
        effect for effect in planned(both, at(context(), COALESCE)).effects if isinstance(effect, ShowCard)
    )
    assert [approval.by.name for approval in card.face.approvals] == ["bo", "cy"]
    assert card.ts == "1.1"


def test_f78_a_card_that_is_gone_is_posted_anew() -> None:
    """No loop of edits of a message that cannot be edited."""
    one = after(carded(reviewed(), context()), context(), EffectFailed(P, "card", "gone", T0, lost=True))
    card = next(effect for effect in planned(one, context()).effects if isinstance(effect, ShowCard))
    assert card.ts == ""


def test_f08_a_card_that_was_begun_is_posted_again() -> None:
    """At most one extra card; no card at all would be worse."""
    one = after(reviewed(), context(), EffectsBegun(P, ("card",)))
    assert "card" in keys(one, context())


def test_chatter_that_was_begun_is_not_said_again() -> None:
    """Nobody can say whether it was said, and it is not worth a second time."""
    one = carded(deploying(), context(slot=held()))
    assert notes(one, at(context(slot=held()), 3)) == [Note.STARTED]
    begun = after(one, context(slot=held()), EffectsBegun(P, (Note.STARTED,)))
    assert notes(begun, at(context(slot=held()), 3)) == []


def test_chatter_that_failed_and_was_begun_again_is_not_said_again() -> None:
    """Incident: a first try was limited, the second one was cut off by a crash, and the note was said twice."""
    world = context(slot=held())
    one = carded(deploying(), world)
    begun = EffectsBegun(P, (Note.STARTED,))
    crashed = after(one, world, begun, EffectFailed(P, Note.STARTED, "429", T0 + 1), begun)
    assert notes(crashed, at(world, 3)) == []


def test_a_mention_that_was_begun_is_said_again() -> None:
    """Incident: Slack answered 500, and the approvers were never asked."""
    one = carded(reviewed(), context())
    begun = after(one, context(), EffectsBegun(P, (Note.MENTION,)))
    assert notes(begun, at(context(), 3)) == [Note.MENTION]


def test_chatter_that_failed_is_said_later() -> None:
    """A failure is known not to have been said."""
    one = carded(reviewed(), context())
    failed = after(
        one, context(), EffectsBegun(P, (Note.MENTION,)), EffectFailed(P, Note.MENTION, "503", T0 + 9)
    )
    assert notes(failed, at(context(), 8)) == []
    assert notes(failed, at(context(), 9)) == [Note.MENTION]


@pytest.mark.parametrize("note", [Note.FAILED, Note.ROLLED_BACK])
def test_a_broadcast_that_was_begun_is_said_again(note: Note) -> None:
    """Said twice is better than a failure that nobody heard of."""
    world = at(context(), 90)
    one = carded(replace(ended("failure"), undone_by="P-143", undone_to="v2.14.2"), world)
    begun = after(one, world, EffectsBegun(P, (Note.FAILED, Note.ROLLED_BACK)))
    assert note in notes(begun, world)


def test_nothing_is_said_before_there_is_a_card_to_hang_it_below() -> None:
    """Notes live in the card's thread."""
    assert notes(reviewed(), context()) == []


def test_each_approval_is_told_once() -> None:
    """The thread names whoever approved, and does not repeat itself."""
    one = carded(approved(RULES, "bo"), context())
    world = at(context(), 3)
    assert notes(one, world) == [Note.MENTION, Note.APPROVED]
    said = after(one, world, *(EffectDone(P, effect.key) for effect in planned(one, world).effects))
    assert notes(said, world) == []


def test_void_approvals_are_told_once() -> None:
    """The thread says what changed, when something that lasts did."""
    world = at(context(), 3)
    one = carded(after(approved(), context(), VersionSeen(P, OLDER, "main", None)), world)
    assert Note.VOIDED in notes(one, world)
    said = after(one, world, *(EffectDone(P, effect.key) for effect in planned(one, world).effects))
    assert Note.VOIDED not in notes(said, world)


def test_a_blocked_promotion_says_so_once_for_the_same_reasons() -> None:
    """A gate that goes on saying no is no news each time."""
    world = at(context(), 3)
    one = carded(after(reviewed(), context(), health(BAD)), context())
    assert notes(one, world) == [Note.BLOCKED]
    said = after(one, world, *(EffectDone(P, effect.key) for effect in planned(one, world).effects))
    later = after(said, at(context(), 70), health(replace(BAD, attempts=6)))
    assert notes(later, at(context(), 80)) == []


def test_what_is_turned_away_is_told_privately() -> None:
    """No card, no thread: the answer goes to whoever asked, and the rest of the world hears nothing."""
    one = after(promotion(), context(), VersionNotFound(P, "missing", ("v2.14.2",)))
    effects = planned(one, context()).effects
    assert [(effect.key, getattr(effect, "thread", None)) for effect in effects] == [("turned_away", "")]
    done = after(one, context(), EffectDone(P, "turned_away"))
    assert planned(done, context()).is_settled


def test_a_look_up_that_keeps_failing_is_told_privately() -> None:
    """GitHub cannot be read: whoever asked hears it, while there is no card that could say it."""
    once = after(promotion(), context(), EffectFailed(P, "look:version", "503", T0 + 1))
    assert notes(once, context()) == []
    twice = after(once, context(), EffectFailed(P, "look:version", "503", T0 + 2))
    assert notes(twice, context()) == [Note.DELAYED]
