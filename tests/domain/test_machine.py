"""The table is total: every phase has an answer to every message, and none of them is an accident."""

from dataclasses import fields, is_dataclass, replace
from itertools import product
from typing import get_args

import pytest

from bot.domain.errors import AlreadyAsked, AlreadyDecided, NoSuchPromotion, Refusal, WrongPhase
from bot.domain.machine import COMMANDS, TABLE, Decision, decide
from bot.domain.messages import (
    Approve,
    Cancel,
    DispatchUnclear,
    EffectDone,
    EffectsBegun,
    Fact,
    Message,
    NotSent,
    Reject,
    Retry,
    RunNotFound,
    RunSeen,
    Woken,
)
from bot.domain.promotion import Phase
from tests.domain.builders import (
    HEALTHY,
    RULES,
    T0,
    VERIFIED_RULES,
    VERSION,
    after,
    context,
    decision,
    recorded,
    refusal,
    request,
    run_seen,
)
from tests.domain.stages import MESSAGES, P, in_every_phase

STAGES = in_every_phase()
CELLS = list(product(Phase, MESSAGES))
LEDGER = {
    "EffectsBegun",
    "EffectDone",
    "EffectFailed",
    "IncidentSeen",
    "OnCallSeen",
    "ChannelOpened",
}
TOLD_AFTER_END = {*LEDGER, "ServingSeen", "Undone", "Woken"}


def name(value: object) -> str:
    """A cell's name in the report."""
    return value.value if isinstance(value, Phase) else type(value).__name__


def test_table_is_the_product_of_every_phase_and_every_type_of_message() -> None:
    """No phase is without an answer to a message, and no answer is for a message that does not exist."""
    cells = {(phase, message) for phase, row in TABLE.items() for message in row}
    assert cells == set(product(Phase, get_args(Message)))


def test_the_samples_are_complete() -> None:
    """The cells below exercise every phase and every type of message."""
    assert set(STAGES) == set(Phase)
    assert {type(message) for message in MESSAGES} == set(get_args(Message))


@pytest.mark.parametrize(("phase", "message"), CELLS, ids=name)
def test_every_cell_decides(phase: Phase, message: Message) -> None:
    """A decision or a typed refusal about this very promotion comes out of every cell."""
    decided = decide(STAGES[phase], message, context(now=T0 + 60))
    if isinstance(decided, Decision):
        assert decided.promotion.id == P
        assert decided.before == STAGES[phase]
    else:
        assert isinstance(decided, get_args(Refusal))
        assert isinstance(message, (*COMMANDS, type(request())))


@pytest.mark.parametrize(("phase", "message"), CELLS, ids=name)
def test_every_cell_is_pure(phase: Phase, message: Message) -> None:
    """The same arguments give the same decision, and change nothing that was passed in."""
    before = STAGES[phase]
    copies = [replace(before, gates=dict(before.gates), ledger=dict(before.ledger)) for _ in range(2)]
    answers = [decide(one, message, context(now=T0 + 60)) for one in copies]
    assert answers[0] == answers[1]
    assert copies[0] == before


@pytest.mark.parametrize("phase", [phase for phase in Phase if not phase.is_open], ids=name)
@pytest.mark.parametrize("message", MESSAGES, ids=name)
def test_an_end_is_an_end(phase: Phase, message: Message) -> None:
    """Whatever comes after an end, the phase and how it ended stay."""
    decided = decide(STAGES[phase], message, context(now=T0 + 600))
    if isinstance(decided, Decision):
        assert decided.promotion.phase is phase
        assert decided.promotion.ending == STAGES[phase].ending


def turns_up(phase: Phase, message: Message) -> bool:
    """Whether this is the first that anybody hears of a run that was asked for: that is told."""
    stage = STAGES[phase]
    return isinstance(message, RunSeen) and stage.intent is not None and stage.run.run_id is None


LATE = [
    (phase, message)
    for phase in Phase
    for message in MESSAGES
    if not phase.is_open and isinstance(message, get_args(Fact)) and name(message) not in TOLD_AFTER_END
]


@pytest.mark.parametrize(("phase", "message"), [cell for cell in LATE if not turns_up(*cell)], ids=name)
def test_a_late_fact_changes_nothing(phase: Phase, message: Message) -> None:
    """Facts of the deploy that arrive after its end leave no trace at all."""
    decided = decide(STAGES[phase], message, context(now=T0 + 600))
    assert isinstance(decided, Decision)
    assert decided.promotion == STAGES[phase]
    assert not decided.changed


@pytest.mark.parametrize("message", [Approve(P, "bo"), Reject(P, "bo", "no")], ids=name)
@pytest.mark.parametrize("phase", [phase for phase in Phase if phase is not Phase.WAITING], ids=name)
def test_f29_a_late_vote_is_told_who_decided(phase: Phase, message: Message) -> None:
    """A vote that comes second learns where the promotion stands and who brought it there."""
    told = refusal(STAGES[phase], message, context())
    assert isinstance(told, AlreadyDecided)
    assert told.phase is phase
    if STAGES[phase].intent is not None:
        assert [person.name for person in told.by] == ["bo", "cy"]


@pytest.mark.parametrize(
    ("message", "phases"),
    [
        (Cancel(P, "ana"), {Phase.WAITING, Phase.DISPATCHING, Phase.DEPLOYING, Phase.VERIFYING}),
        (Retry(P, "ana"), {Phase.WAITING}),
        (MESSAGES[5], {Phase.WAITING}),
        (MESSAGES[6], {Phase.WAITING}),
        (MESSAGES[7], {Phase.UNKNOWN}),
        (MESSAGES[8], {Phase.UNKNOWN}),
        (MESSAGES[9], {Phase.UNKNOWN}),
    ],
    ids=name,
)
def test_a_command_in_the_wrong_phase_is_refused_with_the_phase(message: Message, phases: set[Phase]) -> None:
    """Outside the phases in which a command means something it says where the promotion stands."""
    for phase in set(Phase) - phases:
        told = refusal(STAGES[phase], message, context())
        assert isinstance(told, WrongPhase)
        assert (told.promotion, told.phase) == (P, phase)
        assert told.hint.startswith("/promote ")


def test_a_late_cancel_points_to_the_rollback() -> None:
    """Whoever wants to stop what is through already is shown how to undo it."""
    told = refusal(STAGES[Phase.SUCCEEDED], Cancel(P, "ana"), context())
    assert isinstance(told, WrongPhase)
    assert told.hint == "/promote rollback checkout in production"


def test_an_id_is_born_once() -> None:
    """A second request under the same id is told about the first, wherever that one stands."""
    for stage in STAGES.values():
        assert isinstance(refusal(stage, request(), context()), AlreadyAsked)


def test_a_message_about_nothing_is_refused() -> None:
    """Only a request can make a promotion."""
    for message in MESSAGES:
        if not isinstance(message, type(request())):
            assert refusal(None, message, context()) == NoSuchPromotion(P)


def test_every_message_names_its_promotion() -> None:
    """Whatever happens, it is known to what: the first field of each type is the promotion's id."""
    for kind in get_args(Message):
        assert is_dataclass(kind)
        assert fields(kind)[0].name == "promotion"


def test_the_same_fact_twice_is_one_fact() -> None:
    """A doubled event ends in the same place as a single one."""
    for phase, message in CELLS:
        if isinstance(message, get_args(Fact)) and not isinstance(message, NotSent | RunNotFound):
            around = context(VERIFIED_RULES if phase is Phase.VERIFYING else RULES, now=T0 + 60)
            once = decision(STAGES[phase], message, around).promotion
            twice = decision(once, message, around).promotion
            assert _without_tries(twice.ledger) == _without_tries(once.ledger)
            assert replace(twice, ledger={}) == replace(once, ledger={}), (phase, message)


def _without_tries(ledger: object) -> list[str]:
    assert isinstance(ledger, dict)
    return sorted(ledger)


def test_begun_then_done_keeps_when_it_began() -> None:
    """The ledger tells what may have happened from what did."""
    begun = after(STAGES[Phase.WAITING], context(), EffectsBegun(P, ("card", "mention")))
    assert {key for key, entry in begun.ledger.items() if entry.begun} == {"card", "mention"}
    done = after(begun, context(now=T0 + 1), EffectDone(P, "card", "1.1", "C1", "d"))
    assert (done.ledger["card"].begun, done.ledger["card"].done) == (T0, T0 + 1)
    assert done.ledger["mention"].done is None


def test_nothing_is_stored_when_nothing_changed() -> None:
    """A wake-up that finds everything as it was is no change."""
    for stage in STAGES.values():
        first = decision(stage, Woken(P), context(now=T0 + 60))
        world = recorded(context(now=T0 + 60), first.live)
        assert not decision(first.promotion, Woken(P), world).changed


def test_facts_that_cross_end_the_same() -> None:
    """The version and the gate may be seen in either order."""
    one = after(None, context(), request())
    there = after(one, context(), VERSION, HEALTHY)
    back = after(one, context(), HEALTHY, VERSION)
    assert there == back


def test_an_unclear_answer_after_the_run_was_seen_is_forgotten() -> None:
    """A webhook may overtake the answer to the dispatch; then the answer has nothing more to say."""
    seen = after(STAGES[Phase.DISPATCHING], context(), run_seen())
    assert after(seen, context(), DispatchUnclear(P, 1, "502")) == seen
