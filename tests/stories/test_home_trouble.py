"""What a Home says when something went wrong: what came last in words, and who has to look at what is open."""

from inline_snapshot import snapshot

from tests.stories.deploys import fails, has_room, succeeds, timeless
from tests.stories.homes import buttons_of, home_of, home_words, opens_home
from tests.stories.moments import rests
from tests.stories.said import block_words, plain
from tests.stories.story import Somebody, Story


def row_of(person: Somebody, environment: str) -> list[str]:
    """One row of the table of environments on somebody's Home."""
    table = next(block for block in home_of(person).body["blocks"] if block["type"] == "table")
    row = next(one for one in table["rows"] if environment in block_words(one))
    return [_cell(one) for one in row]


def _cell(cell: dict[str, object]) -> str:
    return "".join(_marks(cell) or block_words(cell)).strip()


def _marks(cell: dict[str, object]) -> list[str]:
    """The emoji and the words of a cell that has both."""
    elements = cell.get("elements")
    found = elements[0]["elements"] if isinstance(elements, list) else []
    return [f":{one['name']}:" if one["type"] == "emoji" else str(one.get("text", "")) for one in found]


def incidents(person: Somebody) -> list[str]:
    """What somebody's Home says of open incidents."""
    return [line for line in home_words(person).splitlines() if ":rotating_light:" in line]


async def test_a_failure_came_last(story: Story) -> None:
    """The table says in a word and an icon that what came last failed, and the rollback that follows takes its place."""
    await fails(story)
    await rests(story)
    await opens_home(story.ana)
    failed = row_of(story.ana, "production")
    await story.ana.types("/promote rollback checkout in production because errors are up")
    await story.until("P-2", "succeeded")
    await rests(story)
    await opens_home(story.ana)

    assert plain(failed[-1]) == snapshot(":x: Failed: checkout v2.14.3 ·")
    assert plain(row_of(story.ana, "production")[-1]) == snapshot("checkout v2.14.2 ·")


async def test_a_rollback_that_failed_came_last(story: Story) -> None:
    """It is no plain change: the word says that it failed, and what it was."""
    await fails(story)
    story.world.run.conclusion, story.world.run.seconds = "failure", 2.0
    await story.ana.types("/promote rollback checkout in production because errors are up")
    await story.until("P-2", "failed")
    await rests(story)
    await opens_home(story.ana)

    assert plain(row_of(story.ana, "production")[-1]) == snapshot(
        ":x: Failed: rollback of checkout to v2.14.2 ·"
    )


async def test_whoever_is_on_call_sees_the_open_incident(story: Story) -> None:
    """Dee is on call for what failed: it stands first under what waits for her, until it is resolved; Eli has none."""
    await fails(story)
    await story.sees(lambda: has_room(story), "the room")
    await rests(story)
    await opens_home(story.dee)
    await opens_home(story.eli)

    assert [timeless(plain(line)) for line in incidents(story.dee)] == snapshot(
        [
            ":rotating_light: *[PD-4411] is open* · checkout v2.14.3 → production: *Failed at Smoke tests after <while>*"
        ]
    )
    assert incidents(story.eli) == []
    assert "Details" in buttons_of(story.dee)

    await story.dee.types("/promote resolve P-1 because it is rolled back")
    await rests(story)
    await opens_home(story.dee)
    assert incidents(story.dee) == []


async def test_what_is_recent_is_quoted_by_its_reason(story: Story) -> None:
    """Of what failed at a step the state says where; what is quoted is why it was asked for."""
    await fails(story)
    await rests(story)
    await story.ana.types("/promote plan checkout")
    await story.ana.types("/promote why P-1")
    await opens_home(story.ana)

    line = next(one for one in home_words(story.ana).splitlines() if "`P-1`" in one)
    assert "“fix refunds”" in line
    assert line.count("Smoke tests") == 1


async def test_the_first_steps_name_what_exists(story: Story) -> None:
    """Each example of a newcomer's Home can be typed as it stands, and is answered with what it asks for."""
    await opens_home(story.eli)
    steps = [line for line in home_words(story.eli).splitlines() if ":white_large_square:" in line]
    assert steps == snapshot(
        [
            ":white_large_square: Ask for a promotion: press *Promote*, or type `/promote`.",
            ":white_large_square: Approve or reject one, or ask why it stands where it stands: `/promote why inventory`",
            ":white_large_square: See what a promotion would take, without asking for it: `/promote plan inventory@v1.2.0 to staging`",
        ]
    )

    for step in steps[1:]:
        await story.eli.types("/" + step.rpartition("`/")[2].rstrip("`"))
    await story.sees(lambda: len(story.eli.heard) == 2, "both answers")
    assert [text for text in story.eli.heard if "do not know" in text or "did not understand" in text] == []


async def test_what_went_well_came_last(story: Story) -> None:
    """A plain change needs no mark."""
    await succeeds(story)
    await rests(story)
    await opens_home(story.ana)

    assert plain(row_of(story.ana, "production")[-1]) == snapshot("checkout v2.14.3 ·")
