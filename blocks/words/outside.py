"""The words for a deploy that was started beside Greenlight."""

from collections.abc import Sequence

from blocks.text import link, untrusted
from blocks.words import names
from blocks.words.commands import typed
from bot.domain.policy import Service


def started_outside(services: Sequence[Service], workflow: str, actor: str, url: str) -> str:
    """Who started what, that it counts for nothing here, and how to record what serves now."""
    first = services[0]
    name = names.service(first.name) if len(services) == 1 else untrusted(first.repo, 80)
    run = link(url, f"{untrusted(workflow, 80)} of {name}")
    who = untrusted(actor, 40) or "somebody"
    record = typed(f"/promote adopt {first.name} in {first.environments[-1]}")
    return (
        f"{who} started {run} in GitHub, outside of Greenlight: nobody approved it here, and it counts for "
        f"nothing. If it deployed something, what I say of {name} is out of date; {record} puts it right."
    )
