"""What the bot logs at ERROR or worse while a story is told."""

import logging

SLOW = "bot.watchdog"  # a loop that stands still on a busy machine is no complaint; tests/faults/test_process_loop.py


class Complaints(logging.Handler):
    """Logs at ERROR or worse: a story in which the bot complains has to expect it."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the complaint."""
        if record.name != SLOW:
            self.said.append(self.format(record))
