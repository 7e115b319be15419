"""The control API of the playground: what people do, how the world is bent, and the state to look at.

The page uses nothing else, so whatever a person can do there a script can do too. What the bot refuses is
an ordinary answer with what the person was shown; only a call that makes no sense gets status 400.
"""

import time
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.playground.child import BotDidNotStart
from bot.playground.control.changes import Changes
from bot.playground.control.clicks import Spot, buttons_of, exact_spot, named_button, own_view, room
from bot.playground.control.inputs import NoSuchInput, chosen, described, fill, input_named, offered
from bot.playground.control.inspector import Inspector
from bot.playground.control.screen import Screen
from bot.playground.control.shortcuts import shortcut_message
from bot.playground.control.state import Mirror
from bot.playground.control.words import BadCall, body_of, maybe_word, word
from bot.playground.control.world import Bender
from bot.playground.slack.raw import INPUTS, Element, Raw
from bot.playground.slack.simulator import Slack
from bot.playground.slack.state import Message, View
from bot.playground.world import Person

BUTTON_SECONDS = 10.0  # how long a click waits for its button
REDRAW_SECONDS = 2.0  # how long a submission waits for an input that a choice brings up
POLL_SECONDS = 20.0
AFTER_IS_A_NUMBER = '"after" must be a whole number.'

Call = Callable[[Raw], Awaitable[Raw]]


class Control:
    """Answers everything below /play; `reset` brings the whole playground back to its start."""

    def __init__(
        self,
        slack: Slack,
        bender: Bender,
        mirror: Mirror,
        inspector: Inspector,
        reset: Callable[[], Awaitable[None]],
    ) -> None:
        self._world = slack.world
        self._workspace = slack.workspace
        self._people = slack.people
        self._bender = bender
        self._mirror = mirror
        self._inspector = inspector
        self._reset_all = reset
        self._changes = Changes(slack.world)
        self._screen = Screen(slack.workspace, mirror, self._changes)

    def routes(self) -> list[web.RouteDef]:
        """The routes below /play."""
        calls: dict[str, Call] = {
            "say": self._say,
            "click": self._click,
            "submit": self._submit,
            "close": self._close,
            "home": self._home,
            "shortcut": self._shortcut,
            "options": self._options,
            "world": self._bend,
            "reset": self._reset,
        }
        routes = [web.post(f"/play/{name}", _answering(call)) for name, call in calls.items()]
        looks = [web.get("/play/state", self._state), web.get("/play/traffic", self._traffic)]
        return [*routes, *looks]

    async def _say(self, body: Raw) -> Raw:
        person = self._person(body)
        text = word(body, "text")
        name = maybe_word(body, "channel") or "general"
        channel = room(self._workspace, person.slack if name == "greenlight" else name)
        thread = maybe_word(body, "thread")
        if thread is not None and thread not in channel.messages:
            raise BadCall(f"There is no message {thread} in {name}.")
        mark = self._workspace.changes
        await self._people.say(person, channel, text, thread)
        return await self._screen.answer(person, mark)

    async def _click(self, body: Raw) -> Raw:
        person = self._person(body)
        spot = await self._meant(person, body)
        if isinstance(spot, dict):
            return spot
        question = spot.found.element.get("confirm")
        if question and body.get("confirm") is not True:
            return {"error": "needs confirmation", "confirm": question}
        if isinstance(spot.place, View):
            await self._keep_typed(person, spot.place, body)
        mark = self._workspace.changes
        state = await self._chosen(person, spot, body.get("value"))
        await self._people.click(person, spot.place, spot.found, state)
        shown = await self._screen.answer(person, mark)
        url = spot.found.element.get("url")
        return shown | ({"url": url} if url else {})

    async def _meant(self, person: Person, body: Raw) -> Spot | Raw:
        if body.get("action_id"):
            return exact_spot(self._workspace, person, body)
        words, promotion = word(body, "button"), maybe_word(body, "promotion")
        channel = maybe_word(body, "channel")
        until = time.monotonic() + _patience(body)
        while True:
            revision = self._world.revision
            spots = buttons_of(self._workspace, person, promotion, channel)
            spot = named_button(spots, words)
            if spot is not None:
                return spot
            if not await self._changes.beyond(revision, until - time.monotonic()):
                there = list(dict.fromkeys(one.found.words for one in spots))
                return {"error": "no such button", "buttons": there}

    async def _chosen(self, person: Person, spot: Spot, value: object) -> Raw:
        kind = spot.found.type
        if kind == "overflow":
            options = [option for option in offered(spot.found) if option["value"] == value]
            return {"selected_option": options[0] if options else None}
        if kind not in INPUTS:
            return {"value": value} if kind == "feedback_buttons" else {}
        view = spot.place if isinstance(spot.place, View) else None
        picked = await chosen(self._people, person, view, spot.found, value)
        if view is not None:
            self._people.types(view, spot.found, picked)
        return {INPUTS[kind][0]: picked}

    async def _keep_typed(self, person: Person, view: View, body: Raw) -> None:
        for name, plain in (body.get("values") or {}).items():
            try:
                found = input_named(view, str(name))
                picked = await chosen(self._people, person, view, found, plain)
            except (NoSuchInput, BadCall):
                continue  # half-typed values of a form are no mistake while someone presses a button in it
            self._people.types(view, found, picked)

    async def _submit(self, body: Raw) -> Raw:
        person = self._person(body)
        view = self._view(person, body)
        values = body.get("values") or {}
        if not isinstance(values, dict):
            raise BadCall('"values" must be an object.')
        dispatched = False
        for name, plain in values.items():
            shown = view.hash
            try:
                acted = await self._fill(person, view, str(name), plain, dispatched)
            except NoSuchInput:
                return {"error": f"no such input: {name}", "inputs": described(view)}
            if acted:
                dispatched = True
                await self._redrawn(view, shown)
        mark = self._workspace.changes
        submitted = await self._people.submit(person, view)
        if submitted.errors:
            return {"errors": submitted.errors, "replies": [], "view": self._mirror.view_of(person.slack)}
        answer = await self._screen.answer(person, mark)
        return answer | ({"error": submitted.trouble} if submitted.trouble else {})

    async def _fill(self, person: Person, view: View, name: str, plain: object, patient: bool) -> bool:
        """Fill one input; `patient` waits for the view to be redrawn when it does not offer this yet."""
        until = time.monotonic() + (REDRAW_SECONDS if patient else 0.0)
        while True:
            revision = self._world.revision
            try:
                found: Element = input_named(view, name)
                changed = await fill(self._people, person, view, found, plain)
            except (NoSuchInput, BadCall):
                if not await self._changes.beyond(revision, until - time.monotonic()):
                    raise
            else:
                return changed and bool(found.block.get("dispatch_action") or found.block["type"] != "input")

    async def _redrawn(self, view: View, shown: str) -> None:
        """Wait until a form is drawn again by what was chosen in it, as people do before they go on."""
        until = time.monotonic() + REDRAW_SECONDS
        while view.hash == shown:
            revision = self._world.revision
            if view.hash == shown and not await self._changes.beyond(revision, until - time.monotonic()):
                return

    async def _close(self, body: Raw) -> Raw:
        person = self._person(body)
        mark = self._workspace.changes
        await self._people.close(person, self._view(person, body))
        return self._screen.now(person, mark)

    async def _home(self, body: Raw) -> Raw:
        person = self._person(body)
        mark = self._workspace.changes
        await self._people.opens_home(person)
        await self._screen.settled(person, mark)
        return {"replies": self._screen.replies(person, mark), "view": self._mirror.home_of(person.slack)}

    async def _shortcut(self, body: Raw) -> Raw:
        person = self._person(body)
        callback = word(body, "shortcut")
        message = shortcut_message(self._workspace, person, callback, body.get("message"))
        mark = self._workspace.changes
        await self._people.shortcut(person, callback, message)
        return await self._screen.answer(person, mark)

    async def _options(self, body: Raw) -> Raw:
        person = self._person(body)
        spot = exact_spot(self._workspace, person, body)
        query = str(body.get("query") or "")
        if isinstance(spot.place, Message) or "external" not in spot.found.type:
            return {"options": offered(spot.found)}
        return {"options": await self._people.options(person, spot.place, spot.found, query)}

    async def _bend(self, body: Raw) -> Raw:
        await self._bender.bend(body)
        return self._bender.state()

    async def _reset(self, body: Raw) -> Raw:
        await self._reset_all()
        return {"ok": True}

    async def _state(self, request: web.Request) -> web.Response:
        after = _after(request)
        if after is None:
            return web.json_response({"error": AFTER_IS_A_NUMBER}, status=400)
        if "after" in request.query:
            await self._changes.beyond(after, POLL_SECONDS)
        return web.json_response(self._mirror.state())

    async def _traffic(self, request: web.Request) -> web.Response:
        after = _after(request)
        if after is None:
            return web.json_response({"error": AFTER_IS_A_NUMBER}, status=400)
        return web.json_response(self._inspector.traffic(after))

    def _person(self, body: Raw) -> Person:
        name = word(body, "as")
        if name not in self._world.people:
            raise BadCall(f"There is no {name} here; there are {', '.join(self._world.people)}.")
        return self._world.people[name]

    def _view(self, person: Person, body: Raw) -> View:
        if body.get("view"):
            return own_view(self._workspace, person, word(body, "view"))
        view = self._workspace.view_of(person.slack)
        if view is None:
            raise BadCall(f"No view is open on {person.name}'s screen.")
        return view


def _after(request: web.Request) -> int | None:
    """The number to look beyond, 0 when none is given, None when it is no number."""
    after = request.query.get("after", "0")
    return int(after) if after.isdigit() else None


def _patience(body: Raw) -> float:
    """How long a click waits for its button: `within` seconds, ten at most and by default."""
    within = body.get("within", BUTTON_SECONDS)
    if not isinstance(within, int | float) or not 0 <= within <= BUTTON_SECONDS:
        raise BadCall(f'"within" is a number of seconds up to {BUTTON_SECONDS:.0f}.')
    return float(within)


def _answering(call: Call) -> Callable[[web.Request], Awaitable[web.Response]]:
    """An HTTP handler around a call: JSON in and out, a sentence with 400 for what makes no sense."""

    async def answer(request: web.Request) -> web.Response:
        try:
            return web.json_response(await call(await body_of(request)))
        except BadCall as sentence:
            return web.json_response({"error": str(sentence)}, status=400)
        except BotDidNotStart as sentence:
            return web.json_response({"error": str(sentence)}, status=503)

    return answer
