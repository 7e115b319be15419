"""What a dashboard and an alert need: counted where things pass anyway, and nothing that names a person or a version.

Labels are words of the catalog (services, environments) and closed lists of ours. Each bot has a registry of its own.
"""

from collections.abc import Sequence
from functools import cache

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from bot.domain.ledger import VERIFY
from bot.domain.messages import GateSeen, Message
from bot.domain.promotion import Phase, Promotion
from bot.domain.requirements import gate_verdict
from bot.service import Applied

STAGES = frozenset({Phase.WAITING, Phase.DISPATCHING, Phase.DEPLOYING, Phase.VERIFYING})
LONG = (1, 5, 15, 30, 60, 120, 300, 600, 1800, 3600, 4 * 3600, 24 * 3600)  # seconds of a stage
SHORT = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)  # Slack waits for three
CALL = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
TAKEN = frozenset({200, 202})
RESULTS = {400: "malformed", 401: "forged", 408: "slow", 413: "large", 503: "unavailable"}


class Metrics:
    """The counters of one bot. The attributes are the metrics; the methods are what they learn from."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        where = ("service", "environment")
        self.promotions = self._counter("promotions", "Promotions that ended.", (*where, "kind", "outcome"))
        self.unknown = self._counter("unknown_outcomes", "Deploys whose outcome became unknown.", where)
        self.stages = self._histogram(
            "stage_seconds", "How long promotions stay in a phase.", ("stage",), LONG
        )
        self.gates = self._counter("gate_results", "Looks at gates.", ("gate", "verdict"))
        self.calls = self._counter("vendor_calls", "Calls to vendors.", ("vendor", "result"))
        self.call_seconds = self._histogram("vendor_seconds", "How long vendors take.", ("vendor",), CALL)
        self.acknowledgements = self._histogram(
            "acknowledgement_seconds", "From a request read to its answer.", ("request",), SHORT
        )
        self.deliveries = self._counter("deliveries", "Requests by what came of them.", ("route", "result"))
        # By their labels, which are closed lists: to look for them each time costs more than to count.
        self._delivered, self._acknowledged = (
            cache(self.deliveries.labels),
            cache(self.acknowledgements.labels),
        )
        self.commits = self._histogram("commit_seconds", "How long a commit takes.", (), SHORT)
        self.store_failures = self._counter("store_failures", "Calls that the store did not answer.", ())
        self.leases_lost = self._counter("leases_lost", "Leases that another replica has now.", ())
        self.turns = self._gauge("turns", "Promotions that are being driven now.")
        self.late = self._gauge("due_late_seconds", "How late the earliest due promotion is.")
        self.queued = self._gauge("slots_queued", "Promotions that wait for a slot.")
        self.held = self._gauge("slots_held", "Slots that somebody holds.")
        self.errands = self._gauge("errands", "Private replies that wait to be sent.")
        self.requests = self._gauge("requests_in_flight", "Requests that are being answered.")
        self.sockets = self._gauge("slack_sockets", "Sockets to Slack that are open.")
        self.loop_lag = self._gauge("loop_lag_seconds", "How late the event loop was at its last beat.")
        self.loop_blocked = self._counter("loop_blocked", "Times that the event loop stood still.", ())

    def saw(self, before: Promotion | None, applied: Applied, messages: Sequence[Message]) -> None:
        """Learn from what the door has committed."""
        for message in messages:
            if isinstance(message, GateSeen):
                self._looked(message, applied)
        after = applied.promotion
        if before is not None and before.phase is after.phase:
            return
        if before is not None and before.phase in STAGES:
            self.stages.labels(before.phase.value).observe(max(0.0, after.since - before.since))
        if after.phase is Phase.UNKNOWN:
            self.unknown.labels(after.service, after.environment).inc()
        if not after.phase.is_open:
            place = (after.service, after.environment)
            self.promotions.labels(*place, after.kind.value, after.phase.value).inc()

    def answered(self, route: str, request: str, status: int, seconds: float) -> None:
        """Learn from one request that was answered."""
        result = "taken" if status in TAKEN else RESULTS.get(status, "failed")
        self._delivered(route, result).inc()
        if status in TAKEN:
            self._acknowledged(request).observe(seconds)

    def text(self) -> bytes:
        """Everything, in the format that Prometheus reads."""
        return generate_latest(self.registry)

    def _looked(self, message: GateSeen, applied: Applied) -> None:
        rules, name = applied.context.rules, message.gate.removeprefix(VERIFY)
        among = rules.verify if message.gate.startswith(VERIFY) else rules.gates
        rule = next((one for one in among if one.name == name), None)
        if rule is not None:
            verdict = gate_verdict(rule, applied.promotion.gates.get(message.gate))
            self.gates.labels(rule.use, verdict.value).inc()

    def _counter(self, name: str, what: str, labels: Sequence[str]) -> Counter:
        return Counter(f"greenlight_{name}", what, labels, registry=self.registry)

    def _gauge(self, name: str, what: str) -> Gauge:
        return Gauge(f"greenlight_{name}", what, registry=self.registry)

    def _histogram(self, name: str, what: str, labels: Sequence[str], buckets: Sequence[float]) -> Histogram:
        return Histogram(f"greenlight_{name}", what, labels, buckets=buckets, registry=self.registry)
