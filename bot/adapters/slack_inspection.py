"""Slack as a checkup looks at it: what the token may do, which channels there are, whether a socket would open."""

from collections.abc import Callable

from pydantic import BaseModel

from bot.adapters.dates import seconds_ahead
from bot.adapters.slack import API_URL, DEADLINE, PAGE
from bot.adapters.slack_answers import GroupUsers, Metadata, OneBot, OneUser, SharedConversation
from bot.adapters.slack_call import Done, SlackCall
from bot.adapters.slack_socket import Dialer
from bot.inspections import Room, RoomPage, SlackToken
from bot.ports import Account

SCOPES = "x-oauth-scopes"


class AnyToken(BaseModel):
    """auth.test of a token of any kind: one of a person has no bot."""

    team_id: str
    bot_id: str = ""


class RoomAnswer(SharedConversation):
    """A channel with how the bot stands to it."""

    is_archived: bool = False
    is_member: bool = False


class Rooms(BaseModel):
    """conversations.list: one page."""

    channels: list[RoomAnswer]
    response_metadata: Metadata | None = None


class SlackLooks:
    """One workspace, as the bot that `token` belongs to; `app_token` opens sockets. Open it inside a running loop."""

    def __init__(
        self,
        token: str,
        app_token: str = "",
        *,
        base_url: str = API_URL,
        deadline: float = DEADLINE,
        now: Callable[[], float],
    ) -> None:
        self._call = SlackCall(token, base_url, deadline)
        self._dialer = Dialer(app_token, base_url)
        self._now = now

    async def open(self) -> None:
        """Make the connections' pools; nothing is sent yet."""
        await self._call.open()
        await self._dialer.open()

    async def close(self) -> None:
        """Close every connection."""
        await self._call.close()
        await self._dialer.close()

    async def ahead(self) -> float | None:
        """Seconds that this host's clock is ahead of Slack's."""
        _, headers = await self._call.told("auth.test", Done)
        return seconds_ahead(self._now(), headers)

    async def token(self) -> SlackToken:
        """Whose the token is and what it may do. Raises Refused when Slack does not take it."""
        token, headers = await self._call.told("auth.test", AnyToken)
        told = next((value for name, value in headers.items() if name.lower() == SCOPES), None)
        scopes = None if told is None else frozenset(word.strip() for word in told.split(",") if word.strip())
        app = await self._app_of(token.bot_id) if token.bot_id and _may(scopes, "users:read") else ""
        return SlackToken(token.team_id, token.bot_id, scopes, app)

    async def first_frame(self) -> tuple[str, str]:
        """What Slack says first on a new socket, and why when it ends it. Raises Refused when the app-level token is
        not taken."""
        socket, frame = await self._dialer.dial()
        await socket.close()  # at once: what Slack sends through it, nobody answers
        return frame.type, frame.reason

    async def rooms(self, start: str, *, with_archived: bool) -> RoomPage:
        """One page of the public channels; `start` is empty for the first."""
        asked = {
            "limit": PAGE,
            "types": "public_channel",
            "cursor": start,
            "exclude_archived": not with_archived,
        }
        page = await self._call.ask("conversations.list", Rooms, asked)
        following = page.response_metadata.next_cursor if page.response_metadata else ""
        rooms = [Room(one.name, one.is_archived, one.is_member, one.sharing) for one in page.channels]
        return RoomPage(rooms, following)

    async def account(self, user: str, team: str) -> Account:
        """What Slack says of a user now; `team` is the workspace that they should be of."""
        return (await self._call.ask("users.info", OneUser, {"user": user})).user.account(team)

    async def group_members(self, group: str) -> frozenset[str]:
        """The user ids in a user group."""
        found = await self._call.ask("usergroups.users.list", GroupUsers, {"usergroup": group})
        return frozenset(found.users)

    async def _app_of(self, bot: str) -> str:
        return (await self._call.ask("bots.info", OneBot, {"bot": bot})).bot.app_id


def _may(scopes: frozenset[str] | None, scope: str) -> bool:
    return scopes is None or scope in scopes
