"""What a Home shows is how it is: after other rules, for whoever was not let in yet, and beside an Approve button."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

from bot.accounts import STALE
from bot.domain.messages import Cancel
from bot.home import CALM
from bot.home_picture import MOST_OPEN
from bot.playground.slack.raw import elements_in
from bot.store.protocol import Query
from tests.stories.deploys import is_asked
from tests.stories.filling import opens
from tests.stories.homes import buttons_of, home_of, home_words, opens_home, presses_on_home, published
from tests.stories.letters import letters
from tests.stories.moments import rests
from tests.stories.parts import Beside, beside
from tests.stories.rules import rule_changes
from tests.stories.said import replies
from tests.stories.story import Somebody, Story
from tests.stories.vendors import comes_back, goes_down, refuses

TWO, ONE = "- {count: 2, from: release-managers}", "- {count: 1, from: release-managers}"


def rev_of(person: Somebody) -> str:
    """What the Approve button of a Home carries."""
    there = elements_in(home_of(person).body["blocks"])
    return next(str(one.element["value"]) for one in there if one.words == "Approve")


async def test_a_home_follows_the_rules(story: Story) -> None:
    """Incident: the catalog asked for one approval less, Bo's Home went on showing buttons of the old rules, and each of
    his Approves was turned down as out of date."""
    await is_asked(story)
    await opens_home(story.bo)
    before = rev_of(story.bo)
    await rule_changes(story, TWO, ONE)
    await story.sees(lambda: rev_of(story.bo) != before, "other buttons")
    await presses_on_home(story.bo, "Approve")
    await story.sees(lambda: "Approve" not in buttons_of(story.bo), "no button to approve")
    assert [one.by for one in (await story.stands("P-1")).approvals] == ["bo"]


async def test_a_button_of_an_old_home_brings_it_up_to_date(story: Story) -> None:
    """Bo presses what his Home showed by rules that count no more, before the new one reached him: nothing is approved,
    he is told that his Home is up to date now, and there it is."""
    await is_asked(story)
    await opens_home(story.bo)
    old, before = home_of(story.bo).body, rev_of(story.bo)
    await rule_changes(story, TWO, ONE)
    await story.sees(lambda: rev_of(story.bo) != before, "other buttons")
    await rests(story)
    home_of(story.bo).body = old
    already = len(published(story, story.bo))

    said = replies(await presses_on_home(story.bo, "Approve"))
    await story.sees(lambda: len(published(story, story.bo)) > already, "the Home of bo")
    assert said == [
        "Your Home showed P-1 as it was, so I did nothing but bring it up to date. Look at it again before you press."
    ]
    assert (await story.stands("P-1")).approvals == ()
    await presses_on_home(story.bo, "Approve")
    assert [one.by for one in (await story.stands("P-1")).approvals] == ["bo"]


async def test_what_was_refused_on_home_is_gone_from_it(story: Story) -> None:
    """Ana cancels, and Bo presses what his Home showed before: he is told who was faster, and nothing waits any more."""
    await is_asked(story)
    await opens_home(story.bo)
    old = home_of(story.bo).body
    await story.ana.types("/promote cancel P-1")
    await story.sees(lambda: "Approve" not in buttons_of(story.bo), "no button to approve")
    home_of(story.bo).body = old
    await presses_on_home(story.bo, "Approve")
    await story.sees(lambda: "Approve" not in buttons_of(story.bo), "no button to approve")
    assert "P-1" in letters(story.bo)[-1]


async def test_whoever_approves_on_home_reads_who_skipped_a_check_and_why(story: Story) -> None:
    """Incident: Home had the Approve button and a count of skipped gates; who had skipped one, and why, was on the card."""
    form = await opens(story.ana, "/promote checkout@v2.14.3")
    await story.ana.submits(
        {"id": form.id},
        reason="fix refunds now",
        skip_health=["health"],
        skip_reason="its probe is flaky today",
    )
    await opens_home(story.bo)
    await story.sees(lambda: "Approve" in buttons_of(story.bo), "the request on Home")
    assert ":warning: *Health check skipped by <@U0ANA>:* “its probe is flaky today”" in home_words(story.bo)


async def test_whoever_approves_on_home_reads_why_an_approval_counts_no_more(story: Story) -> None:
    """Bo approved by rules that have changed: Cy's Home says so beside the button."""
    await is_asked(story)
    await story.bo.clicks("Approve")
    await opens_home(story.cy)
    await rule_changes(story, "wait: 10s", "wait: 20s")
    await story.sees(lambda: "no longer count" in home_words(story.cy), "the warning")
    assert "*Earlier approvals no longer count.* Changed since: rule wait" in home_words(story.cy)


async def test_a_home_that_was_opened_too_early_comes_by_itself(story: Story) -> None:
    """Incident: Bo opened his while his account could not be read, and it stayed blank: Slack tells of an opened Home once."""
    goes_down(story, "slack")
    story.expected_complaints += ["account not read", "home not published"]
    story.passes(STALE + 1)
    await story.play("home", {"as": "bo"})
    assert published(story, story.bo) == []
    comes_back(story, "slack")
    await story.sees(lambda: bool(published(story, story.bo)), "the Home of bo")
    assert "First steps" in home_words(story.bo)


async def test_whoever_opens_theirs_too_early_reads_what_it_waits_for(story: Story) -> None:
    """While Slack does not tell of Bo's account, his Home says so, once; then it is his Home."""
    story.expected_complaints.append("account not read")
    refuses(story, "slack", "users.info", *[500] * 40)
    story.passes(STALE + 1)
    await story.play("home", {"as": "bo"})
    await story.sees(lambda: bool(published(story, story.bo)), "a Home of bo")
    first = home_words(story.bo)
    await story.sees(lambda: "First steps" in home_words(story.bo), "the Home of bo")
    assert first == (
        "I have not read your Slack account yet, and I let nobody in unchecked. This page comes as soon as I have.\nE34"
    )
    assert len(published(story, story.bo)) == 2


async def test_a_home_of_somebody_who_was_shut_out_is_left_as_it_is(story: Story) -> None:
    """Bo looked at his Home, then his account became a guest's: what happens since is not published to him."""
    await opens_home(story.bo)
    story.world.people["bo"] = replace(story.world.people["bo"], guest=True)
    story.passes(301)
    await story.sees(
        lambda: story.bot.accounts.is_shut_out(story.world.people["bo"].slack), "the account is read"
    )
    await is_asked(story)
    await opens_home(story.cy)
    before, shown = len(published(story, story.bo)), rev_of(story.cy)
    await rule_changes(story, TWO, ONE)
    await story.sees(lambda: rev_of(story.cy) != shown, "other buttons")
    await rests(story)
    assert len(published(story, story.bo)) == before


class WatchedStore(Beside):
    """A store that remembers when it was asked for everything that is open: so does each picture for Homes."""

    def __init__(self, part: Any) -> None:
        super().__init__(part)
        self.looks: list[float] = []
        self.now: Callable[[], float] = float
        self.meanwhile: Callable[[], Awaitable[object]] | None = None

    async def find(self, query: Query) -> Any:
        """Answer a question, and remember it; what happens meanwhile is not in the answer."""
        found = await self.part.find(query)
        if query.limit == MOST_OPEN:
            self.looks.append(self.now())
            meanwhile, self.meanwhile = self.meanwhile, None
            if meanwhile is not None:
                await meanwhile()
        return found


async def test_all_that_changes_within_seconds_is_one_picture(story: Story) -> None:
    """Changes one after the other, each of which concerns another Home: what they are made of is the same for all and
    costs the most, so it is taken seconds apart; for whoever opens theirs it is taken at once."""
    store = await beside(story, "store", WatchedStore)
    store.now = story.clock.now
    for person in (story.ana, story.bo, story.cy):
        await opens_home(person)
    assert len(store.looks) == 3
    published_before = len(published(story))
    await is_asked(story)
    for person in (story.bo, story.cy):
        await person.types("/promote approve P-1 checked")
    await story.until("P-1", "succeeded")
    await rests(story)
    assert len(published(story)) - published_before > 3
    assert min(later - earlier for earlier, later in pairwise(store.looks[2:])) >= CALM - 0.1


async def test_what_happens_while_a_picture_is_taken_is_on_the_next_one(story: Story) -> None:
    """Ana cancels after the store has said what is open, and before Bo's Home is published with it: an Approve button
    of something that is over does not stay."""
    store = await beside(story, "store", WatchedStore)
    await is_asked(story)
    await opens_home(story.bo)
    store.meanwhile = lambda: story.bot.service.handle(Cancel("P-1", "ana"))
    await opens_home(story.bo)
    await story.until("P-1", "cancelled")
    await story.sees(lambda: "Approve" not in buttons_of(story.bo), "no button to approve")
