"""Who may speak at all: people of the catalog, with a full account of our workspace, through our app.

Accounts are read in the background, so that no acknowledgement waits for Slack; an account that could not be
checked is nobody's.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable
from typing import Protocol

from bot.domain.errors import NotChecked, NotInPeople, Stranger
from bot.domain.policy import Person
from bot.ports import Account, Chat, Clock, Me, Refused, VendorError

log = logging.getLogger(__name__)
REFRESH = 300.0  # seconds between reads of all accounts
RETRY = 2.0
SHUT_OUT = 30.0  # seconds between tries with a token that Slack refuses: one call each
REVOKED = frozenset({"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"})
STALE = 3600.0  # an account that could not be read for so long is nobody's


class Told(Protocol):
    """Whoever is told, after each look, whether Slack takes our token."""

    async def __call__(self, *, is_taken: bool) -> None: ...


async def untold(*, is_taken: bool) -> None:
    """Nobody is told."""


class Accounts:
    """The identity gate."""

    def __init__(
        self, chat: Chat, clock: Clock, people: Callable[[], Iterable[Person]], told: Told = untold
    ) -> None:
        self._chat = chat
        self._told = told
        self._is_taken = True  # our token, by Slack, as far as is known
        self._clock = clock
        self._people = people
        self._known: dict[str, tuple[Account, float]] = {}
        self._wanted = asyncio.Event()  # somebody was not let in because their account is not known
        self.me: Me | None = None
        self._is_heard = False  # the last look at everybody is over, and Slack took our token
        self._began = asyncio.Event()  # it was ready once

    @property
    def is_ready(self) -> bool:
        """Whether Slack takes our token and what it said of somebody is not stale: else nobody would be let in."""
        people = tuple(self._people())
        return self._is_heard and (not people or any(self._believed(one.slack) for one in people))

    def identify(self, user: str, team: str, app: str | None) -> Person | NotInPeople | NotChecked | Stranger:
        """The person behind a Slack user, or why not. Slack names no app in a shortcut (None): that it is ours is
        said by the signature alone."""
        if self.me is None:
            return NotChecked("account")
        if team != self.me.team or app not in (None, self.me.app):
            return Stranger()
        person = next((one for one in self._people() if one.slack == user), None)
        if person is None:
            return NotInPeople(user)
        account = self._believed(user)
        if account is None:
            self._wanted.set()
            return NotChecked("account")
        if _is_shut_out(account):
            return Stranger()
        return person

    def is_known(self, user: str) -> bool:
        """Whether somebody's account was read, and not too long ago."""
        return self._believed(user) is not None

    def is_shut_out(self, user: str) -> bool:
        """Whether the last look at somebody's account says that they may not speak: what they said counts no more."""
        account, _ = self._known.get(user, (None, 0.0))
        return account is not None and _is_shut_out(account)

    def zone(self, user: str) -> str:
        """The time zone that somebody set in Slack, at the last look; empty: not known."""
        account, _ = self._known.get(user, (None, 0.0))
        return account.zone if account is not None else ""

    async def begun(self) -> None:
        """Wait until people could be told apart for the first time."""
        await self._began.wait()

    async def run(self) -> None:
        """Keep the accounts of everybody in the catalog fresh, until cancelled."""
        while True:
            self._wanted.clear()
            complete = await self.refresh()
            if self.is_ready:
                self._began.set()
            await self._told(is_taken=self._is_taken)
            again = RETRY if self._is_taken else SHUT_OUT
            await self._clock.wait(self._wanted, REFRESH if complete else again)

    async def refresh(self) -> bool:
        """Read who we are and every account that is not fresh; False: something could not be read."""
        try:
            if self.me is None:
                self.me = await self._chat.me()
        except VendorError as error:
            log.warning("slack does not say who we are", extra={"why": str(error)})
            self._is_taken = _code(error) not in REVOKED
            return False
        complete = await self._read_all()
        self._is_heard = self._is_taken
        return complete

    async def _read_all(self) -> bool:
        """Whether every account is fresh now; a token that is refused once is not tried for everybody else."""
        complete, self._is_taken = True, True
        for person in tuple(self._people()):
            if self._is_taken and not self._is_fresh(person):
                read = await self._read(person)
                complete, self._is_taken = complete and read is None, read not in REVOKED
        return complete

    def _believed(self, user: str) -> Account | None:
        """Somebody's account, as long as it is not stale."""
        account, at = self._known.get(user, (None, 0.0))
        return account if self._clock.now() - at <= STALE else None

    def _is_fresh(self, person: Person) -> bool:
        """One account that cannot be read must not make every other one be read again and again."""
        _, at = self._known.get(person.slack, (None, -REFRESH))
        return self._clock.now() - at < REFRESH

    async def _read(self, person: Person) -> str | None:
        """Why somebody's account could not be read, or None."""
        try:
            account = await self._chat.account(person.slack)
        except VendorError as error:
            why = _code(error)
            level = logging.ERROR if why in REVOKED else logging.WARNING
            log.log(level, "account not read", extra={"person": person.name, "why": str(error)})
            return why
        self._known[person.slack] = (account, self._clock.now())
        return None


def _is_shut_out(account: Account) -> bool:
    return account.is_bot or account.is_guest or account.is_stranger or account.is_deleted


def _code(error: VendorError) -> str:
    return error.code if isinstance(error, Refused) else ""
