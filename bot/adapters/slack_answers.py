"""The fields of Slack's answers that are used."""

from pydantic import BaseModel

from bot.domain.channels import Sharing
from bot.ports import Account


class Conversation(BaseModel):
    """A channel or direct message."""

    id: str
    name: str = ""
    creator: str = ""  # a user id


class SharedConversation(Conversation):
    """A channel with who reads along. A flag that is not told tells nothing: nobody is inside by a missing field."""

    is_ext_shared: bool | None = None  # with another company; between workspaces of one it is is_org_shared
    is_pending_ext_shared: bool | None = None  # another company is invited

    @property
    def sharing(self) -> Sharing:
        """Whether people of another company read along, or will."""
        flags = (self.is_ext_shared, self.is_pending_ext_shared)
        if any(flags):
            return "outside"
        return "unread" if None in flags else "inside"


class OneRoom(BaseModel):
    """conversations.info."""

    channel: SharedConversation


class OneConversation(BaseModel):
    """conversations.create, conversations.open."""

    channel: Conversation


class Metadata(BaseModel):
    """Where a list goes on."""

    next_cursor: str = ""


class Conversations(BaseModel):
    """conversations.list: one page."""

    channels: list[Conversation]
    response_metadata: Metadata | None = None

    @property
    def cursor(self) -> str:
        """Where the next page begins; empty at the end."""
        return self.response_metadata.next_cursor if self.response_metadata else ""


class Message(BaseModel):
    """chat.postMessage."""

    channel: str
    ts: str


class Permalink(BaseModel):
    """chat.getPermalink."""

    permalink: str


class View(BaseModel):
    """A view."""

    id: str
    hash: str = ""


class OneView(BaseModel):
    """views.open, views.update."""

    view: View


class Enterprise(BaseModel):
    """The workspaces of a user of an Enterprise organization."""

    teams: list[str] = []


class User(BaseModel):
    """A user. What is not said is taken for the worse: nobody becomes a full member by a missing field."""

    id: str
    team_id: str = ""
    deleted: bool = False
    is_bot: bool = False
    is_restricted: bool = True
    is_ultra_restricted: bool = True
    is_stranger: bool = False
    enterprise_user: Enterprise | None = None
    tz: str | None = None

    def is_of(self, team: str) -> bool:
        """Whether this is a member of the workspace."""
        others = self.enterprise_user.teams if self.enterprise_user else []
        return not self.is_stranger and (self.team_id == team or team in others)

    def account(self, team: str) -> Account:
        """What it is to the workspace `team`."""
        return Account(
            id=self.id,
            team=self.team_id,
            is_bot=self.is_bot,
            is_guest=self.is_restricted or self.is_ultra_restricted,
            is_stranger=not self.is_of(team),
            is_deleted=self.deleted,
            zone=self.tz or "",
        )


class OneUser(BaseModel):
    """users.info."""

    user: User


class Token(BaseModel):
    """auth.test."""

    team_id: str
    user_id: str
    bot_id: str
    url: str = ""  # of the workspace


class Bot(BaseModel):
    """The app behind a bot."""

    app_id: str


class OneBot(BaseModel):
    """bots.info."""

    bot: Bot


class GroupUsers(BaseModel):
    """usergroups.users.list."""

    users: list[str]
