"""The smallest parts of Block Kit that Greenlight uses, as plain dicts within Slack's limits.

`verbatim` is set on every mrkdwn text, so that Slack makes no links or mentions of its own out of words.
"""

from collections.abc import Sequence
from typing import Literal

from blocks.rendition import Block, Blocks
from blocks.text import clip, fit, utc, web_address, whole

TaskStatus = Literal["pending", "in_progress", "complete", "error"]
Style = Literal["primary", "danger"]


def plain(text: str, most: int, *, emoji: bool = False) -> Block:
    """A plain_text object; shortcodes stay letters unless `emoji`."""
    return {"type": "plain_text", "text": clip(text, most) or "–", "emoji": emoji}


def mrkdwn(text: str, most: int = 3_000) -> Block:
    """A mrkdwn text object of safe text."""
    return {"type": "mrkdwn", "text": fit(text, most) or "–", "verbatim": True}


def section(text: str) -> Block:
    """A paragraph of mrkdwn."""
    return {"type": "section", "text": mrkdwn(text)}


def context(text: str) -> Block:
    """A line in small letters."""
    return {"type": "context", "elements": [mrkdwn(text, 2_000)]}


def actions(block_id: str, elements: Sequence[Block]) -> Blocks:
    """One row of buttons, or nothing when there are none."""
    return [{"type": "actions", "block_id": block_id, "elements": list(elements[:25])}] if elements else []


def confirm(title: str, text: str, yes: str, no: str = "Not now", style: Style | None = None) -> Block:
    """A dialog that asks before a button acts; `text` is plain and names what will happen."""
    dialog: Block = {
        "title": plain(title, 100),
        "text": plain(text, 300),
        "confirm": plain(yes, 30),
        "deny": plain(no, 30),
    }
    return dialog | ({"style": style} if style else {})


def button(
    label: str,
    action_id: str,
    value: str,
    accessible: str,
    *,
    style: Style | None = None,
    ask: Block | None = None,
) -> Block:
    """A button that acts; `accessible` names the object for those who cannot see where it stands."""
    element: Block = {
        "type": "button",
        "action_id": action_id,
        "text": plain(label, 75),
        "value": value,
        "accessibility_label": clip(accessible, 75),
    }
    return element | ({"style": style} if style else {}) | ({"confirm": ask} if ask else {})


def link_button(label: str, action_id: str, url: str, value: str, accessible: str) -> Block | None:
    """A button that opens a page; None when the URL is not a web address."""
    address = web_address(url)
    return button(label, action_id, value, accessible) | {"url": address} if address else None


def cell(text: str) -> Block:
    """A table cell of raw text."""
    return {"type": "raw_text", "text": clip(text, 300) or "–"}


def marked_cell(emoji: str, text: str) -> Block:
    """A table cell with an emoji before its words, which stay on one line."""
    unbroken = clip(text, 100).replace(" ", "\N{NO-BREAK SPACE}")
    return _rich([{"type": "emoji", "name": emoji}, {"type": "text", "text": f" {unbroken}"}])


def linked_cell(text: str, url: str) -> Block:
    """A table cell whose words open a page; raw text when the URL is not a web address."""
    address = web_address(url)
    if not address:
        return cell(text)
    return _rich([{"type": "link", "url": address, "text": clip(text, 300) or "–"}])


def dated_cell(text: str, at: float, emoji: str = "") -> Block:
    """A table cell that ends with a moment in the reader's own time zone, and may begin with an emoji."""
    before: Block = {"type": "text", "text": f"{' ' if emoji else ''}{clip(text, 300)} · "}
    mark: Blocks = [{"type": "emoji", "name": emoji}] if emoji else []
    moment = {
        "type": "date",
        "timestamp": whole(at),
        "format": "{date_short_pretty} {time}",
        "fallback": utc(at),
    }
    return _rich([*mark, *([before] if text else []), moment])


def rich_line(text: str) -> Block:
    """A rich_text block of one unstyled line."""
    return _rich([{"type": "text", "text": clip(text, 300) or "–"}])


def _rich(elements: Blocks) -> Block:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}


def table(rows: Sequence[Sequence[Block]]) -> Block:
    """A table whose first row is its head; the last column wraps."""
    settings: Blocks = [{"is_wrapped": False} for _ in rows[0][:-1]]
    return {
        "type": "table",
        "column_settings": [*settings, {"is_wrapped": True}],
        "rows": [list(r) for r in rows],
    }


def folded(block_id: str, title: str, subtitle: str, children: Blocks) -> Block:
    """A container that is closed until somebody opens it; title and subtitle, plain text, stay in sight."""
    container: Block = {
        "type": "container",
        "block_id": block_id,
        "title": plain(title, 150),
        "width": "full",
        "is_collapsible": True,
        "default_collapsed": True,
        "child_blocks": children[:10],
    }
    return container | ({"subtitle": plain(subtitle, 150)} if subtitle else {})


def task(task_id: str, title: str, status: TaskStatus, details: str = "") -> Block:
    """One step of a plan."""
    step: Block = {"task_id": task_id, "title": clip(title, 150) or "–", "status": status}
    return step | ({"details": rich_line(details)} if details else {})


def plan(title: str, tasks: Sequence[Block]) -> Block:
    """A titled list of steps with their progress; at most 50 are shown."""
    return {"type": "plan", "title": clip(title, 250) or "–", "tasks": list(tasks[:50])}
