"""Which versions somebody may want to promote: what is verified one environment before, then tags, then branches.

A list to choose from, never a rule: any other version can be typed, and the promotion itself is judged by its
requirements. What a list lacks, or shows too long, refuses nobody.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from bot.domain.promotion import Live, Release
from bot.domain.typeahead import ranked

MOST = 100  # options that Slack takes in one answer
MOST_VERIFIED = 5
_DIGITS = re.compile(r"[0-9]+")
Kind = Literal["verified", "tag", "branch", "typed"]


@dataclass(frozen=True, slots=True)
class Ref:
    """A tag or a branch and the commit that it names."""

    name: str
    sha: str


@dataclass(frozen=True, slots=True)
class Refs:
    """The tags and branches of a repository; `whole`: there are no others."""

    tags: tuple[Ref, ...] = ()
    branches: tuple[Ref, ...] = ()
    whole: bool = True

    def sha_of(self, version: str) -> str:
        """The commit of a tag or branch; empty when it is not in the list, or when two of one name differ."""
        shas = {ref.sha for ref in (*self.tags, *self.branches) if ref.name == version}
        return shas.pop() if len(shas) == 1 else ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A version that may be chosen, and why it stands in the list."""

    version: str
    kind: Kind
    sha: str = ""
    environment: str = ""  # where it is verified
    since: float | None = None  # when it came there
    serving: bool = False  # and serves there now
    live: bool = False  # it serves in the target already
    ahead: int | None = None  # commits that the target lacks, when they were counted


@dataclass(frozen=True, slots=True)
class Choice:
    """Where a version is to go, and what can be known of it without asking anybody."""

    target: Live
    before: Live | None  # None: the target takes versions from nowhere
    branches: tuple[str, ...]  # those that the target takes; empty: any
    refs: Refs = Refs()

    def sha_of(self, version: str) -> str:
        """The commit that a version names as far as it is known; empty when it is not."""
        return self.refs.sha_of(version) or next(
            (one.sha for one in self._releases() if version in (one.version, one.sha)), ""
        )

    def is_verified_before(self, sha: str) -> bool:
        """Whether a commit succeeded in the environment before and was not rolled back there."""
        return self.before is None or sha in {one.sha for one in verified(self.before)}

    def candidates(self) -> tuple[Candidate, ...]:
        """The versions to choose from, the likeliest first."""
        found = [*self._verified(), *self._tags(), *self._heads()]
        once = {one.version: one for one in reversed(found)}
        return tuple(dict.fromkeys(once[one.version] for one in found))

    def suggestion(self) -> str:
        """The version that most people would choose: what serves, verified, in the environment before."""
        first = next((one for one in self._verified() if one.serving), None)
        return first.version if first else ""

    def _verified(self) -> list[Candidate]:
        if self.before is None:
            return []
        there, serving = self.before, self.before.serving
        fit = [one for one in verified(there) if not self._serves(one.sha)]
        fit.sort(key=lambda one: serving is None or one.sha != serving.sha)
        return [self._candidate(one, there) for one in fit[:MOST_VERIFIED]]

    def _candidate(self, release: Release, there: Live) -> Candidate:
        serves = there.serving is not None and there.serving.sha == release.sha
        return Candidate(release.version, "verified", release.sha, there.environment, release.since, serves)

    def _tags(self) -> list[Candidate]:
        like = {_shape(one.version) for one in self._releases()}
        newest = sorted(self.refs.tags, key=lambda tag: _numbers(tag.name), reverse=True)
        alike = [tag for tag in newest if _shape(tag.name) in like]
        others = [tag for tag in self.refs.tags if _shape(tag.name) not in like]
        return [
            Candidate(one.name, "tag", one.sha, live=self._serves(one.sha))
            for one in (alike + others if like else newest)
        ]

    def _heads(self) -> list[Candidate]:
        heads = {one.name: one.sha for one in self.refs.branches}
        names = self.branches or tuple(heads)
        return [Candidate(name, "branch", heads.get(name, "")) for name in names]

    def _serves(self, sha: str) -> bool:
        return self.target.serving is not None and self.target.serving.sha == sha

    def _releases(self) -> Iterable[Release]:
        for live in (self.before, self.target):
            if live is not None:
                yield from ((live.serving,) if live.serving else ())
                yield from live.good


def verified(live: Live) -> list[Release]:
    """What succeeded in an environment, was verified there, and was not rolled back since; newest first."""
    return [one for one in live.good if one.sha not in live.undone]


def matching(typed: str, candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The candidates that fit what was typed, and what was typed itself, as it is, unless it is one of them."""
    by_name = {one.version: one for one in candidates}
    fit = tuple(by_name[name] for name in ranked(typed, tuple(by_name)))
    own = typed.strip()
    if not own or own in by_name:
        return fit[:MOST]
    return (*fit[: MOST - 1], Candidate(own, "typed"))


def next_stage(path: Sequence[Live], version: str) -> str:
    """Where a version goes next: behind the last place that runs it, else where it lags behind what is before."""
    names = [live.environment for live in path]
    if version:
        runs = [place for place, live in enumerate(path) if _runs(live, version)]
        return names[min(runs[-1] + 1, len(names) - 1)] if runs else names[0]
    lagging = [
        after.environment
        for before, after in pairwise(path)
        if before.serving and (after.serving is None or before.serving.sha != after.serving.sha)
    ]
    return lagging[-1] if lagging else names[-1]


def counted(candidate: Candidate, ahead: int | None) -> Candidate:
    """The candidate with how many commits it has that the target lacks."""
    return replace(candidate, ahead=ahead)


def _runs(live: Live, version: str) -> bool:
    return live.serving is not None and version in (live.serving.version, live.serving.sha)


def _shape(name: str) -> str:
    """What is left of a name without its numbers: tags of one series have it in common."""
    return _DIGITS.sub("0", name)


def _numbers(name: str) -> tuple[int, ...]:
    return tuple(int(number[:18]) for number in _DIGITS.findall(name))
