"""The help, short enough to be read at 3 a.m."""

from collections.abc import Mapping

from blocks.text import listed, untrusted

TITLE = "Help"
_GENERAL = """\
*Promote a version:*  `/promote {service}@v2.14.3 to production because fix refunds`
*A form for it:*  `/promote`
*What is live:*  `/promote status {service}`
*What happened:*  `/promote history {service} last 7d`
*Why is it blocked:*  `/promote why P-142`
*Undo:*  `/rollback {service} because errors after the deploy`
*In a thread, mention me instead:*  `@greenlight why`
*More:*  {topics}"""

_TOPICS: Mapping[str, str] = {
    "approvals": """\
*Approvals* are asked for once every gate has passed. Nobody approves what they asked for themselves.
You approve one commit under the rules as they are; when either changes, the card asks again.
Use the card, or `/promote approve P-142`. A no needs a reason: `/promote reject P-142 because …`
Take back what you asked for: `/promote cancel P-142` · What may I do: `/promote whoami`
When your team cannot be looked up, your approval is kept and counts once it can.
What it would take, and whose approval, before you ask: `/promote plan {service}@v2.14.3 to production`""",
    "rollback": """\
*Roll back* with the button of a failed or finished promotion, or `/rollback {service} because …`
It goes to the last version that was verified there. Name another: `/rollback {service} to v2.14.2 because …`
`/promote history {service}` has a button for each version that you can go back to.
A rollback is first in the queue, skips the gates and cancels a deploy that runs in its place.
No database migration is undone.""",
    "incidents": """\
*Incidents* have a channel of their own. Everybody in the catalog may help; the card there has a button for each:
`/promote acknowledge P-142` says that you look after it, here and in PagerDuty.
`/promote lead P-142` takes the lead, also from somebody else: the topic and the card say who leads.
`/promote note P-142 refunds fail for EUR cards` writes a note below the card, and into PagerDuty.
`/promote resolve P-142 because all is well` ends it here and in PagerDuty; it does not roll back.
In the incident’s channel the promotion is understood: `@greenlight note refunds work again` · `@greenlight lead`
*Attach to incident*, in the ⋯ menu of a message there, makes a note of it.""",
    "mentions": """\
*Mention me* where slash commands do not work: in threads. Begin the message with my name; only you see the answer.
Below a card the promotion is understood: `@greenlight why` · `@greenlight approve looks good`
`@greenlight reject because …` · `@greenlight cancel` · `@greenlight retry` · `@greenlight rollback because …`
Anywhere else every command works as it does after /promote: `@greenlight status {service}`
Where a form is needed, my answer has a button that opens it.""",
    "shortcuts": """\
*Shortcuts* need no typing. In the ⚡ menu beside the composer: *Promote a service* and *What is deployed?*
In the ⋯ menu of my messages, and of any message below a card: *Explain this promotion* and *Roll back this promotion*
In an incident’s channel, and below a card with an incident: *Attach to incident* makes a note of the message.
The same in words: `/promote why P-142` · `/rollback {service} because …`""",
    "setup": """\
*Setup* is one file, `promotions.yml`: services, environments, people, and who may do what.
Check it with `greenlight config check`: every problem is told with its line.
Check everything around it with `greenlight doctor`, or here: `/promote doctor`
Tell me what is live already, so that the first rollback has a target:
`/promote adopt {service}@v2.14.2 in production because …`""",
}
TOPICS = tuple(_TOPICS)


def help_text(topic: str, service: str) -> str:
    """The help on one topic, or the general one; examples name a service of the reader's."""
    wanted = topic.strip().lower()
    if not wanted or wanted in _TOPICS:
        return _filled(_TOPICS.get(wanted, _GENERAL), service)
    topics = listed([f"*{one}*" for one in TOPICS], "or")
    unknown = f"There is no help on “{untrusted(wanted, 40)}”; ask about {topics}."
    without_topics = _GENERAL.rpartition("\n")[0]
    return f"{unknown}\n{_filled(without_topics, service)}"


def _filled(words: str, service: str) -> str:
    topics = "  ".join(f"`/promote help {one}`" for one in TOPICS)
    name = untrusted(service, 60) or "checkout"
    return words.replace("{topics}", topics).replace("{service}", name)
