"""Credentials that end, an app that is suspended, lists that cannot be read to their end."""

import pytest
from inline_snapshot import snapshot

from bot.playground.github.repos import CheckRun
from bot.playground.world import sha_for
from tests.stories.deploys import is_approved
from tests.stories.github import DISPATCHES, buttons, card_words, fails, is_trying, is_under_way, shows
from tests.stories.said import plain
from tests.stories.story import Story

APP = (15368, "github-actions")


def many_checks(story: Story, count: int, last: str) -> None:
    """So many green checks on v2.14.3 that they take two pages, the required ones on the second."""
    repository, sha = story.playground.github.repository("checkout"), sha_for("checkout", "v2.14.3")
    repository.checks = [one for one in repository.checks if one.sha != sha]
    now = story.world.clock.now()
    names = [f"lint {n}" for n in range(count)] + ["build", "test"]
    for number, name in enumerate(names, 20_000):
        conclusion = last if name == "test" else "success"
        repository.checks.append(CheckRun(number, name, sha, "completed", conclusion, now, now, *APP))


async def test_f64_f65_a_run_goes_on_blind_when_github_lets_us_in_no_more(story: Story) -> None:
    """401 at every look: deploying (blind) with what has to be mended, never ended by us; then its end is read."""
    await is_under_way(story)
    story.world.webhooks = "lost"
    story.world.vendor_always["github"] = 401
    await story.sees(lambda: "blind" in card_words(story, "P-1"), "the blindness")
    assert card_words(story, "P-1") == snapshot("""\
:rocket: *checkout v2.15.0 → dev* · *Deploying (blind)* · `P-1`
*dev* › staging › production · `8fa4d4d` · asked by <@U0ANA> <time>
[run 8801] · since <time>
:warning: It did not work just now: “Bad credentials”. I keep trying. GitHub does not take my credentials any more: whoever runs me has to renew them.
Cancel run
Cancel the run?
GitHub is asked to stop the run of checkout v2.15.0 to dev. What serves after that is unknown until it is checked.
Cancel run
Let it run
View run
Details\
""")
    assert (await story.stands("P-1")).phase == "deploying"

    story.playground.github.finishes()
    story.passes(120)
    del story.world.vendor_always["github"]
    await story.until("P-1", "succeeded")
    await story.sees(lambda: "blind" not in card_words(story, "P-1"), "sight")


@pytest.mark.parametrize("status", [401, 403])
async def test_f64_f65_nothing_is_dispatched_when_github_lets_us_in_no_more(
    story: Story, status: int
) -> None:
    """The token ends or the app is suspended before the last look: blocked with the reason, and all is kept."""
    await is_approved(story)
    await shows(story, "starts at")
    story.world.vendor_always["github"] = status
    await shows(story, "blocked")
    story.passes(600)
    await story.sees(lambda: any("blocked" in one for one in story.thread("P-1")), "the note")
    assert story.dispatches() == []
    assert [one.by for one in (await story.stands("P-1")).approvals] == ["bo", "cy"]

    del story.world.vendor_always["github"]
    await story.ana.clicks("Retry")
    await story.until("P-1", "succeeded")
    assert len(story.dispatches()) == 1


async def test_f62_a_page_of_the_checks_that_fails_blocks(story: Story) -> None:
    """The first page is green and the second one cannot be read: blocked, not passed by what was seen."""
    many_checks(story, 110, last="success")
    _fails_second_page(story, 502, 6)
    await story.ana.types("/promote checkout@v2.14.3 to production because fix refunds")
    await shows(story, "blocked")
    assert "I could not read it (Server Error)" in plain(card_words(story, "P-1"))
    assert "Approve" not in buttons(story)

    await shows(story, "waiting for approval")


async def test_f62_a_check_that_failed_on_the_last_page_counts(story: Story) -> None:
    """A hundred green checks and a red one after them: blocked."""
    many_checks(story, 110, last="failure")
    await story.ana.types("/promote checkout@v2.14.3 to production because fix refunds")
    await shows(story, "blocked")
    assert "test" in card_words(story, "P-1")
    assert story.dispatches() == []


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_f67_no_redirect_of_a_dispatch_is_followed(story: Story, status: int) -> None:
    """The redirect leads to another repository's dispatch: one POST, no run anywhere, told what to mend."""
    story.playground.github.door.moved_to = "/repos/acme/inventory/actions/workflows/deploy.yml/dispatches"
    fails(story, DISPATCHES, status)
    await is_trying(story)
    await story.until("P-1", "errored")
    await story.settles()
    assert [one.path for one in story.dispatches()] == [
        "/repos/acme/checkout/actions/workflows/deploy.yml/dispatches"
    ]
    assert story.runs == []
    assert "`services.checkout.repo`" in card_words(story, "P-1")


async def test_f54_what_a_concurrency_group_dropped_can_be_asked_for_again(story: Story) -> None:
    """Superseded in GitHub: nobody is paged, and Request again opens the form with what was asked for."""
    github = story.playground.github
    inputs = {"service": "checkout", "environment": "dev", "version": "v2.14.2", "correlation_id": "theirs"}
    story.world.run.seconds = 60.0
    github.starts_run("checkout", "deploy.yml", "eli-dev", inputs)
    await is_trying(story)
    await story.until("P-1", "deploying")
    github.starts_run("checkout", "deploy.yml", "eli-dev", inputs)
    await story.until("P-1", "superseded")

    form = await story.ana.clicks("Request again")
    await story.ana.submits(form["view"], reason="still wanted after all")
    await story.until("P-2", "succeeded")
    assert story.incidents == []
    ours = [run["inputs"].get("promotion_id") for run in story.runs if run["actor"] != "eli-dev"]
    assert ours == ["P-1", "P-2"]


def _fails_second_page(story: Story, status: int, times: int) -> None:
    """Let the second page of the checks fail, and every other call be well."""
    left, seen = times, len(story.world.ledger)

    def notice() -> None:
        nonlocal left, seen
        if len(story.world.ledger) == seen:
            return
        seen, asked = len(story.world.ledger), story.world.ledger[-1]
        if left and asked.path.endswith("/check-runs") and _page_of(asked.body) == "2":
            left -= 1
            story.world.vendor.setdefault("github", []).insert(0, status)

    story.world.listeners.append(notice)


def _page_of(body: object) -> str:
    return str(body.get("page", "")) if isinstance(body, dict) else ""
