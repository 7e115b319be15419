"""Forms: what opens, what a field says when it does not fit, and what is sent in the end."""

from typing import Any

from inline_snapshot import snapshot

from tests.stories.deploys import is_asked
from tests.stories.moments import rests
from tests.stories.said import card_words, heard, plain, replies
from tests.stories.story import Answer, Story

REASON = "fix refunds for EUR cards"


def inputs(view: dict[str, Any]) -> dict[str, list[str]]:
    """The form's inputs with what each offers."""
    elements = [block["element"] for block in view["blocks"] if block["type"] == "input"]
    return {one["action_id"]: [option["value"] for option in one.get("options", [])] for one in elements}


def starts_with(view: dict[str, Any], name: str) -> str:
    """What an input of the form is filled with."""
    elements = [block["element"] for block in view["blocks"] if block["type"] == "input"]
    element = next(one for one in elements if one["action_id"] == name)
    return str(element.get("initial_value") or element.get("initial_option", {}).get("value", ""))


def said_in(view: dict[str, Any]) -> str:
    """What a form that only says something says."""
    return plain("\n".join(block["text"]["text"] for block in view["blocks"] if "text" in block))


async def opened(story: Story, line: str) -> Answer:
    """The form that a line opens for Ana."""
    answer = await story.ana.types(line)
    await story.sees(lambda: story.playground.slack.workspace.view_of(story.world.people["ana"].slack))
    view = answer["view"]
    assert isinstance(view, dict)
    return view


async def test_a_line_without_words_opens_the_form(story: Story) -> None:
    """`/promote` opens the form; sent, it makes the same promotion as a line, and says so."""
    view = await opened(story, "/promote")
    values = {"service": "checkout", "version": "v2.14.3", "environment": "production", "reason": REASON}

    sent = await story.ana.submits(view, **values)
    await rests(story)

    assert inputs(view) == snapshot(
        {
            "service": [],
            "version": [],
            "environment": ["dev", "staging", "production"],
            "reason": [],
            "skip_health": ["health"],
            "skip_reason": [],
        }
    )
    assert said_in(sent["view"]) == snapshot(
        "P-1: checkout v2.14.3 to production is asked for. Its card comes in #deploys; if it gets none, I tell you why in a direct message."
    )
    assert plain(story.card("P-1").text) == snapshot(
        "P-1: checkout v2.14.3 to production is waiting for approval, 0 of 2. All 3 gates passed. Asked by ana."
    )


async def test_what_was_typed_is_in_the_form(story: Story) -> None:
    """A line that lacks the environment opens the form with what it said."""
    view = await opened(story, "/promote storefront@v1.2.0 because the tax line")

    names = ("service", "version", "environment", "reason")
    assert {name: starts_with(view, name) for name in names} == snapshot(
        {"service": "storefront", "version": "v1.2.0", "environment": "production", "reason": "the tax line"}
    )


async def test_an_unknown_service_opens_no_form(story: Story) -> None:
    """A service that does not exist is said at once, with the nearest one."""
    answer = await story.ana.types("/promote chekout")

    assert answer["view"] is None
    assert replies(answer) == snapshot(
        [
            "I do not know a service called “chekout”. Did you mean *checkout*? `/promote status all` lists all 3."
        ]
    )


async def test_a_field_that_does_not_fit_says_why(story: Story) -> None:
    """Each mistake is said beside its field, in plain words without markup; nothing is stored."""
    view = await opened(story, "/promote checkout")
    fine = {"service": "checkout", "version": "v2.14.3", "environment": "production", "reason": REASON}

    said = {
        "blank": (await story.ana.submits(view, **fine | {"reason": "          "}))["errors"],
        "skip": (await story.ana.submits(view, **fine, skip_health=["health"], skip_reason="why"))["errors"],
    }

    assert said == snapshot(
        {
            "blank": {"reason": "Reason needs at least 8 characters so that the audit log is useful."},
            "skip": {
                "skip_reason": "Say in at least 8 characters why the health check may be skipped: approvers will read it."
            },
        }
    )
    assert await story.bot.store.load("P-1") is None


async def test_a_version_that_does_not_exist_is_said_after_the_form(story: Story) -> None:
    """The form closes with a receipt; what GitHub does not know is said privately, as for a line."""
    view = await opened(story, "/promote checkout")
    await story.ana.submits(view, version="v2.14.9", environment="production", reason=REASON)
    await story.until("P-1", "rejected")
    await rests(story)

    private = heard(story.ana) + _letters(story)
    assert private == snapshot(
        [
            "I cannot find “v2.14.9” in acme/checkout (tags, branches, commits), so nothing was started. Nearest: v2.14.3, v2.14.2 or v2.14.1. Try `/promote checkout@v2.14.3 to production`"
        ]
    )


def _letters(story: Story) -> list[str]:
    direct = story.playground.slack.workspace.direct(story.world.people["ana"].slack)
    return [plain(one.text) for one in direct.messages.values()]


async def test_a_skipped_health_check_is_loud(story: Story) -> None:
    """The health is red, Ana skips it with a reason: approvers see who skipped what and why, and confirm."""
    story.world.health["checkout", "staging"] = "failing"
    view = await opened(story, "/promote checkout@v2.14.3")
    await story.ana.submits(
        view,
        environment="production",
        reason=REASON,
        skip_health=["health"],
        skip_reason="the probe is broken, see #812",
    )
    await story.sees(lambda: any("ready for review" in one.text for one in story.messages()), "the mention")
    await rests(story)

    assert "the probe is broken, see #812" in card_words(story, "P-1")
    assert [plain(text) for text in story.thread("P-1")] == snapshot(
        [
            ":wave: <@U0BO> and <@U0CY>: P-1 is ready for review, checkout v2.14.3 to production. 2 of 3 gates passed, 1 skipped. Changes by ana-dev and eli-dev: [#812, #811 and #810]. :warning: Risk: skipped Health."
        ]
    )
    unsure = await story.bo.clicks("Approve", confirm=False)
    assert unsure["error"] == "needs confirmation"
    await story.bo.clicks("Approve")
    await story.cy.clicks("Approve")
    ended = await story.until("P-1", "succeeded")
    await story.settles()
    assert [(one.gate, one.by, one.reason) for one in ended.waivers] == snapshot(
        [("health", "ana", "the probe is broken, see #812")]
    )
    assert story.asked("services", "/staging/health") == []


async def test_only_health_may_be_skipped(story: Story) -> None:
    """The form offers the health gate and no other."""
    view = await opened(story, "/promote checkout@v2.14.3")

    assert inputs(view)["skip_health"] == ["health"]


async def test_retrying_what_has_ended_opens_the_form(story: Story) -> None:
    """What has ended is asked for anew, with everything filled in; the old one is named."""
    await story.ana.types(f"/promote checkout@v2.14.3 to production because {REASON}")
    await rests(story)
    await story.ana.types("/promote cancel P-1")
    await rests(story)

    view = await opened(story, "/promote retry P-1")
    sent = await story.ana.submits(view)
    await rests(story)

    assert "P-1" in str(view["blocks"][0])
    assert said_in(sent["view"]) == snapshot(
        "P-2: checkout v2.14.3 to production is asked for. Its card comes in #deploys; if it gets none, I tell you why in a direct message."
    )
    assert (await story.stands("P-2")).retries == "P-1"


async def test_request_again_on_the_card_opens_the_form(story: Story) -> None:
    """The button of a card that ended does the same."""
    await story.ana.types(f"/promote checkout@v2.14.3 to production because {REASON}")
    await rests(story)
    await story.ana.types("/promote cancel P-1")
    await rests(story)

    shown = await story.ana.clicks("Request again")

    assert starts_with(shown["view"], "version") == "v2.14.3"
    assert starts_with(shown["view"], "reason") == REASON


async def test_a_form_that_is_sent_twice_asks_once(story: Story) -> None:
    """Slack sends the submission again: one promotion, and the form says the same."""
    view = await opened(story, "/promote checkout@v2.14.3")
    await story.ana.submits(view, environment="production", reason=REASON)
    requests = story.playground.slack.requests

    again = await requests.repeat(requests.sent[-1], 1)
    await rests(story)

    assert again.failure is None
    assert await story.bot.store.load("P-2") is None


async def test_a_form_for_what_was_taken_out_of_the_catalog(story: Story) -> None:
    """The record decides, not the form that was opened before: a service that is gone is said beside its field."""
    view = await opened(story, "/promote inventory@v1.1.0")
    path = story.bot.settings.catalog
    text = path.read_text()
    path.write_text(text[: text.index("  inventory:\n    repo")])
    await story.sees(lambda: "inventory" not in story.bot.catalog.current.services)

    answer = await story.ana.submits(view, environment="staging", reason=REASON)

    assert answer["errors"] == snapshot(
        {"service": "I do not know a service called “inventory”. /promote status all lists all 2."}
    )


async def test_a_rejection_says_what_kind_it_is(story: Story) -> None:
    """Bo chooses a kind beside the reason: both are stored and shown; blanks are no reason."""
    await is_asked(story)
    view = (await story.bo.clicks("Reject"))["view"]
    blank = await story.bo.submits(view, why="Bad time", reason="   ")
    await story.bo.submits(view, why="Bad time", reason="the sale begins at noon")
    rejected = await story.until("P-1", "rejected")

    assert blank["errors"] == snapshot({"reason": "Say why: whoever asked will read it."})
    assert inputs(view)["why"] == snapshot(["Not ready", "Wrong version", "Bad time", "Other"])
    assert rejected.ending is not None
    assert rejected.ending.said == "Bad time: the sale begins at noon"


async def test_a_rejection_of_no_kind_is_its_reason(story: Story) -> None:
    """Nobody has to choose: the reason alone is stored as it was typed."""
    await is_asked(story)
    view = (await story.bo.clicks("Reject"))["view"]
    await story.bo.submits(view, reason="the migration is not reviewed")
    rejected = await story.until("P-1", "rejected")

    assert rejected.ending is not None
    assert rejected.ending.said == "the migration is not reviewed"
