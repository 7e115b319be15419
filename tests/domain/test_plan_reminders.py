"""Who is owed a letter: those who can still approve at half and at nine tenths, and those who asked to hear; once."""

from dataclasses import replace

import pytest

from bot.domain.context import Context
from bot.domain.letters import Occasion, WriteLetter
from bot.domain.messages import Approve, Cancel, EffectDone, EffectFailed, EffectsBegun
from bot.domain.plan import Plan, plan
from bot.domain.plan_reminders import FAN_OUT, HALF, NEARLY, NEWS, PUT_OFF
from bot.domain.policy import Person
from bot.domain.preferences import Readers
from bot.domain.promotion import Promotion
from tests.domain.builders import (
    PEOPLE,
    RULES,
    TEAMS,
    after,
    approved,
    at,
    context,
    ended,
    judged,
    reviewed,
    team,
)

P = "P-142"
EXPIRES = RULES.expires or 0.0


def carded(one: Promotion, world: Context) -> Promotion:
    """The same, with a card."""
    return after(one, world, EffectDone(P, "card", "1.1", "C1", ""))


def waiting(world: Context | None = None) -> tuple[Promotion, Context]:
    """Approval is awaited, and there is a card."""
    world = world or context()
    return carded(reviewed(), world), world


def planned(one: Promotion, world: Context) -> Plan:
    """The plan of this moment."""
    return plan(one, world, judged(one, world))


def letters(one: Promotion, world: Context) -> list[tuple[Occasion, str]]:
    """The letters that are to be written now, all of them, one after the other."""
    found: list[tuple[Occasion, str]] = []
    while True:
        due = [effect for effect in planned(one, world).effects if isinstance(effect, WriteLetter)]
        assert len(due) <= 1  # of many begun at once, a death would lose many
        if not due:
            return found
        found.append((due[0].occasion, due[0].to.name))
        one = after(one, world, EffectDone(P, due[0].key, shown=due[0].shown))


def since(one: Promotion, part: float) -> float:
    """Seconds from the start of the builders' time until so much of the wait is over."""
    assert one.awaiting_since is not None
    return one.awaiting_since - context().now + part * EXPIRES


def test_nobody_is_written_to_before_half_of_the_time_is_over() -> None:
    """Until then the mention in the thread is all; the plan wakes at that moment."""
    one, world = waiting()
    assert letters(one, at(world, since(one, 0.49))) == []
    wake = planned(one, at(world, since(one, 0.49))).wake
    assert wake is not None
    assert wake <= (one.awaiting_since or 0.0) + HALF * EXPIRES


@pytest.mark.parametrize(("part", "occasion"), [(HALF, Occasion.HALFWAY), (NEARLY, Occasion.LATE)])
def test_at_each_mark_everybody_who_could_still_approve(part: float, occasion: Occasion) -> None:
    """Bo and Cy; not Ana, who asked. Of marks that went by unseen only the last one is told."""
    one, world = waiting()
    assert letters(one, at(world, since(one, part))) == [(occasion, "bo"), (occasion, "cy")]


def test_whoever_has_approved_is_left_alone() -> None:
    """Bo did; Cy is still asked."""
    one, world = waiting()
    one = after(one, world, Approve(P, "bo"))
    assert letters(one, at(world, since(one, HALF))) == [(Occasion.HALFWAY, "cy")]


def test_nobody_is_written_to_without_a_card_or_without_an_end() -> None:
    """There is nowhere to lead to; and what never expires has no half."""
    world = context()
    assert letters(reviewed(), at(world, EXPIRES * HALF + 60)) == []
    forever = context(replace(RULES, expires=None))
    one = carded(reviewed(), forever)
    assert letters(one, at(forever, 30 * 86_400.0)) == []


def test_a_letter_that_may_have_been_written_is_not_written_again() -> None:
    """Begun and never reported: unclear. The next occasion is another letter."""
    one, world = waiting()
    half = at(world, since(one, HALF))
    one = after(one, half, EffectsBegun(P, ("letter:bo",)))
    assert letters(one, half) == [(Occasion.HALFWAY, "cy")]
    assert (Occasion.LATE, "bo") in letters(one, at(world, since(one, NEARLY)))


def test_a_letter_that_failed_is_tried_again_when_it_may() -> None:
    """Slack asked to wait, or it is night: at that moment, and not before."""
    one, world = waiting()
    half = at(world, since(one, HALF))
    one = after(one, half, EffectsBegun(P, ("letter:bo",)))
    one = after(one, half, EffectFailed(P, "letter:bo", "quiet hours", half.now + 600))
    assert (Occasion.HALFWAY, "bo") not in letters(one, half)
    assert (Occasion.HALFWAY, "bo") in letters(one, at(world, since(one, HALF) + 600))


def test_a_wait_that_begins_anew_repeats_no_mark() -> None:
    """Bo was written to at half of the first wait, and hears next at nine tenths of the second."""
    one, world = waiting()
    one = after(one, at(world, since(one, HALF)), EffectDone(P, "letter:bo", shown=Occasion.HALFWAY))
    again = replace(one, awaiting_since=(one.awaiting_since or 0.0) + 10_000)
    assert (Occasion.HALFWAY, "bo") not in letters(again, at(world, since(again, HALF)))
    assert (Occasion.LATE, "bo") in letters(again, at(world, since(again, NEARLY)))


def test_at_most_fifteen_people_are_written_to() -> None:
    """However large the team is: the group is mentioned in the thread anyway."""
    crowd = {f"m{number:02}": Person(f"m{number:02}", f"U0M{number}") for number in range(40)}
    teams = {**TEAMS, RULES.approvals[0].team: team(RULES.approvals[0].team, *crowd)}
    one, world = waiting(replace(context(), people={**PEOPLE, **crowd}, teams=teams))
    assert len(letters(one, at(world, since(one, HALF)))) == FAN_OUT


def test_readers_hear_at_once_that_they_are_needed() -> None:
    """Only those on the list, and again at half of the time like everybody."""
    one, world = waiting(replace(context(), readers=Readers(approvals=("bo", "eli"))))
    assert letters(one, world) == [(Occasion.NEEDED, "bo")]
    one = after(one, world, EffectDone(P, "letter:bo", shown=Occasion.NEEDED))
    assert letters(one, at(world, since(one, HALF))) == [(Occasion.HALFWAY, "bo"), (Occasion.HALFWAY, "cy")]


def test_whoever_asked_hears_of_the_end_and_the_team_of_a_failure_each_once() -> None:
    """The requester is told how it ended, and not a second time as a member of the team."""
    everybody = Readers(finished=("ana",), failures=("ana", "dee", "eli"))
    world = at(replace(context(), readers=everybody), 3600)
    failed = carded(ended("failure"), world)
    told = letters(failed, at(world, 60))
    assert (Occasion.FINISHED, "ana") in told
    assert (Occasion.FAILED, "ana") not in told
    assert "eli" not in {name for _, name in told}
    assert letters(carded(ended("success"), world), at(world, 60)) == [(Occasion.FINISHED, "ana")]


def test_an_end_of_long_ago_is_no_news() -> None:
    """Who asks today for letters about ends is not told of all those that were."""
    world = replace(context(), readers=Readers(finished=("ana",)))
    one = carded(ended("success"), world)
    assert one.ending is not None
    late = replace(world, now=one.ending.at + NEWS + 1)
    assert letters(one, late) == []
    put_off = after(one, world, EffectFailed(P, "letter:ana", "quiet hours", late.now))
    assert letters(put_off, late) == [(Occasion.FINISHED, "ana")]
    next_day = replace(world, now=one.ending.at + PUT_OFF + 1)
    assert letters(put_off, next_day) == []
    assert planned(put_off, next_day).wake is None


def test_who_ends_their_own_request_knows() -> None:
    """Ana takes hers back: no letter; Bo rejects it: one."""
    world = replace(context(), readers=Readers(finished=("ana",)))
    one = carded(reviewed(), world)
    assert letters(after(one, world, Cancel(P, "ana")), world) == []
    assert letters(after(one, world, Cancel(P, "bo")), world) == [(Occasion.FINISHED, "ana")]


def test_a_decision_ends_the_reminders() -> None:
    """Both approved: nothing is left to be reminded of, and the plan does not wake for it."""
    one = carded(approved(), context())
    assert letters(one, at(context(), EXPIRES * NEARLY + 60)) == []
