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
        self.me: Me | None = None

    @property
    def is_ready(self) -> bool:
        """Whether anybody can be identified."""
        return self.me is not None

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
            return NotChecked("account")
        if account.is_bot or account.is_guest or account.is_stranger or account.is_deleted:
            return Stranger()
        return person

    async def run(self) -> None:
        """Keep the accounts of everybody in the catalog fresh, until cancelled."""
        idle = asyncio.Event()
        while True:
            complete = await self.refresh()
            await self._clock.wait(idle, REFRESH if complete else RETRY)

    async def refresh(self) -> bool:
        """Read who we are and every account once; False: something could not be read."""
        try:
            if self.me is None:
                self.me = await self._chat.me()
        except VendorError as error:
            log.warning("slack does not say who we are", extra={"why": str(error)})
            return False
        complete = True
        for person in tuple(self._people()):
            complete = await self._read(person) and complete
        return complete

    async def _read(self, person: Person) -> bool:
        try:
            account = await self._chat.account(person.slack)
        except VendorError as error:
            log.warning("account not read", extra={"person": person.name, "why": str(error)})
            return False
        self._known[person.slack] = (account, self._clock.now())
        return True
