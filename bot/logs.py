"""Structured logs: one JSON line per event, with the promotion or the request that it belongs to."""

import logging
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from aiohttp.http_exceptions import HttpProcessingError
from structlog.contextvars import bind_contextvars, bound_contextvars, get_contextvars, merge_contextvars

REQUEST = "request"


def configure(level: str) -> None:
    """Send every log of the process, and every warning of Python's, through one JSON renderer on standard error."""
    handler = logging.StreamHandler(sys.stderr)
    shared: list[structlog.typing.Processor] = [
        merge_contextvars,
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
    logging.captureWarnings(capture=True)
    for noisy in ("slack_bolt", "httpx", "httpcore", "aiohttp.access", "hishel"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


@contextmanager
def about(**names: str) -> Iterator[None]:
    """Every line that is logged inside, also by tasks that begin there, carries these names."""
    with bound_contextvars(**names):
        yield


def begin_request() -> None:
    """Give the request its reference. It ends with the task that answers it, which is the request's own."""
    bind_contextvars(**{REQUEST: new_reference()})


def new_reference() -> str:
    """What one request, or one fault of ours, is found by in the logs; people read it to each other."""
    return secrets.token_hex(4)


def reference() -> str:
    """The reference of the request that is being answered, or else a new one."""
    known = get_contextvars().get(REQUEST)
    return known if isinstance(known, str) else new_reference()


def leave_out_broken_http() -> None:
    """What anybody can send that is no HTTP is answered with 400 and not logged: it would be a line per try."""
    server = logging.getLogger("aiohttp.server")
    if _is_worth_a_line not in server.filters:
        server.addFilter(_is_worth_a_line)


def _is_worth_a_line(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, HttpProcessingError)
