"""A world that answers: every planned effect is performed by a canned fact, and time jumps to the next wake."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from bot.domain import effects as kinds
from bot.domain.context import Context
from bot.domain.effects import BEGUN_FIRST, Effect
from bot.domain.incident_messages import ChannelOpened, IncidentSeen, OnCallSeen
from bot.domain.letters import WriteLetter
from bot.domain.machine import Decision, decide
from bot.domain.messages import (
    Approve,
    CancelAccepted,
    DispatchAccepted,
    DispatchUnclear,
    EffectDone,
    EffectFailed,
    EffectsBegun,
    Fact,
    GateSeen,
    Message,
    NotSent,
    RunNotFound,
    RunSeen,
    ServingSeen,
    VersionSeen,
    Woken,
)
from bot.domain.plan import Plan, plan
from bot.domain.promotion import Phase, Promotion, Step
from bot.domain.readings import Reading
from bot.domain.requirements import Requirements, requirements_of
from tests.domain.builders import GOOD, NEW, RUN, decision

P = "P-142"
LEVELS = (kinds.ShowCard, kinds.ShowIncidentCard, kinds.SetTopic, WriteLetter)
Luck = Callable[[Effect], bool]  # whether this effect fails now
Answer = tuple[Fact, ...]


@dataclass
class World:
    """One promotion, everything beside it, and a record of what was asked for."""

    context: Context
    promotion: Promotion | None = None
    ending: str = "success"  # how GitHub says that the run ended
    dispatch: str = "accepted"  # accepted, unclear or swallowed
    listed: bool = True  # a run that was started can be found
    serves: str | None = None  # what the health body names after an end
    unlucky: Luck = lambda effect: False
    reading: Callable[[], Reading] = lambda: GOOD  # what a look at a gate brings
    people: tuple[Message, ...] = ()  # what people do as soon as they may, in order
    performed: list[Effect] = field(default_factory=list)
    posts: int = 0  # dispatches that really left
    reads: int = 0

    def runs(self, opening: Message, rounds: int = 400) -> Phase:
        """Let it run until nothing is missing, and say how it ended."""
        self.says(opening)
        for _ in range(rounds):
            now = self.planned()
            if now.effects:
                self.perform(now.effects)
            elif not self.somebody_acts():
                if now.is_settled:
                    return self.one.phase
                assert now.wake is not None
                self.sleep_until(now.wake)
        raise AssertionError(f"not settled after {rounds} rounds: {self.one.phase} {self.planned()}")

    @property
    def one(self) -> Promotion:
        """The promotion, which must be there."""
        assert self.promotion is not None
        return self.promotion

    def planned(self) -> Plan:
        """What is missing now."""
        return plan(self.one, self.context, self.requirements())

    def requirements(self) -> Requirements:
        """What holds now."""
        return requirements_of(self.one, self.context)

    def says(self, message: Message) -> None:
        """Apply one message that must not be refused, and store what it changes beside the promotion."""
        made = decision(self.promotion, message, self.context)
        self.promotion = made.promotion
        if made.live is not None:
            lives = {**self.context.lives, made.live.environment: made.live}
            self.context = replace(self.context, lives=lives)
        if made.changed:
            self._wishes(made.requirements.slot_wish)

    def perform(self, wanted: tuple[Effect, ...]) -> None:
        """Mark, act and report, as the worker does it."""
        begun = tuple(effect.key for effect in wanted if isinstance(effect, BEGUN_FIRST))
        if begun:
            self.says(EffectsBegun(P, begun))
        for effect in wanted:
            self._once(effect)
            self.performed.append(effect)
            for fact in self._answer(effect):
                self.says(fact)

    def somebody_acts(self) -> bool:
        """The first person who waits does what they came for, as soon as it is not refused."""
        if not self.people:
            return False
        if not isinstance(decide(self.promotion, self.people[0], self.context), Decision):
            return False
        self.says(self.people[0])
        self.people = self.people[1:]
        return True

    def sleep_until(self, moment: float) -> None:
        """Time passes, and the worker wakes the promotion."""
        assert moment > self.context.now
        passed = moment - self.context.now
        self.context = replace(self.context, now=moment, boottime=self.context.boottime + passed)
        self.says(Woken(P))

    def done(self, kind: type) -> list[Effect]:
        """The performed effects of one kind."""
        return [effect for effect in self.performed if isinstance(effect, kind)]

    def _wishes(self, wish: str) -> None:
        slot = self.context.slot
        if wish == "free" and slot.holder == P:
            slot = replace(slot, holder="", since=0.0)
        if wish == "want" and not slot.holder:
            slot = replace(slot, holder=P, since=self.context.now)
        self.context = replace(self.context, slot=slot)

    def _once(self, effect: Effect) -> None:
        """A thing that is done is not asked for again, unless what it shows has changed."""
        entry = self.one.ledger.get(effect.key)
        if entry is None or entry.done is None or effect.key.startswith("look:"):
            return
        assert isinstance(effect, LEVELS), f"{effect.key} again"
        assert entry.shown != effect.shown, f"{effect.key} shows nothing new"

    def _answer(self, effect: Effect) -> Answer:
        if self.unlucky(effect):
            return self._bad_luck(effect)
        return tuple(self._good_luck(effect))

    def _bad_luck(self, effect: Effect) -> Answer:
        now, entry = self.context.now, self.one.ledger.get(effect.key)
        if isinstance(effect, kinds.Dispatch):
            return (NotSent(P, effect.number, "rate limited", now + 60.0),)
        tries = entry.tries if entry else 0
        return (EffectFailed(P, effect.key, "503", now + 2.0 ** min(tries, 6)),)

    def _good_luck(self, effect: Effect) -> Iterator[Fact]:
        match effect:
            case kinds.LookAtVersion():
                yield VersionSeen(P, NEW, "main", None)
            case kinds.LookAtGate(rule=rule, fact=name):
                yield GateSeen(P, name, self.reading(), rule.basis, sha=NEW)
            case kinds.Dispatch():
                yield self._dispatched(effect)
            case kinds.LookForRun(number=number):
                found = self.listed and self.posts
                yield self._seen() if found else RunNotFound(P, number)
            case kinds.ReadRun():
                yield self._seen()
            case kinds.CancelRun(force=force):
                self.ending = "cancelled"
                yield CancelAccepted(P, force)
            case kinds.LookAtServing():
                yield ServingSeen(P, self.serves)
            case kinds.ShowCard(shown=shown) | kinds.ShowIncidentCard(shown=shown):
                yield EffectDone(P, effect.key, effect.ts or "1.1", effect.channel, shown)
            case kinds.SetTopic(shown=shown) | WriteLetter(shown=shown):
                yield EffectDone(P, effect.key, shown=shown)
            case kinds.ReadIncident():
                yield IncidentSeen(P, "Q1", 4411, "https://pd.example/4411")
            case kinds.LookAtOnCall():
                yield OnCallSeen(P, ("dee",))
            case kinds.OpenChannel():
                yield ChannelOpened(P, "C9", "inc-4411-checkout")
            case _:
                yield EffectDone(P, effect.key, "1.2", "C1")

    def _dispatched(self, effect: kinds.Dispatch) -> Fact:
        if effect.look_first and self.posts and self.listed:
            return self._seen()
        if self.dispatch == "swallowed":
            return DispatchUnclear(P, effect.number, "502")
        self.posts += 1
        if self.dispatch == "unclear":
            return DispatchUnclear(P, effect.number, "502")
        return DispatchAccepted(P, effect.number, RUN, "https://github.example/8840")

    def _seen(self) -> RunSeen:
        """The run works for two looks, then it ends."""
        self.reads += 1
        over = self.reads > 2
        step: Step = Step("deploy", "running")
        if over:
            step = Step("deploy", "succeeded" if self.ending == "success" else "failed")
        return RunSeen(
            promotion=P,
            source="api",
            run_id=RUN,
            url="https://github.example/8840",
            status="completed" if over else "in_progress",
            conclusion=self.ending if over else "",
            attempt=1,
            actor="",
            steps=(step,),
        )


APPROVALS = (Approve(P, "bo"), Approve(P, "cy"))
