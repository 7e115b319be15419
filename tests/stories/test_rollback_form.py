"""The rollback form: what will change for everyone is on it before anybody presses the button."""

from inline_snapshot import snapshot

from bot.domain.promotion import Release
from bot.playground.world import sha_for
from tests.stories.deploys import is_running, succeeds
from tests.stories.filling import element, forges, holds, names, on_screen, opens, picks, says, says_about
from tests.stories.parts import slow_github
from tests.stories.story import Story
from tests.stories.vendors import goes_down

WHY = "refunds are failing"


async def has_told(story: Story) -> None:
    """GitHub has told which commits go away, or that it does not."""
    await story.sees(lambda: "Checking" not in str(on_screen(story.bo).body), "the commits that go away")


async def has_run_another(story: Story) -> None:
    """An earlier release of checkout in production is recorded, below the one that serves."""
    live, _ = await story.bot.contexts.live("checkout", "production")
    older = Release(sha_for("checkout", "v2.14.1"), "v2.14.1", story.clock.now() - 86_400, by="dee")
    for release in (older, live.serving):
        assert release is not None
        await story.bot.service.records.adopt("checkout", "production", release, "live before Greenlight")


async def test_what_a_rollback_will_change(story: Story) -> None:
    """From what to what, which commits go away, what stays, how it is done and how long that takes."""
    await succeeds(story)
    await story.bo.clicks("Roll back")
    await has_told(story)

    view = on_screen(story.bo)
    assert [line for line in says(view) if "Expected" not in line] == snapshot(
        [
            "error: This changes production of checkout for everyone.",
            "*checkout production* · now serving: *v2.14.3* (since <time>) → *v2.14.2*",
            """\
*Goes away:* [3 commits]
• [#812] Log the trace id (ana-dev)
• [#811] Bump dependencies (eli-dev)
• [#810] Fix EUR refunds (ana-dev)\
""",
        ]
    )
    assert says_about(view, "Will not undo").splitlines()[-1].startswith("*Expected:* ~")
    assert holds(view) == {"version": sha_for("checkout", "v2.14.2"), "reason": ""}


async def test_what_runs_is_stopped_first(story: Story) -> None:
    """Bo asks for it while the deploy is under way: the form names what it will cancel."""
    await is_running(story)
    view = await opens(story.bo, "/promote rollback P-1")

    assert "warning: P-1 is running and will be cancelled first." in says(view)


async def test_the_releases_say_how_long_they_ran(story: Story) -> None:
    """Two good releases: the one before, and the one before that; the likeliest is chosen already."""
    await succeeds(story)
    story.passes(3 * 86_400)
    await story.sees(lambda: story.bot.accounts.is_ready, "the accounts, read again")
    await story.ana.types("/promote checkout@v2.15.0 to dev because the next one")
    await story.until("P-2", "succeeded")
    await story.ana.types("/promote checkout@v2.15.0 to staging because the next one")
    await story.until("P-3", "succeeded")
    await succeeds(story, "v2.15.0", "P-4")
    view = await opens(story.bo, "/promote rollback checkout")
    await has_told(story)

    options = element(view, "version").element["options"]
    shown = {one["text"]["text"]: one.get("description", {}).get("text", "") for one in options}
    assert list(shown) == ["v2.14.3", "v2.14.2"]
    assert shown["v2.14.3"].startswith("ran 3 days")
    assert holds(view)["version"] == sha_for("checkout", "v2.14.3")
    await picks(story.bo, "version", sha_for("checkout", "v2.14.2"))
    await has_told(story)
    assert says_about(view, "Goes away").splitlines()[0] == "*Goes away:* [6 commits]"
    assert list(shown) == [one["text"]["text"] for one in element(view, "version").element["options"]]


async def test_the_chosen_release_is_the_one_that_comes_back(story: Story) -> None:
    """What is sent is what was chosen, with the reason that was typed before."""
    await succeeds(story)
    await story.bo.clicks("Roll back")
    await has_told(story)
    await story.bo.submits({"id": on_screen(story.bo).id}, version=sha_for("checkout", "v2.14.2"), reason=WHY)
    undo = await story.until("P-2", "succeeded")

    assert (undo.version, undo.reason, undo.undoes) == ("v2.14.2", WHY, "P-1")


async def test_github_is_down_and_the_rollback_form_opens(story: Story) -> None:
    """P9: the form is there at once, says what it does not know, and can be sent."""
    await succeeds(story)
    await story.settles()
    goes_down(story, "github")
    await story.bo.clicks("Roll back")
    await has_told(story)

    view = on_screen(story.bo)
    assert says_about(view, "Goes away") == snapshot(
        "*Goes away:* GitHub does not tell me now (“Server Error”). You can go on without."
    )
    sent = await story.bo.submits({"id": view.id}, reason=WHY)
    assert "errors" not in sent
    assert await story.bot.store.load("P-2") is not None
    story.world.vendor_always.clear()


async def test_the_bot_dies_before_the_commits_are_told(story: Story) -> None:
    """The form that was left on the screen rolls back all the same."""
    await succeeds(story)
    await story.settles()
    github = await slow_github(story)
    github.slow.add(sha_for("checkout", "v2.14.3"))
    await story.bo.clicks("Roll back")
    await story.sees(lambda: github.asked, "the question")
    await story.bot_dies()
    await story.bot_starts()

    await story.bo.submits({"id": on_screen(story.bo).id}, reason=WHY)
    await story.until("P-2", "succeeded")
    assert story.world.serving["checkout", "production"].version == "v2.14.2"


async def test_a_forged_release_is_not_gone_back_to(story: Story) -> None:
    """A version that was never verified there is none to go back to, whatever the form says."""
    await succeeds(story)
    await story.bo.clicks("Roll back")
    await has_told(story)
    forges(story.bo, "version", "v2.15.0")
    said = await story.bo.submits({"id": on_screen(story.bo).id}, reason=WHY)

    assert said["errors"] == snapshot(
        {
            "reason": "v2.15.0 is no verified release of checkout in production that I recorded. Choose v2.14.2: /rollback checkout in production to v2.14.2 because …"
        }
    )
    assert len(story.dispatches()) == 1


async def test_a_rollback_by_name_asks_where_and_why(story: Story) -> None:
    """Nothing ran through Greenlight yet: the place is a field, because no promotion names it."""
    await has_run_another(story)
    view = await opens(story.bo, "/promote rollback checkout in production to v2.14.1")

    assert names(view) == ["service", "environment", "version", "reason"]
    assert holds(view)["version"] == sha_for("checkout", "v2.14.1")
    await story.bo.submits({"id": view.id}, reason=WHY)
    undo = await story.until("P-1", "succeeded")
    assert undo.version == "v2.14.1"
