"""What every store does with a commit before it writes: refuse what no store may accept, and encode the documents."""

from dataclasses import dataclass, replace

from bot.domain.promotion import Promotion
from bot.store.codec import check_size, dump_promotion
from bot.store.protocol import Commit

REMEMBERED = 7 * 86_400.0  # seconds that a message's key is known


@dataclass(frozen=True, slots=True)
class Prepared:
    """A commit whose documents are already encoded."""

    change: Commit
    written: tuple[Promotion, ...]  # of the puts, with their new revisions
    bodies: tuple[bytes, ...]  # their documents


def prepare(change: Commit) -> Prepared:
    """Encode a commit; raises ValueError for one that no store may accept, and TooLarge."""
    if (change.puts or change.documents) and not change.audit:
        raise ValueError("a commit that changes something needs an audit row")
    _no_repeats([put.promotion.id for put in change.puts] + [document.key for document in change.documents])
    for document in change.documents:
        check_size(document.body.encode(), document.key)
    written = tuple(next_revision(put.promotion) for put in change.puts)
    return Prepared(change, written, tuple(dump_promotion(promotion) for promotion in written))


def number_of(promotion: str) -> int:
    """The number in a promotion's id: 142 of P-142."""
    return int(promotion.removeprefix("P-"))


def next_revision(promotion: Promotion) -> Promotion:
    """The promotion as it is once it was written."""
    return replace(promotion, revision=promotion.revision + 1)


def revisions_of(change: Commit) -> dict[str, int]:
    """The revisions that a commit writes, by promotion id or document key."""
    promotions = {put.promotion.id: put.promotion.revision + 1 for put in change.puts}
    return promotions | {document.key: document.revision + 1 for document in change.documents}


def _no_repeats(names: list[str]) -> None:
    if len(set(names)) != len(names):
        raise ValueError("a commit writes each promotion and document once")
