"""GitHub does not answer, answers with errors, or asks to wait: what could not be read never passes."""

import pytest
from inline_snapshot import snapshot

from tests.stories.deploys import is_approved, is_asked, succeeds
from tests.stories.github import (
    buttons,
    card_words,
    fails,
    is_trying,
    is_under_way,
    shows,
    the_run,
)
from tests.stories.said import heard, plain
from tests.stories.story import Story


async def test_a_request_while_github_is_down_is_not_lost(story: Story) -> None:
    """The version cannot be looked up: Ana is told so once, and the card comes when GitHub is back."""
    story.world.vendor_always["github"] = 503
    await story.ana.types("/promote checkout@v2.14.3 to production because fix refunds")
    await story.sees(lambda: len(story.ana.heard) >= 2, "the delay")
    assert heard(story.ana)[-1] == snapshot(
        "GitHub does not answer me (No server is currently available to service your request. Sorry about that.), so checkout v2.14.3 to production has no card yet. P-1 keeps its place and I keep trying; `/promote cancel P-1` ends it."
    )
    assert story.messages() == []

    del story.world.vendor_always["github"]
    await story.sees(lambda: story.messages() != [], "the card")
    await shows(story, "waiting for approval")
    assert len(story.ana.heard) == 2


@pytest.mark.parametrize("status", [401, 403])
async def test_f64_f65_a_request_that_github_refuses_to_look_up_is_turned_away(
    story: Story, status: int
) -> None:
    """The token is no longer taken, or the app was suspended: no card, and Ana is told what has to be mended."""
    story.world.vendor_always["github"] = status
    await story.ana.types("/promote checkout@v2.14.3 to production because fix refunds")

    await story.until("P-1", "errored")
    await story.settles()
    assert (
        heard(story.ana)[-1]
        == snapshot(
            {
                401: "GitHub refused to look v2.14.3 up in acme/checkout: “401 Bad credentials”. GitHub does not take my credentials any more: whoever runs me has to renew them. Nothing was started; ask again when it is mended.",
                403: "GitHub refused to look v2.14.3 up in acme/checkout: “403 Resource not accessible by integration”. The app needs *Contents: read* on acme/checkout, and must not be suspended (admins: `/promote doctor`). Nothing was started; ask again when it is mended.",
            }
        )[status]
    )
    assert story.messages() == []


async def test_f62_checks_that_cannot_be_read_block_and_recover(story: Story) -> None:
    """5xx at the check runs: blocked with `could not read`, never passed; then GitHub answers and it goes on."""
    fails(story, "/check-runs", *[502] * 3, method="GET")
    await story.ana.types("/promote checkout@v2.14.3 to production because fix refunds")
    await shows(story, "blocked")
    assert card_words(story, "P-1") == snapshot("""\
:warning: *checkout v2.14.3 → production* · *Blocked: Checks* · `P-1`
dev ✓ › staging ✓ › *production* · `ffdbf00` · asked by <@U0ANA> <time>
> “fix refunds”
[3 commits since v2.14.2] · [#812] Log the trace id · [#811] Bump dependencies · [#810] Fix EUR refunds
2 of 3 gates passed
:white_check_mark: *Branch* passed · on main
:white_check_mark: *Path* passed · succeeded in staging
:white_check_mark: *Health* passed · staging: 1 good answer in a row (HTTP 200)
:white_check_mark: *Incidents* passed · none open
Health: answers 200 · Incidents: none open · Also: on main, succeeded in staging
Requirement
Result
Evidence
Checks
 Not\xa0passed
I could not read it (Server Error). I count that as not passed; the rule: every check is green, with build, test
What I cannot read counts as not passed; press Retry to look again · `/promote why P-1` shows each rule · E12
:warning: It did not work just now: “Server Error”. I keep trying.
Retry
Cancel
Details\
""")

    await shows(story, "waiting for approval")
    assert "Approve" in buttons(story)


async def test_github_fails_at_the_last_look_before_the_dispatch(story: Story) -> None:
    """Approved, but the checks cannot be read again at the start: nothing is dispatched until they can."""
    await is_asked(story)
    await story.bo.types("/promote approve P-1")
    await story.cy.types("/promote approve P-1")
    await shows(story, "starts at")
    fails(story, "/check-runs", *[503] * 3, method="GET")

    await shows(story, "blocked")
    assert story.dispatches() == []
    await story.until("P-1", "succeeded")
    approved = [one.by for one in (await story.stands("P-1")).approvals]
    assert approved == ["bo", "cy"]


async def test_f63_a_rate_limit_at_a_look_says_how_long(story: Story) -> None:
    """The hourly limit is spent: the card says that GitHub asks to wait, and it goes on by itself."""
    await is_approved(story)
    await shows(story, "starts at")
    story.playground.github.exhausts_rate_limit(60)

    await story.sees(lambda: "rate limit" in card_words(story, "P-1").lower(), "the limit")
    assert card_words(story, "P-1") == snapshot("""\
:warning: *checkout v2.14.3 → production* · *Blocked: Checks* · `P-1`
dev ✓ › staging ✓ › *production* · `ffdbf00` · asked by <@U0ANA> <time>
> “fix refunds”
[3 commits since v2.14.2] · [#812] Log the trace id · [#811] Bump dependencies · [#810] Fix EUR refunds
2 of 3 gates passed
:white_check_mark: *Branch* passed · on main
:white_check_mark: *Path* passed · succeeded in staging
:white_check_mark: *Health* passed · staging: 1 good answer in a row (HTTP 200)
:white_check_mark: *Incidents* passed · none open
Health: answers 200 · Incidents: none open · Also: on main, succeeded in staging
Requirement
Result
Evidence
Checks
 Not\xa0passed
I could not read it (API rate limit exceeded for greenlight[bot]). I count that as not passed; the rule: every check is green, with build, test
What I cannot read counts as not passed; press Retry to look again · `/promote why P-1` shows each rule · E12
:hourglass: I was asked to wait: “API rate limit exceeded for greenlight[bot]”. I go on <time>. P-1 keeps its place; no action needed · E19
Retry
Cancel
Details\
""")
    story.passes(50)
    await story.until("P-1", "succeeded")
    assert len(story.dispatches()) == 1


async def test_f63_a_limit_is_respected_until_its_time(story: Story) -> None:
    """GitHub says Retry-After: 40, and is not asked the same again before that time."""
    story.playground.github.door.retry_after = 40
    story.world.vendor["github"] = [429]
    asked_at = story.clock.now()
    await is_trying(story)

    looks = [one.at for one in story.asked("github", "/git/matching-refs/tags", "GET")]
    assert looks[1] - looks[0] >= 40
    assert looks[0] - asked_at < 10


async def test_github_goes_down_while_a_run_is_under_way(story: Story) -> None:
    """No webhook and no look for minutes: it stays deploying, says that it is blind, and finds the end."""
    await is_under_way(story)
    story.world.webhooks = "lost"
    story.world.vendor_always["github"] = 500
    await story.sees(lambda: "Server Error" in card_words(story, "P-1"), "the trouble")
    assert (await story.stands("P-1")).phase == "deploying"
    assert card_words(story, "P-1") == snapshot("""\
:rocket: *checkout v2.15.0 → dev* · *Deploying* · `P-1`
*dev* › staging › production · `8fa4d4d` · asked by <@U0ANA> <time>
[run 8801] · since <time>
:warning: It did not work just now: “Server Error”. I keep trying.
Cancel run
Cancel the run?
GitHub is asked to stop the run of checkout v2.15.0 to dev. What serves after that is unknown until it is checked.
Cancel run
Let it run
View run
Details\
""")

    story.playground.github.finishes()
    story.passes(120)
    del story.world.vendor_always["github"]
    await story.until("P-1", "succeeded")
    await story.sees(lambda: "Server Error" not in card_words(story, "P-1"), "no trouble")


async def test_f64_a_token_that_ends_during_a_run_leaves_it_running_blind(story: Story) -> None:
    """401 at every look while the run goes on: deploying with the trouble on the card, never failed by us."""
    await is_under_way(story)
    story.world.webhooks = "lost"
    story.world.vendor_always["github"] = 401
    await story.sees(lambda: "Bad credentials" in card_words(story, "P-1"), "the trouble")
    assert (await story.stands("P-1")).phase == "deploying"

    del story.world.vendor_always["github"]
    story.passes(120)
    story.playground.github.finishes()
    await story.until("P-1", "succeeded")


async def test_a_rollback_that_github_limits_is_not_sent_in_a_rush(story: Story) -> None:
    """A rollback has no version to look up, so nothing held it back: it asked GitHub 200 times in one turn."""
    await succeeds(story)
    fails(story, "/dispatches", 429, 429)
    story.playground.github.door.retry_after = 30
    await story.dee.types("/promote rollback checkout in production because errors went up")

    await story.sees(lambda: len(story.dispatches()) == 2, "the first try")
    story.passes(20)
    await story.sees(lambda: len(story.dispatches()) == 3, "the second try")
    story.passes(20)
    await story.until("P-2", "succeeded")
    first, second, third = (one.at for one in story.dispatches()[1:])
    assert second - first >= 30
    assert third - second >= 30


async def test_a_limited_dispatch_tells_that_it_keeps_its_place(story: Story) -> None:
    """While the dispatch waits for GitHub's limit the slot is kept and the card names the reason."""
    fails(story, "/dispatches", 429)
    story.playground.github.door.retry_after = 48
    await story.ana.types("/promote checkout@v2.15.0 to dev because trying it out")
    await story.sees(lambda: story.messages(), "the card")
    await story.sees(lambda: "rate limit" in card_words(story, "P-1"), "the limit")

    assert card_words(story, "P-1") == snapshot("""\
:hourglass_flowing_sand: *checkout v2.15.0 → dev* · *Its turn: checking the rules once more* · `P-1`
*dev* › staging › production · `8fa4d4d` · asked by <@U0ANA> <time>
> “trying it out”
[3 commits since v2.14.3] · [#815] Fix EUR refunds · [#814] Retry card timeouts · [#813] Show the tax line
:hourglass: I was asked to wait: “You have exceeded a secondary rate limit. Please wait a few minutes before you try again”. I go on <time>. P-1 keeps its place; no action needed · E19
Details
Cancel\
""")
    assert plain(story.card("P-1").text) == snapshot(
        "P-1: checking the rules once more before checkout v2.15.0 to dev starts. Asked by ana."
    )
    story.passes(40)
    await story.until("P-1", "succeeded")
    assert len(story.dispatches()) == 2
    assert the_run(story).attempt.conclusion == "success"
