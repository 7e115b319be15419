"""GitHub's webhooks: whether one leads to us, tells what is awaited, and is signed with our secret.

Nobody can read a webhook's secret back. So GitHub is asked for a ping, and the status that it was answered with says
whether the signature was right. An App's webhook cannot be pinged: its newest delivery says it, as long as it is young.
Since an old one the secret may have been changed.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, repeat
from urllib.parse import urlsplit

from blocks.words.advice import webhook as words
from bot.doctor.chart import Chart
from bot.doctor.needs import EVENTS
from bot.inspections import Delivered, GitHubInspection, Hook
from bot.ports import Refused, VendorError

PAUSES = (0.1, 0.2, 0.4, 0.8)  # seconds between looks for the ping; the last one again and again
PATIENCE = 5.0  # seconds for all pings of a repository: half of what its look may take, so that it is told
YOUNG = 12 * 3600.0  # seconds
HIDDEN = frozenset({"403", "404"})
NOT_REACHED = frozenset({0, 502, 504})  # how GitHub, or a proxy before the bot, says that nobody was there


@dataclass(frozen=True, slots=True)
class Watch:
    """What time it is, and until when pings are waited for."""

    now: Callable[[], float]
    patience: float = PATIENCE
    until: float = 0.0  # by the clock of the event loop

    def begun(self) -> "Watch":
        """The same for one repository, from this moment on."""
        return replace(self, until=asyncio.get_running_loop().time() + self.patience)


async def look(chart: Chart, github: GitHubInspection, repos: Sequence[str], watch: Watch) -> None:
    """Judge the webhook of each repository; that of an App, where it has one, is one for all."""
    asked = repos[:1] if await _is_one(github, repos) else repos
    await chart.each("webhook", [(repo, partial(_repo, chart, github, repo, watch)) for repo in asked])


async def _is_one(github: GitHubInspection, repos: Sequence[str]) -> bool:
    """Whether there is one webhook for all; why that is not known, the look at the first repository tells."""
    if not github.is_app or not repos:
        return False
    try:
        return any(hook.id == 0 for hook in await github.hooks(repos[0]))
    except VendorError:
        return True


async def _repo(chart: Chart, github: GitHubInspection, repo: str, watch: Watch) -> None:
    watch = watch.begun()
    try:
        hooks = await github.hooks(repo)
    except Refused as no:
        if no.code not in HIDDEN:
            raise
        chart.warns("webhook", repo, words.hidden(no.sentence))
        return
    ours = [hook for hook in hooks if _leads_here(hook)]
    if not ours:
        chart.warns("webhook", repo, words.missing(repo))
    for hook in ours:
        await _hook(chart, github, repo, hook, watch)


def _leads_here(hook: Hook) -> bool:
    try:
        return urlsplit(hook.url).path.rstrip("/").endswith(words.ROUTE)
    except ValueError:
        return False


async def _hook(chart: Chart, github: GitHubInspection, repo: str, hook: Hook, watch: Watch) -> None:
    if not hook.is_active:
        chart.warns("webhook", repo, words.off())
        return
    if hook.content_type != "json":
        chart.fails("webhook", repo, words.form())
    for event in EVENTS.keys() - hook.events if "*" not in hook.events else ():
        chart.warns("webhook", repo, words.event_missing(event, EVENTS[event]))
    if hook.id == 0:
        await _by_newest(chart, github, repo, hook, watch)
        return
    try:
        await _by_ping(chart, github, repo, hook, watch)
    except Refused as no:
        if no.code not in HIDDEN:
            raise
        await _by_newest(chart, github, repo, hook, watch)


async def _by_ping(chart: Chart, github: GitHubInspection, repo: str, hook: Hook, watch: Watch) -> None:
    try:
        async with asyncio.timeout_at(watch.until):
            _judge(chart, repo, await _ping(github, repo, hook), "a ping")
    except TimeoutError:
        chart.warns("webhook", repo, words.unproved())


async def _ping(github: GitHubInspection, repo: str, hook: Hook) -> Delivered:
    """Ask for a ping, and wait until it is listed."""
    before = {one.id for one in await github.deliveries(repo, hook.id)}
    await github.ping(repo, hook.id)
    pauses = chain(PAUSES, repeat(PAUSES[-1]))
    while True:
        for one in await github.deliveries(repo, hook.id):
            if one.event == "ping" and one.id not in before:
                return one
        await asyncio.sleep(next(pauses))


async def _by_newest(chart: Chart, github: GitHubInspection, repo: str, hook: Hook, watch: Watch) -> None:
    try:
        found = await github.deliveries(repo, hook.id)
    except Refused as no:
        if no.code not in HIDDEN:
            raise
        chart.warns("webhook", repo, words.hidden(no.sentence))
        return
    if not found:
        chart.warns("webhook", repo, words.never_used())
        return
    newest, age = found[0], watch.now() - found[0].at
    if age > YOUNG:
        chart.warns("webhook", repo, words.long_ago(newest.event, newest.status, age))
    else:
        _judge(chart, repo, newest, f"its newest {newest.event}")


def _judge(chart: Chart, repo: str, delivered: Delivered, what: str) -> None:
    if 200 <= delivered.status < 300:
        chart.passes("webhook", repo, words.fine(what))
    elif delivered.status == 401:
        chart.fails("webhook", repo, words.secret_wrong(what))
    elif delivered.status in NOT_REACHED:
        chart.fails("webhook", repo, words.unreached(what))
    else:
        chart.fails("webhook", repo, words.refused(delivered.status, what))
