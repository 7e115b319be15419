"""Whatever a form is filled with, Slack opens it, and nothing in it is read as markup."""

from hypothesis import given, settings
from hypothesis import strategies as st

from blocks import modals, request_modal, rollback_modal
from blocks.details_modal import details as details_view
from blocks.rendition import View
from bot.domain.candidates import Candidate
from bot.domain.face import Face
from bot.domain.forms import Details, RequestForm, RollbackForm
from bot.domain.promotion import Live
from bot.playground.slack.elements import judge_suggestions
from tests.blocks.form_strategies import candidates, details, lives, request_forms, rollback_forms
from tests.blocks.judge import assert_view
from tests.blocks.markup import hidden, strange_tokens, texts
from tests.blocks.strategies import faces, hostile
from tests.blocks.test_every_face import EVIL


def _assert_inert(node: object) -> None:
    for kind, text in texts(node):
        assert strange_tokens(kind, text) == []
        assert hidden(text) == []
        assert [one for one in EVIL if one in text] == []


def _assert_sound(view: View) -> None:
    assert_view(view)
    _assert_inert(view)


@given(faces)
@settings(max_examples=40, deadline=None)
def test_the_small_forms_of_every_face_are_valid_and_inert(face: Face) -> None:
    """The forms that belong to a promotion open whatever it holds."""
    _assert_sound(modals.reject(face))
    _assert_sound(modals.adopt_run(face))


@given(details)
@settings(max_examples=60, deadline=None)
def test_every_tab_of_the_details_is_valid_and_inert(shown: Details) -> None:
    """Each tab opens whatever happened to the promotion, and however often."""
    _assert_sound(details_view(shown))


@given(request_forms)
@settings(max_examples=80, deadline=None)
def test_every_request_form_is_valid_and_inert(form: RequestForm) -> None:
    """The request form opens whatever it is prefilled with, and whatever GitHub told of the changes."""
    _assert_sound(request_modal.request(form))


@given(rollback_forms)
@settings(max_examples=80, deadline=None)
def test_every_rollback_form_is_valid_and_inert(form: RollbackForm) -> None:
    """The rollback form opens whatever ran there before."""
    _assert_sound(rollback_modal.rollback(form))


@given(
    st.lists(candidates, max_size=100, unique_by=lambda one: one.version), hostile, lives, st.floats(0, 2e9)
)
@settings(max_examples=60, deadline=None)
def test_every_list_of_versions_is_one_that_slack_takes(
    found: list[Candidate], before: str, target: Live, now: float
) -> None:
    """Options and their headings keep Slack's limits whatever tags are called, and show nothing invisible."""
    answer = request_modal.versions(found, before, target, now)
    assert judge_suggestions(dict(answer)) == []
    for group in answer.get("option_groups", []):
        _assert_inert([group["label"]])
    for option in _options(dict(answer)):
        _assert_inert([option["text"], option.get("description", {})])


@given(st.dictionaries(hostile, hostile, max_size=100))
@settings(max_examples=40, deadline=None)
def test_every_list_of_services_is_one_that_slack_takes(found: dict[str, str]) -> None:
    """So do the services and their repositories."""
    assert judge_suggestions(dict(request_modal.services(found))) == []


def _options(answer: dict[str, object]) -> list[dict[str, object]]:
    groups = answer.get("option_groups") or [{"options": answer.get("options", [])}]
    assert isinstance(groups, list)
    return [option for group in groups for option in group["options"]]
