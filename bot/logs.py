"""Structured logs: one JSON line per event, with the promotion's id where there is one."""

import logging
import sys

import structlog


def configure(level: str) -> None:
    """Send every log of the process through one JSON renderer on standard error."""
    handler = logging.StreamHandler(sys.stderr)
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for noisy in ("slack_bolt", "httpx", "httpcore", "aiohttp.access", "hishel"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
