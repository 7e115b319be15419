"""Answers to a mention: what they tell people to type can be typed there."""

from typing import cast

from blocks.rendition import Block, Blocks, Rendition

# Our own code spans only: what people typed carries look-alikes of the tick.
_SPOKEN = (
    ("`/promote`", "`@greenlight`"),
    ("`/promote ", "`@greenlight "),
    ("`/rollback`", "`@greenlight rollback`"),
    ("`/rollback ", "`@greenlight rollback "),
)


def as_mention(rendition: Rendition) -> Rendition:
    """The same words with mentions in place of slash commands, which do not work in threads."""
    rungs = tuple(cast(Blocks, [_spoken_block(block) for block in rung]) for rung in rendition.rungs)
    return Rendition(_spoken(rendition.text), rungs, rendition.code)


def _spoken(text: str) -> str:
    for typed, said in _SPOKEN:
        text = text.replace(typed, said)
    return text


def _spoken_block(block: object) -> object:
    """Every mrkdwn text of a block; a button's value stays as it is."""
    if isinstance(block, list):
        return [_spoken_block(one) for one in block]
    if not isinstance(block, dict):
        return block
    if block.get("type") == "mrkdwn":
        return block | {"text": _spoken(str(block["text"]))}
    return {name: _spoken_block(value) for name, value in cast(Block, block).items()}
