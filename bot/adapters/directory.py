"""Who is in a team that lives at a vendor, in the vendor's own ids; the catalog knows whose they are."""

from bot.domain.policy import TeamSource
from bot.ports import Chat, Pager, Repository


class VendorDirectory:
    """Reads Slack user groups, GitHub teams and PagerDuty schedules; a failed read is the vendor's error."""

    def __init__(self, chat: Chat, repository: Repository, pager: Pager) -> None:
        self._chat = chat
        self._repository = repository
        self._pager = pager

    async def members(self, source: TeamSource) -> frozenset[str]:
        """Slack ids, GitHub logins or PagerDuty ids, by the kind of the source; names for `members`."""
        match source.kind:
            case "members":
                return frozenset(source.members)
            case "slack_group":
                return await self._chat.group_members(source.ref)
            case "github_team":
                return await self._repository.team_members(source.ref)
            case "pagerduty_schedule":
                return await self._pager.schedule_members(source.ref)
