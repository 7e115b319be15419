"""Trouble of Slack and PagerDuty in a story, call by call, and what they were really asked."""

from collections import deque

from bot.playground.slack.raw import Raw
from bot.playground.world import Fault, Vendor
from tests.stories.story import Story


def refuses(story: Story, vendor: Vendor, path: str, *faults: Fault) -> None:
    """Let the vendor's next calls to a path go wrong, one fault each; every other call is well."""
    waiting, seen = deque(faults), len(story.world.ledger)

    def notice() -> None:
        nonlocal seen
        ledger = story.world.ledger
        if len(ledger) == seen:
            return
        seen, asked = len(ledger), ledger[-1]
        if waiting and asked.vendor == vendor and path in asked.path:
            story.world.vendor.setdefault(vendor, []).insert(0, waiting.popleft())

    story.world.listeners.append(notice)


def goes_down(story: Story, vendor: Vendor, fault: Fault = 500) -> None:
    """Every call of the vendor fails from now on."""
    story.world.vendor_always[vendor] = fault


def comes_back(story: Story, vendor: Vendor) -> None:
    """The vendor is well again."""
    del story.world.vendor_always[vendor]


def events(story: Story, action: str) -> list[Raw]:
    """Every PagerDuty event of one action (trigger, resolve) that was sent, refused ones too."""
    asked = story.asked("pagerduty", "/v2/enqueue", "POST")
    bodies = [one.body for one in asked if isinstance(one.body, dict)]
    return [body for body in bodies if body.get("event_action") == action]


def notes(story: Story) -> list[str]:
    """The notes on the incidents, in order."""
    return [note["text"] for incident in story.incidents for note in incident["notes"]]


def changes(story: Story) -> list[str]:
    """The change events that PagerDuty took."""
    return [change.summary for change in story.playground.pagerduty.changes]
