"""Leases on due promotions, in memory: the process that owns the file is the only one that works on it.

They belong to the writer's thread and are rolled back with its transaction, so a claim that was not committed
is not held, and a release that was not committed has not happened.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.store.protocol import Claim

Monotonic = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Lease:
    """Who works on a promotion, until when, and since when there is more to look at than they saw."""

    token: str
    until: float  # monotonic seconds
    touched: float | None = None  # the earliest change meanwhile


Snapshot = dict[str, Lease]


class Leases:
    """The leases of one process. An expired lease is no lease, whoever still believes in it."""

    def __init__(self, monotonic: Monotonic) -> None:
        self._monotonic = monotonic
        self._leases: Snapshot = {}
        self._epoch = 0
        self._granted = 0

    def begin(self, epoch: int) -> None:
        """Name the tokens of this process after its epoch, so that they never repeat."""
        self._epoch = epoch

    def snapshot(self) -> Snapshot:
        """What to come back to when the transaction rolls back."""
        return dict(self._leases)

    def restore(self, snapshot: Snapshot) -> None:
        """Forget everything since the snapshot."""
        self._leases = snapshot

    def held(self, promotion: str) -> Lease | None:
        """The lease on a promotion, while it lasts."""
        lease = self._leases.get(promotion)
        return lease if lease is not None and lease.until > self._monotonic() else None

    def all_held(self) -> tuple[str, ...]:
        """Every promotion that somebody works on; what has expired is forgotten."""
        now = self._monotonic()
        self._leases = {promotion: lease for promotion, lease in self._leases.items() if lease.until > now}
        return tuple(self._leases)

    def grant(self, promotion: str, seconds: float) -> Claim:
        """Lease a promotion that nobody holds."""
        self._granted += 1
        token = f"{self._epoch}.{self._granted}"
        self._leases[promotion] = Lease(token, self._monotonic() + seconds)
        return Claim(promotion, token)

    def of(self, claim: Claim) -> Lease | None:
        """The lease of a claim; None when it was lost."""
        lease = self.held(claim.promotion)
        return lease if lease is not None and lease.token == claim.token else None

    def renew(self, claim: Claim, seconds: float) -> bool:
        """Make a lease last `seconds` from now; False when it was lost."""
        lease = self.of(claim)
        if lease is None:
            return False
        self._leases[claim.promotion] = replace(lease, until=self._monotonic() + seconds)
        return True

    def touch(self, promotion: str, at: float) -> None:
        """Note on a lease, if there is one, that its holder has not seen everything."""
        lease = self.held(promotion)
        if lease is not None:
            earliest = at if lease.touched is None else min(lease.touched, at)
            self._leases[promotion] = replace(lease, touched=earliest)

    def drop(self, claim: Claim) -> None:
        """End the lease of a claim."""
        if self.of(claim) is not None:
            del self._leases[claim.promotion]
