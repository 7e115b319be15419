"""Whatever an incident holds, Slack takes what is rendered of it, and nothing in it is read as markup."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from blocks import incident, incident_forms, room_replies
from blocks.rendition import Rendition
from blocks.words import incident_forms as form_words
from blocks.words import room_replies as reply_words
from blocks.words.timeline import PAGER_MOST
from bot.domain.face import Button, Face, IncidentFace
from bot.domain.incident_messages import AcknowledgeIncident, AddNote, CloseIncident, TakeLead
from bot.domain.promotion import Release
from bot.domain.room import Happening, RoomLine
from tests.blocks.faces import ASKED, DEE, FACES, PAGED
from tests.blocks.judge import assert_message, assert_view
from tests.blocks.markup import hidden, strange_tokens, texts
from tests.blocks.strategies import faces, hostile, incidents, people, room_lines, times
from tests.blocks.test_every_face import EVIL

COMMANDS = (
    AcknowledgeIncident("P-1", "dee"),
    TakeLead("P-1", "dee"),
    AddNote("P-1", "dee", "x"),
    CloseIncident("P-1", "dee"),
)
# How people begin a line of a note is never our own markup: a quote of a quote is letters.
LINE_BY_LINE = tuple(one for one in EVIL if not one.startswith("\n"))


def _assert_inert(node: object) -> None:
    for kind, text in texts(node):
        assert strange_tokens(kind, text) == []
        assert hidden(text.replace("\n", " ")) == []
        assert [one for one in LINE_BY_LINE if one in text] == []


def _assert_sound(one: Rendition) -> None:
    assert one.blocks is not None
    assert_message(one.text, one.blocks)
    _assert_inert([{"type": "mrkdwn", "text": one.text}, one.blocks])


@given(faces, incidents, room_lines, people, times)
@settings(max_examples=80, deadline=None)
def test_every_line_and_answer_is_sound(
    face: Face, one: IncidentFace, line: RoomLine, who: object, now: float
) -> None:
    """The card, the timeline, what a lead is told, and each private answer."""
    shown = replace(face, incident=one)
    _assert_sound(incident.incident_card(shown))
    _assert_sound(incident.timeline(shown, line))
    _assert_sound(incident.duties(shown))
    for command in COMMANDS:
        _assert_sound(room_replies.done(shown, command))
        _assert_sound(room_replies.unchanged(shown, command, now))
    _assert_sound(room_replies.attached_already(shown, face.requester))
    noted = incident.pager_note(shown, line)
    assert "<" not in noted
    assert 0 < len(noted) <= PAGER_MOST


@given(faces, incidents, st.lists(faces, max_size=7), hostile)
@settings(max_examples=60, deadline=None)
def test_every_form_is_sound(face: Face, one: IncidentFace, others: list[Face], typed: str) -> None:
    """The two forms with whatever was typed before, and the one that lists what is open."""
    shown = replace(face, incident=one)
    for view in (incident_forms.note(shown, typed), incident_forms.resolve(shown, typed)):
        assert_view(view)
        blocks = view["blocks"]
        assert isinstance(blocks, list)
        _assert_inert([block for block in blocks if block["type"] != "input"])
    _assert_inert(room_replies.attach_where([shown, *others], more=3)["blocks"])
    assert_view(room_replies.attach_where([shown, *others], more=3))


@given(hostile, st.text(max_size=5_000))
@settings(max_examples=100, deadline=None)
def test_an_attached_message_fits_in_a_note(author: str, text: str) -> None:
    """Its author and its beginning, within what a note holds."""
    assert 0 < len(reply_words.attached(author, text)) <= 500


def test_the_row_has_the_way_back_first_and_the_links_last() -> None:
    """Five acts and three ways to read more, each with the incident in its accessible label; nothing to try again."""
    acts = (Button.ACKNOWLEDGE, Button.TAKE_LEAD, Button.ADD_NOTE, Button.RESOLVE)
    card = incident.incident_card(replace(FACES["failed"], incident=replace(PAGED, buttons=acts)))
    assert card.blocks is not None
    elements = card.blocks[-1]["elements"]
    assert isinstance(elements, list)
    assert [one["action_id"] for one in elements] == [
        "roll_back", "acknowledge", "take_lead", "add_note", "resolve_incident", "view_run", "open_incident", "details",
    ]  # fmt: skip
    assert [one["accessibility_label"] for one in elements[1:5]] == [
        "Acknowledge: incident PD-4411, checkout in production",
        "I am lead: incident PD-4411, checkout in production",
        "Add note: incident PD-4411, checkout in production",
        "Resolve: incident PD-4411, checkout in production",
    ]


def test_the_end_warns_of_what_still_serves() -> None:
    """What failed, and what nobody knows; another version is no reason to wait."""
    failed = FACES["failed"]
    other = Release("f" * 40, "v9", ASKED, "P-9", "ana")
    assert form_words.still_serves(failed) == "v2.14.3 still serves production, and it failed."
    assert (
        form_words.still_serves(replace(failed, serving=None)) == "Nobody knows what serves production now."
    )
    assert form_words.still_serves(replace(failed, serving=other)) == ""
    assert form_words.still_serves(FACES["failed and rolled back"]) == ""


def test_who_is_known_by_pagerduty_alone_is_named_and_not_pinged() -> None:
    """Somebody whom the catalog does not name has PagerDuty's name, in letters."""
    stranger = replace(DEE, name="Dee & Co <x>", slack="")
    line = RoomLine(Happening.ACKNOWLEDGED, stranger, ASKED)
    assert incident.timeline(FACES["failed"], line).text.startswith(
        ":eyes: Dee &amp; Co &lt;x&gt; acknowledged PD-4411"
    )
    nobody = RoomLine(Happening.RESOLVED, None)
    assert incident.timeline(FACES["failed"], nobody).text == (
        ":white_check_mark: PD-4411 was resolved: checkout v2.14.3 in production."
    )
