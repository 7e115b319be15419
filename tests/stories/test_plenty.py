"""More than fits: what vendors say is named in part and counted whole, and the promotion goes on."""

from bot.domain.readings import ChecksReading
from bot.playground.world import sha_for
from tests.stories.github import shows
from tests.stories.story import Story


async def test_a_matrix_of_260_red_checks_is_told_and_healed(story: Story) -> None:
    """Incident: 260 shards of one matrix failed, their names did not fit, and every turn of the promotion broke."""
    github, sha = story.playground.github, sha_for("checkout", "v2.14.3")
    shards = [f"integration (python 3.12, ubuntu-24.04, postgres 16, shard {n} of 260)" for n in range(260)]
    for shard in shards:
        github.sets_check("checkout", sha, shard, "failure")
    await story.ana.types("/promote checkout@v2.14.3 to production because fix refunds")

    await shows(story, "blocked")
    reading = (await story.stands("P-1")).gates["checks"].reading
    assert isinstance(reading, ChecksReading)
    assert (len(reading.failed), reading.more_failed) == (10, 250)

    for shard in shards:
        github.sets_check("checkout", sha, shard, "success")
    await shows(story, "waiting for approval")
