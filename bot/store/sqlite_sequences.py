"""Numbers of promotions, handed out from memory: nobody waits for the disk to be told one.

A number alone promises nothing. Whatever names it is committed by the same writer, and each transaction begins by
writing down how far the numbers went; so what is durable never names a number that will be handed out again.
"""

import sqlite3


class Sequences:
    """How far each sequence went, and how far the file knows of it."""

    def __init__(self) -> None:
        self._told: dict[str, int] = {}
        self._kept: dict[str, int] = {}

    def read(self, connection: sqlite3.Connection) -> None:
        """Go on where the file left off."""
        self._kept = dict(connection.execute("SELECT name, last FROM sequences").fetchall())
        self._told = dict(self._kept)

    def following(self, sequence: str) -> int:
        """The next number of a sequence, from 1."""
        self._told[sequence] = number = self._told.get(sequence, 0) + 1
        return number

    def write(self, connection: sqlite3.Connection) -> dict[str, int]:
        """Write what the file does not know, and say what that is: it is kept once the transaction is."""
        told = dict(self._told)  # numbers are told meanwhile, on another thread
        news = {name: last for name, last in told.items() if self._kept.get(name) != last}
        for name, last in news.items():
            connection.execute(
                "INSERT INTO sequences VALUES (?, ?) ON CONFLICT DO UPDATE SET last = excluded.last",
                (name, last),
            )
        return news

    def keep(self, news: dict[str, int]) -> None:
        """The file knows these now."""
        self._kept.update(news)
