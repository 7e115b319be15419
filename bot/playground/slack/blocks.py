"""How strict Slack is with blocks: which surface takes which, how many, how long.

A card that the real Slack refuses must not look fine in the playground, so every message, modal and home is
judged here first, and refused with the sentences and JSON pointers that Slack answers with.
"""

import json
from collections.abc import Callable, Iterator
from typing import Literal

from bot.playground.slack.elements import IN_ACTIONS, IN_CONTEXT, IN_INPUT, IN_SECTION, judge_element
from bot.playground.slack.raw import Raw
from bot.playground.slack.rules import Findings

Surface = Literal["message", "modal", "home"]
RICH = {
    "alert",
    "table",
    "plan",
    "task_card",
    "container",
    "markdown",
    "card",
    "carousel",
}  # newer than the base layer

_EVERYWHERE = {"actions", "card", "context", "divider", "header", "image", "input", "rich_text", "section"}
_ALLOWED: dict[Surface, set[str]] = {
    "message": _EVERYWHERE | {"container", "carousel", "markdown", "plan", "table", "task_card"},
    "modal": _EVERYWHERE | {"alert"},
    "home": _EVERYWHERE | {"container", "carousel", "table"},
}
_MOST = {"message": 50, "modal": 100, "home": 100}
_MARKDOWN_MOST = 12_000  # characters, over all markdown blocks of a message
_TABLE_MOST = 10_000  # characters, over all tables of a message
ONE_TABLE = "only_one_table_allowed"  # Slack's own word, under the code invalid_attachments
_VIEW_MOST = 250_000  # bytes of JSON


def judge_blocks(blocks: object, surface: Surface, at: str = "/blocks") -> list[str]:
    """What Slack would refuse about these blocks on this surface; empty when it would show them."""
    findings = Findings()
    if not isinstance(blocks, list):
        findings.refuse("must be an array", at)
        return findings.complaints
    if len(blocks) > _MOST[surface]:
        findings.refuse(f"no more than {_MOST[surface]} items allowed", at)
    for place, block in enumerate(blocks):
        _judge_block(findings, block, _ALLOWED[surface], f"{at}/{place}")
    _totals(findings, [block for block in blocks if isinstance(block, dict)], surface, at)
    return findings.complaints


def judge_view(view: object) -> list[str]:
    """What Slack would refuse about a modal or home view."""
    findings = Findings()
    if not isinstance(view, dict) or view.get("type") not in ("modal", "home"):
        findings.refuse("must be a modal or home view", "/view")
        return findings.complaints
    if view["type"] == "modal":
        _judge_modal(findings, view)
    findings.length(view.get("private_metadata") or None, 3000, "/view/private_metadata")
    findings.length(view.get("callback_id") or None, 255, "/view/callback_id")
    if len(json.dumps(view)) > _VIEW_MOST:
        findings.refuse("view is larger than 250 KB", "/view")
    return findings.complaints + judge_blocks(view.get("blocks"), view["type"], "/view/blocks")


def rich_blocks(blocks: object) -> bool:
    """Whether a newer block than the base layer is among them: what an old client would refuse."""
    return isinstance(blocks, list) and any(
        isinstance(b, dict) and str(b.get("type")) in RICH for b in blocks
    )


def _judge_modal(findings: Findings, view: Raw) -> None:
    if findings.has(view, "title", "/view"):
        findings.text(view["title"], 24, "/view/title", plain=True)
    findings.text(view.get("submit"), 24, "/view/submit", plain=True)
    findings.text(view.get("close"), 24, "/view/close", plain=True)
    blocks = view.get("blocks")
    inputs = isinstance(blocks, list) and any(
        isinstance(b, dict) and b.get("type") == "input" for b in blocks
    )
    if inputs and view.get("submit") is None:
        findings.refuse("missing required field: submit", "/view")


def _judge_block(findings: Findings, block: object, allowed: set[str], at: str) -> None:
    if not isinstance(block, dict):
        findings.refuse("must be an object", at)
        return
    kind = block.get("type")
    if not isinstance(kind, str) or kind not in allowed:
        findings.refuse(f"unsupported type: {kind}", f"{at}/type")
        return
    findings.block_id(block, at)
    _JUDGES[kind](findings, block, at)


def _totals(findings: Findings, blocks: list[Raw], surface: Surface, at: str) -> None:
    markdown = sum(len(str(block.get("text"))) for block in blocks if block.get("type") == "markdown")
    if markdown > _MARKDOWN_MOST:
        findings.refuse(f"must be less than {_MARKDOWN_MOST + 1} characters in all markdown blocks", at)
    tables = list(_tables(blocks))
    if sum(len(_words(table.get("rows"))) for table in tables) > _TABLE_MOST:
        findings.refuse(f"must be less than {_TABLE_MOST + 1} characters in all tables", at)
    if surface == "message" and len(tables) > 1:
        findings.refuse(ONE_TABLE, at)
    kinds = {str(block.get("type")) for block in blocks}
    if {"plan", "task_card"} <= kinds:
        findings.refuse("plan and task_card exclude each other", at)


def _tables(blocks: list[Raw]) -> Iterator[Raw]:
    """Every table, those inside containers too."""
    for block in blocks:
        if block.get("type") == "table":
            yield block
        inside = block.get("child_blocks")
        if isinstance(inside, list):
            yield from _tables([child for child in inside if isinstance(child, dict)])


def _words(node: object) -> str:
    if isinstance(node, list):
        return "".join(_words(item) for item in node)
    if isinstance(node, dict):
        own = node.get("text")
        return own if isinstance(own, str) else "".join(_words(value) for value in node.values())
    return ""


def _section(findings: Findings, block: Raw, at: str) -> None:
    findings.known(block, "text fields accessory expand", at)
    if not block.get("text") and not block.get("fields"):
        findings.refuse("missing required field: text", at)
    findings.text(block.get("text"), 3000, f"{at}/text")
    if block.get("fields") is not None:
        for place, text in enumerate(findings.items(block["fields"], 10, f"{at}/fields")):
            findings.text(text, 2000, f"{at}/fields/{place}")
    if isinstance(block.get("accessory"), dict):
        judge_element(findings, block["accessory"], IN_SECTION, at, f"{at}/accessory")


def _actions(findings: Findings, block: Raw, at: str) -> None:
    findings.known(block, "elements", at)
    for place, element in enumerate(findings.items(block.get("elements"), 25, f"{at}/elements")):
        judge_element(findings, element, IN_ACTIONS, at, f"{at}/elements/{place}")


def _context(findings: Findings, block: Raw, at: str) -> None:
    findings.known(block, "elements", at)
    for place, element in enumerate(findings.items(block.get("elements"), 10, f"{at}/elements")):
        judge_element(findings, element, IN_CONTEXT, at, f"{at}/elements/{place}")


def _header(findings: Findings, block: Raw, at: str) -> None:
    findings.known(block, "text level", at)
    if findings.has(block, "text", at):
        findings.text(block["text"], 150, f"{at}/text", plain=True)


def _divider(findings: Findings, block: Raw, at: str) -> None:
    findings.known(block, "", at)


def _image(findings: Findings, block: Raw, at: str) -> None:
    findings.text(block.get("title"), 2000, f"{at}/title", plain=True)
    judge_element(findings, block, {"image"}, at, at)


def _input(findings: Findings, block: Raw, at: str) -> None:
    findings.known(block, "label element dispatch_action hint optional", at)
    if findings.has(block, "label", at):
        findings.text(block["label"], 2000, f"{at}/label", plain=True)
    findings.text(block.get("hint"), 2000, f"{at}/hint", plain=True)
    if findings.has(block, "element", at) and isinstance(block["element"], dict):
        judge_element(findings, block["element"], IN_INPUT, at, f"{at}/element")


def _markdown(findings: Findings, block: Raw, at: str) -> None:
    if findings.has(block, "text", at):
        findings.length(block["text"], _MARKDOWN_MOST, f"{at}/text")


def _rich_text(findings: Findings, block: Raw, at: str) -> None:
    findings.items(block.get("elements"), 1000, f"{at}/elements")


def _alert(findings: Findings, block: Raw, at: str) -> None:
    findings.known(block, "text level", at)
    if findings.has(block, "text", at):
        findings.text(block["text"], 200, f"{at}/text")
    findings.one_of(block.get("level"), ("default", "info", "warning", "error", "success"), f"{at}/level")


def _table(findings: Findings, block: Raw, at: str) -> None:
    findings.known(block, "rows column_settings", at)
    rows = block.get("rows")
    if not isinstance(rows, list) or not rows:
        findings.refuse("must be an array of rows", f"{at}/rows")
        return
    if len(rows) > 100:
        findings.refuse("no more than 100 items allowed", f"{at}/rows")
    for place, row in enumerate(rows):
        for column, cell in enumerate(findings.items(row, 20, f"{at}/rows/{place}")):
            _cell(findings, cell, f"{at}/rows/{place}/{column}")
    settings = block.get("column_settings")
    if settings is not None and (not isinstance(settings, list) or len(settings) > 20):
        findings.refuse("no more than 20 items allowed", f"{at}/column_settings")


def _cell(findings: Findings, cell: Raw, at: str) -> None:
    findings.one_of(cell.get("type", "none"), ("rich_text", "raw_text", "raw_number"), f"{at}/type")
    if cell.get("type") == "raw_text":
        findings.length(cell.get("text", ""), 3000, f"{at}/text")


def _task(findings: Findings, block: Raw, at: str) -> None:
    findings.known(block, "task_id title details output sources status", at)
    findings.has(block, "task_id", at)
    if findings.has(block, "title", at):
        findings.length(block["title"], 3000, f"{at}/title")
    statuses = ("pending", "in_progress", "complete", "error")
    findings.one_of(block.get("status", "none"), statuses, f"{at}/status")
    for name in ("details", "output"):
        if name in block and (not isinstance(block[name], dict) or block[name].get("type") != "rich_text"):
            findings.refuse("must be a rich_text block", f"{at}/{name}")


def _plan(findings: Findings, block: Raw, at: str) -> None:
    findings.known(block, "title tasks", at)
    if findings.has(block, "title", at):
        findings.length(block["title"], 3000, f"{at}/title")
    for place, task in enumerate(findings.items(block.get("tasks"), 50, f"{at}/tasks")):
        _task(findings, task, f"{at}/tasks/{place}")


def _card(findings: Findings, block: Raw, at: str) -> None:
    findings.known(block, "hero_image icon title subtitle body subtext actions", at)
    if not any(block.get(name) for name in ("hero_image", "title", "actions", "body")):
        findings.refuse("missing required field: one of hero_image, title, actions, body", at)
    for name, most in (("title", 150), ("subtitle", 150), ("body", 200), ("subtext", 200)):
        findings.text(block.get(name), most, f"{at}/{name}")
    if block.get("actions") is not None:
        for place, element in enumerate(findings.items(block["actions"], 3, f"{at}/actions")):
            judge_element(findings, element, {"button"}, at, f"{at}/actions/{place}")


def _carousel(findings: Findings, block: Raw, at: str) -> None:
    for place, card in enumerate(findings.items(block.get("elements"), 10, f"{at}/elements")):
        _judge_block(findings, card, {"card"}, f"{at}/elements/{place}")


def _container(findings: Findings, block: Raw, at: str) -> None:
    known = "title rich_text_title subtitle child_blocks width icon is_collapsible default_collapsed"
    findings.known(block, f"{known} has_header_divider", at)
    if "rich_text_title" not in block and findings.has(block, "title", at):
        findings.text(block["title"], 150, f"{at}/title", plain=True)
    findings.text(block.get("subtitle"), 150, f"{at}/subtitle")
    findings.one_of(block.get("width"), ("narrow", "standard", "wide", "full"), f"{at}/width")
    if block.get("is_collapsible") and block.get("has_header_divider"):
        findings.refuse("is_collapsible and has_header_divider exclude each other", at)
    if block.get("default_collapsed") and not block.get("is_collapsible"):
        findings.refuse("default_collapsed needs is_collapsible", at)
    for place, child in enumerate(findings.items(block.get("child_blocks"), 10, f"{at}/child_blocks")):
        _judge_block(findings, child, _EVERYWHERE | {"table", "markdown"}, f"{at}/child_blocks/{place}")


_JUDGES: dict[str, Callable[[Findings, Raw, str], None]] = {
    "section": _section,
    "actions": _actions,
    "context": _context,
    "header": _header,
    "divider": _divider,
    "image": _image,
    "input": _input,
    "markdown": _markdown,
    "rich_text": _rich_text,
    "alert": _alert,
    "table": _table,
    "task_card": _task,
    "plan": _plan,
    "card": _card,
    "carousel": _carousel,
    "container": _container,
}
