"""What a decision looks at besides the promotion: the rules, the time, and the small documents, read once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from bot.domain.channels import Channels
from bot.domain.policy import ANYONE, APPROVERS, OWNER, Person, Rules, TeamSource
from bot.domain.preferences import Readers
from bot.domain.promotion import Live, Promotion, Slot

TEAM_FRESH = 300.0  # seconds for which a look at a team's members counts
CLOCKS_APART = 5.0  # seconds by which the clocks of two hosts may differ


class Membership(Enum):
    """Whether a person is in a team; UNKNOWN never counts as a yes."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Team:
    """A team and who was in it at the last look."""

    name: str
    source: TeamSource
    members: frozenset[str] = frozenset()  # names of people
    at: float | None = None  # when it was looked; None: never

    @property
    def is_static(self) -> bool:
        """Whether the catalog itself names the members."""
        return self.source.kind == "members"

    def is_fresh(self, now: float) -> bool:
        """Whether the members may be relied on at `now`."""
        return self.is_static or (self.at is not None and 0.0 <= now - self.at <= TEAM_FRESH)


@dataclass(frozen=True, slots=True)
class Context:
    """The world beside one promotion at one moment."""

    now: float
    boottime: float
    process: str  # nonce of this process
    rules: Rules
    people: Mapping[str, Person]
    teams: Mapping[str, Team]
    slot: Slot
    lives: Mapping[str, Live]  # by environment of the service's path
    earlier: Promotion | None = None  # the SHA's last promotion to `after` that ran or runs
    others: tuple[Promotion, ...] = ()  # other open promotions here: what holds the slot, then newest first
    undoes: Promotion | None = None  # the promotion that a rollback is to undo
    read: tuple[tuple[str, int], ...] = ()  # small documents and the revisions that were read
    switched: float = 0.0  # when a store took over that may not have the last commits of the one before
    readers: Readers = field(default_factory=Readers)  # who wants which letters
    channels: Channels = field(default_factory=Channels)  # which of them are shared with another company
    opened: float = 0.0  # when this process began: what is older may have come out of a backup

    @property
    def live(self) -> Live:
        """What is live in the target environment."""
        return self.live_in(self.rules.environment)

    @property
    def slot_is_ahead(self) -> bool:
        """Whether the slot was taken by a clock that was set back since: no look can be of after that."""
        return self.slot.since > self.now + CLOCKS_APART

    def may_be_forgotten(self, created: float) -> bool:
        """Whether an intent of a promotion of that time may be lost: its run can only be found by looking."""
        return self.switched > 0.0 and created <= self.switched + CLOCKS_APART

    def may_have_run(self, created: float) -> bool:
        """Whether a promotion of that time may have been started by something that this store does not know of."""
        return self.may_be_forgotten(created) or not self.opened < created <= self.now

    def live_in(self, environment: str) -> Live:
        """What is live in one environment of the service."""
        known = self.lives.get(environment)
        return known or Live(service=self.rules.service.name, environment=environment)

    def seen_since(self, at: float | None, since: float) -> bool:
        """Whether a look at `at` is one since `since`; the stamp of a clock that was set back tells nothing."""
        return at is not None and since <= at <= self.now

    def team(self, word: str) -> Team | None:
        """The team that a name or `owner` means; None: there is none."""
        name = self.rules.service.owner if word == OWNER else word
        return self.teams.get(name) if name else None

    def membership(self, person: str, word: str) -> Membership:
        """Whether `person` is in the team that `word` means; a stale look is UNKNOWN."""
        team = self.team(word)
        if team is None:
            return Membership.NO
        if not team.is_fresh(self.now):
            return Membership.UNKNOWN
        return Membership.YES if person in team.members else Membership.NO

    def may(self, person: str, words: tuple[str, ...]) -> Membership:
        """Whether `person` has a role given by `anyone`, `owner`, `approvers` or names of teams."""
        if person not in self.people:
            return Membership.NO
        if ANYONE in words:
            return Membership.YES
        answers = {self.membership(person, team) for team in self.expand(words)}
        for answer in (Membership.YES, Membership.UNKNOWN):
            if answer in answers:
                return answer
        return Membership.NO

    def expand(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """The role words with `approvers` replaced by the teams that approve in this environment."""
        approvers = tuple(rule.team for rule in self.rules.approvals)
        teams = tuple(
            team for word in words for team in (approvers if word == APPROVERS else (word,)) if team != ANYONE
        )
        return tuple(dict.fromkeys(teams))

    def holders(self, words: tuple[str, ...], without: frozenset[str] = frozenset()) -> tuple[Person, ...]:
        """The known people who have a role, for "ask one of …"."""
        names = {
            member
            for word in self.expand(words)
            if (team := self.team(word)) is not None
            for member in team.members
        }
        return tuple(self.people[name] for name in sorted(names - without) if name in self.people)

    def person(self, name: str) -> Person:
        """The person of this name; one who left the catalog keeps the name alone."""
        return self.people.get(name) or Person(name=name, slack="")
