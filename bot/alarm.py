"""Tells those who run the bot that Slack shuts it out. By PagerDuty: Slack is the one place where it cannot say so.

It needs the bot's own PAGERDUTY_ROUTING_KEY; without one, /readyz and the log are all there is.
"""

import logging
from dataclasses import dataclass

from bot.ports import Pager, VendorError

log = logging.getLogger(__name__)
# Of low urgency: the key may be that of services, and what is open there bars their deploys.
SEVERITY = "warning"


@dataclass(frozen=True, slots=True)
class Token:
    """A token that Slack may refuse, and what the page says then."""

    key: str  # the same for every replica: one incident
    summary: str
    mend: str


BOT_TOKEN = Token(
    "greenlight/slack-token",
    "Slack takes Greenlight's token no more: nobody can approve or watch. Deploys under way go on.",
    "Install the app again, set SLACK_BOT_TOKEN to the new token, restart Greenlight, and resolve this.",
)
APP_TOKEN = Token(
    "greenlight/slack-app-token",
    "Slack lets Greenlight open no socket: nobody can ask or approve. Deploys under way go on.",
    "Switch Socket Mode on in the app's settings; or make an app-level token with connections:write, set "
    "SLACK_APP_TOKEN to it, restart Greenlight, and resolve this.",
)


class Alarm:
    """One incident, from the first time that a token is refused to the next time that it is taken.

    A restart forgets that it is open: whoever set a new token resolves it, and no start talks to PagerDuty.
    """

    def __init__(self, pager: Pager, routing_key: str | None, token: Token) -> None:
        self._pager = pager
        self._token = token
        self._routing_key = routing_key
        self._told = True  # that it is taken

    async def told(self, *, is_taken: bool) -> None:
        """Page when the token is refused, resolve when it is taken; what PagerDuty did not take is told again."""
        if self._routing_key is None or self._told is is_taken:
            return
        try:
            await self._tell(self._routing_key, is_taken=is_taken)
        except VendorError as error:
            log.warning("nobody was told of the token", extra={"why": str(error)})
            return
        self._told = is_taken

    async def _tell(self, routing_key: str, *, is_taken: bool) -> None:
        if is_taken:
            await self._pager.resolve(routing_key, self._token.key)
            return
        await self._pager.trigger(
            routing_key,
            self._token.key,
            summary=self._token.summary,
            source="greenlight",
            severity=SEVERITY,
            details={"to do": self._token.mend},
            links=(),
        )
