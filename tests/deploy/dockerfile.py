"""Reads deploy/Dockerfile: its stages, and what each instruction says."""

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.documents import ROOT

FILE = ROOT / "deploy" / "Dockerfile"


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction: its word in capitals, and the rest with its lines joined."""

    word: str
    rest: str

    @property
    def exec(self) -> list[str]:
        """The words of an instruction in JSON form; raises ValueError for another."""
        words: list[str] = json.loads(self.rest[self.rest.index("[") :])
        return words

    @property
    def pairs(self) -> dict[str, str]:
        """The names and values of ENV, ARG or LABEL."""
        return dict(word.split("=", 1) for word in shlex.split(self.rest) if "=" in word)


@dataclass(frozen=True, slots=True)
class Stage:
    """What is built from one FROM."""

    base: str
    name: str
    instructions: tuple[Instruction, ...]

    def all(self, word: str) -> list[Instruction]:
        """The instructions of one kind, in order."""
        return [one for one in self.instructions if one.word == word]

    def last(self, word: str) -> Instruction:
        """The one that counts; raises IndexError when there is none."""
        return self.all(word)[-1]


def stages(path: Path = FILE) -> list[Stage]:
    """The stages of a Dockerfile, with the defaults of its arguments put into FROM."""
    arguments: dict[str, str] = {}
    found: list[tuple[str, str, list[Instruction]]] = []
    for one in instructions(path.read_text()):
        if one.word == "FROM":
            base, _, name = _filled(one.rest, arguments).partition(" AS ")
            found.append((base, name, []))
        elif found:
            found[-1][2].append(one)
        else:
            arguments.update(one.pairs)
    return [Stage(base, name, tuple(inside)) for base, name, inside in found]


def instructions(text: str) -> Iterator[Instruction]:
    """Every instruction of a Dockerfile, comments left out and continued lines joined."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    for line in re.sub(r"\\\n\s*", "", "\n".join(lines)).splitlines():
        word, _, rest = line.partition(" ")
        yield Instruction(word.upper(), rest.strip())


def _filled(text: str, values: Mapping[str, str]) -> str:
    return re.sub(r"\$\{(\w+)\}", lambda match: values[match[1]], text)
