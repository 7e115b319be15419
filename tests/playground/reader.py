"""What the tests of the page share: a playground with the practice app as its bot, and a reader with a browser."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import ConsoleMessage, Locator, Page, async_playwright, expect
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.server import Playground
from tests.playground.chromium import BROWSERS as BROWSERS
from tests.playground.chromium import SHARED
from tests.playground.practice_app import PracticeApp, Raw, practice_app

# What the content policy refuses is a complaint like any other.
TELL_OF_REFUSALS = """
addEventListener("securitypolicyviolation", (event) => console.error(`refused: ${event.violatedDirective}`));
"""


@dataclass(slots=True)
class Reader:
    """Someone who looks at the page, and what their browser did meanwhile."""

    page: Page
    playground: Playground
    app: PracticeApp
    asked: list[str] = field(default_factory=list)  # what left the browser and was answered
    complaints: list[str] = field(default_factory=list)

    @property
    def bot(self) -> AsyncWebClient:
        """The bot's own client: what it posts, the reader sees."""
        return self.app.client

    @property
    def composer(self) -> Locator:
        """Where the reader types in a channel."""
        return self.page.locator(".pane .composer textarea")

    def message(self, words: str) -> Locator:
        """The message in the middle that says these words."""
        return self.page.locator(".pane .message", has_text=words)

    async def becomes(self, name: str) -> None:
        """Act as somebody else."""
        await self.page.locator(f'.person[data-person="{name}"]').click()

    async def types(self, text: str) -> None:
        """Type a line into the composer and send it."""
        await self.composer.fill(text)
        await self.composer.press("Escape")  # the list of commands
        await self.composer.press("Enter")

    async def posts(self, text: str, blocks: list[Raw] | None = None, promotion: str = "") -> str:
        """The bot posts into #deploys, and the reader sees it; gives its ts."""
        payload = {"event_type": "promotion", "event_payload": {"promotion": promotion}}
        posted = await self.bot.chat_postMessage(
            channel="deploys", text=text, blocks=blocks, metadata=payload if promotion else None
        )
        await expect(self.page.locator(f'.pane .message[data-ts="{posted["ts"]}"]')).to_be_visible()
        return str(posted["ts"])

    def note(self, message: ConsoleMessage) -> None:
        """Remember what the browser complained about."""
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)


@asynccontextmanager
async def reading(state_dir: Path, width: int = 1440, scheme: str = "light") -> AsyncIterator[Reader]:
    """A reader in front of a fresh playground; at the end their browser must have nothing to complain about."""
    playground = Playground(state_dir)
    await playground.start()
    try:
        api = f"{playground.url}/sim/slack/api/"
        async with (
            practice_app(playground.world, api, playground.bot_port) as app,
            browser(width, scheme) as page,
        ):
            reader = Reader(page, playground, app)
            page.on("requestfinished", lambda request: reader.asked.append(request.url))
            page.on("console", lambda message: reader.note(message))
            page.on("pageerror", lambda error: reader.complaints.append(str(error)))
            await page.goto(playground.url)
            await expect(page.locator(".person")).to_have_count(5)
            yield reader
            assert reader.complaints == []
    finally:
        await playground.stop()


@asynccontextmanager
async def browser(width: int, scheme: str) -> AsyncIterator[Page]:
    """A page of a headless browser, in a context that no other page shares."""
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.connect_over_cdp(SHARED.address())
        context = await chromium.new_context(
            viewport={"width": width, "height": 800},
            color_scheme="dark" if scheme == "dark" else "light",
            reduced_motion="reduce",
        )
        context.set_default_timeout(8000)
        await context.add_init_script(TELL_OF_REFUSALS)
        try:
            yield await context.new_page()
        finally:
            await context.close()
            await chromium.close()
