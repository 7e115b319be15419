"""A small real Slack app on slack-bolt, so that the simulator is tried with the library the bot uses."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.entrances import GLOBAL_SHORTCUTS, MESSAGE_SHORTCUTS
from bot.playground.world import World

Raw = dict[str, Any]


def plain(text: str) -> Raw:
    """A plain text object."""
    return {"type": "plain_text", "text": text}


def button(action: str, words: str, value: str, **more: object) -> Raw:
    """A button element."""
    return {"type": "button", "action_id": action, "text": plain(words), "value": value, **more}


def card(promotion: str, *buttons: Raw) -> list[Raw]:
    """The blocks of a promotion's card."""
    words = {"type": "mrkdwn", "text": f":raised_hand: *{promotion} checkout v2.14.3*"}
    acts = [{"type": "actions", "block_id": "acts", "elements": list(buttons)}] if buttons else []
    return [{"type": "section", "text": words}, *acts]


def request_modal(versions: list[str]) -> Raw:
    """A modal with the kinds of input that the bot's request modal has."""
    options = [{"text": plain(version), "value": version} for version in versions]
    environments = [{"text": plain(name.title()), "value": name} for name in ("staging", "production")]
    service = {"type": "external_select", "action_id": "choose", "min_query_length": 0}
    version = {"type": "static_select", "action_id": "version", "options": options}
    to = {"type": "radio_buttons", "action_id": "to", "options": environments}
    reason = {"type": "plain_text_input", "action_id": "why", "min_length": 8}
    inputs = [("service", "Service", service), ("version", "Version", version)]
    inputs += [("environment", "To", to), ("reason", "Reason", reason)]
    blocks: list[Raw] = [
        {"type": "input", "block_id": name, "label": plain(label), "element": element}
        for name, label, element in inputs
    ]
    blocks[0]["dispatch_action"] = True
    modal = {"type": "modal", "callback_id": "request", "title": plain("Promote"), "submit": plain("Request")}
    return modal | {"blocks": blocks}


@asynccontextmanager
async def practice_app(world: World, api_url: str, port: int) -> AsyncIterator["PracticeApp"]:
    """The app, listening where the world believes the bot to be."""
    practice = PracticeApp(AsyncWebClient(token="xoxb-playground-practice", base_url=api_url), world)
    server = web.Application()
    server.router.add_post("/slack/events", practice.answer)
    runner = web.AppRunner(server)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    world.bot_url = f"http://127.0.0.1:{port}"
    try:
        yield practice
    finally:
        await runner.cleanup()


class PracticeApp:
    """Bolt listeners for each kind of request; remembers the payloads that it got."""

    def __init__(self, client: AsyncWebClient, world: World) -> None:
        self.client = client
        self.bodies: list[Raw] = []
        self.bolt = AsyncApp(client=client, signing_secret=world.secrets["slack_signing"])
        self.bolt.command("/promote")(self._command)
        self.bolt.action("approve")(self._approve)
        self.bolt.action("rollback")(self._approve)
        self.bolt.action("details")(self._details)
        self.bolt.action("choose")(self._chosen)
        self.bolt.action("open_run")(self._noted)
        self.bolt.options("choose")(self._services)
        for one in (*GLOBAL_SHORTCUTS, *MESSAGE_SHORTCUTS):
            self.bolt.shortcut(one.callback)(self._used)
        self.bolt.view("request")(self._requested)
        self.bolt.event("app_home_opened")(self._home)
        self.bolt.event("app_mention")(self._mentioned)

    async def answer(self, request: web.Request) -> web.Response:
        """Hand one HTTP request to Bolt."""
        return await to_aiohttp_response(await self.bolt.async_dispatch(await to_bolt_request(request)))

    async def _command(self, ack: Any, body: Raw, respond: Any) -> None:
        self.bodies.append(body)
        match body["text"].split():
            case ["slow", *_]:
                await asyncio.sleep(3.3)
                await ack("too late")
            case ["later", number]:
                await ack()
                for place in range(int(number)):
                    await respond(f"answer {place}")
            case []:
                await ack()
                await self.client.views_open(trigger_id=body["trigger_id"], view=request_modal(["v2.14.3"]))
            case ["card", promotion]:
                await ack()
                await self._post_card(promotion)
            case _:
                await ack(f"You asked: {body['text']}")

    async def _post_card(self, promotion: str) -> None:
        value = json.dumps({"id": promotion, "rev": "r1"})
        confirm = {"title": plain("Sure?"), "text": plain("It runs."), "confirm": plain("Do it")}
        elements = [
            button("approve", ":white_check_mark: Approve", value),
            button("rollback", "Roll back to v2.14.2", value, confirm=confirm),
            button("details", "Details", value),
            button("open_run", "View run", value, url="https://github.example/runs/1"),
        ]
        metadata = {"event_type": "promotion", "event_payload": {"promotion": promotion}}
        blocks = card(promotion, *elements)
        await self.client.chat_postMessage(
            channel="deploys", text=promotion, blocks=blocks, metadata=metadata
        )

    async def _approve(self, ack: Any, body: Raw) -> None:
        self.bodies.append(body)
        await ack()
        channel, user = body["channel"]["id"], body["user"]["id"]
        await self.client.chat_postEphemeral(channel=channel, user=user, text="Your approval is recorded.")

    async def _used(self, ack: Any, body: Raw) -> None:
        self.bodies.append(body)
        await ack()
        text = f"{body['callback_id']} on {body.get('message', {}).get('text', 'nothing')}"
        await self.client.chat_postMessage(channel=body["user"]["id"], text=text)

    async def _details(self, ack: Any, body: Raw) -> None:
        await ack()
        view = {"type": "modal", "title": plain("Details"), "blocks": card("P-1")}
        await self.client.views_open(trigger_id=body["trigger_id"], view=view)

    async def _noted(self, ack: Any, body: Raw) -> None:
        self.bodies.append(body)
        await ack()

    async def _chosen(self, ack: Any, body: Raw) -> None:
        await ack()
        view = body["view"]
        modal = request_modal(["v2.14.3", "v2.15.0"])
        await self.client.views_update(view_id=view["id"], hash=view["hash"], view=modal)

    async def _services(self, ack: Any, body: Raw) -> None:
        names = [name for name in ("checkout", "storefront") if name.startswith(body["value"])]
        await ack(options=[{"text": plain(name), "value": name} for name in names])

    async def _requested(self, ack: Any, body: Raw) -> None:
        self.bodies.append(body)
        if "because" in json.dumps(body["view"]["state"]["values"]["reason"]):
            await ack(response_action="errors", errors={"reason": "Say it without because."})
            return
        await ack()
        await self.client.chat_postMessage(channel=body["user"]["id"], text="P-1 is requested.")

    async def _home(self, event: Raw) -> None:
        view = {"type": "home", "blocks": card("P-9", button("details", "Look", '{"id":"P-9"}'))}
        await self.client.views_publish(user_id=event["user"], view=view)

    async def _mentioned(self, event: Raw) -> None:
        root = event.get("thread_ts") or event["ts"]
        await self.client.chat_postMessage(
            channel=event["channel"], thread_ts=root, text="Because of the wait."
        )
