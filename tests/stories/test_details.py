"""The details of a promotion, tab by tab, for anybody who can see its card."""

import pytest
from inline_snapshot import snapshot

from bot.domain.face import Button
from bot.playground.slack.raw import elements_in
from bot.playground.slack.state import View
from tests.stories.deploys import is_asked, succeeds
from tests.stories.filling import on_screen, says
from tests.stories.moments import rests
from tests.stories.story import Somebody, Story

REASON = "fix refunds"


async def turns(person: Somebody, words: str) -> View:
    """Press a tab of the details, and see it."""
    view = on_screen(person)
    shown = view.hash
    await person.clicks(words)
    await person.story.sees(lambda: view.hash != shown, f"the tab {words}")
    return view


def lines(view: View) -> list[str]:
    """What stands below the tabs, line by line."""
    return "\n".join(says(view)[3:]).splitlines()


async def test_the_details_open_with_the_timeline(story: Story) -> None:
    """Eli, who may do nothing, sees where it stands, every id, and what happened when."""
    await is_asked(story)
    await story.bo.clicks("Approve")
    await rests(story)
    await story.eli.clicks(Button.DETAILS)

    view = on_screen(story.eli)
    promotion = await story.stands("P-1")
    ids = says(view)[1]
    assert view.body["title"]["text"] == "Details P-1"
    assert promotion.sha is not None
    assert all(part in ids for part in ("P-1", promotion.sha, promotion.correlation))
    assert lines(view) == snapshot(
        [
            "<time> · ana asked for it: “fix refunds”",
            "<time> · Greenlight found the commit of the version",
            "<time> · bo approved",
        ]
    )


async def test_each_tab_shows_its_own(story: Story) -> None:
    """Gates with their evidence, changes with their links, the audit log with its numbers."""
    await succeeds(story)
    await story.settles()
    await story.eli.clicks(Button.DETAILS)

    gates = lines(await turns(story.eli, "Gates"))
    changes = lines(await turns(story.eli, "Changes"))
    audit = lines(await turns(story.eli, "Audit"))
    timeline = lines(await turns(story.eli, "Timeline"))

    assert [line.split(" · ")[0] for line in gates if "looked at" not in line] == snapshot(
        [
            ":white_check_mark: *Checks* passed",
            ":white_check_mark: *Health* passed",
            ":white_check_mark: *Incidents* passed",
            ":white_check_mark: *Health* passed",
        ]
    )
    assert sum("looked at <time>" in line for line in gates) == 4
    assert changes == snapshot(
        [
            "[3 commits since v2.14.2]",
            "• [#812] Log the trace id (ana-dev)",
            "• [#811] Bump dependencies (eli-dev)",
            "• [#810] Fix EUR refunds (ana-dev)",
        ]
    )
    assert audit[0].startswith("`")
    assert " · ana · request: " in audit[0]
    assert [line.split(" · ", 1)[1] for line in timeline] == snapshot(
        [
            "ana asked for it: “fix refunds”",
            "Greenlight found the commit of the version",
            "bo approved",
            "cy approved",
            "All requirements hold, and it is being started",
            "Greenlight started the workflow; the deploy is under way",
            "The run succeeded, and it is being verified",
            "It succeeded",
        ]
    )


async def test_the_chosen_tab_is_marked(story: Story) -> None:
    """One of the four buttons is the primary one, and each says what it opens."""
    await is_asked(story)
    await story.eli.clicks(Button.DETAILS)
    view = await turns(story.eli, "Gates")

    buttons = [found.element for found in elements_in(view.body["blocks"])]
    assert [one["text"]["text"] for one in buttons if one.get("style") == "primary"] == ["Gates"]
    assert all("P-1" in one["accessibility_label"] for one in buttons)


async def test_a_tab_is_drawn_from_the_record(story: Story) -> None:
    """What happened while the form lay open is on the next tab that is pressed."""
    await is_asked(story)
    await story.eli.clicks(Button.DETAILS)
    await story.ana.types("/promote cancel P-1 because not today")
    await story.until("P-1", "cancelled")
    view = await turns(story.eli, "Timeline")

    assert "*Cancelled by" in says(view)[0]
    assert "not today" in lines(view)[-1]


async def waits_for_hours(story: Story) -> None:
    """Bo approves at once; Cy hours later, while the gates were looked at again and again."""
    story.world.run.seconds = 20.0
    await is_asked(story)
    await story.bo.types("/promote approve P-1 checked the graphs")
    await rests(story)
    for _ in range(21):
        story.passes(600)
        await rests(story)
    await story.cy.clicks("Approve")
    await story.until("P-1", "succeeded")
    await story.settles()


@pytest.mark.door("http")
async def test_an_early_approval_stays_in_a_long_timeline(story: Story) -> None:
    """Incident: of a promotion that had waited for hours the newest hundred rows were looks at its gates, and the
    timeline told of Cy's approval only."""
    await waits_for_hours(story)
    assert len(await story.bot.store.audit_of("P-1", 1_000)) > 100
    await story.eli.clicks(Button.DETAILS)

    assert [line.split(" · ", 1)[1] for line in lines(on_screen(story.eli))] == snapshot(
        [
            "ana asked for it: “fix refunds”",
            "Greenlight found the commit of the version",
            "bo approved: “checked the graphs”",
            "cy approved",
            "All requirements hold, and it is being started",
            "Greenlight started the workflow; the deploy is under way",
            "The run succeeded, and it is being verified",
            "It succeeded",
        ]
    )
    audit = lines(await turns(story.eli, "Audit"))
    assert " · ana · request: " in audit[0]
    assert audit[-1].endswith("entries of bookkeeping")
    assert len(audit) < len(await story.bot.store.audit_of("P-1", 1_000))
