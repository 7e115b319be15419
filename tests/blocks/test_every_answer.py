"""Whatever a plan, a person or a past holds, Slack takes the answer, and nothing in it is read as markup."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from blocks import answers, plan, question_views, replies, whoami
from blocks.mention import as_mention
from blocks.rendition import Rendition, View
from blocks.words.help import TOPICS
from bot.domain.context import Membership
from bot.domain.face import Face, StatusRow, WantedForm
from bot.domain.rehearsal import PlanFace
from bot.domain.rights import Right, ServiceRights, WhoAmI
from tests.blocks.judge import Raw, assert_message, assert_view
from tests.blocks.markup import hidden, strange_tokens, texts
from tests.blocks.strategies import faces, hostile, names, people, status_rows, times

memberships = st.sampled_from(Membership)
some = st.lists(names, max_size=6).map(tuple)
plans = st.builds(
    PlanFace,
    face=faces,
    person=people,
    looked=st.booleans(),
    turned_away=st.one_of(st.none(), faces),
    may_ask=memberships,
    may_approve=memberships,
    askers=some,
    holder=st.sampled_from(("", "P-7")),
    before_it=st.integers(0, 99),
    alike=st.sampled_from(("", "P-8")),
    now=times,
)
rights = st.builds(
    Right,
    act=st.sampled_from(("request", "approve", "roll back", "administer")),
    environments=some,
    answer=memberships,
    words=some,
    through=some,
)
whos = st.builds(
    WhoAmI,
    person=people,
    teams=st.lists(st.tuples(names, memberships), max_size=30).map(tuple),
    services=st.lists(
        st.builds(ServiceRights, service=names, rights=st.lists(rights, max_size=12).map(tuple)), max_size=12
    ).map(tuple),
    more=st.integers(0, 99),
)


def assert_sound(rendition: Rendition) -> None:
    """Fail unless Slack takes it and reads nothing in it as markup."""
    assert rendition.text
    for blocks in rendition.rungs:
        assert_message(rendition.text, blocks)
        _assert_inert(blocks)


def _assert_view(view: View) -> None:
    assert_view(view)
    _assert_inert(view["blocks"])


def _assert_inert(node: object) -> None:
    for kind, text in texts(node):
        assert strange_tokens(kind, text) == []
        assert hidden(text) == []


@given(plans)
@settings(max_examples=25, deadline=None)
def test_every_plan_is_valid_and_inert(rehearsed: PlanFace) -> None:
    """At once, whole, and when it could not be made."""
    assert_sound(plan.looked(rehearsed))
    assert_sound(plan.not_looked(rehearsed, rehearsed.face.reason))
    assert_sound(plan.no_version(rehearsed.face.service, rehearsed.face.environment, rehearsed.face.version))


@given(plans)
@settings(max_examples=25, deadline=None)
def test_a_plan_never_says_that_something_happened(rehearsed: PlanFace) -> None:
    """It names the service and the place, and that nothing was started."""
    for rendition in (plan.not_looked(rehearsed, "502"), plan.looked(rehearsed)):
        assert "Nothing was asked for or started." in str(rendition.rungs[0][0])
        assert "P-0" not in str(rendition)


@given(whos)
@settings(max_examples=25, deadline=None)
def test_every_whoami_is_valid_and_inert(me: WhoAmI) -> None:
    """However many teams and services there are."""
    assert_sound(whoami.who_am_i(me))


@given(faces, st.integers(1, 25), st.sets(st.integers(0, 24), max_size=8), st.booleans())
@settings(max_examples=20, deadline=None)
def test_every_history_is_valid_and_has_at_most_five_buttons(
    face: Face, count: int, back: set[int], is_cut: bool
) -> None:
    """Rows with a button stand alone, and never more than five of them."""
    past = [replace(face, id=f"P-{number}") for number in range(count)]
    chosen = [f"P-{number}" for number in back]
    shown = answers.history("checkout", "", past, back=chosen, live=chosen, is_cut=is_cut)
    assert_sound(shown)
    assert sum("accessory" in block for block in shown.rungs[0]) == min(5, sum(one < count for one in back))


@given(faces, st.lists(status_rows, max_size=60), hostile)
@settings(max_examples=20, deadline=None)
def test_every_modal_of_a_question_is_valid_and_inert(
    face: Face, rows: Sequence[StatusRow], said: str
) -> None:
    """What is deployed, why something waits, and what is none of ours."""
    _assert_view(question_views.status(rows, "Your services"))
    _assert_view(question_views.why(face))
    _assert_view(question_views.not_ours("Explain"))
    _assert_view(question_views.unknown())


@given(faces)
@settings(max_examples=25, deadline=None)
def test_an_answer_to_a_mention_is_as_sound_as_it_was(face: Face) -> None:
    """Only our own code spans change: no slash command is left, and no button carries another value."""
    wanted = WantedForm("request", face.id, face.service, face.environment, face.version, "`/promote x`")
    for rendition in (answers.why(face), replies.not_started(face), replies.form_here(wanted)):
        said = as_mention(rendition)
        assert_sound(said)
        assert "`/promote" not in "".join(text for _, text in texts(list(said.rungs[0])))
    assert _buttons(as_mention(replies.form_here(wanted))) == _buttons(replies.form_here(wanted))


def _buttons(rendition: Rendition) -> list[Raw]:
    return [one for block in rendition.rungs[0] for one in block.get("elements", []) if "value" in one]  # type: ignore[attr-defined]


def test_every_help_fits_and_is_about_the_readers_service() -> None:
    """Each topic is one message of at most nine lines, and what is asked for in vain names those there are."""
    for topic in ("", *TOPICS, "locks"):
        shown = answers.help_text(topic, "storefront")
        assert_sound(shown)
        assert len(shown.text.splitlines()) <= 9
    assert "There is no help on “locks”" in answers.help_text("locks").text
