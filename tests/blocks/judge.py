"""Judges of rendered blocks: slackblocks builds each one, and the playground's rules look for what it lets through."""

from collections.abc import Mapping, Sequence
from typing import Any

import slackblocks as sb

from bot.playground.slack.blocks import judge_blocks, judge_view

Raw = Mapping[str, Any]


def assert_message(text: str, blocks: Sequence[Raw]) -> None:
    """Fail unless Slack would take this message."""
    assert judge_blocks(list(blocks), "message") == []
    built = [_block(block) for block in blocks]
    assert sb.Message("C0", text=text, blocks=built).to_dict()["text"] == text
    assert len(text) <= 3_900


def assert_view(view: Raw) -> None:
    """Fail unless Slack would open this modal."""
    assert judge_view(view) == []
    built = [_block(block) for block in view["blocks"]]
    submit = sb.Text(view["submit"]["text"], sb.TextType.PLAINTEXT) if "submit" in view else None
    title = sb.Text(view["title"]["text"], sb.TextType.PLAINTEXT)
    assert sb.ModalView(title=title, blocks=built, submit=submit).to_dict()["type"] == "modal"


def assert_home(view: Raw) -> None:
    """Fail unless Slack would publish this Home."""
    assert judge_view(view) == []
    built = [_block(block) for block in view["blocks"]]
    assert sb.HomeTabView(built, callback_id=view["callback_id"]).to_dict()["type"] == "home"


def _block(block: Raw) -> sb.Block:
    match block["type"]:
        case "header":
            return sb.HeaderBlock(_text(block["text"]))
        case "section":
            accessory = _button(block["accessory"]) if "accessory" in block else None
            return sb.SectionBlock(_text(block["text"]), accessory=accessory)
        case "context":
            return sb.ContextBlock([_text(one) for one in block["elements"]])
        case "actions":
            return sb.ActionsBlock([_button(one) for one in block["elements"]], block_id=block["block_id"])
        case "table":
            settings = [sb.ColumnSettings(is_wrapped=one["is_wrapped"]) for one in block["column_settings"]]
            return sb.TableBlock([[_cell(one) for one in row] for row in block["rows"]], settings)
        case "container":
            return _container(block)
        case "plan":
            return sb.PlanBlock(block["title"], [_task(one) for one in block["tasks"]])
        case "alert":
            return sb.AlertBlock(_text(block["text"]), block["level"])
        case "input":
            return sb.InputBlock(_text(block["label"]), _input(block["element"]), block_id=block["block_id"])
        case other:
            raise AssertionError(f"no judge for a {other} block")


def _container(block: Raw) -> sb.ContainerBlock:
    subtitle = _text(block["subtitle"]) if "subtitle" in block else None
    return sb.ContainerBlock(
        [_block(child) for child in block["child_blocks"]],
        title=_text(block["title"]),
        subtitle=subtitle,
        width=block["width"],
        is_collapsible=block["is_collapsible"],
        default_collapsed=block["default_collapsed"],
        block_id=block["block_id"],
    )


def _text(text: Raw) -> sb.Text:
    if text["type"] == "plain_text":
        return sb.Text(text["text"], sb.TextType.PLAINTEXT, emoji=text["emoji"])
    return sb.Text(text["text"], sb.TextType.MARKDOWN, verbatim=text["verbatim"])


def _button(button: Raw) -> sb.Button:
    return sb.Button(
        button["text"]["text"],
        action_id=button["action_id"],
        url=button.get("url"),
        value=button["value"],
        style=button.get("style"),
        confirm=_confirm(button["confirm"]) if "confirm" in button else None,
        accessibility_label=button["accessibility_label"],
    )


def _confirm(dialog: Raw) -> sb.ConfirmationDialogue:
    parts = {name: dialog[name]["text"] for name in ("title", "text", "confirm", "deny")}
    return sb.ConfirmationDialogue(**parts)


def _cell(cell: Raw) -> Any:
    return sb.RawText(cell["text"]) if cell["type"] == "raw_text" else _line(cell)


def _rich(block: Raw) -> sb.RichTextBlock:
    return sb.RichTextBlock([_line(block)])


def _line(block: Raw) -> sb.RichTextSection:
    return sb.RichTextSection([_span(one) for one in block["elements"][0]["elements"]])


def _span(span: Raw) -> Any:
    match span["type"]:
        case "emoji":
            return sb.RichTextEmoji(span["name"])
        case "date":
            return sb.RichText(span["fallback"])
        case "link":
            return sb.RichTextLink(span["url"], text=span["text"])
        case _:
            return sb.RichText(span["text"])


def _task(task: Raw) -> sb.TaskCardBlock:
    details = _rich(task["details"]) if "details" in task else None
    return sb.TaskCardBlock(task["task_id"], task["title"], details=details, status=task["status"])


def _input(element: Raw) -> Any:
    name = element["action_id"]
    options = [sb.Option(_text(one["text"]), one["value"]) for one in element.get("options", [])]
    match element["type"]:
        case "plain_text_input":
            return sb.PlainTextInput(action_id=name, initial_value=element.get("initial_value"))
        case "radio_buttons":
            return sb.RadioButtonGroup(action_id=name, options=options)
        case "timepicker":
            return sb.TimePicker(action_id=name, initial_time=element.get("initial_time"))
        case "checkboxes":
            return sb.CheckboxGroup(action_id=name, options=options)
        case "static_select":
            return sb.StaticSelectMenu(action_id=name, options=options)
        case "external_select":
            return sb.ExternalSelectMenu(action_id=name, min_query_length=element["min_query_length"])
        case other:
            raise AssertionError(f"no judge for a {other} input")
