"""The people of a soak: they ask, approve, reject, cancel, roll back and repeat, and remember what they were told."""

import asyncio
import random
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.playground.slack.raw import Element
from bot.playground.slack.simulator import Slack
from bot.playground.slack.state import SLACKBOT, Message
from bot.playground.world import World
from tests.soak.board import Board
from tests.soak.catalog import Service

BORN = re.compile(r"^(P-\d+): .* is asked for\.")
DONE = ("Done. ", "Your approval of ")
STUBBORN = 3  # times that somebody does it again when Slack says that it did not arrive
MANAGERS = ("bo", "cy", "dee")
GOES_ON = 0.6  # of those who could ask for production do: the others ask for something else in dev
PAUSE = (0.05, 0.4)  # real seconds between two things that a person does


@dataclass(frozen=True, slots=True)
class Word:
    """Something that was said of a promotion, and acknowledged."""

    action: str
    promotion: str
    by: str
    card: str = ""  # the timestamp of the message whose button was pressed; typed without one


@dataclass(slots=True)
class Crowd:
    """Five people. Each does one thing at a time, so that what somebody reads is the answer to what they did."""

    slack: Slack
    services: tuple[Service, ...]
    dice: random.Random
    most: int  # promotions that are open at once
    board: Board = field(init=False)
    promised: list[str] = field(default_factory=list)  # promotions that somebody was told of
    told: list[Word] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    unanswered: int = 0  # what Slack said did not arrive
    open_ones: list[str] = field(default_factory=list)  # as the onlooker last saw them

    def __post_init__(self) -> None:
        self.board = Board(self.slack)

    @property
    def world(self) -> World:
        """What the simulators share."""
        return self.slack.world

    async def lives(self, name: str) -> None:
        """One person, until cancelled."""
        while True:
            await asyncio.sleep(self.dice.uniform(*PAUSE))
            await self._does_something(name)

    async def types(self, name: str, line: str, action: str = "", promotion: str = "") -> list[str]:
        """Type a line, and again when it did not arrive; what was answered at last."""
        person = self.world.people[name]
        for _ in range(STUBBORN):
            replies, arrived = await self._heard(
                name, lambda: self.slack.people.say(person, self.slack.workspace.channel("deploys"), line)
            )
            self._note(action, promotion, name, replies)
            if arrived:
                return replies
        return []

    async def presses(self, name: str, promotion: str, action: str) -> bool:
        """Press a button of a card, and again when that did not arrive; whether it did."""
        for _ in range(STUBBORN):
            found = self.board.button(promotion, action)
            if found is None:
                return False
            if await self._presses(name, promotion, *found):
                return True
        return False

    async def _presses(self, name: str, promotion: str, card: Message, button: Element) -> bool:
        person = self.world.people[name]
        _, arrived = await self._heard(name, lambda: self.slack.people.click(person, card, button, {}))
        if arrived:
            self.told.append(Word(button.action_id, promotion, name, card.ts))
        if self.dice.random() < 0.2 and self.slack.requests.sent:
            await self.slack.requests.repeat(self.slack.requests.sent[-1], 1)
        return arrived

    async def _heard(self, name: str, act: Callable[[], Awaitable[None]]) -> tuple[list[str], bool]:
        """Do something; what the person was told meanwhile, and whether Slack says that it arrived."""
        shown = self.slack.workspace.private.setdefault(self.world.people[name].slack, [])
        before = len(shown)
        await act()
        fresh = shown[before:]
        arrived = all(one.author != SLACKBOT for one in fresh)
        self.unanswered += not arrived
        return [one.text for one in fresh if one.author != SLACKBOT], arrived

    def _note(self, action: str, promotion: str, by: str, replies: list[str]) -> None:
        born = (match for said in replies for match in BORN.finditer(said))
        self.promised += [match[1] for match in born]
        if action and any(said.startswith(DONE) for said in replies):
            self.told.append(Word(action, promotion, by))

    async def _does_something(self, name: str) -> None:
        dice = self.dice
        if len(self.open_ones) < self.most and dice.random() < 0.4:
            await self._asks(name)
        elif name in MANAGERS and dice.random() < 0.9:
            await self._decides(name)
        elif dice.random() < 0.1:
            await self._meddles(name)

    async def _asks(self, name: str) -> None:
        service = self.dice.choice(self.services)
        serving = {place: self.world.serving[service.name, place].version for place in service.served}
        is_ahead = serving["dev"] != serving["production"] and self.dice.random() < GOES_ON
        environment = "production" if is_ahead else "dev"
        if self.dice.random() < 0.1:
            self.done["rollbacks asked"] += 1
            await self.types(name, f"/rollback {service.name} in {environment} because it is slow")
            return
        others = [one for one in service.versions if one != serving["dev"]]
        version = serving["dev"] if environment == "production" else self.dice.choice(others)
        self.done["promotions asked"] += 1
        await self.types(name, f"/promote {service.name}@{version} to {environment} because we want it")

    async def _decides(self, name: str) -> None:
        """Somebody who may approve does so, by button or by word; now and then it is a no."""
        waiting = [one for one in self.board.with_button("approve") if one in self.open_ones]
        if not waiting:
            return
        promotion, roll = self.dice.choice(waiting), self.dice.random()
        if roll < 0.7:
            self.done["approvals pressed"] += 1
            await self.presses(name, promotion, "approve")
        elif roll < 0.92:
            await self._says(name, "approve", promotion)
        else:
            await self._says(name, "reject", promotion, " because not today")

    async def _meddles(self, name: str) -> None:
        if not self.open_ones:
            return
        promotion = self.dice.choice(self.open_ones)
        action = self.dice.choice(("cancel", "retry", "why"))
        await self._says(name, action, promotion, " because plans changed" if action == "cancel" else "")

    async def _says(self, name: str, action: str, promotion: str, rest: str = "") -> None:
        self.done[f"{action} typed"] += 1
        await self.types(name, f"/promote {action} {promotion}{rest}", action, promotion)
