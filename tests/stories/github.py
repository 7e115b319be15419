"""What goes wrong on GitHub's side in a story: calls that fail, a catalog that does not fit, strange webhooks."""

import hashlib
import hmac
import json
import re
from collections import deque
from collections.abc import Callable
from pathlib import Path

import aiohttp

from bot.domain.promotion import Promotion
from bot.playground.github.runs import Run
from bot.playground.slack.raw import Raw, elements_in
from bot.playground.world import Fault, RunMode
from tests.stories import said
from tests.stories.deploys import messages_about
from tests.stories.story import Story

TOOK = re.compile(r" (after|·) \d+ (s|min)( \d+ s)?(?=[ .*\n])")
DISPATCHES = "/dispatches"
DAY = 86_400.0
RUNS_OF_WORKFLOW = "/runs"


def before(story: Story, path: str, *happenings: Callable[[], None], method: str = "POST") -> None:
    """Let something happen right before GitHub answers a call whose path ends so: once for each such call."""
    waiting, seen = deque(happenings), len(story.world.ledger)

    def notice() -> None:
        nonlocal seen
        ledger = story.world.ledger
        if len(ledger) == seen:
            return
        seen, asked = len(ledger), ledger[-1]
        if waiting and asked.vendor == "github" and asked.method == method and asked.path.endswith(path):
            waiting.popleft()()

    story.world.listeners.append(notice)


def fails(story: Story, path: str, *faults: Fault, method: str = "POST") -> None:
    """Let the next calls of GitHub whose path ends so fail, one after the other; every other call is well."""

    def fault(one: Fault) -> Callable[[], None]:
        return lambda: story.world.vendor.setdefault("github", []).insert(0, one)

    before(story, path, *map(fault, faults), method=method)


def the_run(story: Story) -> Run:
    """The only run that GitHub started."""
    (run,) = story.playground.github.runs.all
    return run


async def is_trying(story: Story, version: str = "v2.15.0", promotion: str = "P-1") -> Promotion:
    """Ana brings a version to dev, where nothing is asked of it: it goes straight to the dispatch."""
    await story.ana.types(f"/promote checkout@{version} to dev because trying it out")
    return await story.until(promotion, "dispatching", "deploying", "succeeded", "errored", "unknown")


async def is_under_way(story: Story) -> Promotion:
    """A deploy to dev whose run takes five minutes and has begun."""
    story.world.run.seconds = 300.0
    await is_trying(story)
    return await story.until("P-1", "deploying")


async def is_lost(story: Story, mode: RunMode = "502") -> Promotion:
    """GitHub's answer to a dispatch is lost and no run of it is listed for a day: the outcome is unknown."""
    story.world.run.mode, story.world.run.lag = mode, DAY
    story.world.webhooks = "on" if mode == "502" else "lost"
    await is_trying(story)
    await story.sees(lambda: story.dispatches() and story.dispatches()[0].status, "the answer")
    story.world.run.mode, story.world.run.lag = "ok", 0.0
    story.passes(200)
    return await story.until("P-1", "unknown")


async def rewrites_catalog(story: Story, old: str, new: str) -> None:
    """Somebody edits promotions.yml, and the bot reads it."""
    known = story.bot.catalog.current.digest
    _rewrite(Path(story.playground.bot_environment()["CATALOG"]), old, new)
    await story.sees(lambda: story.bot.catalog.current.digest != known, "the new catalog")


def _rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


async def delivers(story: Story, event: str, payload: Raw, secret: str | None = None) -> int:
    """Send a webhook as GitHub does, signed with its secret or another one; the status that came back."""
    body = json.dumps(payload).encode()
    key = (secret or story.world.secrets["github_webhook"]).encode()
    headers = {
        "X-GitHub-Event": event,
        "X-GitHub-Delivery": hashlib.sha256(body).hexdigest(),
        "X-Hub-Signature-256": f"sha256={hmac.new(key, body, hashlib.sha256).hexdigest()}",
        "Content-Type": "application/json",
    }
    async with (
        aiohttp.ClientSession() as client,
        client.post(f"{story.world.bot_url}/github/webhooks", data=body, headers=headers) as answer,
    ):
        return answer.status


def sent_webhook(story: Story, event: str) -> Raw:
    """The newest webhook of an event that GitHub sent, lost or kept back."""
    body = [one.body for one in story.playground.github.deliveries if one.event == event][-1]
    payload: Raw = json.loads(body)
    return payload


def delivered(story: Story) -> list[int | str]:
    """What became of every webhook that GitHub sent."""
    return [one.status for one in story.playground.github.deliveries]


def buttons(story: Story, promotion: str = "P-1", channel: str = "deploys") -> list[str]:
    """What can be pressed on the card."""
    return [found.words for found in elements_in(story.card(promotion, channel).blocks)]


def card_words(story: Story, promotion: str) -> str:
    """Everything that stands on a card, without how long the deploy took: that differs from telling to telling."""
    return TOOK.sub("", said.card_words(story, promotion))


def looks(story: Story) -> int:
    """How often the bot listed the workflow's runs."""
    return len([one for one in story.asked("github", "/workflows/", "GET") if one.path.endswith("/runs")])


async def shows(story: Story, *words: str, promotion: str = "P-1") -> str:
    """The sentence of the card once it holds all these words."""

    def holds() -> bool:
        texts = [one.text for one in messages_about(story, promotion) if not one.thread_ts]
        return all(word in text for word in words for text in texts[:1]) and bool(texts)

    await story.sees(holds, f"{words} on the card")
    return story.card(promotion).text
