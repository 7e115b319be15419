"""Old and new replicas together: what a newer version wrote is left alone by an older one (F37)."""

import json
import sqlite3
from collections.abc import Mapping

import pytest

from bot.domain.promotion import Phase
from bot.playground.server import DATABASE
from bot.worker import UPGRADE
from tests.stories.deploys import is_asked
from tests.stories.moments import rests
from tests.stories.post import JSON, hooked, posted
from tests.stories.said import replies
from tests.stories.story import Story

NEWER: Mapping[str, Mapping[str, object]] = {
    "a higher version": {"v": 99},
    "a phase that is not known here": {"phase": "rehearsing"},
    "a field that is not known here": {"rehearsal": {"of": "P-7"}},
}


@pytest.mark.parametrize("how", NEWER)
async def test_f37_what_a_newer_version_wrote_is_left_alone(
    story: Story, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    """It is not rewritten and not deployed, the log tells of it once, and other services go on."""
    await is_asked(story)
    await rests(story)
    written = await _is_written_by_a_newer_version(story, NEWER[how])
    for _ in range(10):
        story.passes(60.0)
        await rests(story)
    await story.ana.types("/promote storefront@v1.2.0 to production because it is time")
    await story.sees(
        lambda: any("storefront" in one.text for one in story.messages()), "another service's card"
    )

    assert _body(story) == written
    assert story.dispatches() == []
    left = [one for one in caplog.records if "newer version" in one.message]
    assert 1 <= len(left) <= 3
    assert [one.message for one in caplog.records if "turn failed" in one.message] == []


async def test_f37_a_neighbour_of_what_is_newer_fails_closed(story: Story) -> None:
    """Who holds the slot cannot be judged without it: nothing else is deployed there, and people are told why."""
    await is_asked(story)
    await rests(story)
    await _is_written_by_a_newer_version(story, NEWER["a higher version"])
    asked = await story.ana.types("/promote checkout@v2.14.3 to production because once more")
    shown = await story.bo.types("/promote approve P-1")

    assert "newer version" in replies(asked)[0]
    assert "newer version" in replies(shown)[0]
    await rests(story)
    assert story.dispatches() == []


async def test_f37_webhooks_about_it_are_not_acknowledged(story: Story) -> None:
    """The replica that can read the promotion gets the redelivery: this one says that it did not take it."""
    await is_asked(story)
    await rests(story)
    await _is_written_by_a_newer_version(story, NEWER["a higher version"])
    about = {"id": "Q1", "incident_key": "greenlight/checkout/production/P-1"}
    body = json.dumps({"event": {"event_type": "incident.acknowledged", "data": about}}).encode()

    assert await posted(story, body, hooked(story, "pagerduty", body), JSON, "/pagerduty/webhooks") == 503


async def _is_written_by_a_newer_version(story: Story, news: Mapping[str, object]) -> bytes:
    """A newer replica changes P-1 while this one is down; returns what it wrote."""
    path = story.bot.settings.catalog.parent / DATABASE
    await story.bot_stops()
    connection = sqlite3.connect(path)
    try:
        (body,) = connection.execute("SELECT body FROM promotions WHERE id = 'P-1'").fetchone()
        fields = {**json.loads(body), **news}
        written = json.dumps(fields).encode()
        phase = fields.get("phase", Phase.WAITING.value)
        connection.execute("UPDATE promotions SET body = ?, phase = ? WHERE id = 'P-1'", (written, phase))
        connection.commit()
    finally:
        connection.close()
    await story.bot_starts()
    story.passes(UPGRADE)
    await story.sees(lambda: "P-1" in story.bot.worker.left_alone, "P-1 left alone")
    story.passes(UPGRADE)  # from here on it is looked at once a minute
    return written


def _body(story: Story) -> bytes:
    connection = sqlite3.connect(story.bot.settings.catalog.parent / DATABASE)
    try:
        (body,) = connection.execute("SELECT body FROM promotions WHERE id = 'P-1'").fetchone()
        return bytes(body)
    finally:
        connection.close()
