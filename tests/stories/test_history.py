"""`/promote history` and `/promote status`: what happened, what runs where, and the way back."""

import re

from inline_snapshot import snapshot

from bot.playground.slack.raw import elements_in
from tests.stories.deploys import succeeds
from tests.stories.moments import rests
from tests.stories.said import plain, replies
from tests.stories.story import Answer, Story
from tests.stories.surfaces import presses

DAY = 86_400.0
TOOK = re.compile(r"\b\d+ s\b")


def lines(answer: Answer) -> list[str]:
    """The paragraphs of an answer, without how long a deploy took."""
    return [
        TOOK.sub("<while>", plain(block["text"]["text"]))
        for block in answer["replies"][0]["blocks"]
        if "text" in block
    ]


async def test_a_version_of_the_past_can_be_gone_back_to(story: Story) -> None:
    """Each version that a rollback may name has a button, which opens the form with that version in it."""
    await succeeds(story)
    story.playground.github.adds_commit("checkout", "Next", tag="v2.14.4")
    await story.ana.types("/promote checkout@v2.14.4 to dev because next one")
    await story.until("P-2", "succeeded")
    await story.ana.types("/promote checkout@v2.14.4 to staging because next one")
    await story.until("P-3", "succeeded")
    await succeeds(story, "v2.14.4", "P-4")

    answer = await story.dee.types("/promote history checkout in production")
    said = story.playground.slack.workspace.private[story.world.people["dee"].slack][-1]
    (button,) = elements_in(said.blocks)
    await presses(story.dee, said, button)
    slack = story.world.people["dee"].slack
    await story.sees(lambda: story.playground.slack.workspace.view_of(slack), "the form")
    view = story.playground.slack.workspace.view_of(slack)

    assert lines(answer) == snapshot(
        [
            ":white_check_mark: `P-4` checkout v2.14.4 → production: *Live · <while>* · <time> · asked by ana · “fix refunds”",
            ":white_check_mark: `P-1` checkout v2.14.3 → production: *Succeeded · <while>* · <time> · asked by ana · “fix refunds”",
        ]
    )
    assert button.words == "Roll back to this"
    assert view is not None
    assert (view.body["callback_id"], '"v2.14.3"' in str(view.body).replace("'", '"')) == (
        "promo.rollback",
        True,
    )


async def test_only_the_last_days(story: Story) -> None:
    """`last 7d` leaves out what is older; so many are shown and no more."""
    await story.ana.types("/promote checkout@v9 to staging because an old one")
    await story.until("P-1", "rejected")
    await rests(story)
    story.passes(8 * DAY)
    await story.sees(lambda: story.bot.accounts.is_ready, "the accounts again")
    await story.ana.types("/promote checkout@v8 to staging because a new one")
    await story.until("P-2", "rejected")

    for span in ("last 7d", "7 days", "in staging last 7d"):
        assert "P-1" not in str(lines(await story.ana.types(f"/promote history checkout {span}")))
    assert [
        ("P-1" in one, "P-2" in one) for one in lines(await story.ana.types("/promote history checkout 9d"))
    ] == [(True, True)]
    assert "P-1" not in str(lines(await story.ana.types("/promote history checkout last 1")))
    assert replies(await story.ana.types("/promote history checkout in dev last 3d")) == snapshot(
        ["No promotion of checkout to dev is recorded in the last 3 days. Start one: `/promote checkout`"]
    )


async def test_history_of_what_is_not_there(story: Story) -> None:
    """An unknown service or environment is refused with the nearest one."""
    said = [
        replies(await story.ana.types(f"/promote history {line}"))
        for line in ("chekout", "checkout in prod", "")
    ]
    assert said == snapshot(
        [
            [
                "I do not know a service called “chekout”. Did you mean *checkout*? `/promote status all` lists all 3."
            ],
            [
                "checkout has no environment “prod”. Its path is dev › staging › production. Try `/promote checkout to production`."
            ],
            ["I did not understand “history”. Did you mean `/promote history checkout in production`?"],
        ]
    )


async def test_status_without_a_name_is_about_my_services(story: Story) -> None:
    """Ana's team owns checkout and storefront; Dee is of the team too; Bo, who owns nothing, sees all of them."""
    told = {who.name: lines(await who.types("/promote status")) for who in (story.ana, story.eli, story.bo)}

    assert {name: [one.partition("\n")[0] for one in said] for name, said in told.items()} == snapshot(
        {
            "ana": ["*checkout*", "*storefront*"],
            "eli": ["*inventory*"],
            "bo": ["*checkout*", "*storefront*", "*inventory*"],
        }
    )
    assert len(lines(await story.eli.types("/promote status all"))) == 3
    assert replies(await story.eli.types("/promote status prodution")) == snapshot(
        ["I did not understand “status prodution”. Did you mean `/promote status production`?"]
    )
    assert replies(await story.eli.types("/promote status chekout")) == snapshot(
        [
            "I do not know a service called “chekout”. Did you mean *checkout*? `/promote status all` lists all 3."
        ]
    )


async def test_what_i_asked_for_lately_is_mine(story: Story) -> None:
    """Whoever asked for a service within a month sees it among their own."""
    await story.eli.types("/promote checkout@v9 to staging because let me try")
    await story.until("P-1", "rejected")
    await story.sees(lambda: any("cannot find" in said for said in story.eli.heard), "the answer")

    assert [one.partition("\n")[0] for one in lines(await story.eli.types("/promote status"))] == snapshot(
        ["*checkout*", "*inventory*"]
    )


async def test_why_says_what_is_wrong_with_the_place(story: Story) -> None:
    """Why of a place that nobody promoted to, or that is none."""
    said = [
        replies(await story.ana.types(f"/promote why {line}"))
        for line in ("chekout", "checkout prod", "checkout production", "142", "P-9")
    ]
    assert said == snapshot(
        [
            [
                "I do not know a service called “chekout”. Did you mean *checkout*? `/promote status all` lists all 3."
            ],
            [
                "checkout has no environment “prod”. Its path is dev › staging › production. Try `/promote checkout to production`."
            ],
            ["No promotion of checkout to production is recorded. Start one: `/promote checkout`"],
            ["I did not understand “why 142”. Did you mean `/promote why P-142`?"],
            ["I know no promotion “P-9”. `/promote status` lists what is on its way."],
        ]
    )
