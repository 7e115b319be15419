"""Short stories that together come by every point. Each says what must be true at its end, however often the bot died."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from itertools import chain, repeat

from bot.domain.promotion import Phase
from tests.durability.life import Life
from tests.durability.verbs import (
    DAY,
    HOUR,
    TRY,
    a_copy_is_clicked,
    a_stranger_runs,
    another_service,
    approves,
    asks,
    ends,
    fails,
    incident,
    is_begun,
    is_delivered_again,
    is_done,
    is_lost,
    is_written,
    letters_are_tried,
    opens_home,
    says,
    shows,
    wants_letters,
)

FAR_TEAMS = {
    "{members: [bo, cy]}": "{slack_group: S0MANAGERS}",
    "{members: [ana, dee]}": "{github_team: acme/payments}",
}
VERIFIED_DEV = {
    "  dev: {}": "  dev:\n    verify:\n      health: {attempts: 5, every: 2s, version: $.version}"
}
ASKED_IN_DEV = {
    "  dev: {}": "  dev:\n    gates:\n      health: {of: target, attempts: 1, every: 2s, expect: 200}\n"
    "    approvals:\n      - {count: 1, from: release-managers}"
}
SKIPPED = {"    wait: 10s\n": "    wait: 1h\n    skip_wait: [release-managers]\n"}
PRIVATE = "payments"  # a channel in which the bot is not


@dataclass(frozen=True, slots=True)
class Story:
    """What happens, by which rules, and how it has to end."""

    tell: Callable[[Life], Awaitable[None]]
    ends: tuple[str, ...]  # the phases of all promotions, sorted
    runs: tuple[str, ...] = ()  # the workflows that were started, sorted
    incidents: tuple[str, ...] = ()  # what became of each
    edits: Mapping[str, str] = field(default_factory=dict)


async def rolled_back(life: Life) -> None:
    """A deploy fails, on-call is paged, it is rolled back, and the incident is resolved."""
    life.playground.slack.workspace.usergroups["S0MANAGERS"] = ["U0BO", "U0CY"]
    run = life.world.run
    run.conclusion, run.step, run.seconds = "failure", "Smoke tests", 4.0
    failing = await asks(life, "ana", "/promote checkout@v2.14.3 to production because fix refunds")
    await approves(life, failing, "bo", "cy")
    await ends(life, failing, Phase.FAILED)
    run.conclusion, run.step = "success", None
    undo = await asks(life, "dee", "/promote rollback checkout in production because refunds are failing")
    await ends(life, undo, Phase.SUCCEEDED)
    await life.until(lambda: life.promotions[failing].undone_by, "the card to know of it")
    await life.until(lambda: is_done(life, failing, "resolve"), "the incident to be resolved")


async def looked_after(life: Life) -> None:
    """A deploy fails, and people look after the incident: it is acknowledged, led, noted and resolved in Slack."""
    run = life.world.run
    run.conclusion, run.step, run.seconds = "failure", "Smoke tests", 4.0
    one = await asks(life, "ana", "/promote checkout@v2.14.3 to production because fix refunds")
    await approves(life, one, "bo", "cy")
    await ends(life, one, Phase.FAILED)
    await life.until(lambda: is_done(life, one, "incident_card"), "the room")
    await says(life, "dee", f"/promote acknowledge {one}", lambda: incident(life, one).acknowledged_at)
    await life.until(lambda: incident(life, one).status == "acknowledged", "PagerDuty to know of it")
    await says(life, "dee", f"/promote lead {one}", lambda: incident(life, one).lead)
    await life.until(lambda: is_begun(life, one, "duties:"), "the duties")
    await says(life, "dee", f"/promote note {one} EUR refunds fail", lambda: incident(life, one).notes)
    await says(life, "dee", f"/promote resolve {one}", lambda: incident(life, one).resolved_at)
    await life.until(lambda: incident(life, one).status == "resolved", "the incident to be resolved")


async def lost(life: Life) -> None:
    """GitHub's answer is lost and no run is listed; a wrong run is named; it is started anew, and cancelled."""
    tried = await is_lost(life, "502")
    life.world.run.mode, life.world.run.seconds = "ok", DAY
    strange = {"correlation_id": life.promotions[tried].correlation, "target": "dev"}
    life.playground.github.starts_run("checkout", "smoke.yml", "eli-dev", strange)
    await life.insists(
        lambda: is_delivered_again(life, "workflow_run.requested"), lambda: life.has("commit:ignored_run")
    )
    await life.insists(
        lambda: life.fills("bo", "I see run", tried, run="4711"), lambda: life.has("commit:run_not_ours")
    )
    await life.insists(
        lambda: life.clicks("bo", "It never started", tried),
        lambda: life.promotions[tried].phase is not Phase.UNKNOWN,
    )
    await ends(life, tried, Phase.DEPLOYING)
    await life.insists(lambda: life.clicks("bo", "Cancel run", tried), lambda: life.promotions[tried].wish)
    await ends(life, tried, Phase.CANCELLED)
    await life.until(lambda: life.promotions[tried].serving_seen, "a look at what serves")


async def vouched(life: Life) -> None:
    """Nobody knows what became of the dispatch, until an admin says that it is live."""
    tried = await is_lost(life, "502")
    await life.insists(
        lambda: life.clicks("bo", "It is live", tried),
        lambda: life.promotions[tried].phase is not Phase.UNKNOWN,
    )
    await ends(life, tried, Phase.SUCCEEDED)


async def found(life: Life) -> None:
    """GitHub's answer is lost and no webhook comes, but the run is listed."""
    life.world.run.mode, life.world.run.seconds, life.world.webhooks = "accept-then-502", 2.0, "lost"
    tried = await asks(life, "ana", TRY)
    await ends(life, tried, Phase.SUCCEEDED)


async def named(life: Life) -> None:
    """The run is never listed, and an admin names it."""
    tried = await is_lost(life, "accept-then-502")
    run = str(life.playground.github.runs.all[0].id)
    await life.insists(
        lambda: life.fills("bo", "I see run", tried, run=run),
        lambda: life.promotions[tried].phase is not Phase.UNKNOWN,
    )
    await ends(life, tried, Phase.SUCCEEDED)


async def told(life: Life) -> None:
    """The run is never listed, and its webhook comes long after the outcome was given up as unknown."""
    tried = await is_lost(life, "accept-then-502")
    late = next(one for one in life.playground.github.deliveries if one.event == "workflow_run.requested")
    await life.insists(
        lambda: life.delivers("workflow_run", json.loads(late.body)),
        lambda: life.promotions[tried].phase is not Phase.UNKNOWN,
    )
    await ends(life, tried, Phase.SUCCEEDED)


async def denied(life: Life) -> None:
    """An admin says that it never started, and is wrong: the run is listed by now."""
    tried = await is_lost(life, "accept-then-502")
    life.playground.github.runs.all[0].listed_at = 0.0
    await life.insists(
        lambda: life.clicks("bo", "It never started", tried),
        lambda: life.promotions[tried].phase is not Phase.UNKNOWN,
    )
    await ends(life, tried, Phase.SUCCEEDED)


async def turned_down(life: Life) -> None:
    """GitHub asks to wait, and then does not take the dispatch at all."""
    fails(life, "/dispatches", chain([429], repeat(422)))
    tried = await asks(life, "ana", TRY)
    await ends(life, tried, Phase.ERRORED)


async def turned_away(life: Life) -> None:
    """A version that does not exist, one that GitHub refuses to look up, and an approval of nothing."""
    unknown = await asks(life, "ana", "/promote checkout@v9.9.9 to dev because trying it out", PRIVATE)
    await ends(life, unknown, Phase.REJECTED)
    fails(life, "/v2.15.0", repeat(403), method="GET")
    refused = await asks(life, "ana", TRY)
    await ends(life, refused, Phase.ERRORED)
    await life.insists(
        lambda: life.types("bo", f"/promote approve {unknown}"), lambda: life.has("commit:refused")
    )


async def thought_over(life: Life) -> None:
    """A gate is looked at again, a newer request takes the place of an older one, and is rejected."""
    life.world.health["checkout", "dev"] = "failing"
    older = await asks(life, "ana", TRY)
    await life.insists(lambda: life.clicks("ana", "Retry", older), lambda: life.has("commit:retry"))
    newer = await asks(life, "ana", "/promote checkout@v2.14.2 to dev because trying that one")
    await life.insists(
        lambda: life.clicks("ana", f"Replace {older}", newer),
        lambda: life.promotions[older].phase is Phase.SUPERSEDED,
    )
    life.world.health["checkout", "dev"] = "ok"
    await life.insists(
        lambda: life.fills("bo", "Reject", newer, reason="far too risky"),
        lambda: life.promotions[newer].phase is Phase.REJECTED,
    )


async def hurried(life: Life) -> None:
    """Approved, and deployed without the rest of the wait."""
    one = await asks(life, "ana", "/promote checkout@v2.14.3 to production because fix refunds")
    await approves(life, one, "bo", "cy")
    await life.insists(
        lambda: life.clicks("bo", "Deploy now", one), lambda: life.promotions[one].skip_wait_by
    )
    await ends(life, one, Phase.SUCCEEDED)


async def adopted(life: Life) -> None:
    """What is live already is recorded, once by name and once by what the health body says."""
    why = "in production because it was live before"
    await life.insists(
        lambda: life.types("bo", f"/promote adopt inventory@v1.0.0 {why}"),
        lambda: life.has("call:beside:chat.whisper"),
    )
    await life.insists(
        lambda: life.types("bo", f"/promote adopt storefront {why}", PRIVATE),
        lambda: life.has("call:beside:chat.direct"),
    )


async def replaced(life: Life) -> None:
    """Something else goes live in the place of what was: the card of that one is told."""
    life.world.run.seconds = 2.0
    older = await asks(life, "ana", TRY)
    await ends(life, older, Phase.SUCCEEDED)
    newer = await asks(life, "ana", "/promote checkout@v2.14.3 to dev because trying that one")
    await ends(life, newer, Phase.SUCCEEDED)
    await life.until(lambda: life.promotions[older].replaced, "the older one to know of it")


async def overtaken(life: Life) -> None:
    """A rollback is asked for while the deploy still runs: that one is stopped first."""
    life.world.run.seconds = DAY
    running = await asks(life, "ana", "/promote checkout@v2.14.3 to production because fix refunds")
    await approves(life, running, "bo", "cy")
    await ends(life, running, Phase.DEPLOYING)
    life.world.run.seconds = 4.0
    undo = await asks(life, "dee", "/promote rollback checkout in production because refunds are failing")
    await ends(life, running, Phase.CANCELLED)
    await ends(life, undo, Phase.SUCCEEDED)


async def at_home(life: Life) -> None:
    """Bo opens his Home and asks for letters there; he or Cy is written to, and Ana takes back what she asked for."""
    await life.insists(lambda: opens_home(life, "bo"), lambda: life.has("call:beside:chat.publish_home"))
    await life.insists(lambda: wants_letters(life, "bo"), lambda: life.has("commit:preferences"))
    one = await asks(life, "ana", "/promote checkout@v2.14.3 to production because fix refunds")
    await life.until(lambda: "letter:bo" in life.promotions[one].ledger, "a letter to bo")
    for mark in (2.0 * HOUR, 1.5 * HOUR):  # a death makes a letter unclear: at each mark there are two more
        if not is_written(life, one):
            life.passes(mark)
            await letters_are_tried(life, one)
    await life.insists(
        lambda: life.clicks("ana", "Cancel", one), lambda: life.promotions[one].phase is Phase.CANCELLED
    )


async def shared(life: Life) -> None:
    """Another company comes into the channel while an approval is awaited there, and leaves it again."""
    one = await asks(life, "ana", "/promote checkout@v2.14.3 to production because fix refunds")
    await life.until(lambda: shows(life, one, "fix refunds"), "the card")
    for reads_along in (True, False):
        await life.insists(
            lambda now=reads_along: life.play("world", {"shared": {"deploys": now}}),  # type: ignore[misc]
            lambda now=reads_along: shows(life, one, "fix refunds") is not now,  # type: ignore[misc]
        )
    await life.insists(
        lambda: life.clicks("ana", "Cancel", one), lambda: life.promotions[one].phase is Phase.CANCELLED
    )


OF_A_FORM = ("call:beside:repository.refs", "call:beside:repository.changes", "call:beside:chat.update_view")


async def looked_at(life: Life) -> None:
    """A form whose fields depend on each other, a copy of a card with live buttons, a run that is nobody's."""
    members = life.playground.slack.workspace.channel("deploys").members
    members.remove(life.world.bot_user)
    one = await asks(life, "ana", "/promote checkout@v2.14.3 to production because fix refunds")
    await life.until(lambda: life.has("call:ShowCard:chat.direct"), "a word that the channel is closed")
    members.append(life.world.bot_user)
    life.passes(61)
    await life.until(lambda: life.has("call:Say:chat.post"), "the card, and that it can be approved")
    await life.insists(lambda: another_service(life), lambda: all(life.has(one) for one in OF_A_FORM))
    await life.insists(lambda: a_copy_is_clicked(life, one), lambda: life.has("call:beside:chat.update"))
    await life.insists(lambda: a_stranger_runs(life), lambda: life.has("commit:ignored_webhook"))
    await life.insists(
        lambda: life.clicks("ana", "Cancel", one), lambda: life.promotions[one].phase is Phase.CANCELLED
    )


STORIES: Mapping[str, Story] = {
    "rolled back": Story(
        rolled_back,
        ends=("failed", "succeeded"),
        runs=("deploy.yml", "rollback.yml"),
        incidents=("resolved",),
        edits=FAR_TEAMS,
    ),
    "looked after": Story(looked_after, ends=("failed",), runs=("deploy.yml",), incidents=("resolved",)),
    "lost": Story(lost, ends=("cancelled",), runs=("deploy.yml",), edits=VERIFIED_DEV),
    "vouched": Story(vouched, ends=("succeeded",)),
    "found": Story(found, ends=("succeeded",), runs=("deploy.yml",)),
    "named": Story(named, ends=("succeeded",), runs=("deploy.yml",)),
    "told": Story(told, ends=("succeeded",), runs=("deploy.yml",)),
    "denied": Story(denied, ends=("succeeded",), runs=("deploy.yml",)),
    "turned down": Story(turned_down, ends=("errored",)),
    "turned away": Story(turned_away, ends=("errored", "rejected")),
    "thought over": Story(thought_over, ends=("rejected", "superseded"), edits=ASKED_IN_DEV),
    "hurried": Story(hurried, ends=("succeeded",), runs=("deploy.yml",), edits=SKIPPED),
    "adopted": Story(adopted, ends=()),
    "at home": Story(at_home, ends=("cancelled",)),
    "replaced": Story(replaced, ends=("succeeded", "succeeded"), runs=("deploy.yml", "deploy.yml")),
    "overtaken": Story(overtaken, ends=("cancelled", "succeeded"), runs=("deploy.yml", "rollback.yml")),
    "shared": Story(shared, ends=("cancelled",)),
    "looked at": Story(looked_at, ends=("cancelled",)),
}
