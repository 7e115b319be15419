"""What a Redis must be before anything is kept in it, read from its INFO.

Redis as it is installed loses what it acknowledged: without its append-only file at a crash, with an eviction policy
at any time. A store that forgets would dispatch again, so such a server is refused, with the fix in the sentence.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.store.redis_errors import SENTENCES, Trouble

Told = Mapping[str, str]  # the fields of INFO

OLDEST = (6, 2)
NOTHING = (
    "it holds no Greenlight store: for a new one run `greenlight store create` once; if it held one before it was "
    "emptied: restore its backup, because an empty store would forget what runs"
)
NEWER = (
    "it was written by a newer Greenlight (schema {schema}, this one knows {known}): start that version again, "
    "or restore the backup from before the upgrade"
)
FSYNC = (
    "appendfsync is {fsync}: the last second can be lost when the machine fails; CONFIG SET appendfsync always, and "
    "`appendfsync always` in redis.conf, to lose nothing"
)
NOBODY = "0" * 40  # master_replid2 of a server that never took over from another


@dataclass(frozen=True, slots=True)
class Ground:
    """What was found: `wrong` bars the way, `doubts` too unless the URL says unproven=true."""

    wrong: tuple[Trouble, ...] = ()
    doubts: tuple[str, ...] = ()


def told_of(text: str) -> Told:
    """The fields of an INFO answer."""
    lines = (line.partition(":") for line in text.splitlines() if line and not line.startswith("#"))
    return {name: value for name, _, value in lines}


def ground_of(told: Told) -> Ground:
    """Judge a server by its INFO; an empty one means that the question was refused."""
    if not told:
        return Ground(doubts=("it does not tell its settings (INFO is refused): allow the user +info",))
    return Ground(tuple(_wrong(told)), tuple(_doubts(told)))


def identity_of(told: Told) -> str:
    """Who this server is, and from whom it took over: a change says that the last commits may be missing.

    The process alone would not do: a master that was demoted and promoted again has lost what it did not pass on.
    """
    if "run_id" not in told:
        return ""
    before = told.get("master_replid2", NOBODY)
    return told["run_id"] if before == NOBODY else f"{told['run_id']}/{before}"


def is_followed(told: Told) -> bool:
    """Whether a replica copies this server."""
    return told.get("connected_slaves", "0") != "0"


def _wrong(told: Told) -> Iterator[Trouble]:
    if told.get("role", "master") != "master":
        yield Trouble(SENTENCES["READONLY"], "elsewhere")
    version = told.get("redis_version", "")
    if version and _numbers(version) < OLDEST:
        yield Trouble(f"it is Redis {version}: run 6.2 or newer", "no")


def _doubts(told: Told) -> Iterator[str]:
    if told.get("aof_enabled") == "0":
        yield (
            "its append-only file is off, so it forgets when it dies: "
            "CONFIG SET appendonly yes, and `appendonly yes` in redis.conf"
        )
    policy = told.get("maxmemory_policy", "noeviction")
    if policy != "noeviction":
        yield (
            f"it throws keys away when its memory is full ({policy}): "
            "CONFIG SET maxmemory-policy noeviction, and `maxmemory-policy noeviction` in redis.conf"
        )
    for name in ("aof_enabled", "maxmemory_policy"):
        if name not in told:
            yield f"it does not tell {name} (INFO): run one that does"


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(piece) for piece in version.split(".")[:2] if piece.isdigit())
