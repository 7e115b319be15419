"""The wording lint: whatever says no blames nobody, says no bare "error", is short, and ends in a next step."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import get_args

import pytest

from blocks import keepers, replies, thread
from blocks.rendition import Rendition
from blocks.words import blocked, endings, refusal
from blocks.words.codes import CODES
from bot.domain.face import Face, RequirementFace, State
from bot.domain.policy import Kind, Verdict
from bot.domain.promotion import EndCause, Ending
from tests.blocks.faces import ASKED, FACES, deployed, face
from tests.blocks.test_refusals import REFUSED
from tests.experience.noes import NEXT

BLAME = re.compile(
    r"\b(error|errors|invalid|illegal|wrong|failed to|you must|you should|you forgot|oops|sorry|forbidden|denied"
    r"|bad|incorrect|please)\b",
    re.IGNORECASE,
)
ASIDE = re.compile(r"`[^`]*`|“[^”]*”|<[^>]*>|\([^()]*\)")  # commands, quotations, links and moments, asides
END = re.compile(r"[.?!](?=\s|$)")
OUR_FAULT = "went wrong on my side"  # the one whom we do blame
MOST = 3  # sentences: two, and the next step
SAID = (
    "401 Bad credentials",
    "403 Resource not accessible",
    "404 Not Found",
    "422 Unexpected inputs",
    "422",
    "",
)
BEFORE_A_CARD = ("missing", "ambiguous", "branch", "path", "live", "undone", "role", "refused", "person")


def _noes() -> Iterator[tuple[str, str]]:
    """Every no that the words can say, by what it is about."""
    for refused in REFUSED:
        yield type(refused).__name__, refusal(refused)
    for cause in BEFORE_A_CARD:
        for nearest in ((), ("v2.14.3", "v2.14.2")):
            yield f"not started: {cause}", replies.not_started(_ended(cause, nearest)).text
    for words in SAID:
        yield f"refused dispatch: {words}", thread.errored(_refused(words)).text
        yield (
            f"refused look: {words}",
            replies.not_started(replace(_refused(words), state=State.REJECTED)).text,
        )
    for name, rendition in TROUBLE.items():
        yield name, rendition.text


def _ended(cause: str, nearest: tuple[str, ...]) -> Face:
    assert cause in get_args(EndCause)
    ending = Ending(cause, ASKED, "bo", "staging", nearest)  # type: ignore[arg-type]
    return face(State.REJECTED, ending=ending)


def _refused(words: str) -> Face:
    return deployed(
        State.ERRORED, run_id=None, run_url="", steps=(), ending=Ending("refused", ASKED, said=words)
    )


TROUBLE: Mapping[str, Rendition] = {
    "not in the channel": replies.bot_not_in_channel("payments", "P-142"),
    "the channel is archived": replies.channel_archived("payments", "P-142"),
    "the card is elsewhere": replies.card_is_elsewhere("payments", "deploys", "P-142"),
    "rate limited": replies.rate_limited("GitHub", 48.0, "P-142"),
    "store down": replies.store_down(),
    "store unclear": replies.store_unclear(),
    "busy": replies.busy(),
    "newer": replies.newer(),
    "internal": replies.internal("7f3a"),
    "delayed": replies.delayed(replace(FACES["checking"], trouble="GitHub answered 502")),
    "not adopted": replies.not_adopted("checkout", "production", "v2.14.9"),
    "not looked up": replies.not_looked_up("checkout", "production", "v2.14.3", "502"),
    "catalog refused": keepers.catalog_refused(
        ("promotions.yml line 41: `count` must be 1 or more.",) * 3, ASKED
    ),
    "blocked": thread.blocked(FACES["blocked"]),
    "unknown": thread.unknown(FACES["unknown"]),
    "not ours": thread.not_ours(FACES["unknown"], "4711"),
    "held": thread.held(FACES["waiting in github"]),
    "unstopped": thread.unstopped(FACES["cancelling"]),
    "page failed": thread.page_failed(FACES["failed in verification"]),
}
NOES = dict(_noes())
LONG = {
    "blocked",
    "unknown",
    "held",
    "unstopped",
}  # notes that quote what was seen, or say what goes on meanwhile


@pytest.mark.parametrize("about", NOES)
def test_check_09_a_no_is_kind_short_and_of_use(about: str) -> None:
    """No blame, no bare "error", two sentences and a next step."""
    said = NOES[about]
    assert BLAME.findall(ASIDE.sub("", said).replace(OUR_FAULT, "")) == [], said
    assert NEXT.search(said), said
    assert about in LONG or len(END.findall(ASIDE.sub("", said))) <= MOST, said


@pytest.mark.parametrize("kind", [Kind.PROMOTE, Kind.ROLLBACK])
@pytest.mark.parametrize("rule", ["gate", "branch", "path", "role", "unavailable"])
def test_check_09_a_blocked_card_says_what_helps(kind: Kind, rule: str) -> None:
    """Whatever stands in the way, the small line has a next step and the code of that rule."""
    item = RequirementFace(rule, rule, Verdict.UNMET)  # type: ignore[arg-type]
    said = blocked.small(face(State.BLOCKED, kind=kind, requirements=(item,), blocking=(rule,)))
    assert BLAME.findall(ASIDE.sub("", said)) == []
    assert NEXT.search(said)
    assert said.endswith(blocked.code(item))
    assert blocked.code(item) in CODES


def test_check_09_a_refused_dispatch_says_that_nothing_was_deployed() -> None:
    """Whatever GitHub answered, what people want to know first is not left out."""
    told = [endings.could_not_start(_refused(words)) for words in SAID]
    assert [words for words in told if not words.endswith("*Nothing was deployed.*")] == []


def test_check_09_the_lint_finds_what_it_is_for() -> None:
    """A sentence of the old kind does not pass."""
    assert BLAME.search("Error: invalid version, you must use a tag")
    assert not NEXT.search("That did not work.")
    assert len(END.findall("One. Two. Three. Four.")) > MOST
