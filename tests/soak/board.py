"""What people see in the channel: the card of each promotion and its buttons."""

from itertools import islice

from bot.playground.control.clicks import promotion_of_message
from bot.playground.slack.raw import Element, elements_in
from bot.playground.slack.simulator import Slack
from bot.playground.slack.state import Channel, Message


class Board:
    """Reads on in a channel where it left off: messages are many, and people look often."""

    def __init__(self, slack: Slack) -> None:
        self._channel: Channel = slack.workspace.channel("deploys")
        self._read = 0
        self._cards: dict[str, list[Message]] = {}

    def cards(self, promotion: str) -> list[Message]:
        """Every message of a promotion that stands in the channel itself, oldest first; one, if all went well."""
        self._read_on()
        return self._cards.get(promotion, [])

    def button(self, promotion: str, action: str) -> tuple[Message, Element] | None:
        """A button on the newest card of a promotion, if it has it now."""
        for card in reversed(self.cards(promotion)):
            found = next((one for one in elements_in(card.blocks) if one.action_id == action), None)
            if found is not None:
                return card, found
        return None

    def with_button(self, action: str) -> list[str]:
        """The promotions whose card has this button now, oldest first."""
        self._read_on()
        return [promotion for promotion in self._cards if self.button(promotion, action)]

    def _read_on(self) -> None:
        messages = self._channel.messages
        fresh = list(islice(messages.values(), self._read, None))
        self._read = len(messages)
        for message in fresh:
            promotion = promotion_of_message(message)
            if promotion and message.at_channel_level and not message.thread_ts:
                self._cards.setdefault(promotion, []).append(message)
