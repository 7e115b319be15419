"""What went wrong with Redis, in one sentence that names the fix, and whether trying again can help.

Nothing of what Redis or the network said is repeated: it may hold what a person typed, or an address of theirs.
"""

import re
from dataclasses import dataclass
from ssl import SSLError
from typing import Literal

from redis.exceptions import AuthenticationError, RedisError, ResponseError

Again = Literal["no", "elsewhere", "unless sent"]

LOST = "the connection was refused or lost: see that it runs and can be reached from here"
ALONE = (
    "no sentinel that reaches the majority of them says that it is the master: another may have taken over, so "
    "nothing is started here; bring the sentinels back"
)
UNTRUSTED = "its certificate is not trusted: set ?ca= to the file of the authority that signed it"
SLOW = "it did not answer within {seconds:g} s: see what keeps it, or what is in the way"
EMPTIED = (
    "it is not the store that it was: it was emptied or exchanged, so nothing is dispatched; restore its "
    "backup, or start anew with `greenlight store create` and adopt what is live"
)
SENTENCES = {
    "OOM": "its memory is full: raise maxmemory",
    "MISCONF": "it cannot write to its disk: free the disk, and look into the log of Redis",
    "READONLY": "it is a read-only replica: name the master, or the sentinels with redis+sentinel://",
    "NOREPLICAS": "too few replicas follow it (min-replicas-to-write), so it takes no change: bring them back",
    "LOADING": "it is still reading its data: wait for it",
    "NOAUTH": "it asks for a password: put it into the URL, redis://:password@…",
    "WRONGPASS": "it refuses the user or password: set those of the URL anew",
    "NOPERM": "its access list forbids what the store needs: allow the user ~{greenlight}:* +@all -@dangerous +info",
    "CLUSTERDOWN": "its cluster is down: repair it",
    "MOVED": "the cluster moves our keys: wait for it, or set ?cluster=true where it is not set",
    "ASK": "the cluster moves our keys: wait for it",
    "TRYAGAIN": "the cluster moves our keys: wait for it",
    "MASTERDOWN": "its link to the master is down: name the master",
    "EPOCH": EMPTIED,
    "NEWER": "a newer Greenlight has taken it over, which this one must not write to: start the newer one here",
}
# The server that answered so is not (or not yet) the one to ask: nothing was done, another may do it.
ELSEWHERE = frozenset(
    {"READONLY", "NOREPLICAS", "LOADING", "MOVED", "ASK", "TRYAGAIN", "CLUSTERDOWN", "MASTERDOWN"}
)

IN_SCRIPT = re.compile(r"@user_script: ?\d+: -([A-Z]+) ")  # how Redis 6.2 says what a script was refused


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a call failed, as half a sentence. What failed "elsewhere" was not done."""

    why: str
    again: Again


class Unfit(Exception):
    """A server or a store that must not be used."""

    def __init__(self, trouble: Trouble) -> None:
        self.trouble = trouble
        super().__init__(trouble.why)


Error = RedisError | OSError | Unfit


def trouble_of(error: Error) -> Trouble:
    """What this error means."""
    for known in (error, error.__cause__, error.__context__):
        if isinstance(known, Unfit):
            return known.trouble
        if isinstance(known, SSLError):
            return Trouble(UNTRUSTED, "no")
    code = _code(error)
    if code in SENTENCES:
        return Trouble(SENTENCES[code], "elsewhere" if code in ELSEWHERE else "no")
    if isinstance(error, ResponseError):
        return Trouble(f"it refused a command ({code or 'ERR'}), which is not expected", "no")
    return Trouble(LOST, "unless sent")


def _code(error: Error) -> str:
    """The word that Redis begins an error with; redis-py cuts it off where it knows the word."""
    if not isinstance(error, RedisError):
        return ""
    if error.status_code in SENTENCES:
        return error.status_code or ""
    if isinstance(error, AuthenticationError):
        return "WRONGPASS"
    in_script = IN_SCRIPT.search(str(error))
    if in_script and in_script[1] in SENTENCES:
        return in_script[1]
    first = str(error).partition(" ")[0]
    return first if isinstance(error, ResponseError) and first.isupper() and len(first) < 20 else ""
