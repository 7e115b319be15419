"""What people see: one golden card for every state, its text, its buttons, and how long it may be."""

import json
from dataclasses import replace

import pytest
from inline_snapshot import snapshot

from blocks.card import card
from blocks.rendition import Block
from bot.domain.face import Button, State
from tests.blocks import golden
from tests.blocks.faces import FACES, deployed, face
from tests.blocks.judge import assert_message


@pytest.mark.parametrize("name", FACES)
def test_the_card_is_the_golden_one(name: str) -> None:
    """A card changes only on purpose: regenerate with `python -m tests.blocks.golden` and read the diff."""
    assert golden.rendered(name) == golden.path_of(name).read_text(encoding="utf-8")


def test_every_state_has_a_golden_card_and_no_golden_card_is_left_over() -> None:
    """The golden folder and the faces are the same set, and no state is missing."""
    assert {one.state for one in FACES.values()} == set(State)
    assert {path.name for path in golden.FOLDER.iterdir()} == {golden.path_of(name).name for name in FACES}


@pytest.mark.parametrize("name", FACES)
def test_slack_takes_every_form_of_the_card(name: str) -> None:
    """Each rung passes slackblocks and the playground's judge."""
    rendition = card(FACES[name])
    for blocks in rendition.rungs:
        assert_message(rendition.text, blocks)


@pytest.mark.parametrize("name", FACES)
def test_the_last_rung_needs_no_new_blocks(name: str) -> None:
    """A client that knows no table and no plan still gets sections, context and buttons."""
    assert {block["type"] for block in card(FACES[name]).rungs[-1]} <= {"section", "context", "actions"}


@pytest.mark.parametrize("name", FACES)
def test_a_card_is_short(name: str) -> None:
    """Vertical space is everybody's: seven blocks at most, four for what has ended well."""
    most = (
        4 if FACES[name].state in (State.SUCCEEDED, State.REPLACED, State.ROLLED_BACK, State.EXPIRED) else 7
    )
    assert max(len(blocks) for blocks in card(FACES[name]).rungs) <= most


def test_the_texts() -> None:
    """What a notification says in each situation."""
    assert {name: card(one).text for name, one in FACES.items()} == snapshot(
        {
            "checking": "P-142: ana asked to promote checkout v2.14.3 to production. Checking 3 gates.",
            "awaiting": "P-142: checkout v2.14.3 to production is waiting for approval, 0 of 2. All 3 gates passed. Asked by ana.",
            "awaiting one more": "P-142: checkout v2.14.3 to production is waiting for approval, 1 of 2. All 3 gates passed. Asked by ana, approved by bo.",
            "awaiting with a skipped check": "P-142: checkout v2.14.3 to production is waiting for approval, 0 of 2. 2 of 3 gates passed, 1 skipped. Asked by ana.",
            "awaiting again": "P-142: checkout v2.14.3 to production is waiting for approval, 0 of 2. All 3 gates passed. Asked by ana.",
            "timer": "P-142: checkout v2.14.3 to production starts at 16:20 UTC. Asked by ana, approved by bo and cy.",
            "queued": "P-142: checkout v2.14.3 to production is queued behind P-141. Asked by ana, approved by bo and cy.",
            "its turn": "P-142: checking 3 gates once more before checkout v2.14.3 to production starts. Asked by ana, approved by bo and cy.",
            "blocked": "P-142: checkout v2.14.3 to production is blocked: Health, p99 and Incidents. Asked by ana.",
            "starting": "P-142: starting the deploy, checkout v2.14.3 to production. Asked by ana, approved by bo and cy.",
            "starting unclear": "P-142: starting the deploy, checkout v2.14.3 to production. Asked by ana, approved by bo and cy.",
            "deploying": "P-142: deploying checkout v2.14.3 to production, step 3 of 4: Switch traffic, usual 3 min. Asked by ana, approved by bo and cy.",
            "waiting in github": "P-142: deploying checkout v2.14.3 to production. Asked by ana, approved by bo and cy.",
            "cancelling": "P-142: cancelling the run for dee, checkout v2.14.3 to production. GitHub has not said yet that it stopped. Asked by ana, approved by bo and cy.",
            "verifying": "P-142: verifying checkout v2.14.3 in production; the deploy run has ended well. Asked by ana, approved by bo and cy.",
            "succeeded": "P-142: checkout v2.14.3 is live in production after 6 min 12 s. Asked by ana, approved by bo and cy.",
            "replaced": "P-142: checkout v2.14.3 was live in production until 2026-11-21 17:00 UTC, replaced by P-150 (v2.15.0). Asked by ana, approved by bo and cy.",
            "rolled back": "P-142: checkout v2.14.3 in production was rolled back to v2.14.2 by P-143. Asked by ana, approved by bo and cy.",
            "rollback succeeded": "P-143: checkout production is back on v2.14.2 after 2 min 51 s. Asked by dee.",
            "rollback replaced": "P-143: checkout production was back on v2.14.2 until 2026-11-21 17:00 UTC, then v2.15.0 was recorded as live. Asked by dee.",
            "failed": "P-142 FAILED: checkout v2.14.3 to production failed at Smoke tests in production after 4 min 3 s. v2.14.3 is serving. Incident PD-4411. Asked by ana, approved by bo and cy.",
            "failed just now": "P-142 FAILED: checkout v2.14.3 to production failed at Smoke tests in production after 4 min 3 s. What is serving is unknown so far. Asked by ana, approved by bo and cy.",
            "failed in verification": "P-142 FAILED: checkout v2.14.3 to production failed in verification after 4 min 3 s. What is serving is unknown. Asked by ana, approved by bo and cy.",
            "failed and rolled back": "P-142 FAILED: checkout v2.14.3 to production failed at Smoke tests in production after 4 min 3 s. Rolled back to v2.14.2 by P-143. Incident PD-4411. Asked by ana, approved by bo and cy.",
            "failed and replaced": "P-142 FAILED: checkout v2.14.3 to production failed at Smoke tests in production after 4 min 3 s. v2.14.3 was serving until 2026-11-20 16:15 UTC, replaced by P-150 (v2.15.0). Incident PD-4411. Asked by ana, approved by bo and cy.",
            "unknown": "P-142: outcome unknown, checkout v2.14.3 to production. I asked GitHub to start deploy.yml at 2026-11-20 16:01 UTC and have not seen a run. I will not start it again by myself. Asked by ana, approved by bo and cy.",
            "errored": "P-142: could not start, checkout v2.14.3 to production. Nothing was deployed. Asked by ana, approved by bo and cy.",
            "rejected": "P-142: checkout v2.14.3 to production was rejected by bo. Asked by ana.",
            "cancelled": "P-142: checkout v2.14.3 to production was cancelled by ana. Asked by ana.",
            "cancelled run": "P-142: checkout v2.14.3 to production was cancelled by dee. What is serving is unknown. Asked by ana, approved by bo and cy.",
            "expired": "P-142: checkout v2.14.3 to production expired without a decision. Nothing ran. Asked by ana.",
            "superseded": "P-142: checkout v2.14.3 to production was superseded by ana. Asked by ana.",
            "emergency": "P-142: EMERGENCY: checkout v2.14.3 to production is waiting for approval, 0 of 2. All 3 gates passed. Asked by ana.",
        }
    )


def _buttons(blocks: list[Block]) -> list[Block]:
    rows = [block["elements"] for block in blocks if block["type"] == "actions"]
    return [one for row in rows if isinstance(row, list) for one in row]


@pytest.mark.parametrize("name", FACES)
def test_the_buttons_are_the_faces_in_its_order(name: str) -> None:
    """The face decides which buttons there are; the card adds and drops none."""
    for blocks in card(FACES[name]).rungs:
        assert [one["action_id"] for one in _buttons(blocks)] == list(FACES[name].buttons)


@pytest.mark.parametrize("name", FACES)
def test_a_button_carries_the_id_and_the_digest_and_nothing_else(name: str) -> None:
    """R4: the record decides what a click does, so the button holds no more than two names."""
    for one in _buttons(card(FACES[name]).rungs[0]):
        assert json.loads(str(one["value"])) == {"id": FACES[name].id, "rev": FACES[name].digest}


def test_a_button_says_what_it_is_about_to_those_who_cannot_see_the_card() -> None:
    """R3: a short label gets a long one that names the object."""
    labels = [one["accessibility_label"] for one in _buttons(card(FACES["awaiting"]).rungs[0])]
    assert labels == snapshot(
        [
            "Approve promotion P-142 of checkout to production",
            "Reject promotion P-142 of checkout to production",
            "Cancel promotion P-142 of checkout to production",
            "Details: promotion P-142 of checkout to production",
        ]
    )


def test_only_what_may_be_regretted_asks_again() -> None:
    """R10: a plain approval asks nothing; one with warnings, an emergency and a cancelled run do."""
    asking = {
        name: [one["action_id"] for one in _buttons(card(each).rungs[0]) if "confirm" in one]
        for name, each in FACES.items()
    }
    assert {name: ids for name, ids in asking.items() if ids} == snapshot(
        {
            "awaiting with a skipped check": ["approve"],
            "deploying": ["cancel_run"],
            "waiting in github": ["cancel_run"],
            "unknown": ["never_started", "is_live"],
            "emergency": ["approve"],
        }
    )


def test_a_link_button_without_an_address_is_left_out() -> None:
    """A button that would open nothing is worse than none."""
    blocks = card(deployed(State.DEPLOYING, run_url="javascript:alert(1)")).rungs[0]
    assert Button.VIEW_RUN not in [one["action_id"] for one in _buttons(blocks)]


def test_possible_approvers_are_named_but_not_pinged_by_the_card() -> None:
    """R9: the thread pings approvers once; the card, which is posted before, pings nobody but who acted."""
    blocks = json.dumps(card(FACES["awaiting"]).rungs)
    assert "@bo" in blocks
    assert "<@U0BO>" not in blocks


def test_a_failed_gate_is_never_hidden_by_sixty_that_passed() -> None:
    """The table is cut at twenty rows, and what stands in the way stays in it."""
    passed = FACES["awaiting"].requirements[2]
    sick = FACES["blocked"].requirements[3]
    many = (*(replace(passed, name=f"gate-{n}") for n in range(60)), sick)
    rows = card(face(State.CHECKING, requirements=many)).rungs[0]
    assert "HTTP 503" in json.dumps(rows)
    assert "41 more rows" in json.dumps(rows)


def test_serving_is_unknown_unless_it_is_known() -> None:
    """P10: a failed deploy without a proof of what serves says so, and guesses nothing."""
    assert "Now serving: unknown" in json.dumps(card(deployed(State.FAILED)).rungs)
