"""What a catalog says that this version does not do: told at the start, because silence would look like a yes."""

from collections.abc import Iterator

from bot.catalog import schema
from bot.catalog.rules import unavailable_rollback, unavailable_rules, unavailable_verify

UNMET = "not available in this version; it counts as unmet"
LATER = "not available in this version"
TRIGGERS = ("promote_on_push", "promote_on_success", "request_on_validated")


def warnings_of(file: schema.File) -> tuple[str, ...]:
    """One line per rule that cannot be judged and per wish that is not acted on."""
    return (*_rules(file), *_wishes(file), *_pages(file))


def _rules(file: schema.File) -> Iterator[str]:
    for name, written in file.environments.items():
        missing = (*unavailable_rules(written), *unavailable_verify(written), *unavailable_rollback(written))
        yield from (f"environments.{name}.{key}: {UNMET}" for key, _ in missing)
        if written.emergency is not None:
            yield f"environments.{name}.emergency: {UNMET}"


def _wishes(file: schema.File) -> Iterator[str]:
    for name, written in file.environments.items():
        wishes = {key: getattr(written, key) for key in TRIGGERS}
        wishes["warn"] = written.warn
        wishes["on_failure.review_issue"] = written.on_failure.review_issue
        wishes["rollback.cascade"] = written.rollback.cascade
        yield from (f"environments.{name}.{key}: {LATER}" for key, wish in wishes.items() if wish)
    if file.slack.quiet_hours:
        yield f"slack.quiet_hours: {LATER}"
    if file.incident_channel.mode == "external":
        yield f"incident_channel.mode external: {LATER}; no channel is made"
    if file.scorecard:
        yield f"scorecard: {LATER}"
    if any(service.migrations for service in file.services.values()):
        yield f"services.*.migrations: {LATER}"


def _pages(file: schema.File) -> Iterator[str]:
    """A page that has nowhere to go is found out at the worst moment."""
    for name, written in file.environments.items():
        if written.on_failure.page is None:
            continue
        for service, entry in file.services.items():
            if entry.pagerduty is None and name in (entry.environments or file.environments):
                yield f"services.{service}: no `pagerduty`, so nobody is paged when {name} fails"
