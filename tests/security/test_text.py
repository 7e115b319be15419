"""Text that people and GitHub write, through the whole bot: it notifies nobody, links nowhere, hides nothing (P7)."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.store.protocol import Query
from tests.security.reading import everything, hidden, strange_tokens
from tests.stories.moments import rests
from tests.stories.story import Story

# Around what is not to be trusted, so that it is found where it is shown; together long enough for a reason.
OPEN, CLOSE = "ZQXQ", "QXQZ"
BETWEEN = re.compile(f"{OPEN}(.*?)(?:{CLOSE}|…|”|$)", re.DOTALL)
ENTITY = re.compile(r"&(?:amp|lt|gt);")
INVOLVED = ("U0ANA", "U0BO", "U0CY", "U0DEE")
EVIL = (
    "<!channel>", "<!here>", "<!everyone>", "<@U0ELI>", "<@W0ELI|Bo>", "<#C0PLAY1>", "<!subteam^S0RM>", "@channel",
    "@here", "@everyone", "<https://evil.example|Approve>", "https://evil.example", "evil.example", "*bold*",
    "_soft_", "~gone~", "`code`", "```\nblock\n```", "> quote", ":tada:", "&lt;!channel&gt;", "&amp;lt;",
    "<!date^0^{date}|now>", "\u202egnp.exe", "\u200b", "\u2066", "\x1b[31m", "\x07", "\ufeff", "\u00ad",
    "раураӏ", "|", "\\", "%s{0}${x}", "<", ">", "&", "\u2028", "\u3164",
)  # fmt: skip
HARMFUL = st.lists(st.sampled_from(EVIL) | st.text(max_size=8), min_size=1, max_size=5).map(" ".join)
through_the_bot = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

pytestmark = pytest.mark.timeout(240)  # a dozen of whole stories each


def assert_inert(story: Story) -> None:
    """Nothing that the bot showed notifies, links or styles by what is between the marks, or hides anything."""
    shown = list(everything(story))
    assert [token for kind, text in shown for token in strange_tokens(story, kind, text, INVOLVED)] == []
    assert [text for _, text in shown if hidden(text)] == []
    assert [text for kind, text in shown if kind in ("mrkdwn", "markdown") for text in _styled(text)] == []
    assert any(OPEN in text for _, text in shown)


def _styled(text: str) -> Iterator[str]:
    for inside in BETWEEN.findall(text):
        plain = ENTITY.sub("", inside)
        if re.search(r"[*`~<>&]|@(?:channel|here|everyone)|:\w+:|\w://", plain):
            yield inside


@through_the_bot
@given(text=HARMFUL)
@example(text=" ".join(EVIL[:16]))
@example(text=" ".join(EVIL[16:]))
async def test_a41_a42_a43_what_people_type_is_only_text(story: Story, text: str) -> None:
    """As reason, note and reason to reject: on the card, below it, in private answers, Details and the topic."""
    known = len(await _all(story))
    hostile = f"{OPEN} {text} {CLOSE}"
    await story.ana.types(f"/promote checkout@v2.14.3 to production because {hostile}")
    promotion = await _asked_for(story, known)
    await story.until(promotion, "waiting")
    await rests(story)
    await story.bo.types(f"/promote approve {promotion} {hostile}")
    await story.ana.types(f"/promote why {promotion} {hostile}")
    await story.ana.types(f"/promote {hostile}")
    await story.eli.types(f"/promote cancel {promotion} because {hostile}")
    await story.bo.types(f"/promote reject {promotion} because {hostile}")
    await story.until(promotion, "rejected")
    await rests(story)
    await story.ana.types("/promote history checkout")
    assert_inert(story)


@through_the_bot
@given(text=HARMFUL)
@example(text=" ".join(EVIL[:16]))
@example(text=" ".join(EVIL[16:]))
async def test_a45_what_github_says_is_only_text(story: Story, text: str) -> None:
    """As a commit's title, its author's name, the name of a red check and of who cancelled the run."""
    known = len(await _all(story))
    hostile = f"{OPEN} {text} {CLOSE}"
    github, story.world.run.seconds = story.playground.github, 300.0
    sha = github.adds_commit("checkout", f"{hostile} {known}", login=f"{OPEN}{text[:30]}")
    github.sets_check("checkout", sha, hostile, "failure")
    await story.ana.types(f"/promote checkout@{sha} to dev because trying it out")
    promotion = await _asked_for(story, known)
    await story.until(promotion, "deploying")
    github.cancels(None, f"{OPEN} {text[:30]} {CLOSE}")
    await story.until(promotion, "cancelled")
    await story.ana.types(f"/promote checkout@{sha} to staging because trying it out")
    await rests(story)
    assert_inert(story)


async def test_a43_a_version_that_looks_like_another_is_refused(story: Story) -> None:
    """Letters of other scripts and invisible ones in a version or a service: no promotion, and shown spelled out."""
    for name in ("v2.14.3\u200b", "v2.14.\uff13", "\u202ev2.14.3", "v2\u2024" + "14.3"):
        answer = await story.ana.types(f"/promote checkout@{name} to production because fix refunds")
        assert answer["replies"] or answer["view"]
        await story.ana.types(f"/promote che\u0441kout@v2.14.3 to production because {name}")
    await rests(story)
    assert await _all(story) == []
    assert [text for _, text in everything(story) if hidden(text)] == []


async def _all(story: Story) -> list[str]:
    return [one.id for one in await story.bot.store.find(Query())]


async def _asked_for(story: Story, known: int) -> str:
    """The id of the promotion that was asked for last: numbers may have gaps."""

    async def there() -> bool:
        return len(await _all(story)) > known

    await story.sees(there, "the promotion")
    return max(await _all(story), key=lambda name: int(name.removeprefix("P-")))
