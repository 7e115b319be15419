"""What people do to the bot, and what the witness writes down of it. Everything goes through Slack's own doors."""

import asyncio
import re
from dataclasses import dataclass, field

from bot.domain.face import Button
from bot.playground.slack.raw import Element, elements_in
from bot.playground.slack.state import SLACKBOT, Message, View
from tests.promises.judges import HOSTILE
from tests.promises.witness import SHA, Witness, Word
from tests.stories.story import GLANCE, Story

NAMED = re.compile(r"\bP-\d+\b")
DONE = ("Done. ", "Your approval of ")
BORN = re.compile(r"^(P-\d+): .* is asked for\.")
REASON = "fix the refunds"
LINKS = {Button.VIEW_RUN.value, Button.OPEN_INCIDENT.value}
VOUCHES = {Button.IS_LIVE.value, Button.ADOPT_RUN.value, Button.NEVER_STARTED.value}
NO_BUTTONS = "there is nothing to press"


@dataclass(frozen=True, slots=True)
class Seen:
    """A button as somebody saw it, whatever its message shows by now."""

    message: Message
    button: Element
    promotion: str
    shas: frozenset[str]


@dataclass(slots=True)
class People:
    """The five people, who type, press and send forms."""

    story: Story
    witness: Witness
    remembered: list[Seen] = field(default_factory=list)

    async def types(self, name: str, line: str, action: str = "", promotion: str = "") -> str:
        """Type a line; its answer, empty when there was none. `action` is what it asks of a promotion."""
        word = Word(action, promotion, name, self._may_be(promotion))
        self.witness.words += [word] if action else []
        replies = await self._said(name, line)
        self.witness.told += [word] if action and any(said.startswith(DONE) for said in replies) else []
        self._promised(replies)
        return " | ".join(replies)

    async def presses(self, name: str, seen: Seen, times: int = 1) -> None:
        """Press a button that was seen, once or several times in a row."""
        action = seen.button.action_id
        if action == Button.APPROVE:
            self.witness.words.append(Word("approve", seen.promotion, name, seen.shas))
        if action in VOUCHES:
            self.witness.vouched.add(seen.promotion)
        person = self.story.world.people[name]
        for _ in range(times):
            await self.story.playground.slack.people.click(person, seen.message, seen.button, {})

    async def sends(self, name: str, seen: Seen, reason: str) -> str:
        """Press a button that opens a form, give the reason there, and send it."""
        workspace = self.story.playground.slack.workspace
        person = self.story.world.people[name].slack
        before = workspace.view_of(person)
        await self.presses(name, seen)
        view = await self._opened(person, before)
        if view is None:
            return "no form opened"
        if seen.button.action_id == Button.REJECT:
            word = Word("reject", seen.promotion, name, frozenset())
            self.witness.words.append(word)
        said = await self.story.play("submit", {"as": name, "view": view.id, "values": {"reason": reason}})
        workspace.modals.pop(person, None)
        if seen.button.action_id == Button.REJECT and not said.get("error") and not said.get("errors"):
            self.witness.told.append(word)
        self._promised([str(said.get("view"))])
        return str(said.get("error") or said.get("errors") or "sent")

    async def asks_by_form(self, name: str, service: str, version: str, environment: str, skip: str) -> str:
        """Ask with the form, hostile words and all, and skip the health check when there is a reason to."""
        workspace = self.story.playground.slack.workspace
        person = self.story.world.people[name].slack
        before = workspace.view_of(person)
        await self._said(name, f"/promote {service}")
        view = await self._opened(person, before)
        if view is None:
            return "no form opened"
        values: dict[str, object] = {"version": version, "environment": environment, "reason": HOSTILE}
        values |= {"skip_health": ["health"], "skip_reason": skip} if skip else {}
        said = await self.story.play("submit", {"as": name, "view": view.id, "values": values})
        workspace.modals.pop(person, None)
        self._promised([str(said.get("view"))])
        return str(said.get("error") or said.get("errors") or "sent")

    async def sends_again(self, back: int) -> None:
        """Slack delivers an earlier request once more."""
        requests = self.story.playground.slack.requests
        if requests.sent:
            await requests.repeat(requests.sent[-1 - back % len(requests.sent)], 1)

    def shown(self, promotion: str = "", action: str = "") -> list[Seen]:
        """The buttons that stand in channels now, newest message first."""
        workspace = self.story.playground.slack.workspace
        rooms = [room for room in workspace.rooms() if workspace.world.bot_user in room.members]
        messages = sorted((one for room in rooms for one in room.messages.values()), key=lambda one: one.ts)
        found = [seen for message in reversed(messages) for seen in _buttons(message)]
        return [
            seen
            for seen in found
            if promotion in ("", seen.promotion) and action in ("", seen.button.action_id)
        ]

    def looks(self) -> None:
        """Keep what stands in the channels now, so that it can be pressed when it is old."""
        known = {(seen.message.ts, str(seen.button.element)) for seen in self.remembered}
        fresh = [seen for seen in self.shown() if (seen.message.ts, str(seen.button.element)) not in known]
        self.remembered = [*fresh, *self.remembered][:40]

    async def _said(self, name: str, line: str) -> list[str]:
        slack = self.story.playground.slack
        person = self.story.world.people[name]
        shown = slack.workspace.private.setdefault(person.slack, [])
        before = len(shown)
        await slack.people.say(person, slack.workspace.channel("deploys"), line)
        return [one.text for one in shown[before:] if one.author != SLACKBOT]

    def _promised(self, replies: list[str]) -> None:
        found = (match for said in replies for match in BORN.finditer(said))
        self.witness.promised += [match[1] for match in found]

    def _may_be(self, promotion: str) -> frozenset[str]:
        """The commits that a typed word may speak of: the card's, or whatever the version means by now."""
        meant = frozenset(sha[:7] for sha in self.witness.meanings(promotion))
        return meant | self.witness.shown_sha(promotion)

    async def _opened(self, person: str, before: View | None) -> View | None:
        """The form that opens on somebody's screen, if one does."""
        workspace = self.story.playground.slack.workspace
        for _ in range(40):
            view = workspace.view_of(person)
            if view is not None and view is not before:
                return view
            await asyncio.sleep(GLANCE)
        return None


def _buttons(message: Message) -> list[Seen]:
    promotion = next(iter(NAMED.findall(str(message.metadata))), "")
    shas = frozenset(SHA.findall(str(message.blocks)))
    return [
        Seen(message, found, promotion, shas)
        for found in elements_in(message.blocks)
        if found.type == "button" and found.action_id not in LINKS
    ]
