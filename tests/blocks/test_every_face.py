"""Whatever a face holds, Slack takes what is rendered from it, and nothing in it is read as markup."""

from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from blocks import answers, incident, replies, thread
from blocks.card import card
from blocks.rendition import Rendition
from blocks.words import names
from bot.domain.face import Face, State, StatusRow, WantedForm
from tests.blocks.judge import assert_message
from tests.blocks.markup import hidden, strange_tokens, texts
from tests.blocks.strategies import faces, hostile, status_rows

STATE_WORDS = {
    State.CHECKING: "checking",
    State.AWAITING_APPROVAL: "waiting for approval",
    State.TIMER: "starts",
    State.QUEUED: "queued",
    State.BLOCKED: "blocked",
    State.STARTING: "starting",
    State.DEPLOYING: "deploying",
    State.CANCELLING: "cancelling",
    State.VERIFYING: "verifying",
    State.SUCCEEDED: "is",
    State.REPLACED: "was",
    State.ROLLED_BACK: "rolled back",
    State.FAILED: "failed",
    State.UNKNOWN: "outcome unknown",
    State.ERRORED: "could not start",
    State.REJECTED: "rejected",
    State.CANCELLED: "cancelled",
    State.EXPIRED: "expired",
    State.SUPERSEDED: "superseded",
}
EVIL = (
    "*evil*",
    "_evil_",
    "~evil~",
    "`evil`",
    ":evil:",
    "://evil",
    "@channel",
    "@here",
    "@everyone",
    "\n> forged",
)


def _messages(face: Face) -> Iterator[Rendition]:
    yield card(face)
    yield incident.incident_card(face)
    yield from (thread.mention(face), thread.approved(face, face.requester.name), thread.voided(face))
    yield from (thread.started(face), thread.blocked(face), thread.failure(face), thread.rolled_back(face))
    yield from (thread.cancelled_serving(face), thread.unknown(face), thread.errored(face))
    yield from (thread.page_failed(face), thread.extra_attempt(face), thread.not_ours(face, "8840"))
    yield from (thread.stranger(face), thread.held(face), thread.unstopped(face))
    yield from (replies.asked(face, "#deploys"), replies.not_started(face))
    yield from (
        replies.recorded(face),
        replies.recorded_checking_membership(face),
        replies.stale_copy(face, ""),
    )
    yield from (answers.why(face), answers.history(face.service, face.environment, [face] * 30))
    yield from (replies.bot_not_in_channel(face.reason, face.id), replies.internal(face.reason))
    yield replies.rate_limited(face.reason, face.wait, face.id)
    yield replies.channel_archived(face.reason, face.id)
    yield replies.card_is_elsewhere(face.service, face.reason, face.id)
    yield replies.not_opened(_wanted(face))


def _wanted(face: Face) -> WantedForm:
    return WantedForm("request", face.id, face.service, face.environment, face.version, face.reason * 50)


def _assert_sound(rendition: Rendition) -> None:
    assert rendition.text
    for blocks in rendition.rungs:
        assert_message(rendition.text, blocks)
    _assert_inert([{"type": "mrkdwn", "text": rendition.text}, *map(list, rendition.rungs)])


def _assert_inert(node: object) -> None:
    for kind, text in texts(node):
        assert strange_tokens(kind, text) == []
        assert hidden(text) == []
        assert [one for one in EVIL if one in text] == []


@given(faces)
@settings(max_examples=60, deadline=None)
def test_every_message_of_every_face_is_valid_and_inert(face: Face) -> None:
    """Every message in every form is one that Slack takes, and no text of the face becomes markup."""
    for rendition in _messages(face):
        _assert_sound(rendition)


@given(faces)
@settings(max_examples=100, deadline=None)
def test_the_text_of_a_card_names_service_environment_version_and_state(face: Face) -> None:
    """Somebody who gets the text alone knows what it is about."""
    text = card(face).text
    assert names.service(face.service) in text
    assert names.environment(face.environment) in text
    assert names.version(face.version) in text
    assert STATE_WORDS[face.state] in text.lower()
    assert names.person(face.requester) in text


@given(st.lists(status_rows, max_size=40))
@settings(max_examples=40, deadline=None)
def test_every_status_is_valid_and_inert(rows: list[StatusRow]) -> None:
    """What runs where is one message, however much runs."""
    _assert_sound(answers.status(rows))


@given(faces)
@settings(max_examples=100, deadline=None)
def test_texts_for_pagerduty_and_topics_are_short_and_plain(face: Face) -> None:
    """PagerDuty and channel topics get plain text within their limits."""
    for summary in (incident.page_summary(face), incident.change_summary(face)):
        assert 0 < len(summary) <= 1_024
        assert hidden(summary) == []
    assert 0 < len(incident.topic(face)) <= 250
    assert "<" not in incident.topic(face)


@given(hostile, hostile, st.integers(1, 99_999), st.integers(1, 12))
def test_every_channel_name_is_one_that_slack_takes(
    template: str, service: str, number: int, collision: int
) -> None:
    """Lower case, at most 80 characters, nothing but letters, digits, hyphens and underscores."""
    name = incident.channel_name(template, number, service, collision)
    assert 0 < len(name) <= 80
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_")
