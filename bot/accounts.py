"""Who may speak at all: people of the catalog, with a full account of our workspace, through our app.

Accounts are read in the background, so that no acknowledgement waits for Slack; an account that could not be
checked is nobody's.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable

from bot.domain.errors import NotChecked, NotInPeople, Stranger
from bot.domain.policy import Person
from bot.ports import Account, Chat, Clock, Me, VendorError

log = logging.getLogger(__name__)
REFRESH = 300.0  # seconds between reads of all accounts
RETRY = 2.0
STALE = 3600.0  # an account that could not be read for so long is nobody's


class Accounts:
    """The identity gate."""

    def __init__(self, chat: Chat, clock: Clock, people: Callable[[], Iterable[Person]]) -> None:
        self._chat = chat
        self._clock = clock
        self._people = people
        self._known: dict[str, tuple[Account, float]] = {}
        self._wanted = asyncio.Event()  # somebody was not let in because their account is not known
        self.me: Me | None = None
        self.is_ready = False  # everybody was looked at once: before, nobody could be let in

    def identify(self, user: str, team: str, app: str) -> Person | NotInPeople | NotChecked | Stranger:
        """The person behind a Slack user, or why not."""
        if self.me is None:
            return NotChecked("account")
        if team != self.me.team or app != self.me.app:
            return Stranger()
        person = next((one for one in self._people() if one.slack == user), None)
        if person is None:
            return NotInPeople(user)
        account, at = self._known.get(user, (None, 0.0))
        if account is None or self._clock.now() - at > STALE:
            self._wanted.set()
            return NotChecked("account")
        if account.is_bot or account.is_guest or account.is_stranger or account.is_deleted:
            return Stranger()
        return person

    async def run(self) -> None:
        """Keep the accounts of everybody in the catalog fresh, until cancelled."""
        while True:
            self._wanted.clear()
            complete = await self.refresh()
            await self._clock.wait(self._wanted, REFRESH if complete else RETRY)

    async def refresh(self) -> bool:
        """Read who we are and every account that is not fresh; False: something could not be read."""
        try:
            if self.me is None:
                self.me = await self._chat.me()
        except VendorError as error:
            log.warning("slack does not say who we are", extra={"why": str(error)})
            return False
        complete = True
        for person in tuple(self._people()):
            if not self._is_fresh(person):
                complete = await self._read(person) and complete
        self.is_ready = True
        return complete

    def _is_fresh(self, person: Person) -> bool:
        """One account that cannot be read must not make every other one be read again and again."""
        _, at = self._known.get(person.slack, (None, -REFRESH))
        return self._clock.now() - at < REFRESH

    async def _read(self, person: Person) -> bool:
        try:
            account = await self._chat.account(person.slack)
        except VendorError as error:
            log.warning("account not read", extra={"person": person.name, "why": str(error)})
            return False
        self._known[person.slack] = (account, self._clock.now())
        return True
