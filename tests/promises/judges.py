"""The ten promises, one function each. What they judge by is what the simulators were asked and what they show."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bot.playground.github.runs import Run
from bot.playground.slack.state import Message
from bot.playground.world import Request
from tests.promises.gates import is_met
from tests.promises.witness import Intended, Witness, is_about
from tests.promises.written import approvals_asked, members_of, verified_by_health

HOSTILE = "<!channel> <@U0ELI|eli> <https://evil.example|click here> *shout* `code` &lt;!here&gt;"
MARKUP = ("<!channel", "<!here", "<@U0ELI|", "<https://evil", "*shout*", "`code`")
CLAIMS = re.compile(r"\bis live in\b|\bis back on\b")
MOST_CHECKED = 40  # of the ledger's newest entries that may be another promotion's


def p1_one_run(witness: Witness) -> None:
    """At most one run per promotion that the bot started, by what GitHub runs."""
    twice = witness.story.started_twice()
    assert not twice, f"P1: more than one run for {', '.join(twice)}"


def p2_the_commit_that_was_seen(witness: Witness) -> None:
    """A run deploys the commit that its intent and enough entitled people saw, and that the version has meant."""
    for run in _ours(witness):
        sha, promotion = run.inputs["sha"], run.inputs["promotion_id"]
        intents = [one for one in witness.intended if one.ask.promotion == promotion and one.sha == sha]
        assert intents, f"P2: {promotion} runs {sha}, and no intent says so"
        for intent in intents:
            assert any(_seen_by_enough(intent, rules) for rules in intent.catalogs), (
                f"P2: too few people saw that {promotion} is {sha[:7]}: {intent.words}"
            )
            rolls_back = intent.ask.kind == "rollback"
            assert rolls_back or sha in intent.shas, f"P2: {promotion} never meant {sha[:7]}: {intent.shas}"


def p3_only_entitled_voices(witness: Witness) -> None:
    """At each intent its approvers were distinct, entitled and not the requester, and nobody's no was acknowledged."""
    for intent in witness.intended:
        said_no = [word for word in intent.told if word.action in ("reject", "cancel", "supersede")]
        assert not said_no, f"P3: {intent.ask.promotion} started after {said_no}"
        assert intent.ask.by not in intent.approvers, f"P3: {intent.ask} approved by who asked"
        said_yes = {word.by for word in intent.words if word.action == "approve"}
        assert intent.approvers <= said_yes, f"P3: {intent.approvers - said_yes} never approved {intent.ask}"
        assert any(_enough(intent, rules, intent.approvers) for rules in intent.catalogs), (
            f"P3: {sorted(intent.approvers)} are not who {intent.ask} asks for; on call: {sorted(intent.on_call)}"
        )


async def p4_nothing_acknowledged_is_lost(witness: Witness) -> None:
    """Whatever was acknowledged as done is in the record and in the audit log, and in the name of who did it."""
    store = witness.story.bot.store
    for promotion in set(witness.promised):
        assert await store.load(promotion) is not None, f"P4: {promotion} was promised and is not there"
    await witness.reads_the_audit_log()
    for word in witness.told:
        done = [
            row.actor for row in witness.rows if (row.subject, row.action) == (word.promotion, word.action)
        ]
        changed_nothing = word.action == "retry" or (word.action == "cancel" and done)  # a second wish
        assert word.by in done or changed_nothing, f"P4: {word} is not in the audit log"


def p5_nothing_twice(witness: Witness) -> None:
    """One card per promotion, one incident, one broadcast of a kind; one more for each answer that was lost."""
    keys = Counter(incident["dedup_key"] for incident in witness.story.incidents)
    twice = [key for key, count in keys.items() if count > 1]
    assert not twice, f"P5: more than one incident for {twice}"
    for promotion in witness.asks:
        allowed = 1 + witness.deaths + _answers_lost(witness, promotion)
        cards = len(witness.cards(promotion))
        assert cards <= allowed, f"P5: {cards} cards of {promotion}, {allowed} are possible"
        said = Counter(one.text.split()[0] for one in _broadcasts(witness, promotion))
        loud = {word: count for word, count in said.items() if count > allowed}
        assert not loud, f"P5: {loud} in the channel about {promotion}, {allowed} are possible"


async def p6_every_change_is_audited(witness: Witness) -> None:
    """Each change of a promotion came with an audit row, there are as many as changes, and the chain holds."""
    assert not witness.bare, f"P6: changed without a row: {witness.bare}"
    store = witness.story.bot.store
    assert await store.verify_audit() is None, "P6: the chain is broken"
    for promotion in witness.asks:
        stored = await store.load(promotion)  # before its rows: there may be more of them by then
        changes = stored.revision if stored else 0
        await witness.reads_the_audit_log()
        rows = sum(row.subject == promotion and row.action != "refused" for row in witness.rows)
        assert rows >= changes, f"P6: {promotion} has {rows} rows for {changes} changes"


def p7_no_markup_of_users(witness: Witness) -> None:
    """Nothing that a person wrote is markup in anything that Slack shows."""
    for text in _marked_up(witness):
        found = [mark for mark in MARKUP if mark in text]
        assert not found, f"P7: {found} in {text!r}"


def p8_nothing_unchecked(witness: Witness) -> None:
    """At each intent the last look of every gate that was asked and not skipped had been met."""
    for intent in witness.intended:
        if intent.ask.kind == "rollback":
            continue
        asked = witness.asked[: intent.asked]
        assert any(_gates_met(intent, rules, asked) for rules in intent.catalogs), (
            f"P8: {intent.ask} started with a gate that was not met"
        )


def p9_rollback_in_the_dark(witness: Witness, promotion: str, seconds: float, bound: float) -> None:
    """A rollback with Slack and PagerDuty down is dispatched within its time."""
    started = [one for one in witness.story.dispatches() if promotion in str(one.body)]
    assert started, f"P9: {promotion} was not dispatched within {seconds:.0f} s"
    assert seconds <= bound, f"P9: {promotion} took {seconds:.0f} s, not {bound:.0f}"


def p10_no_claim_without_proof(witness: Witness) -> None:
    """A card says that a version is live only when its run ended well and the health said so afterwards."""
    for promotion, ask in witness.asks.items():
        claims = [one for one in witness.cards(promotion) if CLAIMS.search(one.text)]
        if not claims or promotion in witness.vouched:
            continue
        ended = [
            attempt.updated_at
            for run in witness.story.playground.github.runs.all
            for attempt in run.attempts
            if run.inputs.get("promotion_id") == promotion and attempt.conclusion == "success"
        ]
        assert ended, f"P10: {claims[0].text!r}, and no run of it ended well"
        if verified_by_health(witness.catalogs[-1], ask.environment):
            assert _seen_serving(witness, promotion, min(ended)), (
                f"P10: {claims[0].text!r}, and nothing said that it serves"
            )


ALWAYS: tuple[Callable[[Witness], None], ...] = (
    p1_one_run,
    p2_the_commit_that_was_seen,
    p3_only_entitled_voices,
    p5_nothing_twice,
    p7_no_markup_of_users,
    p8_nothing_unchecked,
    p10_no_claim_without_proof,
)
STORED = (p4_nothing_acknowledged_is_lost, p6_every_change_is_audited)


def _ours(witness: Witness) -> Iterator[Run]:
    """The runs that carry a promotion's id."""
    return (run for run in witness.story.playground.github.runs.all if "promotion_id" in run.inputs)


def _entitled(intent: Intended, rules: str, team: str) -> frozenset[str]:
    return (members_of(rules, team) or intent.on_call) - {intent.ask.by}


def _enough(intent: Intended, rules: str, voices: frozenset[str]) -> bool:
    asked = approvals_asked(rules, intent.ask.environment, intent.ask.kind)
    return all(len(voices & _entitled(intent, rules, team)) >= count for count, team in asked)


def _seen_by_enough(intent: Intended, rules: str) -> bool:
    saw = (word for word in intent.words if word.action == "approve" and intent.sha[:7] in word.shas)
    return _enough(intent, rules, frozenset(word.by for word in saw))


def _gates_met(intent: Intended, rules: str, asked: list[Request]) -> bool:
    return is_met(intent, rules, asked, others=0 if intent.alone else MOST_CHECKED)


def _answers_lost(witness: Witness, promotion: str) -> int:
    """Posts about a promotion that Slack answered with a failure, done or not: nobody could tell."""
    named = re.compile(rf"{promotion}\b")
    posts = (one for one in witness.asked if one.vendor == "slack" and one.path == "chat.postMessage")
    return sum(one.status != 200 and bool(named.search(str(one.body))) for one in posts)


def _broadcasts(witness: Witness, promotion: str) -> list[Message]:
    return [one for one in witness.story.messages() if one.broadcast and is_about(one, promotion)]


def _seen_serving(witness: Witness, promotion: str, since: float) -> bool:
    ask = witness.asks[promotion]
    looks = (one for one in witness.asked if one.path == f"/{ask.service}/{ask.environment}/health")
    return any(
        one.at >= since - 1 and one.status == 200 and _version(one.answer) == ask.version for one in looks
    )


def _version(answer: object) -> object:
    return answer.get("version") if isinstance(answer, Mapping) else None


def _marked_up(witness: Witness) -> Iterator[str]:
    """Everything that Slack would read as markup: the texts of messages, and each mrkdwn object in any view."""
    workspace = witness.story.playground.slack.workspace
    ours = workspace.world.bot_user
    messages = [one for room in workspace.channels.values() for one in room.messages.values()]
    messages += [one for shown in workspace.private.values() for one in shown]
    for message in messages:
        if message.author == ours:
            yield message.text
            yield from _mrkdwn(message.blocks)
    views = [*workspace.homes.values(), *(view for stack in workspace.modals.values() for view in stack)]
    for view in views:
        yield from _mrkdwn(view.body)


def _mrkdwn(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if node.get("type") == "mrkdwn":
            yield str(node.get("text"))
        node = list(node.values())
    if isinstance(node, list):
        for one in node:
            yield from _mrkdwn(one)
