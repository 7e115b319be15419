"""The help, short enough to be read at 3 a.m."""

from collections.abc import Mapping

from blocks.text import untrusted

_GENERAL = """\
*Promote a version:*  `/promote {service}@v2.14.3 to production because fix refunds`
*What is live:*  `/promote status {service}`   *What happened:*  `/promote history {service}`
*Why is it blocked:*  `/promote why P-142`   *Undo:*  `/rollback {service} because errors after the deploy`
*Without the card:*  `/promote approve P-142` · `/promote reject P-142 because …` · `/promote cancel P-142`
*A form instead of words:*  `/promote`
*More:*  `/promote help approvals`  `/promote help rollback`  `/promote help setup`"""

_TOPICS: Mapping[str, str] = {
    "approvals": """\
*Approvals* are asked for once every gate has passed. Nobody approves what they asked for themselves.
You approve one commit under the rules as they are; when either changes, the card asks again.
Use the card, or `/promote approve P-142`. A no needs a reason: `/promote reject P-142 because …`
When your team cannot be looked up, your approval is kept and counts once it can.""",
    "rollback": """\
*Roll back* with the button of a failed or finished promotion, or `/rollback {service} because …`
It goes to the last version that was verified there. Name another: `/rollback {service} to v2.14.2 because …`
A rollback is first in the queue, skips the gates and cancels a deploy that runs in its place.
No database migration is undone.""",
    "setup": """\
*Setup* is one file, `promotions.yml`: services, environments, people, and who may do what.
Check it with `greenlight config check`: every problem is told with its line.
Tell me what is live already, so that the first rollback has a target:
`/promote adopt {service}@v2.14.2 in production because …`""",
}


def help_text(topic: str, service: str) -> str:
    """The help on one topic, or the general one; examples name a service of the reader's."""
    words = _TOPICS.get(topic.strip().lower(), _GENERAL)
    return words.replace("{service}", untrusted(service, 60) or "checkout")
