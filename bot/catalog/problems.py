"""What is wrong with a catalog file: one sentence and one line for each mistake."""

from dataclasses import dataclass

KeyPath = tuple[str | int, ...]
MOST = 100  # problems told at once


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake: where it is and what to write instead."""

    line: int  # from 1; 0: the file as a whole
    sentence: str


class CatalogError(Exception):
    """A catalog that was refused, with every problem that was found (at most 100)."""

    def __init__(self, name: str, problems: tuple[Problem, ...]) -> None:
        ordered = sorted(dict.fromkeys(problems))
        if len(ordered) > MOST:
            more = Problem(ordered[MOST].line, f"{len(ordered) - MOST} more problems from here on.")
            ordered = [*ordered[:MOST], more]
        self.name = name
        self.problems = tuple(ordered)
        super().__init__("\n".join(self.told()))

    def told(self) -> tuple[str, ...]:
        """One line per problem: `promotions.yml line 41: ...`."""
        return tuple(
            f"{self.name} line {problem.line}: {problem.sentence}"
            if problem.line
            else f"{self.name}: {problem.sentence}"
            for problem in self.problems
        )


def dotted(path: KeyPath) -> str:
    """A path as people write it: environments.production.approvals[0].count."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return ascii_line(text, 200)


def shown(value: object, longest: int = 40) -> str:
    """A value of the file as a problem quotes it: on one line, clipped."""
    match value:
        case None:
            return "nothing"
        case bool():
            return str(value).lower()
        case str():
            return ascii_line(f'"{value}"', longest)
        case list():
            return "a list"
        case dict():
            return "a mapping"
        case _:
            return ascii_line(str(value), longest)


def ascii_line(text: str, longest: int) -> str:
    """The text without control characters, so that a file cannot write into a terminal or a log."""
    clean = "".join(letter if letter.isprintable() else "?" for letter in text)
    return clean if len(clean) <= longest else clean[: longest - 1] + "…"
