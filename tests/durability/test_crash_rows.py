"""The rows F01 to F10 of the faults, each with its own claim: what the person sees, and what was asked of the vendors.

The points are those that the rows name (KILL@…), by the crash registry.
"""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import pytest

from bot.domain.promotion import Phase
from bot.playground.slack.raw import elements_in
from bot.playground.slack.state import Message
from bot.playground.world import Request
from tests.durability.births import Nursery
from tests.durability.conftest import Lay
from tests.durability.judge import judge
from tests.durability.life import Answer, Life
from tests.durability.points import nth
from tests.durability.registry import ROWS
from tests.durability.stories import ASKED_IN_DEV, STORIES, Story
from tests.durability.verbs import TRY, a_while_passes, approves, asks, ends

Lived = Callable[..., Awaitable[Life]]
CANCELLED, SUCCEEDED = ("cancelled",), ("succeeded",)
DEPLOYED = ("deploy.yml",)
TRIES = 3  # lives: a webhook that is quicker than an answer takes its point away
# Where a rollback can be cut off: after its request, around its intent and its dispatch, and before it is told.
ROLLBACK = (
    nth("after commit:request", 2),
    nth("before commit:intent", 2),
    nth("after commit:intent", 2),
    nth("before call:Dispatch:repository.dispatch", 2),
    nth("after call:Dispatch:repository.dispatch", 2),
    nth("after commit:dispatch_accepted", 2),
    "before commit:undone",
    "after commit:undone",
)


@pytest.fixture
def lived(tmp_path: Path, bots: Nursery, lay: Lay) -> Lived:
    """Lets a bot die once in a story, told again to one that lived, and judges the end."""

    async def one(fatal: str, story: Story) -> Life:
        for number in range(TRIES):
            life = await once(tmp_path / f"life-{number}", fatal, story)
            if life.deaths:
                break
        assert life.deaths == [fatal]
        return life

    async def once(directory: Path, fatal: str, story: Story) -> Life:
        directory.mkdir()  # noqa: ASYNC240  (a directory of a test is made at once)
        async with lay(directory) as ground:
            life = Life(directory, bots, ground, (fatal,))
            await life.lives(story.tell, story.edits)
            await judge(life, story)
        return life

    return one


async def test_f01_what_was_read_and_not_committed_was_not_acknowledged(lived: Lived) -> None:
    """Slack shows Ana its error, nothing is stored, and she asks again."""

    async def tell(life: Life) -> None:
        seen = await life.types("ana", TRY)
        await life.dies()
        assert 'failed with the error "dispatch_failed"' in words(seen)
        assert life.promotions == {}
        await ends(life, await asks(life, "ana", TRY), Phase.SUCCEEDED)

    await lived(ROWS["F01"], Story(tell, SUCCEEDED, DEPLOYED))


async def test_f02_what_was_committed_and_not_acknowledged_counts_once(lived: Lived) -> None:
    """Bo sees that his click failed and clicks again: it was recorded, and he is told so."""

    async def tell(life: Life) -> None:
        one = await asks(life, "ana", TRY)
        await life.until(lambda: can_press(life, one, "Approve"), "the button")
        seen = await life.clicks("bo", "Approve", one)
        await life.dies()
        assert "dispatch_failed" in words(seen)
        assert [approval.by for approval in life.promotions[one].approvals] == ["bo"]
        await life.insists(lambda: life.clicks("bo", "Approve", one), lambda: hears(life, "bo", "approved"))
        assert [approval.by for approval in life.promotions[one].approvals] == ["bo"]
        await life.insists(lambda: life.clicks("ana", "Cancel", one), lambda: is_over(life, one))

    await lived(ROWS["F02"], Story(tell, CANCELLED, edits=TWO_IN_DEV))


async def test_f03_what_was_acknowledged_goes_on_by_itself(lived: Lived) -> None:
    """Ana saw that it was taken; nobody does anything more, and it is deployed."""

    async def tell(life: Life) -> None:
        seen = await life.types("ana", TRY)
        await life.dies()
        assert "is asked for" in words(seen)
        (one,) = life.promotions
        await ends(life, one, Phase.SUCCEEDED)

    await lived(ROWS["F03"], Story(tell, SUCCEEDED, DEPLOYED))


async def test_f04_an_approval_is_acted_on(lived: Lived) -> None:
    """The last approval is recorded and the bot dies: it starts the run when it is back."""

    async def tell(life: Life) -> None:
        one = await asks(life, "ana", TRY)
        await approves(life, one, "bo")
        await ends(life, one, Phase.SUCCEEDED)

    life = await lived(ROWS["F04"], Story(tell, SUCCEEDED, DEPLOYED, edits=ASKED_IN_DEV))
    assert len(dispatches(life)) == 1


async def test_f05_an_intent_whose_sender_died_is_sent_once_after_a_look(lived: Lived) -> None:
    """GitHub is asked for a run first; after the settle time the dispatch leaves once, with the same id."""
    life = await lived(ROWS["F05"], Story(tried_until_it_succeeds, SUCCEEDED, DEPLOYED))
    (sent,) = dispatches(life)
    (one,) = life.promotions.values()
    assert one.correlation in str(sent.body)
    assert [look for look in looks(life) if look.at < sent.at]


async def test_f06_a_dispatch_whose_answer_was_not_saved_is_adopted(lived: Lived) -> None:
    """The run is there: it is found by its id and followed, and nothing is sent again."""
    life = await lived(ROWS["F06"], Story(tried_until_it_succeeds, SUCCEEDED, DEPLOYED))
    assert len(dispatches(life)) == 1
    assert [one.run.run_id for one in life.promotions.values()] == [
        run.id for run in life.playground.github.runs.all
    ]


async def test_f07_a_result_is_shown_on_the_same_card(lived: Lived) -> None:
    """What was stored and not yet shown is drawn into the message that was there."""

    async def tell(life: Life) -> None:
        one = await asks(life, "ana", TRY)
        await life.dies()
        first.extend(cards(life))
        await ends(life, one, Phase.SUCCEEDED)

    first: list[Message] = []
    life = await lived(ROWS["F07"], Story(tell, SUCCEEDED, DEPLOYED))
    assert [card.ts for card in cards(life)] == [card.ts for card in first]
    assert "v2.15.0" in cards(life)[0].text
    assert cards(life)[0].edits


async def test_f08_a_card_that_was_posted_and_not_saved_is_an_orphan_without_teeth(lived: Lived) -> None:
    """At most one card more; a click on it approves nothing, takes its buttons off and points to the live one."""

    async def tell(life: Life) -> None:
        one = await asks(life, "ana", TRY)
        await life.until(
            lambda: len(cards(life)) == 2 and life.promotions[one].ledger["card"].ref, "the card"
        )
        live = life.promotions[one].ledger["card"].ref
        (orphan,) = [card for card in cards(life) if card.ts != live]
        await life.until(lambda: can_press(life, one, "Approve"), "the button")
        await life.insists(lambda: presses_any(life, "bo", orphan), lambda: not buttons(orphan))
        assert life.promotions[one].approvals == ()
        assert live.replace(".", "") in str(orphan.blocks)
        await life.insists(lambda: life.clicks("ana", "Cancel", one), lambda: is_over(life, one))

    await lived(ROWS["F08"], Story(tell, CANCELLED, edits=TWO_IN_DEV))


async def test_f09_a_page_that_may_have_gone_is_sent_again_as_the_same(lived: Lived) -> None:
    """The trigger leaves twice with one dedup key: one incident, resolved after the rollback."""
    life = await lived(ROWS["F09"], STORIES["rolled back"])
    events = [one.body for one in life.world.ledger if one.path.endswith("/v2/enqueue")]
    keys = [
        body["dedup_key"] for body in events if isinstance(body, dict) and body["event_action"] == "trigger"
    ]
    assert len(keys) == 2
    assert len(set(keys)) == 1


@pytest.mark.timeout(120)
@pytest.mark.parametrize("fatal", ROLLBACK, ids=lambda name: name.replace(" ", "-"))
async def test_f10_a_rollback_resumes(lived: Lived, fatal: str) -> None:
    """Cut off anywhere, a rollback is a promotion like any other: one run of it, and the card says it is undone."""
    life = await lived(fatal, STORIES["rolled back"])
    assert len(dispatches(life)) == 2
    assert life.world.serving["checkout", "production"].version == "v2.14.2"


async def tried_until_it_succeeds(life: Life) -> None:
    """Ana tries a version in dev, and however long it takes it is deployed."""
    life.world.run.seconds = 2.0
    one = await asks(life, "ana", TRY)
    await life.insists(lambda: a_while_passes(life), lambda: life.promotions[one].phase is Phase.SUCCEEDED)


def words(answer: Answer) -> str:
    """Everything that a person was shown in answer to what they did."""
    return str(answer)


def hears(life: Life, person: str, part: str) -> bool:
    """Whether somebody was privately told this."""
    return any(part in said.text for said in life.playground.slack.shown_to(person))


def is_over(life: Life, promotion: str) -> bool:
    """Whether a promotion has ended."""
    return not life.promotions[promotion].phase.is_open


def cards(life: Life) -> list[Message]:
    """What stands in the channel itself."""
    return [one for one in life.playground.slack.messages("deploys") if not one.thread_ts]


def buttons(message: Message) -> list[str]:
    """What can be pressed on a message."""
    return [found.words for found in elements_in(message.blocks)]


def can_press(life: Life, promotion: str, button: str) -> bool:
    """Whether the live card of a promotion has a button."""
    entry = life.promotions[promotion].ledger.get("card")
    return any(button in buttons(card) for card in cards(life) if entry and card.ts == entry.ref)


async def presses_any(life: Life, person: str, message: Message) -> None:
    """Somebody presses the first button of a message."""
    found = next(one for one in elements_in(message.blocks) if "url" not in one.element)
    await life.playground.slack.people.click(life.world.people[person], message, found, {})


def dispatches(life: Life) -> list[Request]:
    """Every dispatch that GitHub received."""
    return [one for one in life.world.ledger if one.vendor == "github" and one.path.endswith("/dispatches")]


def looks(life: Life) -> list[Request]:
    """Every look for a run among those of the workflow."""
    return [one for one in life.world.ledger if one.path.endswith("/runs") and "/workflows/" in one.path]


TWO_IN_DEV: Mapping[str, str] = {
    "  dev: {}": "  dev:\n    approvals:\n      - {count: 2, from: release-managers}"
}
