"""Each judge of the promises convicts a world in which its promise is broken: what cannot fail proves nothing."""

import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.playground.github.door import APP_LOGIN
from bot.playground.pagerduty.state import SERVICES, Alert
from bot.playground.slack.state import Message
from bot.playground.world import Request, sha_for
from tests.promises import judges
from tests.promises.witness import Ask, Intended, Witness, Word
from tests.stories.deploys import is_asked
from tests.stories.parts import store_file
from tests.stories.story import Story

SHA, OTHER = sha_for("checkout", "v2.14.3"), sha_for("checkout", "v2.15.0")
INPUTS = {"correlation_id": "c0ffee", "promotion_id": "P-1", "sha": SHA, "environment": "production"}
ASK = Ask("P-1", "promote", "ana", "checkout", "production", "v2.14.3", frozenset(), 0)


@pytest.fixture
async def witness(tmp_path: Path) -> AsyncIterator[Witness]:
    """A world with its bot, and a witness who knows of P-1."""
    story = Story(tmp_path)
    try:
        await story.begins()
        watched = Witness(story)
        watched.asks["P-1"] = ASK
        watched.catalogs.append((tmp_path / "promotions.yml").read_text())
        yield watched
    finally:
        story.playground.github.runs.all.clear()
        await story.ends()


def runs(witness: Witness) -> None:
    """GitHub runs P-1 for the bot."""
    github = witness.story.playground.github
    github.starts_run("checkout", "deploy.yml", APP_LOGIN, dict(INPUTS))


def intended(witness: Witness, *approvers: str, words: tuple[Word, ...] | None = None) -> Intended:
    """An intent of P-1 with these approvers, who all saw its commit."""
    said = tuple(Word("approve", "P-1", by, frozenset({SHA[:7]})) for by in approvers)
    voices = said if words is None else words
    return Intended(
        ask=ASK,
        sha=SHA,
        approvers=frozenset(approvers),
        catalogs=tuple(witness.catalogs),
        on_call=frozenset(),
        words=voices,
        told=voices,
        shas=frozenset({SHA}),
        asked=len(witness.asked),
        alone=True,
    )


def says(witness: Witness, text: str, *, broadcast: bool = False) -> None:
    """The bot says something about P-1 in its channel."""
    workspace = witness.story.playground.slack.workspace
    room = workspace.channel("deploys").id
    message = Message(room, workspace.next_ts(), text, workspace.world.bot_user, broadcast=broadcast)
    message.metadata = {"event_type": "x", "event_payload": {"promotion": "P-1"}}
    message.thread_ts = "1.0" if broadcast else None
    workspace.put(message)


async def test_p1_two_runs_of_one_promotion(witness: Witness) -> None:
    """P1: a second run with the same correlation id is found in GitHub, whatever the bot says of it."""
    runs(witness)
    judges.p1_one_run(witness)
    runs(witness)
    with pytest.raises(AssertionError, match="P1: more than one run for c0ffee"):
        judges.p1_one_run(witness)


async def test_p2_another_commit_than_was_seen(witness: Witness) -> None:
    """P2: a run without an intent, or of a commit that one approver never saw, or that the version never meant."""
    runs(witness)
    with pytest.raises(AssertionError, match="no intent says so"):
        judges.p2_the_commit_that_was_seen(witness)
    good = intended(witness, "bo", "cy")
    witness.intended = [good]
    judges.p2_the_commit_that_was_seen(witness)
    saw_other = Word("approve", "P-1", "cy", frozenset({OTHER[:7]}))
    witness.intended = [replace(good, words=(good.words[0], saw_other))]
    with pytest.raises(AssertionError, match="too few people saw"):
        judges.p2_the_commit_that_was_seen(witness)
    witness.intended = [replace(good, shas=frozenset({OTHER}))]
    with pytest.raises(AssertionError, match="never meant"):
        judges.p2_the_commit_that_was_seen(witness)


async def test_p3_voices_that_do_not_count(witness: Witness) -> None:
    """P3: the requester, somebody of another team, one person twice, somebody who never spoke, or after a no."""
    witness.intended = [intended(witness, "bo", "cy")]
    judges.p3_only_entitled_voices(witness)
    good = witness.intended[0]
    no = Word("cancel", "P-1", "ana", frozenset())
    for broken, words in (
        (intended(witness, "bo", "ana"), "approved by who asked"),
        (intended(witness, "bo", "eli"), "are not who"),
        (intended(witness, "bo", "bo"), "are not who"),
        (intended(witness, "bo", "cy", words=()), "never approved"),
        (replace(good, told=(*good.told, no)), "started after"),
    ):
        witness.intended = [broken]
        with pytest.raises(AssertionError, match=words):
            judges.p3_only_entitled_voices(witness)


async def test_p4_an_acknowledged_word_that_is_gone(witness: Witness) -> None:
    """P4: a promotion that somebody was told of, or an approval that was acknowledged, is not in the record."""
    await is_asked(witness.story)
    witness.promised.append("P-1")
    await judges.p4_nothing_acknowledged_is_lost(witness)
    witness.told.append(Word("approve", "P-1", "bo", frozenset()))
    with pytest.raises(AssertionError, match="is not in the audit log"):
        await judges.p4_nothing_acknowledged_is_lost(witness)
    witness.promised.append("P-2")
    with pytest.raises(AssertionError, match="P-2 was promised"):
        await judges.p4_nothing_acknowledged_is_lost(witness)


async def test_p5_cards_broadcasts_and_incidents_twice(witness: Witness) -> None:
    """P5: a second card, a second broadcast or a second incident is one too many, unless the bot died in between."""
    says(witness, "P-1: checkout v2.14.3 to production")
    says(witness, ":x: P-1 failed", broadcast=True)
    judges.p5_nothing_twice(witness)
    says(witness, "P-1: checkout v2.14.3 to production")
    with pytest.raises(AssertionError, match="P5: 2 cards of P-1, 1 are possible"):
        judges.p5_nothing_twice(witness)
    witness.deaths = 1
    judges.p5_nothing_twice(witness)
    says(witness, ":x: P-1 failed", broadcast=True)
    says(witness, ":x: P-1 failed", broadcast=True)
    with pytest.raises(AssertionError, match="in the channel about P-1"):
        judges.p5_nothing_twice(witness)


async def test_p5_a_second_incident(witness: Witness) -> None:
    """P5: an incident that was opened anew after it was resolved is the second one of its promotion."""
    incidents = witness.story.playground.pagerduty.incidents
    alert = Alert("PALERT1", 0.0, "P-1 failed", "greenlight", "critical")
    first = incidents.trigger(SERVICES["checkout"], "P-1", alert)
    judges.p5_nothing_twice(witness)
    incidents.become(first, "resolved", None)
    incidents.trigger(SERVICES["checkout"], "P-1", alert)
    with pytest.raises(AssertionError, match="more than one incident"):
        judges.p5_nothing_twice(witness)


async def test_p6_a_change_without_a_row(witness: Witness) -> None:
    """P6: a change that came without its row, or a row that somebody edited in the file."""
    await is_asked(witness.story)
    await judges.p6_every_change_is_audited(witness)
    with sqlite3.connect(store_file(witness.story)) as file:
        file.execute("UPDATE audit SET actor = 'eli' WHERE number = 2")
    with pytest.raises(AssertionError, match="the chain is broken"):
        await judges.p6_every_change_is_audited(witness)
    witness.bare.append("P-1 at revision 4")
    with pytest.raises(AssertionError, match="changed without a row"):
        await judges.p6_every_change_is_audited(witness)


@pytest.mark.parametrize("mark", judges.MARKUP)
async def test_p7_words_that_became_markup(witness: Witness, mark: str) -> None:
    """P7: each mark that a hostile reason carries is found in what the bot says, wherever it stands."""
    assert mark in judges.HOSTILE.replace("&lt;", "<")
    says(witness, "“&lt;!channel&gt; ∗shout∗ ˋcodeˋ”")
    judges.p7_no_markup_of_users(witness)
    says(witness, f"because {mark}")
    with pytest.raises(AssertionError, match="P7"):
        judges.p7_no_markup_of_users(witness)


async def test_p8_a_gate_that_was_not_met(witness: Witness) -> None:
    """P8: the last health was bad, the checks could not be read, or nobody looked for incidents."""
    health = Request("services", "GET", "/checkout/staging/health", 1.0, None, 200, {"status": "ok"})
    build = [{"name": "build", "conclusion": "success"}]
    checks = Request("github", "GET", f"/repos/acme/checkout/commits/{SHA}/check-runs", 1.0)
    checks.status, checks.answer = 200, {"check_runs": build}
    asked = {"service_ids[]": "PCHECKOUT"}
    quiet = Request("pagerduty", "GET", "/incidents", 1.0, asked, 200, {"incidents": []})
    ledger = witness.story.world.ledger
    good = [health, checks, quiet]
    for bad in (
        [*good, replace(health, status=503, answer={"status": "failing"})],
        [*good, replace(checks, status=500, answer=None)],
        [*good, replace(checks, answer={"check_runs": [{"name": "build", "conclusion": "failure"}]})],
        [*good, replace(quiet, answer={"incidents": [{"urgency": "high"}]})],
        [health, checks],
    ):
        ledger[:] = good
        witness.intended = [intended(witness, "bo", "cy")]
        judges.p8_nothing_unchecked(witness)
        ledger[:] = bad
        witness.intended = [intended(witness, "bo", "cy")]
        with pytest.raises(AssertionError, match="a gate that was not met"):
            judges.p8_nothing_unchecked(witness)


async def test_p9_a_rollback_that_is_late(witness: Witness) -> None:
    """P9: a rollback that was not dispatched at all, or after its time."""
    with pytest.raises(AssertionError, match="P-1 was not dispatched within 60 s"):
        judges.p9_rollback_in_the_dark(witness, "P-1", 60.0, 60.0)
    path = "/repos/acme/checkout/actions/workflows/rollback.yml/dispatches"
    witness.story.world.ledger.append(Request("github", "POST", path, 1.0, {"inputs": INPUTS}))
    judges.p9_rollback_in_the_dark(witness, "P-1", 59.0, 60.0)
    with pytest.raises(AssertionError, match="took 61 s, not 60"):
        judges.p9_rollback_in_the_dark(witness, "P-1", 61.0, 60.0)


async def test_p10_a_claim_without_proof(witness: Witness) -> None:
    """P10: a card that says live while no run ended well, and one whose health nobody has seen since."""
    says(witness, "P-1: checkout v2.14.3 is live in production after 15 s. Asked by ana.")
    with pytest.raises(AssertionError, match="no run of it ended well"):
        judges.p10_no_claim_without_proof(witness)
    runs(witness)
    witness.story.playground.github.finishes()
    with pytest.raises(AssertionError, match="nothing said that it serves"):
        judges.p10_no_claim_without_proof(witness)
    serves = {"status": "ok", "version": "v2.14.3"}
    now = witness.story.world.clock.now()
    seen = Request("services", "GET", "/checkout/production/health", now, None, 200, serves)
    witness.story.world.ledger.append(seen)
    judges.p10_no_claim_without_proof(witness)
