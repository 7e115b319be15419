"""The crash registry is complete: whatever the bot commits and whatever it calls has a point on either side."""

import inspect
from collections import Counter
from typing import get_args

import pytest

from bot.domain.effects import CancelOther, Effect, TellUndone
from bot.domain.messages import EffectDone, EffectsBegun, Message
from bot.performer import PERFORMERS
from bot.ports import Chat, Pager, Probe, Repository
from tests.durability.registry import MET_IN, ONLY_AFTER, ROWS, declared, points_of
from tests.durability.stories import STORIES

PORTS = {"chat": Chat, "repository": Repository, "pager": Pager, "probe": Probe}
TOLD = {TellUndone: "commit:undone", CancelOther: "commit:cancel_other"}  # one promotion tells another


def calls() -> list[tuple[str, str]]:
    """In whose name which method is called, for every declared call."""
    return [(what.split(":")[1], what.split(":")[2]) for what in declared() if what.startswith("call:")]


def methods() -> list[str]:
    """Every method of every port that goes out."""
    return [
        f"{name}.{method}"
        for name, port in PORTS.items()
        for method, function in vars(port).items()
        if inspect.iscoroutinefunction(function)
    ]


def snake(name: str) -> str:
    """DispatchAccepted as audit rows call it."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")


@pytest.mark.parametrize("effect", PERFORMERS, ids=[one.__name__ for one in PERFORMERS])
def test_every_effect_has_a_crash_point(effect: type) -> None:
    """An effect that nobody is killed at is one that nobody knows to be safe."""
    assert [by for by, _ in calls() if by.partition(".")[0] == effect.__name__]


def test_no_effect_is_performed_beside_the_points() -> None:
    """Every effect of the union is performed by a performer, or is one promotion's word to another: a commit."""
    assert set(get_args(Effect)) == {*PERFORMERS, *TOLD}
    assert set(TOLD.values()) <= declared()


@pytest.mark.parametrize("method", methods())
def test_every_outside_call_has_a_crash_point(method: str) -> None:
    """Whatever a port can do is done by some story, and dies before and after."""
    assert method in {called for _, called in calls()}


@pytest.mark.parametrize("message", get_args(Message), ids=[one.__name__ for one in get_args(Message)])
def test_every_message_has_a_crash_point(message: type) -> None:
    """Whatever can happen to a promotion is committed by some story, and dies before and after."""
    keyed = message in (EffectsBegun, EffectDone)
    committed = {what.split(":")[1] for what in declared() if what.startswith("commit:")}
    assert snake(message.__name__) in committed
    assert not keyed or any(what.startswith(f"commit:{snake(message.__name__)}:") for what in declared())


def test_every_point_is_declared_once_and_somebody_comes_by() -> None:
    """No point stands under two stories, and each stands under a story that exists."""
    stands = Counter(what for whats in MET_IN.values() for what in whats)
    assert [what for what, count in stands.items() if count > 1] == []
    assert set(MET_IN) == set(STORIES)
    assert set(ONLY_AFTER) <= declared()


def test_every_crash_row_of_the_faults_is_a_point() -> None:
    """F01 to F09 name points of the registry; F10 is the same points while a rollback runs."""
    points = {one for story in MET_IN for one in points_of(story)}
    assert set(ROWS.values()) <= points
    assert sorted(ROWS) == [f"F0{number}" for number in range(1, 10)]
