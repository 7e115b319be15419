"""Where a rollback goes: never to what serves, never from what the person did not see, and to the very commit."""

from inline_snapshot import snapshot

from bot import entrances
from bot.domain.promotion import Release
from bot.playground.slack.raw import elements_in
from bot.playground.world import sha_for
from tests.stories.deploys import fails, is_running, succeeds
from tests.stories.filling import element, holds, on_screen, opens, says
from tests.stories.moments import rests
from tests.stories.said import replies
from tests.stories.story import Story
from tests.stories.surfaces import presses
from tests.stories.ways import chooses, mentions

WHY = "because errors are up"
REASON = "errors are up again"


async def is_live(story: Story, version: str, sha: str = "") -> None:
    """Somebody recorded a version of checkout as live in production."""
    release = Release(sha or sha_for("checkout", version), version, story.clock.now(), by="dee")
    await story.bot.service.records.adopt("checkout", "production", release, "live beside Greenlight")
    story.passes(60)


async def the_next_is_live(story: Story) -> None:
    """v2.14.4 takes the place of v2.14.3 in production (P-4)."""
    await succeeds(story, "v2.14.4", "P-4")
    await rests(story)


async def the_next_is_in_staging(story: Story) -> None:
    """v2.14.3 is live in production (P-1), and v2.14.4 is verified in staging."""
    await succeeds(story)
    story.playground.github.adds_commit("checkout", "Next", tag="v2.14.4")
    for promotion, place in (("P-2", "dev"), ("P-3", "staging")):
        await story.ana.types(f"/promote checkout@v2.14.4 to {place} because next one")
        await story.until(promotion, "succeeded")


async def test_a_rollback_leaves_what_somebody_recorded_as_live(story: Story) -> None:
    """Incident: v2.15.0 was deployed by hand over P-1 and adopted, and had errors.

    `/rollback checkout because …` undid P-1, "back" to v2.15.0: it runs already, so nothing was done at 3 a.m.
    """
    await succeeds(story)
    await is_live(story, "v2.15.0")
    answer = await story.ana.types(f"/rollback checkout {WHY}")
    rollback = await story.until("P-2", "succeeded")

    assert (rollback.version, rollback.undoes) == ("v2.14.3", "")
    assert "rollback of checkout in production to v2.14.3" in replies(answer)[0]
    assert (await story.stands("P-1")).undone_by == ""


async def test_a_failed_deploy_is_not_undone_once_something_else_is_live(story: Story) -> None:
    """P-1 failed, somebody deployed v2.15.0 by hand and adopted it: the rollback leaves that one."""
    await fails(story)
    await story.settles()
    await is_live(story, "v2.15.0")
    await story.ana.types(f"/rollback checkout {WHY}")
    rollback = await story.stands("P-2")

    assert (rollback.version, rollback.undoes) == ("v2.14.2", "")


async def test_the_form_never_offers_what_serves(story: Story) -> None:
    """Incident: nothing had been promoted yet, only adopted, and the form chose what served."""
    await is_live(story, "v2.14.1")
    await is_live(story, "v2.14.3")
    view = await opens(story.dee, "/rollback checkout")

    serving = sha_for("checkout", "v2.14.3")
    assert serving not in [one["value"] for one in element(view, "version").element["options"]]
    assert holds(view)["version"] == sha_for("checkout", "v2.14.1")


async def test_an_older_card_is_not_rolled_back(story: Story) -> None:
    """Incident: on P-1's card, after P-4 had taken its place, the form said "v2.14.4 → v2.14.4".

    The menu and the mention say which promotion serves now, and what to type.
    """
    await the_next_is_in_staging(story)
    await the_next_is_live(story)
    view = await chooses(story.ana, entrances.UNDO, story.card("P-1"))
    said = await mentions(story.ana, f"rollback {WHY}", story.card("P-1"))

    assert [*says(view), said] == snapshot(
        [
            "P-1 does not serve any more: v2.14.4 (P-4) serves checkout in production now. To roll that back: `/rollback checkout in production`",
            "P-1 does not serve any more: v2.14.4 (P-4) serves checkout in production now. To roll that back: `@greenlight rollback checkout in production`",
        ]
    )
    assert await story.bot.store.load("P-5") is None


async def test_what_went_live_while_the_form_was_open_is_not_rolled_back_unseen(story: Story) -> None:
    """Incident (R4): the form showed v2.14.3 as serving, and sent later took v2.14.4 down to v2.14.2.

    It is drawn again with what serves now, and the reason stays; sent again, it goes one step back.
    """
    await the_next_is_in_staging(story)
    view = await opens(story.dee, "/rollback checkout")
    await the_next_is_live(story)
    await story.dee.submits({"id": view.id}, reason=REASON)
    again = on_screen(story.dee)

    assert await story.bot.store.load("P-5") is None
    assert [line for line in says(again) if line.startswith("warning")] == snapshot(
        [
            "warning: What serves changed while this form was open: it is v2.14.4 now. Nothing was rolled back; look again."
        ]
    )
    assert holds(again) == {"version": sha_for("checkout", "v2.14.3"), "reason": REASON}
    await story.dee.submits({"id": again.id}, reason=REASON)
    rollback = await story.until("P-6", "succeeded")
    assert (rollback.version, rollback.undoes) == ("v2.14.3", "P-4")


async def test_a_deploy_that_ended_while_the_form_was_open_is_undone(story: Story) -> None:
    """What serves changed, and by the very promotion that is to be undone: nobody is asked twice at 3 a.m."""
    await is_running(story)
    view = await opens(story.dee, "/rollback P-1")
    story.passes(300)
    await story.until("P-1", "succeeded")
    await story.dee.submits({"id": view.id}, reason=REASON)
    story.world.run.seconds = 2.0
    rollback = await story.stands("P-2")

    assert (rollback.version, rollback.undoes) == ("v2.14.2", "P-1")


async def test_the_button_beside_an_older_deploy_of_a_branch_goes_to_its_commit(story: Story) -> None:
    """Incident: `main` was promoted three times, and the button beside P-1 went back to P-2's commit."""
    shas = []
    for number in (1, 2, 3):
        shas.append(story.playground.github.adds_commit("checkout", f"Next {number}"))
        await story.ana.types(f"/promote checkout@main to dev because number {number}")
        await story.until(f"P-{number}", "succeeded")
        await rests(story)
    await story.dee.types("/promote history checkout in dev")
    slack = story.world.people["dee"].slack
    said = story.playground.slack.workspace.private[slack][-1]
    beside = list(elements_in(said.blocks))
    await presses(story.dee, said, beside[-1])
    await story.sees(lambda: story.playground.slack.workspace.view_of(slack), "the form")
    view = on_screen(story.dee)

    offered = [one["text"]["text"] for one in element(view, "version").element["options"]]
    assert {f"main ({sha[:7]})" for sha in shas[:2]} <= set(offered)
    await story.dee.submits({"id": view.id}, reason=REASON)
    assert (await story.stands("P-4")).sha == shas[0]


async def test_a_rollback_that_failed_is_tried_again_as_a_rollback(story: Story) -> None:
    """Incident: `retry` of a failed rollback opened "Promote a service"."""
    await fails(story)
    run = story.world.run
    run.conclusion, run.step, run.seconds = "failure", "smoke", 2.0
    await story.ana.types(f"/rollback P-1 {WHY}")
    await story.until("P-2", "failed")
    await rests(story)
    run.conclusion, run.step = "success", None
    view = await opens(story.ana, "/promote retry P-2")

    assert view.body["callback_id"] == "promo.rollback"
    assert holds(view) == {"version": sha_for("checkout", "v2.14.2"), "reason": "errors are up"}
    await story.ana.submits({"id": view.id}, reason=REASON)
    assert (await story.until("P-3", "succeeded")).version == "v2.14.2"


async def test_a_version_that_never_was_live_is_not_replaced_by_another(story: Story) -> None:
    """`/rollback checkout to v9` opens the form with nothing chosen, and says why."""
    await succeeds(story)
    view = await opens(story.bo, "/rollback checkout to v9")

    assert "warning: v9 is no verified release to go back to here. Choose one below." in says(view)
    assert holds(view)["version"] == ""
