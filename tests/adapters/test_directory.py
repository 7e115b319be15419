"""The directory: each kind of team is read where it lives, and a failed read is never an empty team."""

import pytest

from bot.adapters.directory import VendorDirectory
from bot.adapters.github import GitHubRepository
from bot.adapters.pagerduty import PagerDuty as Pager
from bot.adapters.slack import SlackChat
from bot.domain.policy import TeamSource
from bot.playground.github.simulator import GitHub
from bot.playground.pagerduty.simulator import PagerDuty
from bot.playground.slack.simulator import Slack
from bot.ports import Directory, VendorError
from tests.playground.simulators import served, small_world


async def test_a14_a21_members_come_from_their_source_or_the_look_fails() -> None:
    """Slack, GitHub and PagerDuty answer with their own ids; when one of them is down, nobody is a member."""
    world = small_world()
    github, pagerduty, slack = GitHub(world), PagerDuty(world), Slack(world)
    slack.workspace.usergroups["S0WEB"] = ["U0BO"]
    sources = {
        TeamSource("members", members=("bo", "cy")): {"bo", "cy"},
        TeamSource("slack_group", "S0WEB"): {"U0BO"},
        TeamSource("github_team", "acme/sre"): {"dee-dev"},
        TeamSource("pagerduty_schedule", "PSCHED1"): {"PDEE"},
    }
    async with (
        served([*github.routes(), *pagerduty.routes(), *slack.routes()]) as origin,
        SlackChat("xoxb-playground", base_url=f"{origin}/sim/slack/api") as chat,
        GitHubRepository("ghs_playground", base_url=f"{origin}/sim/github") as repository,
        Pager(api_key="pd-playground", api_url=f"{origin}/sim/pagerduty") as pager,
    ):
        directory: Directory = VendorDirectory(chat, repository, pager)
        for source, members in sources.items():
            assert await directory.members(source) == members
        world.vendor_always |= {"slack": 500, "github": 500, "pagerduty": 500}
        for source in list(sources)[1:]:
            with pytest.raises(VendorError):
                await directory.members(source)
    for simulator in (github, pagerduty, slack):
        await simulator.close()
