"""Counting stand-ins for the ports and the store: whoever calls them does not know that somebody counts."""

from collections.abc import Awaitable, Callable
from inspect import iscoroutinefunction
from time import perf_counter
from typing import TypeVar, cast

from bot.metrics import Metrics
from bot.ports import Limited, Refused, Unclear, Unreachable, Vendor, VendorError
from bot.store.protocol import Fenced, Store, StoreDown

T = TypeVar("T")
Call = Callable[..., Awaitable[object]]
RESULTS = ((Refused, "refused"), (Limited, "limited"), (Unreachable, "unreachable"), (Unclear, "unclear"))


def counted_vendor(part: T, vendor: Vendor, metrics: Metrics) -> T:
    """The same port, each of whose calls is counted with its result and its seconds."""

    def counting(name: str, call: Call) -> Call:
        async def counted(*what: object, **how: object) -> object:
            result, began = "ok", perf_counter()
            try:
                return await call(*what, **how)
            except VendorError as error:
                result = _result_of(error)
                raise
            finally:
                metrics.calls.labels(vendor, result).inc()
                metrics.call_seconds.labels(vendor).observe(perf_counter() - began)

        return counted

    return cast(T, _Counted(part, counting))


def counted_store(store: Store, metrics: Metrics) -> Store:
    """The same store; counted are the calls that it did not answer, lost leases, and the seconds of commits."""

    def counting(name: str, call: Call) -> Call:
        async def counted(*what: object, **how: object) -> object:
            began = perf_counter()
            try:
                answer = await call(*what, **how)
            except StoreDown:
                metrics.store_failures.inc()
                raise
            if name == "commit":
                metrics.commits.observe(perf_counter() - began)
            if isinstance(answer, Fenced) or (name == "renew" and not answer):
                metrics.leases_lost.inc()
            return answer

        return counted

    return cast(Store, _Counted(store, counting))


class _Counted:
    """Stands before a part; what is no call is the part's own."""

    def __init__(self, part: object, counting: Callable[[str, Call], Call]) -> None:
        self._part = part
        self._counting = counting

    def __getattr__(self, name: str) -> object:
        value: object = getattr(self._part, name)
        if not iscoroutinefunction(value):
            return value
        counted = self._counting(name, value)
        setattr(self, name, counted)  # found without this detour from now on
        return counted


def _result_of(error: VendorError) -> str:
    return next((word for kind, word in RESULTS if isinstance(error, kind)), "unclear")
