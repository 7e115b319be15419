"""`greenlight demo`: the playground with the bot, and what the page shows of the bot's own store."""

from dataclasses import asdict
from pathlib import Path

from bot.playground.server import demo as serve
from bot.playground.slack.raw import Raw
from bot.store.peek import peek


async def demo(port: int) -> None:
    """Run the playground until interrupted."""
    await serve(port, promotions_in)


def promotions_in(database: Path) -> list[Raw]:
    """The promotions in a database file that the bot owns, newest first, as GET /play/state shows them."""
    shown = ("id", "kind", "service", "environment", "version", "sha", "phase", "requester", "reason")
    rows = [asdict(promotion) for promotion in peek(database)]
    return [{name: row[name] for name in shown} for row in rows]
