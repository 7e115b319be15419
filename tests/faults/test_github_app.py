"""The bot as a GitHub App: its token ends, its installation is suspended, and who it is."""

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.playground.github.door import APP_LOGIN
from tests.stories.github import DISPATCHES, card_words, fails, is_trying, is_under_way, the_run
from tests.stories.story import Story


@pytest.fixture
async def app_story(story: Story) -> Story:
    """The same stage; the bot is an App with its own key."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    await story.bot_stops()
    story.environment |= {"GITHUB_TOKEN": "", "GITHUB_APP_ID": "1", "GITHUB_APP_PRIVATE_KEY": pem.decode()}
    await story.bot_starts()
    return story


def tokens(story: Story) -> int:
    """How often GitHub was asked for a token of the installation."""
    return len(story.asked("github", "/access_tokens", "POST"))


async def test_f64_a_token_that_is_refused_during_a_run_is_renewed_once(app_story: Story) -> None:
    """One 401 at a look of the run: one new token, the look is made again, and nobody notices."""
    await is_under_way(app_story)
    app_story.world.webhooks = "lost"
    before = tokens(app_story)
    fails(app_story, f"/actions/runs/{the_run(app_story).id}", 401, method="GET")
    await app_story.sees(lambda: tokens(app_story) == before + 1, "the new token")
    app_story.playground.github.finishes()
    await app_story.until("P-1", "succeeded")
    assert "blind" not in card_words(app_story, "P-1")
    assert tokens(app_story) == before + 1


async def test_f64_a_dispatch_with_a_token_that_has_ended_starts_one_run(app_story: Story) -> None:
    """401 says that nothing was done: the POST is made once more with a new token, and one run starts."""
    fails(app_story, DISPATCHES, 401)
    await is_trying(app_story)
    await app_story.until("P-1", "succeeded")
    assert [one.status for one in app_story.dispatches()] == [401, 200]
    assert len(app_story.runs) == 1


async def test_f64_a_token_lives_an_hour_and_is_renewed_before_it_ends(app_story: Story) -> None:
    """A run of two hours is followed over two tokens, without one refused call."""
    app_story.world.run.seconds = 1500.0
    await is_trying(app_story)
    await app_story.until("P-1", "deploying")
    first = tokens(app_story)
    app_story.world.webhooks = "lost"
    app_story.playground.github.waits_for_review(the_run(app_story).id)
    await app_story.sees(lambda: "waits in GitHub" in card_words(app_story, "P-1"), "the wait")
    app_story.passes(2 * 3600.0)
    app_story.playground.github.is_reviewed(the_run(app_story).id)
    app_story.playground.github.finishes()
    await app_story.until("P-1", "succeeded")
    assert tokens(app_story) > first
    assert [one.status for one in app_story.asked("github") if one.status == 401] == []


async def test_f65_an_app_whose_installation_is_suspended_stops_and_keeps_its_state(app_story: Story) -> None:
    """403 at the token itself: the run is followed blind, is not ended by us, and its end is read afterwards."""
    await is_under_way(app_story)
    app_story.world.webhooks = "lost"
    app_story.world.vendor_always["github"] = 403
    await app_story.sees(lambda: "blind" in card_words(app_story, "P-1"), "the blindness")
    app_story.playground.github.finishes()
    app_story.passes(600)
    assert (await app_story.stands("P-1")).phase == "deploying"

    del app_story.world.vendor_always["github"]
    await app_story.until("P-1", "succeeded")
    assert len(app_story.dispatches()) == 1


async def test_f61_an_app_knows_itself_by_its_slug(app_story: Story) -> None:
    """The answer is lost and the run found: `GET /app` says who we are, and the run's actor is that bot."""
    app_story.world.run.mode, app_story.world.webhooks = "accept-then-502", "lost"
    await is_trying(app_story)
    await app_story.until("P-1", "succeeded")
    assert [one.path for one in app_story.asked("github", "/app") if one.path == "/app"] == ["/app"]
    assert app_story.runs[0]["actor"] == APP_LOGIN
