"""One request from outside while it is answered: its id for the logs, and what came of it for the metrics."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter

from bot.logs import begin_request
from bot.metrics import Metrics


@dataclass(slots=True)
class Delivery:
    """What is known of the request so far; without an answer it counts as failed."""

    kind: str
    status: int = 500


@contextmanager
def delivered(route: str, metrics: Metrics) -> Iterator[Delivery]:
    """Everything that is done inside belongs to one request."""
    begin_request()
    began, delivery = perf_counter(), Delivery(route)
    metrics.requests.inc()
    try:
        yield delivery
    finally:
        metrics.requests.dec()
        metrics.answered(route, delivery.kind, delivery.status, perf_counter() - began)
