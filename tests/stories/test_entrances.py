"""What the manifest declares is answered, through both doors, and what it does not declare is nobody's."""

from bot import entrances
from bot.playground.slack import payloads
from bot.playground.slack.raw import Raw
from bot.playground.slack.requests import Ack
from tests.stories.deploys import is_asked
from tests.stories.moments import rests
from tests.stories.story import Story

TEXT: dict[str, dict[str, str]] = {
    "app_home_opened": {"tab": "home"},
    "app_mention": {"text": "<@U0GREENLIGHT> help", "ts": "1.2"},
    "channel_shared": {"connected_team_id": "T0THEM"},
    "channel_unshared": {"previously_connected_team_id": "T0THEM"},
}


async def test_every_command_is_answered_and_no_other(story: Story) -> None:
    """Each slash command of the manifest has a listener; one that it does not have gets no answer."""
    for command in entrances.COMMANDS:
        assert (await typed(story, command.name)).failure is None, command.name
    assert (await typed(story, "/promote-all")).failure


async def test_every_shortcut_is_answered_and_no_other(story: Story) -> None:
    """Each global and each message shortcut of the manifest has a listener."""
    await is_asked(story)
    for shortcut in (*entrances.GLOBAL_SHORTCUTS, *entrances.MESSAGE_SHORTCUTS):
        assert (await chosen(story, shortcut)).failure is None, shortcut.callback
    before = shown(story)
    await chosen(story, entrances.Shortcut("shortcut.nobody", "Nobody", "Nobody's", "global"))
    await rests(story)
    assert shown(story) == before


async def test_what_slack_tells_of_itself_is_taken(story: Story) -> None:
    """That it holds events back, or that a form was closed, is nobody's to answer: else Slack would send it again."""
    slack = story.playground.slack
    ana = story.world.people["ana"]
    told = {"type": "app_rate_limited", "team_id": ana.team_id, "api_app_id": story.world.slack_app}
    closed = {
        **payloads.interaction(slack.workspace, ana, "view_closed"),
        "view": {"type": "modal", "id": "V1"},
    }
    assert (await slack.requests.event({**told, "minute_rate_limited": 1_518_467_820})).failure is None
    assert (await slack.requests.payload(closed)).failure is None


async def test_every_event_is_answered_and_no_other(story: Story) -> None:
    """Each event that the manifest subscribes to has a listener."""
    assert set(TEXT) == set(entrances.EVENTS)
    for name in entrances.EVENTS:
        assert (await happens(story, name, TEXT[name])).failure is None, name
    await rests(story)
    before = shown(story)
    await happens(story, "channel_archive", {"text": "<@U0GREENLIGHT> help", "ts": "1.2"})
    await rests(story)
    assert shown(story) == before


def shown(story: Story) -> tuple[int, int]:
    """How much there is on Ana's screen that nobody else sees: words, and forms."""
    workspace = story.playground.slack.workspace
    return len(story.ana.heard), len(workspace.modals.get(story.world.people["ana"].slack, []))


async def typed(story: Story, command: str) -> Ack:
    """What comes of a command without words."""
    slack = story.playground.slack
    ana, deploys = story.world.people["ana"], slack.workspace.channel("deploys")
    fields = payloads.slash_command(slack.workspace, ana, deploys, f"{command} help")
    trigger = {"trigger_id": slack.workspace.new_trigger(ana.slack)}
    return await slack.requests.form(fields | trigger | {"response_url": "https://slack.example/none"})


async def chosen(story: Story, shortcut: entrances.Shortcut) -> Ack:
    """What comes of an entry of a menu, beside the card where it is one of a message."""
    slack = story.playground.slack
    ana = story.world.people["ana"]
    message = story.card("P-1") if shortcut.type == "message" else None
    payload = payloads.shortcut(slack.workspace, ana, shortcut.callback, message)
    payload["trigger_id"] = slack.workspace.new_trigger(ana.slack)
    return await slack.requests.payload(payload)


async def happens(story: Story, name: str, content: Raw) -> Ack:
    """What comes of an event in #deploys."""
    slack = story.playground.slack
    ana = story.world.people["ana"]
    place = {"type": name, "channel": slack.workspace.channel("deploys").id, "event_ts": "1.2"}
    return await slack.requests.event(payloads.event(slack.workspace, ana, place | content))
