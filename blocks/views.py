"""What all forms have in common: a title, blocks within Slack's limits, and what a form remembers of itself.

`private_metadata` is the promotion's id and the digest that was shown, and nothing else: the record decides.
"""

import json

from blocks import pieces
from blocks.rendition import Block, Blocks, View
from blocks.words.alerts import alert

MOST = 100  # blocks


def modal(
    callback: str, title: str, blocks: Blocks, *, id: str = "", rev: str = "", submit: str = ""
) -> View:
    """A form; without `submit` it can only be closed."""
    view: View = {
        "type": "modal",
        "callback_id": callback,
        "title": pieces.plain(title, 24),
        "close": pieces.plain("Close" if not submit else "Not now", 24),
        "private_metadata": json.dumps({"id": id, "rev": rev}),
        "blocks": blocks[:MOST],
    }
    return view | ({"submit": pieces.plain(submit, 24)} if submit else {})


def classic(view: View) -> View:
    """The same form for a Slack that takes no alerts: what they say becomes a paragraph with its icon."""
    blocks = view["blocks"]
    return {**view, "blocks": [_classic(one) for one in blocks] if isinstance(blocks, list) else []}


def _classic(block: Block) -> Block:
    text = block.get("text")
    if block["type"] != "alert" or not isinstance(text, dict):
        return block
    return pieces.section(alert(str(block.get("level")), str(text["text"])))
