"""What the simulators and the audit log tell of a story of several replicas."""

import json
from collections import Counter
from itertools import pairwise

from bot.playground.github.runs import Run
from tests.replicas.crew import Crew
from tests.stories.deploys import has_room
from tests.stories.vendors import changes, notes

CHANNELS = ("deploys", "deploy-audit", "general")


async def entered(crew: Crew, promotion: str) -> list[str]:
    """Every phase that the promotion entered, in order, by the audit log."""
    rows = await crew.bot.store.audit(0, 100_000)
    details = [json.loads(row.detail or "{}") for row in rows if row.subject == promotion]
    return [detail["phase"] for detail in details if isinstance(detail, dict) and "phase" in detail]


async def voters(crew: Crew, promotion: str) -> Counter[str]:
    """How often each person's approval was recorded, by the audit log."""
    rows = await crew.bot.store.audit(0, 100_000)
    return Counter(row.actor for row in rows if row.subject == promotion and row.action == "approve")


def said_twice(crew: Crew, *channels: str) -> list[str]:
    """Messages that stand in a channel or a thread more than once."""
    said = Counter(
        (channel, one.thread_ts, one.text)
        for channel in (*CHANNELS, *channels)
        if has_room(crew, channel)
        for one in crew.messages(channel)
    )
    return [text for (_, _, text), times in said.items() if times > 1]


def told_twice(crew: Crew) -> list[str]:
    """Direct messages, notes on incidents and change events that came more than once."""
    workspace = crew.playground.slack.workspace
    direct = [
        f"{person.name}: {one.text}"
        for person in crew.world.people.values()
        for one in workspace.direct(person.slack).messages.values()
    ]
    return [what for what, times in Counter([*direct, *notes(crew), *changes(crew)]).items() if times > 1]


def at_once(crew: Crew, service: str = "checkout") -> list[tuple[int, int]]:
    """Runs of one service that were under way at the same moment, by GitHub."""
    runs: list[Run] = [run for run in crew.playground.github.runs.all if run.repository.name == service]
    return [(one.id, next_.id) for one, next_ in pairwise(runs) if next_.created_at < one.attempt.updated_at]
