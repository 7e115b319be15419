"""Reading the bot's own pages, as a load balancer or Prometheus does."""

from collections.abc import Mapping

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from tests.stories.story import Story

Labels = Mapping[str, str]


async def page(story: Story, path: str, **headers: str) -> tuple[int, str]:
    """The status and the text of one page."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{story.world.bot_url}{path}", headers=named) as answer,
    ):
        return answer.status, await answer.text()


class Scraped:
    """One scrape."""

    def __init__(self, text: str) -> None:
        self.families = list(text_string_to_metric_families(text))
        self.samples = [sample for family in self.families for sample in family.samples]

    def value(self, name: str, **labels: str) -> float:
        """The sum of the samples of one name that carry these labels."""
        return sum(
            sample.value
            for sample in self.samples
            if sample.name == name and labels.items() <= sample.labels.items()
        )


async def scraped(story: Story) -> Scraped:
    """What Prometheus reads now."""
    status, text = await page(story, "/metrics")
    assert status == 200
    return Scraped(text)
