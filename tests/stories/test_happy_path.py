"""A version goes to production: asked, checked, approved by two, waited for, deployed, verified."""

from tests.stories.story import Story


async def test_successful_deployment(story: Story) -> None:
    """Two release managers approve, the run succeeds, health names the version, and the card says it is live."""
    await story.ana.types("/promote checkout@v2.14.3 to production because fix refunds")
    await story.bo.clicks("Approve")
    await story.cy.clicks("Approve")

    await story.until("P-1", "succeeded")
    await story.settles()

    assert story.card("P-1").text.startswith("P-1: checkout v2.14.3 is live in production")
    assert [run["conclusion"] for run in story.runs] == ["success"]
    assert story.world.serving["checkout", "production"].version == "v2.14.3"


async def test_a_happy_path_is_quiet(story: Story) -> None:
    """One post in the channel, at most 6 replies in its thread and 25 edits; the calls are printed."""
    await story.ana.types("/promote checkout@v2.14.3 to production because fix refunds")
    await story.bo.clicks("Approve")
    await story.cy.clicks("Approve")
    await story.until("P-1", "succeeded")
    await story.settles()

    slack = story.playground.slack
    assert slack.posts("deploys") == 1
    assert slack.thread_replies("deploys") <= 6
    assert story.card("P-1").edits <= 25
    messages = [one for one in story.asked("slack") if one.path.startswith("chat.")]
    github = [
        one.path
        for one in story.asked("github")
        if "/check-runs" not in one.path and "/status" not in one.path
    ]
    print(f"\nslack {len(messages)} calls (target 6), github {len(github)} apart from gates (target 3)")
