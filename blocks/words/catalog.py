"""What is told to those who keep the catalog."""

from collections.abc import Sequence

from blocks.text import count_of, date, untrusted


def refused(problems: Sequence[str], since: float) -> str:
    """E26: a changed file cannot be used: where, why, what counts meanwhile, and what to do."""
    first = untrusted(problems[0].rstrip("."), 300) if problems else "The catalog cannot be used"
    others = len(problems) - 1
    more = f" ({count_of(others, 'more problem')} beside it)" if others > 0 else ""
    return (
        f"{first}{more}. I kept the previous configuration (loaded {date(since)}), and nothing was stopped. "
        "Mend the file and I read it again by myself; `greenlight config check` lists every problem."
    )
