"""The order of environments: `after` makes a promotion path of them. Pure."""

from collections.abc import Mapping, Sequence

After = Mapping[str, str | None]


def cycle(after: After) -> tuple[str, ...]:
    """The environments of the first circle that `after` makes, or nothing."""
    for start in after:
        trail: list[str] = []
        here: str | None = start
        while here is not None and here not in trail:
            trail.append(here)
            here = after.get(here)
        if here is not None:
            return tuple(trail[trail.index(here) :])
    return ()


def ordered(after: After) -> tuple[str, ...]:
    """All environments, each one behind the one it comes `after`, else as written. Needs a file without a cycle."""
    found: list[str] = []
    waiting = [name for name, before in after.items() if before is None]
    while waiting:
        here = waiting.pop(0)
        found.append(here)
        waiting = [name for name, before in after.items() if before == here] + waiting
    return tuple(found)


def before(after: After, path: Sequence[str], environment: str) -> str | None:
    """The nearest earlier environment that is on a service's path: what must be passed first."""
    here = after[environment]
    while here is not None and here not in path:
        here = after[here]
    return here


def starts(after: After, path: Sequence[str]) -> tuple[str, ...]:
    """The environments of a path that nothing on it comes before: a sound path has exactly one."""
    return tuple(name for name in path if before(after, path, name) is None)
