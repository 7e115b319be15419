"""Slack as Greenlight needs it: messages that go out even if Slack refuses their blocks, views, channels."""

from collections.abc import Collection, Mapping, Sequence
from typing import TypeVar

from pydantic import BaseModel

from bot.adapters.slack_answers import (
    Conversation,
    Conversations,
    GroupUsers,
    Message,
    OneBot,
    OneConversation,
    OneRoom,
    OneUser,
    OneView,
    Permalink,
    Token,
)
from bot.adapters.slack_call import Done, SlackCall
from bot.domain.channels import Channel
from bot.ports import Account, Blocks, Me, Posted, Refused, ShownView, View

API_URL = "https://slack.com/api/"
DEADLINE = 10.0  # seconds for one call
MOST_TEXT = 3_900  # bytes; Slack edits no message beyond 4,000
PAGE = 1_000
MOST_PAGES = 50
MOST_INVITED = 100

# What Slack says when it does not like the blocks: the message goes out with plainer ones.
BLOCKS_REFUSED = frozenset(
    {
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_attachments",  # more than one table
        "msg_blocks_too_long",
        "msg_too_long",
        "block_mismatch",
    }
)
VIEW_REFUSED = frozenset({*BLOCKS_REFUSED, "invalid_arguments", "view_too_large"})
ALREADY_THERE = frozenset({"already_in_channel", "cant_invite_self"})

Model = TypeVar("Model", bound=BaseModel)


class SlackChat:
    """One workspace, as the bot that `token` belongs to. Open it inside a running loop."""

    def __init__(self, token: str, *, base_url: str = API_URL, deadline: float = DEADLINE) -> None:
        self._call = SlackCall(token, base_url, deadline)
        self._me: Me | None = None

    async def open(self) -> None:
        """Make the connections' pool; nothing is sent yet."""
        await self._call.open()

    async def close(self) -> None:
        """Close every connection."""
        await self._call.close()

    async def __aenter__(self) -> "SlackChat":
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def me(self) -> Me:
        """Who the bot is; asked once."""
        if self._me is None:
            token = await self._call.tell("auth.test", Token, {})
            bot = (await self._call.ask("bots.info", OneBot, {"bot": token.bot_id})).bot
            self._me = Me(token.team_id, token.user_id, token.bot_id, bot.app_id, token.url)
        return self._me

    async def account(self, user: str) -> Account:
        """What Slack says of a user now."""
        me = await self.me()
        return (await self._call.ask("users.info", OneUser, {"user": user})).user.account(me.team)

    async def post(
        self,
        channel: str,
        text: str,
        rungs: Sequence[Blocks] = (),
        *,
        thread: str | None = None,
        broadcast: bool = False,
        promotion: str = "",
    ) -> Posted:
        """Post a message, in a `thread` of the message with that timestamp, shown in the channel as well."""
        message = {"channel": channel, **_content(text), **_metadata(promotion)}
        if thread is not None:
            message |= {"thread_ts": thread, "reply_broadcast": broadcast}
        posted = await self._by_rungs("chat.postMessage", Message, message, rungs)
        return Posted(posted.channel, posted.ts)

    async def update(
        self, channel: str, ts: str, text: str, rungs: Sequence[Blocks] = (), *, promotion: str = ""
    ) -> None:
        """Give one of the bot's own messages new content; blocks that are not given are taken away."""
        message = {"channel": channel, "ts": ts, **_content(text), **_metadata(promotion), "blocks": []}
        await self._by_rungs("chat.update", Done, message, rungs)

    async def whisper(
        self, channel: str, user: str, text: str, blocks: Blocks | None = None, *, thread: str | None = None
    ) -> None:
        """Say something in a channel that only `user` sees."""
        message = {"channel": channel, "user": user, **_content(text)}
        if thread is not None:
            message["thread_ts"] = thread
        await self._by_rungs("chat.postEphemeral", Done, message, [blocks] if blocks else [])

    async def direct(self, user: str, text: str, blocks: Blocks | None = None) -> Posted:
        """Send a direct message."""
        opened = await self._call.tell("conversations.open", OneConversation, {"users": user})
        return await self.post(opened.channel.id, text, [blocks] if blocks else [])

    async def permalink(self, channel: str, ts: str) -> str:
        """The address of a message."""
        asked = {"channel": channel, "message_ts": ts}
        return (await self._call.ask("chat.getPermalink", Permalink, asked)).permalink

    async def open_view(self, trigger: str, view: View) -> ShownView:
        """Open a modal within 3 s of the click that `trigger` came with."""
        asked = {"trigger_id": trigger, "view": view}
        return _shown(await self._call.tell("views.open", OneView, asked))

    async def update_view(self, view_id: str, view: View, *, hash: str = "") -> ShownView:
        """Give an open modal new content. Raises Refused with code `hash_conflict` when it no longer shows `hash`."""
        asked = {"view_id": view_id, "view": view} | ({"hash": hash} if hash else {})
        return _shown(await self._call.tell("views.update", OneView, asked))

    async def publish_home(self, user: str, rungs: Sequence[View]) -> None:
        """Give somebody's Home new content: the first of `rungs` that Slack takes, the last one in any case."""
        for view in rungs[:-1]:
            try:
                await self._call.tell("views.publish", Done, {"user_id": user, "view": view})
            except Refused as refused:
                if refused.code not in VIEW_REFUSED:
                    raise
            else:
                return
        await self._call.tell("views.publish", Done, {"user_id": user, "view": rungs[-1]})

    async def create_channel(self, name: str) -> str:
        """Create a public channel; its id. Raises Refused with code `name_taken` when there is one."""
        return (await self._call.tell("conversations.create", OneConversation, {"name": name})).channel.id

    async def find_channel(self, name: str) -> str | None:
        """The id of the public channel of this name that the bot made, archived ones left out."""
        found = (await self._channels_named((name,))).get(name)
        return found.id if found is not None and found.creator == (await self.me()).user else None

    async def find_channels(self, names: Collection[str]) -> Mapping[str, str]:
        """The ids of the public channels of these names, as far as there are any, archived ones left out."""
        return {name: found.id for name, found in (await self._channels_named(names)).items()}

    async def _channels_named(self, names: Collection[str]) -> Mapping[str, Conversation]:
        asked = {"limit": PAGE, "exclude_archived": True, "types": "public_channel"}
        found: dict[str, Conversation] = {}
        cursor = ""
        for _ in range(MOST_PAGES):
            page = await self._call.ask("conversations.list", Conversations, {**asked, "cursor": cursor})
            found |= {one.name: one for one in page.channels if one.name in names}
            cursor = page.cursor
            if not cursor or len(found) == len(set(names)):
                break
        return found

    async def channel(self, id: str) -> Channel:
        """What Slack says of a channel now. Raises Refused for one that the bot may not look at."""
        found = (await self._call.ask("conversations.info", OneRoom, {"channel": id})).channel
        return Channel(found.id, found.name, found.sharing)

    async def invite(self, channel: str, users: Sequence[str]) -> None:
        """Bring people into a channel; those in it are fine. Raises Refused when some could not be brought,
        after all others were."""
        if not users:
            return
        try:
            await self._invite(channel, users[:MOST_INVITED])
        except Refused as refused:
            if len(users) > 1:
                await self._invite_each(channel, users)
            elif refused.code not in ALREADY_THERE:
                raise

    async def set_topic(self, channel: str, topic: str) -> None:
        """Set a channel's topic."""
        await self._call.tell("conversations.setTopic", Done, {"channel": channel, "topic": topic})

    async def pin(self, channel: str, ts: str) -> None:
        """Pin a message to its channel; one that is pinned already is fine."""
        try:
            await self._call.tell("pins.add", Done, {"channel": channel, "timestamp": ts})
        except Refused as refused:
            if refused.code != "already_pinned":
                raise

    async def group_members(self, group: str) -> frozenset[str]:
        """The user ids in a user group."""
        return frozenset(
            (await self._call.ask("usergroups.users.list", GroupUsers, {"usergroup": group})).users
        )

    async def _by_rungs(
        self, method: str, model: type[Model], message: Mapping[str, object], rungs: Sequence[Blocks]
    ) -> Model:
        """Send the first of `rungs` that Slack takes, and the bare text when it takes none."""
        for blocks in rungs:
            try:
                return await self._call.tell(method, model, {**message, "blocks": blocks})
            except Refused as refused:
                if refused.code not in BLOCKS_REFUSED:
                    raise
        return await self._call.tell(method, model, message)

    async def _invite(self, channel: str, users: Sequence[str]) -> None:
        asked = {"channel": channel, "users": ",".join(users)}
        await self._call.tell("conversations.invite", Done, asked)

    async def _invite_each(self, channel: str, users: Sequence[str]) -> None:
        """One who cannot come keeps out everybody whom Slack was asked to invite in the same call."""
        missing: dict[str, Refused] = {}
        for user in users:
            try:
                await self._invite(channel, [user])
            except Refused as refused:
                if refused.code not in ALREADY_THERE:
                    missing[user] = refused
        for first in missing.values():
            raise Refused("slack", f"{first.code}: {', '.join(missing)} could not be invited", first.code)


def _shown(answer: OneView) -> ShownView:
    return ShownView(answer.view.id, answer.view.hash)


def _content(text: str) -> dict[str, object]:
    return {"text": _clipped(text), "unfurl_links": False, "unfurl_media": False}


def _clipped(text: str) -> str:
    whole = text.encode("utf-8", "replace")
    if len(whole) <= MOST_TEXT:
        return text
    return whole[: MOST_TEXT - 3].decode("utf-8", "ignore") + "…"


def _metadata(promotion: str) -> dict[str, object]:
    if not promotion:
        return {}
    payload = {"promotion": promotion}
    return {"metadata": {"event_type": "greenlight_promotion", "event_payload": payload}}
