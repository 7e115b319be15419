"""Tells those who run the bot that Slack shuts it out. By PagerDuty: Slack is the one place where it cannot say so.

It needs the bot's own PAGERDUTY_ROUTING_KEY; without one, /readyz and the log are all there is.
"""

import logging

from bot.ports import Pager, VendorError

log = logging.getLogger(__name__)
KEY = "greenlight/slack-token"  # the same for every replica: one incident
# Of low urgency: the key may be that of services, and what is open there bars their deploys.
SEVERITY = "warning"
SUMMARY = "Slack takes Greenlight's token no more: nobody can approve or watch. Deploys under way go on."
MEND = "Install the app again, set SLACK_BOT_TOKEN to the new token, restart Greenlight, and resolve this."


class Alarm:
    """One incident, from the first refused token to the next one that is taken.

    A restart forgets that it is open: whoever set a new token resolves it, and no start talks to PagerDuty.
    """

    def __init__(self, pager: Pager, routing_key: str | None) -> None:
        self._pager = pager
        self._routing_key = routing_key
        self._told = True  # that it is taken

    async def slack_token(self, *, is_taken: bool) -> None:
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
            await self._pager.resolve(routing_key, KEY)
            return
        await self._pager.trigger(
            routing_key,
            KEY,
            summary=SUMMARY,
            source="greenlight",
            severity=SEVERITY,
            details={"to do": MEND},
            links=(),
        )
