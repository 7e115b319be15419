"""The judge of blocks refuses what Slack refuses and lets through what Slack shows."""

import pytest
import slackblocks
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.playground.slack.blocks import judge_blocks, judge_view
from tests.playground.practice_app import Raw, button, card, plain, request_modal


def mrkdwn(text: str) -> Raw:
    """A text object with markup."""
    return {"type": "mrkdwn", "text": text}


def actions(*elements: Raw) -> Raw:
    """An actions block."""
    return {"type": "actions", "elements": list(elements)}


def many(number: int, make: str = "a") -> list[Raw]:
    """So many buttons with different ids."""
    return [button(f"{make}{n}", "Go", "{}") for n in range(number)]


def row(cells: int, text: str = "x") -> list[Raw]:
    """A row of a table."""
    return [{"type": "raw_text", "text": text} for _ in range(cells)]


def task(**more: object) -> Raw:
    """A task of a plan."""
    return {"task_id": "t1", "title": "Roll out", "status": "in_progress", **more}


CONFIRM = {"title": plain("Sure?"), "text": plain("It runs."), "confirm": plain("Yes"), "deny": plain("No")}
OPTION = {"text": plain("One"), "value": "1"}

FINE = {
    "fifty sections": [{"type": "section", "text": mrkdwn("x")} for _ in range(50)],
    "a long section": [{"type": "section", "text": mrkdwn("x" * 3000)}],
    "ten fields": [{"type": "section", "fields": [mrkdwn("x" * 2000)] * 10}],
    "25 buttons": [actions(*many(25))],
    "a confirm": [
        actions(button("a", "Go", "{}", confirm=CONFIRM, style="danger", accessibility_label="Go on"))
    ],
    "the same action_id in two blocks": [actions(button("a", "x", "1")), actions(button("a", "y", "2"))],
    "a table": [
        {"type": "table", "rows": [row(20) for _ in range(100)], "column_settings": [{"align": "right"}]}
    ],
    "a plan": [
        {"type": "plan", "title": "Deploying", "tasks": [task(), task(task_id="t2", status="pending")]}
    ],
    "a container": [
        {"type": "container", "title": plain("5 gates"), "is_collapsible": True, "child_blocks": card("P-1")}
    ],
    "a card": [{"type": "card", "title": mrkdwn("P-1"), "actions": many(3)}],
    "a context": [{"type": "context", "elements": [mrkdwn("x")] * 10}],
}
BAD = {
    "51 blocks": ([{"type": "divider"}] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
    "long section": ([{"type": "section", "text": mrkdwn("x" * 3001)}], "less than 3001 characters"),
    "empty section": ([{"type": "section", "text": mrkdwn("")}], "must be more than 0 characters"),
    "section without text": ([{"type": "section"}], "missing required field: text"),
    "11 fields": ([{"type": "section", "fields": [mrkdwn("x")] * 11}], "no more than 10 items"),
    "long field": ([{"type": "section", "fields": [mrkdwn("x" * 2001)]}], "/blocks/0/fields/0/text]"),
    "26 buttons": ([actions(*many(26))], "no more than 25 items allowed [json-pointer:/blocks/0/elements]"),
    "no buttons": ([actions()], "must have at least 1 item"),
    "long button": ([actions(button("a", "x" * 76, "1"))], "less than 76 characters"),
    "long value": ([actions(button("a", "x", "x" * 2001))], "/elements/0/value]"),
    "long action_id": ([actions(button("a" * 256, "x", "1"))], "/elements/0/action_id]"),
    "same action_id": ([actions(button("a", "x", "1"), button("a", "y", "2"))], "action_id a already exists"),
    "same block_id": ([{"type": "divider", "block_id": "b"}] * 2, "block_id b already exists"),
    "long label": ([actions(button("a", "x", "1", accessibility_label="x" * 76))], "accessibility_label]"),
    "odd style": ([actions(button("a", "x", "1", style="loud"))], "must be one of: danger, primary"),
    "markup on a button": ([actions({**button("a", "x", "1"), "text": mrkdwn("x")})], "of type plain_text"),
    "misspelt key": ([actions(button("a", "x", "1", colour="red"))], "invalid additional property: colour"),
    "half a confirm": ([actions(button("a", "x", "1", confirm={"title": plain("?")}))], "field: text"),
    "long confirm": (
        [actions(button("a", "x", "1", confirm=CONFIRM | {"text": plain("x" * 301)}))],
        "less than 301 characters",
    ),
    "long header": ([{"type": "header", "text": plain("x" * 151)}], "less than 151 characters"),
    "11 in a context": ([{"type": "context", "elements": [mrkdwn("x")] * 11}], "no more than 10 items"),
    "a button in a context": ([{"type": "context", "elements": many(1)}], "unsupported type: button"),
    "an alert in a message": ([{"type": "alert", "text": mrkdwn("x")}], "unsupported type: alert"),
    "101 rows": ([{"type": "table", "rows": [row(1)] * 101}], "no more than 100 items allowed"),
    "21 columns": ([{"type": "table", "rows": [row(21)]}], "no more than 20 items allowed"),
    "a big table": ([{"type": "table", "rows": [row(1, "x" * 2000)] * 6}], "less than 10001 characters"),
    "two tables, one of them folded": (
        [
            {"type": "container", "title": plain("x"), "child_blocks": [{"type": "table", "rows": [row(1)]}]},
            {"type": "table", "rows": [row(1)]},
        ],
        "only_one_table_allowed",
    ),
    "101 options": (
        [actions({"type": "static_select", "action_id": "s", "options": [OPTION] * 101})],
        "no more than 100 items allowed",
    ),
    "11 radio buttons": (
        [actions({"type": "radio_buttons", "action_id": "s", "options": [OPTION] * 11})],
        "no more than 10 items allowed",
    ),
    "odd status": (
        [{"type": "plan", "title": "x", "tasks": [task(status="done")]}],
        "must be one of: complete",
    ),
    "plan beside task_card": (
        [{"type": "plan", "title": "x", "tasks": [task()]}, {"type": "task_card", **task()}],
        "plan and task_card exclude each other",
    ),
    "11 in a container": (
        [{"type": "container", "title": plain("x"), "child_blocks": [{"type": "divider"}] * 11}],
        "no more than 10 items allowed",
    ),
    "long markdown": (
        [{"type": "markdown", "text": "x" * 7000}, {"type": "markdown", "text": "x" * 7000}],
        "in all markdown blocks",
    ),
    "not a block": (["hello"], "must be an object [json-pointer:/blocks/0]"),
    "not a list": ({"type": "section"}, "must be an array [json-pointer:/blocks]"),
}


@pytest.mark.parametrize("name", FINE)
def test_what_slack_shows_is_let_through(name: str) -> None:
    """Blocks at their limits, and the newer kinds, pass in a message."""
    assert judge_blocks(FINE[name], "message") == []


@pytest.mark.parametrize("name", BAD)
def test_what_slack_refuses_is_refused(name: str) -> None:
    """Each broken rule is named, with a pointer to the place."""
    blocks, complaint = BAD[name]
    assert any(complaint in said for said in judge_blocks(blocks, "message"))


@pytest.mark.parametrize("kind", ["table", "plan", "task_card", "container", "markdown", "carousel"])
def test_newer_blocks_do_not_show_in_modals(kind: str) -> None:
    """Tables, plans and containers are no modal blocks."""
    assert judge_blocks([{"type": kind}], "modal") == [
        f"unsupported type: {kind} [json-pointer:/blocks/0/type]"
    ]


def test_an_alert_shows_in_modals_only() -> None:
    """An alert is fine in a modal and refused on a home."""
    alert = [{"type": "alert", "text": mrkdwn("frozen"), "level": "warning"}]
    assert judge_blocks(alert, "modal") == []
    assert judge_blocks(alert, "home") == ["unsupported type: alert [json-pointer:/blocks/0/type]"]


def test_a_modal_is_judged_as_a_whole() -> None:
    """Title, submit, private metadata and missing submit buttons are refused with pointers below /view."""
    modal = request_modal(["v2.14.3"])
    assert judge_view(modal) == []
    assert "/view/title/text]" in judge_view(modal | {"title": plain("x" * 25)})[0]
    assert "/view/submit/text]" in judge_view(modal | {"submit": plain("x" * 25)})[0]
    assert "/view/private_metadata]" in judge_view(modal | {"private_metadata": "x" * 3001})[0]
    without = {name: value for name, value in modal.items() if name != "submit"}
    assert judge_view(without) == ["missing required field: submit [json-pointer:/view]"]
    assert judge_view({"type": "modal", "blocks": []}) == [
        "missing required field: title [json-pointer:/view]"
    ]


def test_an_input_needs_a_label() -> None:
    """An input block without a label or element is refused."""
    bare = [{"type": "input", "element": {"type": "plain_text_input", "action_id": "a"}}]
    assert judge_blocks(bare, "modal") == ["missing required field: label [json-pointer:/blocks/0]"]


def test_the_block_library_of_our_tests_agrees() -> None:
    """What slackblocks builds, which judges strictly itself, is let through here."""
    built = [
        slackblocks.SectionBlock("hello", accessory=slackblocks.Button("Go", "go", value="1")),
        slackblocks.HeaderBlock("P-1"),
        slackblocks.ContextBlock([slackblocks.Text("x")]),
        slackblocks.DividerBlock(),
        slackblocks.TableBlock([[slackblocks.RawText("Gate")]]),
        slackblocks.MarkdownBlock("**x**"),
    ]
    rendered = slackblocks.Message("C1", text="x", blocks=built).to_dict()["blocks"]
    assert judge_blocks(rendered, "message") == []


FIELDS = (
    "text elements rows tasks title actions element child_blocks fields accessory "
    "column_settings options initial_options max_length"
)
leaves = st.sampled_from(
    [None, True, 7, "", "x", "button", "plain_text", "raw_text", "checkboxes", "plain_text_input"]
)
nodes = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", *FIELDS.split()]), inner, max_size=4)
    ),
    max_leaves=8,
)
kinds = st.sampled_from(
    ["section", "actions", "context", "table", "plan", "card", "container", "input", "image"]
)
garbage = st.lists(
    st.tuples(kinds, st.dictionaries(st.sampled_from(FIELDS.split()), nodes, max_size=4)), max_size=3
)


@settings(max_examples=600)
@given(blocks=garbage)
def test_garbage_is_answered_never_crashed_on(blocks: list[tuple[str, Raw]]) -> None:
    """Whatever JSON arrives, the judge gives sentences and no traceback."""
    for surface in ("message", "modal", "home"):
        said = judge_blocks([{**fields, "type": kind} for kind, fields in blocks], surface)
        assert all(sentence.endswith("]") for sentence in said)
