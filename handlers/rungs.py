"""Shows a form in the plainest way that Slack takes: a rollback must not fail at an alert that Slack does not draw."""

from collections.abc import Awaitable, Callable

from blocks.rendition import View
from blocks.views import classic
from bot.ports import Refused, ShownView

NOT_DRAWN = frozenset({"invalid_arguments", "invalid_blocks", "invalid_blocks_format"})


async def by_rungs(show: Callable[[View], Awaitable[ShownView]], view: View) -> ShownView:
    """Show the form, and its classic one when Slack refuses its blocks; raises VendorError when neither is taken."""
    try:
        return await show(view)
    except Refused as no:
        plainer = classic(view)
        if no.code not in NOT_DRAWN or plainer == view:
            raise
    return await show(plainer)
