"""A health URL that no probe may read, in a catalog that is valid otherwise."""

from tests.stories.rules import rule_changes
from tests.stories.story import Story


async def test_a_health_url_that_is_never_read_does_not_end_the_bot(story: Story) -> None:
    """Somebody wrote this machine's address in disguise into a running bot's catalog, and the bot was gone.

    The list of hosts that a probe may reach was made from every URL at once, and one that could not be judged broke
    it: at a start the bot did not come up, and at a reload it ended in the middle of its work.
    """
    disguised = "http://[::ffff:127.0.0.1]:9/{environment}"
    await rule_changes(
        story, f"{story.playground.url}/sim/services/inventory/{{environment}}/health", disguised
    )
    answer = await story.ana.types("/promote status inventory")
    assert "inventory" in answer["replies"][0]["text"]
    assert not story.is_dead
    await story.bot_stops()
    await story.bot_starts()
