"""One line as a handler sees it: who asks, from where, and which way an answer goes back."""

from dataclasses import dataclass

from blocks import replies
from blocks.mention import as_mention
from blocks.rendition import Rendition
from bot.domain.line_words import NOWHERE, Here
from bot.domain.policy import Person
from bot.service import Answer, Unavailable
from bot.store.protocol import StoreDown
from handlers.desk import Desk, Trigger, words


@dataclass(frozen=True, slots=True)
class Asked:
    """A line, who typed it, and where."""

    desk: Desk
    person: Person
    channel: str
    delivery: str
    trigger: str = ""  # empty: it was a mention, and Slack opens no form for one
    thread: str = ""  # where the answer goes; empty: to the channel itself
    here: Here = NOWHERE
    room: str = ""  # the channel's name, where it is told

    @property
    def is_mention(self) -> bool:
        """Whether Slack brings it again when it is not acknowledged."""
        return not self.trigger

    @property
    def dedupe(self) -> str:
        """The name of the delivery: the same when Slack brings it again."""
        return f"slack:{self.delivery}"

    @property
    def form_trigger(self) -> Trigger:
        """What Slack opens a form for; a mention has none."""
        return Trigger(self.trigger, self.person, self.channel)

    def later(self, rendition: Rendition) -> None:
        """Say something after the answer, in the same place and in the words that can be typed there."""
        words = as_mention(rendition) if self.is_mention else rendition
        self.desk.whisper(self.channel, self.person, words, self.thread)

    def said_no(self, answer: Answer) -> Rendition:
        """The reply to an answer that is not a yes. What a mention said and the store did not take is not
        acknowledged, so that Slack brings it again."""
        if self.is_mention and isinstance(answer, Unavailable):
            raise StoreDown(answer.why)
        return words(answer) or replies.store_down()
