"""What an onlooker writes down while the bot works: who said yes or no and was told so, and each intent.

The judges need to know what was true at the moment of an intent: the rules as they were written, what people had
said, what the vendors had answered. The witness stands beside the store and notes it when an intent is committed;
everything else it takes from the simulators.
"""

import asyncio
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any, cast

from bot.app import T
from bot.domain.promotion import Phase, Promotion
from bot.playground.slack.state import Message
from bot.playground.world import Request
from bot.store.protocol import AuditRow, Commit, Committed
from tests.stories.parts import Beside
from tests.stories.story import Story

SHA = re.compile(r"`([0-9a-f]{7})`")
SCHEDULE = "/schedules/"
MOMENTS = {  # a part of the path of the call at which it is; empty: beside the store
    "before a commit": "",
    "after a commit": "",
    "a dispatch": "/dispatches",
    "a look for runs": "/runs",
    "a message": "chat.postMessage",
    "an edit": "chat.update",
    "a page": "/v2/enqueue",
    "a health look": "/health",
}


@dataclass(frozen=True, slots=True)
class Ask:
    """What was asked for, as it was first stored."""

    promotion: str
    kind: str
    by: str
    service: str
    environment: str
    version: str
    waived: frozenset[str]
    since: int  # how often the version had been given a meaning by then


@dataclass(frozen=True, slots=True)
class Word:
    """Something that somebody said of a promotion; `told` once the bot has answered that it is done."""

    action: str
    promotion: str
    by: str
    shas: frozenset[str]  # what the promotion may have been when it was said, seven characters each


@dataclass(frozen=True, slots=True)
class Intended:
    """The world at the moment of an intent."""

    ask: Ask
    sha: str
    approvers: frozenset[str]
    catalogs: tuple[str, ...]  # more than one while the bot is about to read a new one
    on_call: frozenset[str]  # whom PagerDuty named when it was last asked
    words: tuple[Word, ...]  # said until then
    told: tuple[Word, ...]  # and acknowledged
    shas: frozenset[str]  # what the version has meant since it was asked for
    asked: int  # entries of the vendors' ledger until then
    alone: bool  # no other open promotion of this service looks at the same things


@dataclass(slots=True)
class Doom:
    """When the bot is to be cut off: at such a moment, after so many of them."""

    moment: str
    left: int
    looked: int  # entries of the ledger that were looked at


@dataclass(slots=True)
class Witness:
    """The notes of one story."""

    story: Story
    catalogs: list[str] = field(default_factory=list)
    asks: dict[str, Ask] = field(default_factory=dict)
    words: list[Word] = field(default_factory=list)
    told: list[Word] = field(default_factory=list)  # those that were answered as done
    promised: list[str] = field(default_factory=list)  # promotions that somebody was told of
    intended: list[Intended] = field(default_factory=list)
    bare: list[str] = field(default_factory=list)  # changes of a promotion that came without an audit row
    phases: dict[str, tuple[str, Phase]] = field(default_factory=dict)  # service and phase by promotion
    meant: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    rows: list[AuditRow] = field(default_factory=list)  # of the audit log, as far as it was read
    deaths: int = 0
    vouched: set[str] = field(default_factory=set)  # an admin said it is live, or named its run
    was_cut: bool = False
    _doom: Doom | None = None
    _lives: int = 0  # of bots until now

    def around(self, name: str, part: T) -> T:
        """Stand beside the store of the bot that starts now."""
        return cast(T, Tap(part, self)) if name == "store" else part

    def dooms(self, moment: str, nth: int) -> None:
        """Cut the bot that runs now off at such a moment from now on, the nth of its kind."""
        if self._doom is None:
            life = self._lives
            self.story.bot_dies_when(lambda: life == self._lives and self._is_now())
        self._doom = Doom(moment, nth, len(self.asked))

    def comes_to(self, moment: str) -> None:
        """Such a moment is there."""
        doom = self._doom
        if doom is None or doom.moment != moment:
            return
        doom.left -= 1
        if not doom.left:
            self.story.world.touch()

    def spares(self) -> None:
        """The bot that was to be cut off is gone."""
        self._doom = None
        self._lives += 1

    def _is_now(self) -> bool:
        """Whether the bot is to be cut off at this very moment."""
        doom = self._doom
        if doom is None:
            return False
        fresh, doom.looked = self.asked[doom.looked :], len(self.asked)
        doom.left -= sum(bool(MOMENTS[doom.moment] and MOMENTS[doom.moment] in one.path) for one in fresh)
        if doom.left > 0:
            return False
        self.spares()
        self.was_cut, self.deaths = True, self.deaths + 1
        return True

    async def reads_the_audit_log(self) -> None:
        """Read on in the audit log: its rows are numbered without gaps."""
        while fresh := await self.story.bot.store.audit(len(self.rows)):
            self.rows += fresh

    def dispatched(self) -> list[str]:
        """The promotions that GitHub was asked to start, oldest first."""
        bodies = (one.body for one in self.story.dispatches())
        return [str(body["inputs"]["promotion_id"]) for body in bodies if isinstance(body, dict)]

    def version_means(self, service: str, version: str) -> None:
        """Note what a version means from now on."""
        sha = self.story.playground.github.repository(service).resolve(version)
        self.meant[service, version].append(sha or "")

    def meanings(self, promotion: str) -> frozenset[str]:
        """Every commit that the version of a promotion has meant since it was asked for."""
        ask = self.asks.get(promotion)
        return frozenset(self.meant[ask.service, ask.version][ask.since :] if ask else ())

    def card(self, promotion: str) -> Message | None:
        """The newest card of a promotion in its channel."""
        return next(iter(reversed(self.cards(promotion))), None)

    def cards(self, promotion: str) -> list[Message]:
        """Every message of a promotion that stands in the channel itself."""
        return [one for one in self.story.messages() if is_about(one, promotion) and not one.thread_ts]

    def shown_sha(self, promotion: str) -> frozenset[str]:
        """The commit that the card names, in seven characters."""
        card = self.card(promotion)
        return frozenset(SHA.findall(str(card.blocks)) if card else ())

    def on_call(self) -> frozenset[str]:
        """Whom PagerDuty named when it was last asked for the schedule."""
        said = next((one for one in reversed(self.asked) if SCHEDULE in one.path and one.status == 200), None)
        people = self.story.world.people.values()
        return frozenset(
            person.name
            for person in people
            if said and person.pagerduty and person.pagerduty in str(said.answer)
        )

    @property
    def asked(self) -> list[Request]:
        """The vendors' ledger."""
        return self.story.world.ledger

    def sees(self, change: Commit) -> list[Intended]:
        """The intents of a change that is about to be committed."""
        return [self._intent(put.promotion) for put in change.puts if change.intent]

    def saw(self, change: Commit, intents: list[Intended]) -> None:
        """A change is durable now."""
        self.intended += intents
        spoken_of = Counter(row.subject for row in change.audit if row.action != "refused")
        for put in change.puts:
            promotion = put.promotion
            if promotion.id not in self.asks:
                self.asks[promotion.id] = self._ask(promotion)
            self.phases[promotion.id] = promotion.service, promotion.phase
            if not spoken_of[promotion.id]:
                self.bare.append(f"{promotion.id} at revision {promotion.revision}")

    def _ask(self, promotion: Promotion) -> Ask:
        named = self.meant[promotion.service, promotion.version]
        return Ask(
            promotion=promotion.id,
            kind=promotion.kind.value,
            by=promotion.requester,
            service=promotion.service,
            environment=promotion.environment,
            version=promotion.version,
            waived=frozenset(waiver.gate for waiver in promotion.waivers),
            since=max(len(named) - 1, 0),
        )

    def _intent(self, promotion: Promotion) -> Intended:
        assert promotion.sha is not None, f"{promotion.id} starts nothing"
        assert promotion.intent is not None, f"{promotion.id} starts nothing"
        ask = self.asks[promotion.id]
        others = [
            service for id, (service, phase) in self.phases.items() if phase.is_open and id != promotion.id
        ]
        return Intended(
            ask=ask,
            sha=promotion.sha,
            approvers=frozenset(promotion.intent.approvers),
            catalogs=tuple(self.catalogs),
            on_call=self.on_call(),
            words=tuple(word for word in self.words if word.promotion == promotion.id),
            told=tuple(word for word in self.told if word.promotion == promotion.id),
            shas=self.meanings(promotion.id),
            asked=len(self.asked),
            alone=ask.service not in others,
        )


class Tap(Beside):
    """The store, with the witness beside it."""

    def __init__(self, part: Any, witness: Witness) -> None:
        super().__init__(part)
        self._witness = witness

    async def commit(self, change: Commit) -> Any:
        """Commit, and let the witness write down what was true before and what is durable after."""
        self._witness.comes_to("before a commit")
        await asyncio.sleep(0)  # where a cut is felt
        intents = self._witness.sees(change)
        outcome = await self.part.commit(change)
        if isinstance(outcome, Committed):
            self._witness.saw(change, intents)
        self._witness.comes_to("after a commit")
        await asyncio.sleep(0)
        return outcome


def is_about(message: Message, promotion: str) -> bool:
    """Whether a message of the bot carries this promotion's id."""
    payload = (message.metadata or {}).get("event_payload", {})
    return promotion in payload.values()
