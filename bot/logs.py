"""Structured logs: one JSON line per event, with the promotion or the request that it belongs to."""

import logging
import random
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TextIO

import structlog
from aiohttp.http_exceptions import HttpProcessingError
from structlog.contextvars import bind_contextvars, bound_contextvars, get_contextvars, merge_contextvars

from bot.redaction import Redaction

log = logging.getLogger(__name__)
REQUEST = "request"
# References are no secrets; to ask the system for each would let every other thread go first.
_references = random.Random()
# Libraries that tell at DEBUG what people typed, or each step that they take; some set a level of their own.
TALKATIVE = (
    "slack_bolt",
    "slack_sdk",
    "httpx",
    "httpcore",
    "aiohttp.access",
    "hishel",
    "urllib3",
    "websockets",
)


def configure(level: str, hidden: Iterable[str] = ()) -> None:
    """Send every log of the process, and every warning of Python's, through one JSON renderer on standard error.

    What is `hidden` is left out of every line, as is whatever has the shape of a token.
    """
    root = logging.getLogger()
    root.handlers = [_Written(Redaction(hidden))]
    root.setLevel(level)
    logging.captureWarnings(capture=True)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def hide(secrets: Iterable[str]) -> None:
    """Leave these out of every line from now on: a catalog that changed may name other secrets."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, _Written):
            handler.redaction.hide(secrets)


class _Written(logging.StreamHandler[TextIO]):
    """Where the lines go, and what is left out of them."""

    def __init__(self, redaction: Redaction) -> None:
        super().__init__(sys.stderr)
        self.redaction = redaction
        self.setFormatter(_formatter(redaction))
        self.addFilter(_is_not_chatter)


def log_what_nobody_caught() -> None:
    """The last words of a process, or of a thread, are a line like any other, and not a traceback on its own."""
    sys.excepthook = _last_words
    threading.excepthook = lambda end: _last_words(end.exc_type, end.exc_value, end.exc_traceback)


def _last_words(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    log.critical("nobody caught this", exc_info=(kind, error or kind(), trace))


def _formatter(redaction: Redaction) -> logging.Formatter:
    shared: list[structlog.typing.Processor] = [
        merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]

    def redacted(_: object, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
        return {name: redaction.of(value) for name, value in event.items()}

    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            redacted,
            structlog.processors.JSONRenderer(),
        ],
    )


def _is_not_chatter(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING or not record.name.startswith(TALKATIVE)


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
    return f"{_references.getrandbits(32):08x}"


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
