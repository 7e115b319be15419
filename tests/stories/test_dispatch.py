"""The dispatch: asked for once, found again when the answer is lost, and an honest end when GitHub says no."""

import pytest
from inline_snapshot import snapshot

from bot.playground.github.door import APP_LOGIN
from bot.playground.world import RunMode, sha_for
from tests.stories.deploys import is_approved
from tests.stories.github import (
    DISPATCHES,
    before,
    buttons,
    card_words,
    fails,
    is_trying,
    looks,
    rewrites_catalog,
    shows,
    the_run,
)
from tests.stories.said import plain
from tests.stories.story import Story

INPUTS = (
    'inputs: {service: "{service}", environment: "{environment}", version: "{version}", sha: "{sha}", '
    'promotion_id: "{promotion_id}", correlation_id: "{correlation_id}", triggered_by: "{requester}"}'
)


async def test_f60_the_workflow_gets_what_the_catalog_says_from_the_trusted_ref(story: Story) -> None:
    """One POST, on main, with the catalog's templates filled in; the pinned SHA goes as an input."""
    await is_approved(story)
    promotion = await story.until("P-1", "succeeded")

    (dispatch,) = story.dispatches()
    assert dispatch.path == "/repos/acme/checkout/actions/workflows/deploy.yml/dispatches"
    assert dispatch.body == {
        "ref": "main",
        "inputs": {
            "service": "checkout",
            "environment": "production",
            "version": "v2.14.3",
            "sha": sha_for("checkout", "v2.14.3"),
            "promotion_id": "P-1",
            "correlation_id": promotion.correlation,
            "triggered_by": "ana",
        },
    }
    assert len(promotion.correlation) == 32
    assert the_run(story).actor == APP_LOGIN
    assert looks(story) == 0


async def test_a_team_with_its_own_inputs_gets_those_alone(story: Story) -> None:
    """A workflow that takes nothing but a SHA, a place and a correlation id is sent nothing else."""
    own = 'inputs: {environment: "{environment}", sha: "{sha}", correlation_id: "{correlation_id}"}'
    await rewrites_catalog(story, INPUTS, own)
    promotion = await is_trying(story)

    await story.until("P-1", "succeeded")
    assert the_run(story).inputs == {
        "environment": "dev",
        "sha": sha_for("checkout", "v2.15.0"),
        "correlation_id": promotion.correlation,
    }


@pytest.mark.parametrize("mode", ["accept-then-502", "accept-then-hang", "accept-then-reset", "204"])
async def test_f38_f39_f40_f43_a_dispatch_without_a_clear_answer_is_found_again(
    story: Story, mode: RunMode
) -> None:
    """GitHub starts the run and says 502, nothing, a reset or 204: the run is found by its id, never resent."""
    await story.bot_stops()
    story.github_deadline, story.world.webhooks, story.world.run.seconds = 0.5, "lost", 2.0
    await story.bot_starts()
    story.world.run.mode = mode
    await is_trying(story)

    await story.until("P-1", "succeeded")
    assert len(story.dispatches()) == 1
    assert (await story.stands("P-1")).run.run_id == the_run(story).id
    assert looks(story) >= 1


async def test_an_unclear_answer_is_told_on_the_card(story: Story) -> None:
    """While the run is looked for, the card says what GitHub answered and that nothing is started twice."""
    story.world.webhooks, story.world.run.lag = "lost", 60.0
    story.world.run.mode = "accept-then-502"
    await is_trying(story)
    await story.sees(lambda: "not clear" in card_words(story, "P-1"), "the unclear answer")

    assert card_words(story, "P-1") == snapshot("""\
:satellite_antenna: *checkout v2.15.0 → dev* · *Starting the deploy* · `P-1`
*dev* › staging › production · `8fa4d4d` · asked by <@U0ANA> <time>
GitHub’s answer to deploy.yml was not clear (Server Error). I am looking for the run and will not start it twice.
Details\
""")
    assert story.card("P-1").text == snapshot(
        "P-1: starting the deploy, checkout v2.15.0 to dev. Asked by ana."
    )


async def test_f44_a_run_that_is_listed_half_a_minute_late_is_waited_for(story: Story) -> None:
    """GitHub's list lags 30 s behind and the answer was lost: the settle time is longer than that."""
    story.world.webhooks, story.world.run.lag = "lost", 30.0
    story.world.run.mode, story.world.run.seconds = "accept-then-502", 40.0
    await is_trying(story)

    promotion = await story.until("P-1", "succeeded", "unknown")
    assert promotion.phase == "succeeded"
    assert len(story.dispatches()) == 1


async def test_a_webhook_finds_the_run_before_any_look_does(story: Story) -> None:
    """With webhooks on, a run whose dispatch was answered with 502 is adopted by the event's correlation id."""
    story.world.run.mode, story.world.run.lag = "accept-then-502", 300.0
    await is_trying(story)

    promotion = await story.until("P-1", "deploying", "succeeded", "unknown")
    assert promotion.run.run_id == the_run(story).id
    await story.until("P-1", "succeeded")


@pytest.mark.parametrize("status", [401, 403, 404, 422])
async def test_f41_f42_a_refused_dispatch_ends_at_once(story: Story, status: int) -> None:
    """A definite no of GitHub: its sentence on the card, no page, no second try, and the slot is free."""
    fails(story, DISPATCHES, status)
    await is_trying(story)

    await story.until("P-1", "errored")
    await story.settles()
    assert (
        card_words(story, "P-1")
        == snapshot(
            {
                401: """\
:boom: *checkout v2.15.0 → dev* · *Could not start* · `P-1`
*dev ✗* › staging › production · `8fa4d4d` · asked by <@U0ANA> <time>
GitHub refused to start deploy.yml: “401 Bad credentials”. GitHub does not take my credentials any more: whoever runs me has to renew them; then press Retry.
*Nothing was deployed.*
E16
Retry
Details\
""",
                403: """\
:boom: *checkout v2.15.0 → dev* · *Could not start* · `P-1`
*dev ✗* › staging › production · `8fa4d4d` · asked by <@U0ANA> <time>
GitHub refused to start deploy.yml: “403 Resource not accessible by integration”. The app needs *Actions: write* on acme/checkout (admins: `/promote doctor`); then press Retry.
*Nothing was deployed.*
E16
Retry
Details\
""",
                404: """\
:boom: *checkout v2.15.0 → dev* · *Could not start* · `P-1`
*dev ✗* › staging › production · `8fa4d4d` · asked by <@U0ANA> <time>
GitHub refused to start deploy.yml: “404 Not Found”. Check that the workflow is on the trusted ref of acme/checkout, and the app installed there, then press Retry.
*Nothing was deployed.*
E16
Retry
Details\
""",
                422: """\
:boom: *checkout v2.15.0 → dev* · *Could not start* · `P-1`
*dev ✗* › staging › production · `8fa4d4d` · asked by <@U0ANA> <time>
GitHub refused to start deploy.yml: “422 Server Error”. An admin can find the cause in the catalog’s `deploy` rule or in GitHub; then press Retry.
*Nothing was deployed.*
E16
Retry
Details\
""",
            }
        )[status]
    )
    assert len(story.dispatches()) == 1
    assert story.runs == []
    assert story.incidents == []
    assert "Retry" in buttons(story)

    await is_trying(story, "v2.14.2", "P-2")
    await story.until("P-2", "succeeded")


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        (INPUTS.replace("version:", "tag:"), 'Unexpected inputs provided: ["tag"]'),
        (INPUTS.replace('environment: "{environment}", ', ""), "Required input 'environment' not provided"),
        (INPUTS.replace("inputs:", "inputs:") + "\n      ref: nowhere", "No ref found for: nowhere"),
    ],
)
async def test_f41_a_catalog_that_does_not_fit_the_workflow_is_told_in_githubs_words(
    story: Story, broken: str, sentence: str
) -> None:
    """An input that the workflow does not take, one that it lacks, or a ref that is not there: 422, once."""
    if "nowhere" in broken:
        await rewrites_catalog(
            story, "workflow: deploy.yml\n      ref: main", "workflow: deploy.yml\n      ref: nowhere"
        )
    else:
        await rewrites_catalog(story, INPUTS, broken)
    await is_trying(story)

    await story.until("P-1", "errored")
    await story.settles()
    assert sentence in card_words(story, "P-1")
    assert len(story.dispatches()) == 1
    assert story.runs == []


async def test_a_refused_dispatch_tells_whoever_asked_what_to_mend(story: Story) -> None:
    """The thread names the requester, GitHub's sentence and who can mend it."""
    fails(story, DISPATCHES, 403)
    await is_trying(story)
    await story.until("P-1", "errored")
    await story.settles()

    assert [plain(text) for text in story.thread("P-1")] == snapshot(
        [
            """\
:boom: <@U0ANA>: could not start P-1 (checkout v2.15.0 to dev). GitHub refused to start deploy.yml: “403 Resource not accessible by integration”. The app needs *Actions: write* on acme/checkout (admins: `/promote doctor`); then press Retry.
*Nothing was deployed.*\
"""
        ]
    )
    assert story.card("P-1").text == snapshot(
        "P-1: could not start, checkout v2.15.0 to dev. Nothing was deployed. Asked by ana."
    )


async def test_f63_a_rate_limit_at_the_dispatch_is_waited_out(story: Story) -> None:
    """429 at the dispatch certainly started nothing: everything is looked at again, and one run is started."""
    fails(story, DISPATCHES, 429, 429)
    await is_trying(story)

    await story.until("P-1", "succeeded")
    assert len(story.dispatches()) == 3
    assert len(story.runs) == 1


async def test_f63_an_exhausted_limit_at_the_dispatch_names_no_failure(story: Story) -> None:
    """The hourly limit is spent at the dispatch: the promotion keeps its place and goes on by itself."""
    before(story, DISPATCHES, lambda: story.playground.github.exhausts_rate_limit(48))
    await is_trying(story)

    await story.until("P-1", "succeeded")
    assert len(story.dispatches()) == 2
    assert len(story.runs) == 1


async def test_f67_a_renamed_repository_is_not_followed(story: Story) -> None:
    """The repository moved between approval and dispatch: GitHub's redirect is not followed with a POST."""
    await rewrites_catalog(story, "environments:\n  dev: {}", "environments:\n  dev: {wait: 30s}")
    await story.ana.types("/promote checkout@v2.15.0 to dev because trying it out")
    await shows(story, "starts at")
    story.playground.github.renames("checkout", "basket")

    await story.sees(lambda: "moved" in card_words(story, "P-1"), "the move")
    assert story.runs == []
    assert story.dispatches() == []
    assert card_words(story, "P-1") == snapshot("""\
:hourglass_flowing_sand: *checkout v2.15.0 → dev* · *Its turn: checking the rules once more* · `P-1`
*dev* › staging › production · `8fa4d4d` · asked by <@U0ANA> <time>
> “trying it out”
[3 commits since v2.14.3] · [#815] Fix EUR refunds · [#814] Retry card timeouts · [#813] Show the tax line
:warning: It did not work just now: “301 the repository has moved: the catalog names its old address”. I keep trying.
Details
Cancel\
""")


async def test_f67_a_repository_that_moves_right_before_the_dispatch(story: Story) -> None:
    """301 at the dispatch itself ends it with what to mend in the catalog; nothing was started."""
    before(story, DISPATCHES, lambda: story.playground.github.renames("checkout", "basket"))
    await is_trying(story)

    await story.until("P-1", "errored")
    await story.settles()
    assert story.runs == []
    assert card_words(story, "P-1") == snapshot("""\
:boom: *checkout v2.15.0 → dev* · *Could not start* · `P-1`
*dev ✗* › staging › production · `8fa4d4d` · asked by <@U0ANA> <time>
GitHub refused to start deploy.yml: “301 the repository has moved: the catalog names its old address”. Set `services.checkout.repo` in the catalog to the new address, then press Retry.
*Nothing was deployed.*
E16
Retry
Details\
""")


async def test_a_retry_is_a_new_promotion_with_its_own_correlation_id(story: Story) -> None:
    """Retry on a failed deploy opens a form; what it asks for is another promotion, checked from the start."""
    story.world.run.conclusion, story.world.run.seconds = "failure", 2.0
    await is_trying(story)
    failed = await story.until("P-1", "failed")
    story.world.run.conclusion = "success"

    form = await story.ana.clicks("Retry")
    await story.ana.submits(form["view"], reason="the runner had died")
    again = await story.until("P-2", "succeeded")

    assert again.retries == "P-1"
    assert again.correlation != failed.correlation
    assert [run["correlation_id"] for run in story.runs] == [failed.correlation, again.correlation]
    assert (await story.stands("P-1")).phase == "failed"
