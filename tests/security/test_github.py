"""What may come from GitHub's side: lies in webhooks, other people's checks, old dates, runs beside the bot."""

import json

import pytest

from bot.domain.promotion import Phase
from bot.playground.world import sha_for
from tests.stories.deploys import is_approved, is_asked
from tests.stories.github import before, delivers, is_lost, is_under_way, sent_webhook, shows, the_run
from tests.stories.moments import rests
from tests.stories.rules import rules_change
from tests.stories.said import heard, plain, replies
from tests.stories.story import Story

GHOST_APP = (4_711, "ghost-ci")


@pytest.mark.parametrize("repo", ["mallory/checkout", "acme/checkout-fork", "ACME2/CHECKOUT", "checkout"])
async def test_a10_a_true_webhook_of_another_repository_changes_nothing(story: Story, repo: str) -> None:
    """GitHub signed it, for another installation of the App: 202, nothing believed, one audit row."""
    await is_under_way(story)
    news = sent_webhook(story, "workflow_run.requested")
    news["repository"] |= {"full_name": repo, "id": 1}
    news["workflow_run"] |= {"status": "completed", "conclusion": "success"}
    assert await delivers(story, "workflow_run", news) == 202
    assert not (await story.stands("P-1")).run.end_announced
    assert [row.action for row in await story.bot.store.audit_of(repo)] == ["ignored_webhook"]


async def test_a12_a_webhook_that_says_success_is_checked(story: Story) -> None:
    """The event says success, the API says failure: it failed, after a read of the run."""
    await is_under_way(story)
    story.world.webhooks = "lost"
    run = the_run(story)
    story.playground.github.finishes(run.id, "failure", "smoke")
    lie = sent_webhook(story, "workflow_run.requested")
    lie["workflow_run"] |= {"status": "completed", "conclusion": "success"}
    assert await delivers(story, "workflow_run", lie) == 202
    assert (await story.until("P-1", "failed", "succeeded")).phase is Phase.FAILED
    assert story.asked("github", f"/actions/runs/{run.id}", "GET")


async def test_a32_a33_a_commit_with_an_old_date_voids_the_approvals(story: Story) -> None:
    """Main gets a commit that claims to be a year old: what was signed was another SHA, whatever any date says."""
    story.playground.github.moves_tag("checkout", "next", sha_for("checkout", "v2.14.3"))
    await is_asked(story, version="next")
    await story.bo.types("/promote approve P-1")
    now = story.world.clock.now()
    repository = story.playground.github.repository("checkout")
    sneaked = story.playground.github.adds_commit("checkout", "Nothing to see here")
    old = repository.commits[sneaked]
    repository.commits[sneaked] = type(old)(
        old.sha, old.parents, old.message, old.login, now - 365 * 86_400.0, old.files
    )
    story.playground.github.moves_tag("checkout", "next", sneaked)
    story.passes(60)
    await story.cy.types("/promote approve P-1")
    story.passes(60)
    await rests(story)
    assert story.dispatches() == []
    assert (await story.stands("P-1")).phase is Phase.WAITING


async def test_a34_a_tag_that_moves_under_the_dispatch_does_not_change_what_runs(story: Story) -> None:
    """The tag means another commit at the instant GitHub gets the POST: the run receives the SHA that was signed."""
    story.world.run.seconds = 2.0
    signed = sha_for("checkout", "v2.14.3")
    sneaked = story.playground.github.adds_commit("checkout", "Sneaked in")
    before(
        story,
        "/dispatches",
        lambda: story.playground.github.moves_tag("checkout", "v2.14.3", sneaked),
    )
    await is_approved(story)
    await story.until("P-1", "succeeded")
    assert [run["inputs"]["sha"] for run in story.runs] == [signed]
    assert story.world.serving["checkout", "production"].sha == signed


async def test_a37_the_workflow_comes_from_the_trusted_ref(story: Story) -> None:
    """A branch that brings its own deploy.yml is promoted to dev: GitHub is asked to run the one of main."""
    story.world.run.seconds = 2.0
    story.playground.github.adds_commit("checkout", "My own deploy.yml", branch="skip-checks")
    await story.ana.types("/promote checkout@skip-checks to dev because trying it out")
    await story.until("P-1", "succeeded")
    (dispatch,) = story.dispatches()
    assert isinstance(dispatch.body, dict)
    assert dispatch.body["ref"] == "main"


async def test_a38_a_deploy_beside_the_bot_is_said_once_and_audited(story: Story) -> None:
    """Eli starts deploy.yml in GitHub himself: the channel hears it, the log names him, no promotion begins."""
    story.world.webhooks, story.world.run.seconds = "doubled", 2.0
    await story.ana.types("/promote checkout@v9 to dev because trying it out")
    await story.until("P-1", "rejected")
    inputs = {"service": "checkout", "environment": "production", "sha": "0" * 40}
    story.playground.github.starts_run("checkout", "deploy.yml", "eli-dev", inputs)
    await story.sees(lambda: any("outside of Greenlight" in one.text for one in story.messages()), "the word")
    await rests(story)
    said = [plain(one.text) for one in story.messages() if "outside of Greenlight" in one.text]
    assert said == [
        "eli-dev started [deploy.yml of checkout] in GitHub, outside of Greenlight: nobody approved it here, and "
        "it counts for nothing. If it deployed something, what I say of checkout is out of date; "
        "`/promote adopt checkout in production` puts it right."
    ]
    rows = await story.bot.store.audit_of("acme/checkout")
    assert [(row.actor, row.action) for row in rows] == [("github:eli-dev", "outside")]
    assert await story.bot.store.load("P-2") is None


async def test_a38_our_own_run_is_never_called_outside(story: Story) -> None:
    """With every webhook doubled, and one before GitHub has answered the dispatch: no false alarm."""
    story.world.webhooks, story.world.run.seconds = "doubled", 2.0
    await is_approved(story)
    await story.until("P-1", "succeeded")
    await story.settles()
    assert not [one for one in story.messages() if "outside of Greenlight" in one.text]


async def test_a38_one_run_for_many_services_is_said_once(story: Story) -> None:
    """Storefront moves into checkout's repository and shares its workflow and channel: one line, which names it."""
    await rules_change(story, {"repo: acme/storefront": "repo: acme/checkout"})
    story.playground.github.starts_run("checkout", "deploy.yml", "eli-dev", {"environment": "production"})
    await story.sees(lambda: any("outside of Greenlight" in one.text for one in story.messages()), "the word")
    await rests(story)
    (said,) = [one.text for one in story.messages() if "outside of Greenlight" in one.text]
    assert "deploy.yml of acme/checkout" in said


async def test_a38_before_we_know_who_we_are_what_may_be_ours_is_not_spoken_of(story: Story) -> None:
    """Right after a restart, with a dispatch of checkout unanswered: a run without our id may be its run."""
    await is_lost(story, "accept-then-502")
    news = sent_webhook(story, "workflow_run.requested")
    news["workflow_run"] |= {"display_title": "no id", "name": "no id", "id": 99}
    await story.bot_restarts()
    assert await delivers(story, "workflow_run", news) == 202
    await rests(story)
    assert not [one for one in story.messages() if "outside of Greenlight" in one.text]


async def test_a38_ci_of_the_repository_is_not_a_deploy(story: Story) -> None:
    """A push runs the deploy workflow, somebody starts one that does not deploy, and one run is ours: nothing is said."""
    await is_under_way(story)
    assert await story.bot.repository.me() == story.bot.repository.login
    news = sent_webhook(story, "workflow_run.requested")
    text, eli = json.dumps(news["workflow_run"]), {"actor": {"login": "eli-dev", "type": "User"}}
    others: list[dict[str, object]] = [
        {"id": 1, "path": ".github/workflows/ci.yml", "display_title": "ci", "name": "ci", **eli},
        {"id": 2, "event": "push", "display_title": "deploy", "name": "deploy", **eli},
        {"id": 3, "display_title": "no id", "name": "no id"},
    ]
    for other in others:
        news["workflow_run"] = {**json.loads(text), **other}
        assert await delivers(story, "workflow_run", news) == 202
    await rests(story)
    assert not [one for one in story.messages() if "outside of Greenlight" in one.text]


async def test_a40_a_check_of_another_app_does_not_replace_one_that_failed(story: Story) -> None:
    """`test` is red; somebody's app reports a green `test` on the same commit: both count, so it is blocked."""
    sha = sha_for("checkout", "v2.14.3")
    story.playground.github.sets_check("checkout", sha, "test", "failure")
    story.playground.github.sets_check("checkout", sha, "test", "success", app=GHOST_APP)
    await story.ana.types("/promote checkout@v2.14.3 to production because fix refunds")
    await shows(story, "blocked")
    said = replies(await story.bo.types("/promote approve P-1"))
    await rests(story)
    assert "checks did not pass" in said[0]
    assert story.dispatches() == []
    assert heard(story.bo)
