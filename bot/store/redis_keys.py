"""Every key of the shared store, below its hash tag, and why it does not grow for ever.

A key that is on neither list was written by a mistake, and would stay until Redis is full. The tests look for such
keys, and for members that name no promotion, after everything they do.
"""

from collections.abc import Mapping
from fnmatch import fnmatchcase

KEYS: Mapping[str, str] = {
    "meta": "A dozen fields: what the store is, and how far its counters are.",
    "promotions": "One document per promotion, of at most 16 KB: the history that the store is kept for.",
    "correlations": "One name per promotion.",
    "runs": "One name per promotion that has a run.",
    "channels": "One name per promotion that opened an incident channel.",
    "shelf:*": "Each promotion stands on one; there is one per place and phase, and an empty one is gone.",
    "shelves": "The names of the shelves that are not empty.",
    "documents": "One small document per environment, team, freeze, lock and card, of at most 16 KB.",
    "sequences": "One counter per kind of number.",
    "slots": "One holder per place, as long as somebody holds it.",
    "queue:*": "Promotions that wait for a slot; an empty queue is gone.",
    "due:rollbacks": "Rollbacks that are not settled and that nobody holds.",
    "due:others": "Other promotions that are not settled and that nobody holds.",
    "held": "The wakes of promotions that a worker holds, until their leases end.",
    "leased": "The ends of those leases.",
    "tokens": "One token for each of those leases.",
    "touched": "Those of them that changed meanwhile.",
    "woken": "Promotions that are due by somebody else's commit, until a worker has looked.",
    "owed": "Promotions that are not settled and have no wake, until a process opens the store.",
    "audit": "The chain: one row per change, kept as long as the promotions are.",
    "audit:of": "The numbers of the newest fifty rows of each subject.",
}
EXPIRING: Mapping[str, str] = {
    "op:*": "What a call did, for a minute in which it may be sent again.",
    "dedupe:*": "Which promotion a message was for: a day longer than it counts.",
}


def is_listed(key: str, *, expires: bool) -> bool:
    """Whether a key, without its hash tag, is one of ours that stays or one of ours that goes."""
    return any(fnmatchcase(key, pattern) for pattern in (EXPIRING if expires else KEYS))
