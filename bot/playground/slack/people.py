"""What people do in Slack: type, click, choose, submit and close, and what Slack shows them of the answer."""

import re
from dataclasses import dataclass

from bot.playground.slack import hooks, payloads, views
from bot.playground.slack.elements import judge_suggestions
from bot.playground.slack.inputs import incomplete, keep
from bot.playground.slack.raw import Element, Raw, SlackError
from bot.playground.slack.requests import Ack, SlackRequests
from bot.playground.slack.state import Channel, Message, View, Workspace
from bot.playground.world import Person

_MENTION = re.compile(r"@greenlight\b")
INVITATION = ["/invite", "@greenlight"]
TROUBLE = "We had some trouble connecting. Try again?"


@dataclass(frozen=True, slots=True)
class Submitted:
    """What became of a submission: sentences below inputs, or Slack's own trouble."""

    errors: dict[str, str]
    trouble: str | None = None


class People:
    """The hands of the five people; `base_url` is where response URLs live."""

    commands = ("/promote", "/rollback")

    def __init__(self, workspace: Workspace, requests: SlackRequests) -> None:
        self._workspace = workspace
        self._requests = requests
        self.base_url = ""

    async def say(self, person: Person, channel: Channel, text: str, thread: str | None = None) -> None:
        """Type a line: a slash command, a mention of the bot, or just words."""
        if person.slack not in channel.members:
            channel.members.append(person.slack)  # a public channel: reading on means joining
        if text.startswith("/"):
            await self._command(person, channel, text.strip(), thread)
            return
        typed = payloads.escaped(text)
        words = _MENTION.sub(f"<@{self._workspace.world.bot_user}>", typed)
        message = Message(channel.id, self._workspace.next_ts(), words, person.slack, thread_ts=thread)
        self._workspace.put(message)
        if words != typed and self._workspace.world.bot_user in channel.members:
            await self._mention(person, message)

    async def click(self, person: Person, place: Message | View, found: Element, chosen: Raw) -> None:
        """Press a button or choose in a select, in a message or a view."""
        payload = payloads.interaction(self._workspace, person, "block_actions")
        if isinstance(place, View):
            payload |= payloads.in_view(self._workspace, place)
            payload["trigger_id"] = self._workspace.new_trigger(person.slack, place.id)
            channel = self._workspace.direct(person.slack).id
        else:
            payload |= payloads.in_message(self._workspace, place)
            payload["trigger_id"] = self._workspace.new_trigger(person.slack)
            hook = self._workspace.new_hook(person.slack, place.channel, place, place.thread_ts)
            payload["response_url"] = self._hook_url(hook)
            channel = place.channel
        payload["actions"] = [payloads.action(self._workspace, found, chosen)]
        ack = await self._requests.payload(payload)
        if ack.failure:
            text = f"Greenlight did not answer this click: {ack.failure}"
            self._workspace.slack_says(person.slack, channel, text)

    async def shortcut(self, person: Person, callback: str, message: Message | None = None) -> None:
        """Choose an entry of the menu beside the composer, or beside a message that everybody sees."""
        payload = payloads.shortcut(self._workspace, person, callback, message)
        payload["trigger_id"] = self._workspace.new_trigger(person.slack)
        channel = self._workspace.direct(person.slack).id
        if message is not None:
            if message.only_for is not None:
                raise SlackError("message_not_found")  # Slack has no such menu on what one person sees
            channel = message.channel
            hook = self._workspace.new_hook(person.slack, channel, None, message.thread_ts)
            payload["response_url"] = self._hook_url(hook)
        ack = await self._requests.payload(payload)
        if ack.failure:
            text = f"Greenlight did not answer this shortcut: {ack.failure}"
            self._workspace.slack_says(person.slack, channel, text)

    async def choose(self, person: Person, view: View, found: Element, value: object) -> None:
        """Change an input of a view; the app hears of it only where the block asks for that."""
        self.types(view, found, value)
        if found.block.get("dispatch_action") or found.block.get("type") != "input":
            state = view.values[found.block_id][found.action_id]
            await self.click(person, view, found, state)

    def types(self, view: View, found: Element, value: object) -> None:
        """Put a value into an input of a view without telling the app."""
        keep(view, found, value)
        view.changed = self._workspace.change()

    def slack_id(self, name: str) -> str:
        """The Slack id of a person by name; anything else is taken for an id."""
        person = self._workspace.world.people.get(name)
        return person.slack if person else name

    async def submit(self, person: Person, view: View) -> Submitted:
        """Press a modal's submit button; the answer is shown, closed, replaced or pushed as the app says."""
        errors = incomplete(view)
        if errors:
            return Submitted(errors)
        payload = payloads.interaction(self._workspace, person, "view_submission")
        payload |= {"view": payloads.in_view(self._workspace, view)["view"], "response_urls": []}
        payload["trigger_id"] = self._workspace.new_trigger(person.slack, view.id)
        ack = await self._requests.payload(payload)
        if ack.failure:
            return Submitted({}, TROUBLE)
        try:
            return self._follow(person, view, ack.body)
        except SlackError:
            return Submitted({}, TROUBLE)

    async def close(self, person: Person, view: View) -> None:
        """Close a modal; the app hears of it when it asked for that."""
        stack = self._workspace.modals.get(person.slack, [])
        if view in stack:
            stack.remove(view)
        self._workspace.change()
        if view.body.get("notify_on_close"):
            payload = payloads.interaction(self._workspace, person, "view_closed")
            payload |= {"view": payloads.in_view(self._workspace, view)["view"], "is_cleared": False}
            await self._requests.payload(payload)

    async def options(self, person: Person, view: View, found: Element, query: str) -> list[Raw]:
        """What an external select offers for what was typed; empty when the app does not answer, or not well."""
        if len(query) < int(found.element.get("min_query_length", 3)):
            return []
        payload = payloads.interaction(self._workspace, person, "block_suggestion")
        payload |= payloads.suggestion(self._workspace, view, found, query)
        ack = await self._requests.payload(payload)
        if judge_suggestions(ack.body):
            return []
        groups = ack.body.get("option_groups") or []
        offered = [option for group in groups for option in group["options"]]
        return list(ack.body.get("options") or offered)

    async def opens_home(self, person: Person) -> None:
        """Open the app's home tab."""
        home = self._workspace.homes.get(person.slack)
        content: Raw = {"type": "app_home_opened", "tab": "home", "event_ts": self._workspace.next_ts()}
        content["channel"] = self._workspace.direct(person.slack).id
        if home is not None:
            content["view"] = payloads.in_view(self._workspace, home)["view"]
        await self._requests.event(payloads.event(self._workspace, person, content))

    async def _command(self, person: Person, channel: Channel, line: str, thread: str | None) -> None:
        command = line.split(" ")[0]
        if line.split()[:2] == INVITATION and thread is None:
            self._invite(person, channel)
        elif command not in self.commands:
            said = f"{command} is not a valid command. In Slack, all messages that start with the "
            self._workspace.slack_says(person.slack, channel.id, f'{said}"/" character are commands.')
        elif thread is not None:
            said = f"{command} is not supported in threads. Sorry!"
            self._workspace.slack_says(person.slack, channel.id, said).thread_ts = thread
        else:
            await self._send_command(person, channel, line)

    def _invite(self, person: Person, channel: Channel) -> None:
        """Slack's own command; the app of this workspace is the only one whom it brings in here."""
        bot = self._workspace.world.bot_user
        was_there = bot in channel.members
        if not was_there:
            channel.members.append(bot)
        said = (
            "is already in this channel." if was_there else f"was added to #{channel.name} by {person.title}."
        )
        self._workspace.slack_says(person.slack, channel.id, f"Greenlight {said}")

    async def _send_command(self, person: Person, channel: Channel, line: str) -> None:
        fields = payloads.slash_command(self._workspace, person, channel, line)
        name = self._workspace.new_hook(person.slack, channel.id, None, None)
        fields["response_url"] = self._hook_url(name)
        fields["trigger_id"] = self._workspace.new_trigger(person.slack)
        ack = await self._requests.form(fields)
        shown = _shown_by(ack)
        if ack.failure is None and shown:
            try:
                hooks.reply(self._workspace, self._workspace.hooks[name], shown)
                return
            except SlackError:
                ack = Ack(failure="invalid_command_response")
        if ack.failure:
            said = f'{fields["command"]} failed with the error "{ack.failure}"'
            self._workspace.slack_says(person.slack, channel.id, said)

    async def _mention(self, person: Person, message: Message) -> None:
        content: Raw = {"type": "app_mention", "text": message.text, "ts": message.ts, "event_ts": message.ts}
        content |= {"channel": message.channel}
        if message.thread_ts:
            content["thread_ts"] = message.thread_ts
        await self._requests.event(payloads.event(self._workspace, person, content))

    def _follow(self, person: Person, view: View, answer: Raw) -> Submitted:
        stack = self._workspace.modals.get(person.slack, [])
        match answer.get("response_action"):
            case None:
                if view in stack:
                    stack.remove(view)
            case "clear":
                stack.clear()
            case "errors":
                return self._below_inputs(view, answer)
            case "update":
                body = views.judged_body(self._workspace, answer.get("view"))
                views.rewrite(self._workspace, view, body)
            case "push":
                body = views.judged_body(self._workspace, answer.get("view"))
                views.put_on_top(self._workspace, person.slack, body)
            case _:
                raise SlackError("invalid_response_action")
        self._workspace.change()
        return Submitted({})

    def _below_inputs(self, view: View, answer: Raw) -> Submitted:
        blocks = {block["block_id"] for block in view.body["blocks"] if block["type"] == "input"}
        errors = answer.get("errors")
        if not isinstance(errors, dict) or not errors or not errors.keys() <= blocks:
            return Submitted({}, TROUBLE)  # Slack shows no error below a block that is no input
        return Submitted({str(block): str(sentence) for block, sentence in errors.items()})

    def _hook_url(self, name: str) -> str:
        return f"{self.base_url}/sim/slack/response/{name}"


def _shown_by(ack: Ack) -> Raw:
    if ack.text.strip():
        return {"text": ack.text}
    return ack.body if ack.body.get("text") or ack.body.get("blocks") else {}
