"""One request from outside while it is answered: its id for the logs, and what came of it for the metrics."""

from time import perf_counter

from bot.logs import begin_request
from bot.metrics import Metrics


class Delivery:
    """Everything that is done inside belongs to one request. Without an answer it counts as failed."""

    __slots__ = ("_began", "_metrics", "_route", "kind", "status")

    def __init__(self, route: str, metrics: Metrics) -> None:
        self._route = route
        self._metrics = metrics
        self._began = perf_counter()
        self.kind = route  # what is known of the request so far
        self.status = 500

    def __enter__(self) -> "Delivery":
        """It begins, with an id for the logs."""
        begin_request()
        self._metrics.requests.inc()
        return self

    def __exit__(self, *_: object) -> None:
        """It was answered, or broke."""
        self._metrics.requests.dec()
        self._metrics.answered(self._route, self.kind, self.status, perf_counter() - self._began)
