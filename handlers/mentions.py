"""`@greenlight why`: the grammar of the commands where slash commands do not work, with the promotion implied.

Slack brings an event again until it is acknowledged. What changes something is told apart by the store; what only
asks is answered once by the process that was asked.
"""

from collections import OrderedDict
from dataclasses import replace

from blocks import replies
from bot.domain import command_line
from bot.domain.policy import Person
from handlers.asked import Asked
from handlers.commands import act
from handlers.desk import Desk
from handlers.event_payloads import Mention
from handlers.markup import PERSON, as_read
from handlers.whereabouts import here

MOST = 2_000  # mentions that are remembered


class Mentions:
    """What is said to the bot in channels and threads."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._answered: OrderedDict[str, None] = OrderedDict()
        self._put_off: OrderedDict[str, None] = OrderedDict()
        self._pointed_out: OrderedDict[str, None] = OrderedDict()

    def is_for_us(self, mention: Mention) -> bool:
        """Whether a person wrote it just now, and heard no answer: what bots say, we among them, and what was
        edited asks nothing; nor does what Slack brings again though it was answered."""
        me = self._desk.accounts.me
        ours = mention.is_ours or (me is not None and mention.caller.user == me.user)
        return not ours and mention.delivery not in self._answered

    async def answer(self, person: Person, mention: Mention) -> None:
        """Do what a mention says, and answer it privately where it was said. Only a message that begins with our
        name says something to us: `Approve? @greenlight has not shown the tests yet` approves nothing."""
        said = self._said(mention.text)
        asked = Asked(self._desk, person, mention.channel, mention.delivery, thread=mention.thread)
        if said is None:
            self._points_out(asked)
        else:
            await self._act(asked, said)
        self.is_answered(mention)

    async def _act(self, asked: Asked, said: str) -> None:
        implied = await here(self._desk, asked.channel, asked.thread)
        meaning = command_line.parse_mention(said, self._desk.known, implied)
        reply = await act(replace(asked, here=implied), meaning)
        if reply is not None:
            asked.later(reply)

    def is_answered(self, mention: Mention) -> None:
        """When it comes again, nothing is left to say."""
        _keep(self._answered, mention.delivery)

    def put_off(self, mention: Mention) -> bool:
        """It was not taken, and Slack brings it again; whether its author has to be told, which they are once."""
        first = mention.delivery not in self._put_off
        _keep(self._put_off, mention.delivery)
        return first

    def _said(self, text: str) -> str | None:
        """The words behind our name as they were typed, without Slack's markup; None: it does not stand first."""
        me = self._desk.accounts.me
        first = PERSON.match(text.lstrip())
        if me is None or first is None or first[1] != me.user:
            return None
        words = text.lstrip()[first.end() :].lstrip(" ,:")  # people write to a name as in a letter
        return as_read(words, self._desk.catalog().people.values())

    def _points_out(self, asked: Asked) -> None:
        """We were talked about, or somebody did not know how to ask: nothing is done, which they are told once in
        each place, because people who talk about us do not want an answer each time."""
        place = f"{asked.person.name} {asked.channel} {asked.thread}"
        if place not in self._pointed_out:
            asked.later(replies.not_first())
        _keep(self._pointed_out, place)


def _keep(kept: OrderedDict[str, None], delivery: str) -> None:
    kept[delivery] = None
    if len(kept) > MOST:
        kept.popitem(last=False)
