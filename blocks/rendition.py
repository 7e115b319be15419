"""What a message is made of: one sentence that stands alone, and blocks from rich to plain."""

from dataclasses import dataclass

Block = dict[str, object]
Blocks = list[Block]
View = dict[str, object]


@dataclass(frozen=True, slots=True)
class Rendition:
    """A message: `text` for notifications and as the last resort; `rungs` to try in order, rich first.

    `code` names the situation when somebody hears a no: it stands small below the sentence, and in the log.
    """

    text: str
    rungs: tuple[Blocks, ...] = ()
    code: str = ""

    @property
    def blocks(self) -> Blocks | None:
        """The plainest blocks, for surfaces where nothing is tried twice (private replies)."""
        return self.rungs[-1] if self.rungs else None


def ladder(text: str, rich: Blocks, classic: Blocks) -> Rendition:
    """A message in two forms; the second is left out when it is the same as the first."""
    return Rendition(text, (rich,) if rich == classic else (rich, classic))
