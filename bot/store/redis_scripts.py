"""The scripts of the shared store, each as it is sent: what all begin with, what some share, and its own part."""

from bot.store.redis_script import Script, lua


def _script(name: str, *shared: str) -> Script:
    parts = (lua(part).text for part in ("prelude", *shared, name))
    return Script(name, "\n".join(parts))


COMMIT = _script("commit", "due", "guards", "wishes")
CLAIM = _script("claim", "due")
RELEASE = _script("release", "due")
RENEW = _script("renew", "due")
RECOVER = _script("recover", "due")
NEXT_DUE = _script("next_due", "due")
RESERVE = _script("reserve")
LOAD = _script("load", "answers")
FIND = _script("find", "answers", "shelves")
SEE = _script("see", "answers", "shelves")
NAMED = _script("named")
DOCUMENTS = _script("documents", "answers")
SLOTS = _script("slots", "answers")
AUDIT = _script("audit")
AUDIT_OF = _script("audit_of")
KEPT = _script("kept")
TOTALS = _script("totals")
