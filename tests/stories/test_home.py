"""Home: what waits for somebody, what they have in flight, and what runs where; up to date, and never noisy."""

import asyncio
from dataclasses import replace
from itertools import pairwise

from inline_snapshot import snapshot

from bot.home_seen import DAY
from tests.stories.deploys import is_asked, succeeds
from tests.stories.homes import buttons_of, home_of, home_words, opens_home, presses_on_home, published
from tests.stories.letters import letters
from tests.stories.moments import rests
from tests.stories.story import Somebody, Story


async def is_no_newcomer(person: Somebody) -> None:
    """Somebody who skipped the first steps, and whose Home is the dashboard."""
    await opens_home(person)
    await presses_on_home(person, "Skip these steps")
    await person.story.sees(lambda: "Skip these steps" not in buttons_of(person), "the dashboard")


async def test_what_waits_for_somebody_can_be_approved_from_home(story: Story) -> None:
    """Bo sees Ana's request with its evidence, approves it there, and it is gone from his Home and on the card."""
    await is_asked(story)
    await is_no_newcomer(story.bo)
    assert home_words(story.bo).partition("Greenlight itself")[0] == snapshot("""\
Environment
In flight
Last change
dev
nothing
inventory v1.2.0 · \n\
staging
nothing
inventory v1.1.0 · \n\
production
P-1 checkout v2.14.3: Waiting for approval: 0 of 2
inventory v1.1.0 · \n\
Promote
What is deployed?
Preferences
Help
Waiting for you
:raised_hand: `P-1` checkout v2.14.3 → production: *Waiting for approval: 0 of 2*
Asked by ana: “fix refunds”
*All 3 gates passed* · Checks: 3 passed · Health: answers 200 · Incidents: none open · Also: on main, succeeded in staging · 3 commits since v2.14.2 · expires <time>
Approve
Reject
Details
All services
Service
dev
staging
production
Drift
checkout
v2.14.3
v2.14.3
v2.14.2
production is 3 commits behind staging
storefront
v1.2.0
v1.2.0
v1.1.0
production is less than a day behind staging
inventory
v1.2.0
v1.1.0
v1.1.0
staging is less than a day behind dev
""")
    await presses_on_home(story.bo, "Approve")
    await story.sees(lambda: "Approve" not in buttons_of(story.bo), "no button to approve")
    assert "Nothing waits for your approval." in home_words(story.bo)
    assert [one.by for one in (await story.stands("P-1")).approvals] == ["bo"]


async def test_a_rejection_from_home_asks_for_a_reason(story: Story) -> None:
    """The same form as on the card, with the same effect."""
    await is_asked(story)
    await opens_home(story.bo)
    shown = await presses_on_home(story.bo, "Reject")
    await story.bo.submits(shown["view"], reason="not before the audit")
    assert (await story.until("P-1", "rejected")).phase.value == "rejected"


async def test_whoever_asked_sees_theirs_and_no_approve_button(story: Story) -> None:
    """Ana may not approve what she asked for, so nothing waits for her."""
    await is_asked(story)
    await opens_home(story.ana)
    assert "Yours in flight" in home_words(story.ana)
    assert "Approve" not in buttons_of(story.ana)


async def test_first_steps_are_ticked_as_they_are_done_and_then_gone(story: Story) -> None:
    """Asking, asking why, and a plan: then the dashboard takes their place."""
    await opens_home(story.ana)
    assert home_words(story.ana).count(":white_large_square:") == 3
    await is_asked(story)
    await story.sees(lambda: home_words(story.ana).count(":white_large_square:") == 2, "one step done")
    await story.ana.types("/promote why P-1")
    await story.ana.types("/promote plan storefront@v1.2.0 to production")
    await story.sees(lambda: "First steps" not in home_words(story.ana), "the dashboard")
    assert "Your services" in home_words(story.ana)


async def test_the_dashboard_says_what_runs_where_and_how_far_behind(story: Story) -> None:
    """Ana's team owns two services; production is behind staging, by commits where a promotion has counted them."""
    await is_asked(story)
    await is_no_newcomer(story.ana)
    assert services_of(story.ana) == snapshot(
        [
            ["Service", "dev", "staging", "production", "Drift"],
            ["checkout", "v2.14.3", "v2.14.3", "v2.14.2", "production is 3 commits behind staging"],
            ["storefront", "v1.2.0", "v1.2.0", "v1.1.0", "production is less than a day behind staging"],
        ]
    )
    await story.bo.clicks("Approve")
    await story.cy.clicks("Approve")
    await story.until("P-1", "succeeded")
    await opens_home(story.ana)
    assert services_of(story.ana) == snapshot(
        [
            ["Service", "dev", "staging", "production", "Drift"],
            ["checkout", "v2.14.3", "v2.14.3", "v2.14.3", "–"],
            ["storefront", "v1.2.0", "v1.2.0", "v1.1.0", "production is less than a day behind staging"],
        ]
    )


def services_of(person: Somebody) -> list[list[str]]:
    """The rows of the table of services."""
    tables = [block for block in home_of(person).body["blocks"] if block["type"] == "table"]
    return [[str(cell.get("text", "")) for cell in row] for row in tables[-1]["rows"]]


async def test_only_admins_see_how_greenlight_itself_is(story: Story) -> None:
    """Bo keeps the catalog, Ana does not; when a change of it is refused, Bo sees why."""
    await opens_home(story.ana)
    await opens_home(story.bo)
    assert "Greenlight itself" not in home_words(story.ana)
    assert "store is well" in home_words(story.bo)
    story.expected_complaints.append("catalog refused")
    path = story.bot.settings.catalog
    path.write_text(path.read_text() + "\nnonsense: true\n")
    await story.sees(lambda: bool(story.bot.catalog.refused), "the refusal")
    await opens_home(story.bo)
    assert "The catalog on disk is not used." in home_words(story.bo)
    path.write_text(path.read_text().replace("\nnonsense: true\n", ""))
    await story.sees(lambda: not story.bot.catalog.refused, "the catalog as it was")
    await opens_home(story.bo)
    assert "The catalog on disk is not used." not in home_words(story.bo)


async def test_somebody_outside_the_catalog_sees_who_can_let_them_in(story: Story) -> None:
    """Eli is taken out of `people`: Home says so, with the id that an admin needs, and shows nothing else."""
    await without_eli(story)
    await opens_home(story.eli)
    assert home_words(story.eli) == snapshot("""\
I do not know <@U0ELI>, so nothing was done. An admin can add the Slack id `U0ELI` under `people` in the catalog.
E32\
""")
    assert buttons_of(story.eli) == []


async def without_eli(story: Story) -> None:
    """Take Eli out of the catalog, with the team and the service that need him."""
    path, before = story.bot.settings.catalog, story.bot.catalog.current.digest
    text = path.read_text().replace("  eli: {slack: U0ELI, github: eli-dev}\n", "")
    path.write_text(text.replace("{members: [eli]}", "{members: [dee]}"))
    await story.sees(lambda: story.bot.catalog.current.digest != before, "the new catalog")


async def test_a_guest_sees_nothing(story: Story) -> None:
    """No catalog lets a guest in: nothing is published."""
    story.world.people["eli"] = replace(story.world.people["eli"], guest=True)
    story.passes(400)
    await story.bot.accounts.refresh()
    await story.play("home", {"as": "eli"})
    await rests(story)
    assert published(story, story.eli) == []


async def test_an_old_client_gets_the_same_without_tables(story: Story) -> None:
    """Slack refuses tables: the plainer form says the same."""
    story.playground.slack.workspace.refuse_blocks = "rich"
    await is_no_newcomer(story.ana)
    kinds = {block["type"] for block in home_of(story.ana).body["blocks"]}
    assert "table" not in kinds
    assert "*checkout*: dev" in home_words(story.ana)


async def test_a_home_follows_what_happens(story: Story) -> None:
    """Bo had opened his; Ana asks afterwards, and it is there without opening it again."""
    await opens_home(story.bo)
    await is_asked(story)
    await story.sees(lambda: "Approve" in buttons_of(story.bo), "the request on Home")


async def test_nobody_is_published_to_more_than_once_in_five_seconds(story: Story) -> None:
    """A whole deploy with every look and step: the Homes of those who look at them are published far apart."""
    people = (story.ana, story.bo, story.cy)
    for person in people:
        await opens_home(person)
    opened = {person.name: len(published(story, person)) for person in people}
    await succeeds(story)
    await rests(story)
    for person in people:
        moments = [one.at for one in published(story, person)][opened[person.name] - 1 :]
        gaps = [later - earlier for earlier, later in pairwise(moments)]
        assert gaps
        assert min(gaps) >= 5.0
        assert "is live" in home_words(person) or "First steps" in home_words(person)


async def test_whoever_has_not_looked_for_a_week_is_left_alone(story: Story) -> None:
    """Nine days after Bo's last look what happens is no reason to publish; his next look shows it."""
    await opens_home(story.bo)
    story.passes(9 * DAY)
    await rests(story)
    before = len(published(story))
    await is_asked(story)
    await rests(story)
    assert len(published(story)) == before
    await opens_home(story.bo)
    assert "Approve" in buttons_of(story.bo)


async def test_who_has_looked_is_remembered_over_a_restart(story: Story) -> None:
    """The bot dies; what happens afterwards still reaches Bo's Home."""
    await opens_home(story.bo)
    await story.bot_restarts()
    await is_asked(story)
    await story.sees(lambda: "Approve" in buttons_of(story.bo), "the request on Home")


async def test_homes_of_nobody_cost_nothing(story: Story) -> None:
    """A deploy that nobody looks at publishes no Home."""
    await succeeds(story)
    await rests(story)
    assert published(story) == []


async def test_what_is_deployed_and_help_open_from_home(story: Story) -> None:
    """The form, the table and the help open as modals; nobody is written to."""
    await opens_home(story.ana)
    asked = await presses_on_home(story.ana, "Promote")
    assert asked["view"]["callback_id"] == "promo.request"
    status = await presses_on_home(story.ana, "What is deployed?")
    assert "checkout" in str(status["view"]["blocks"])
    helped = await presses_on_home(story.ana, "Help")
    assert helped["view"]["title"]["text"] == "Help"
    assert "`/promote status checkout`" in str(helped["view"]["blocks"])
    assert letters(story.ana) == []


async def test_a_hundred_looks_at_once_are_few_publications(story: Story) -> None:
    """Somebody who opens and closes Home again and again is published to, but not a hundred times."""
    await asyncio.gather(*(story.play("home", {"as": "bo"}) for _ in range(30)))
    await rests(story)
    assert 1 <= len(published(story, story.bo)) < 30


async def test_a_thousand_changes_publish_to_nobody_who_does_not_look(story: Story) -> None:
    """Bo's Home is the only one that was opened: a thousand changes of what concerns Ana, Bo, Cy and Dee publish his,
    and that once in five seconds at most."""
    await is_asked(story)
    await opens_home(story.bo)
    began, before = story.clock.now(), len(published(story))
    applied = await story.bot.service.look("P-1")
    assert applied is not None
    for number in range(1000):
        changed = replace(applied.promotion, awaiting_since=float(number))
        story.bot.homes.saw(applied.promotion, replace(applied, promotion=changed))
    await rests(story)
    assert len(published(story)) - before <= 1 + (story.clock.now() - began) / 5.0
    assert [len(published(story, one)) for one in (story.ana, story.cy, story.dee)] == [0, 0, 0]


async def test_slack_that_asks_to_wait_is_left_alone_and_then_told(story: Story) -> None:
    """The first publication is turned down for a while: the Home comes when Slack takes it again."""
    story.world.vendor["slack"] = [429]
    await story.play("home", {"as": "bo"})
    await story.sees(lambda: bool(published(story, story.bo)), "the Home of bo")
    assert "First steps" in home_words(story.bo)
