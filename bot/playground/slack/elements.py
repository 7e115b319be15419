"""How strict Slack is with the elements inside blocks: buttons, selects, pickers and inputs."""

from collections.abc import Callable

from bot.playground.slack.raw import INPUTS, Raw
from bot.playground.slack.rules import Findings

IN_SECTION = (set(INPUTS) | {"button", "overflow", "image", "workflow_button"}) - {
    "plain_text_input",
    "email_text_input",
    "url_text_input",
    "number_input",
}
IN_ACTIONS = IN_SECTION - {"image"}
IN_INPUT = set(INPUTS)
IN_CONTEXT = {"image", "plain_text", "mrkdwn"}


def judge_element(findings: Findings, element: Raw, allowed: set[str], block: str, at: str) -> None:
    """Judge one element; `allowed`: what its place takes; its id must be unique in `block`."""
    kind = element.get("type")
    if not isinstance(kind, str) or kind not in allowed:
        findings.refuse(f"unsupported type: {kind}", f"{at}/type")
        return
    findings.action_id(element, block, at)
    findings.confirm(element.get("confirm"), f"{at}/confirm")
    findings.text(element.get("placeholder"), 150, f"{at}/placeholder", plain=True)
    judge = _JUDGES.get(kind)
    if judge is not None:
        judge(findings, element, at)


def _button(findings: Findings, element: Raw, at: str) -> None:
    findings.known(element, "text action_id url value style confirm accessibility_label agent_prompt", at)
    if findings.has(element, "text", at):
        findings.text(element["text"], 75, f"{at}/text", plain=True)
    findings.length(element.get("value"), 2000, f"{at}/value")
    findings.length(element.get("url"), 3000, f"{at}/url")
    findings.length(element.get("accessibility_label"), 75, f"{at}/accessibility_label")
    findings.one_of(element.get("style"), ("primary", "danger"), f"{at}/style")


def _select(findings: Findings, element: Raw, at: str) -> None:
    if "option_groups" in element:
        for place, group in enumerate(findings.items(element["option_groups"], 100, f"{at}/option_groups")):
            here = f"{at}/option_groups/{place}"
            if findings.has(group, "label", here):
                findings.text(group["label"], 75, f"{here}/label", plain=True)
            findings.options(group.get("options"), 100, f"{here}/options")
        return
    findings.options(element.get("options"), 100, f"{at}/options")
    _initial(findings, element, at)


def _external(findings: Findings, element: Raw, at: str) -> None:
    known = "action_id placeholder min_query_length initial_option initial_options max_selected_items confirm"
    findings.known(element, f"{known} focus_on_load", at)
    least = element.get("min_query_length", 3)
    if not isinstance(least, int) or least < 0:
        findings.refuse("must be 0 or more", f"{at}/min_query_length")
    if element.get("initial_option") is not None:
        findings.options([element["initial_option"]], 1, f"{at}/initial_option")


def judge_suggestions(answer: Raw) -> list[str]:
    """What Slack would not take of an answer with options, or with groups of them; an empty list is one."""
    findings = Findings()
    known = {"options", "option_groups"} & answer.keys()
    if len(known) != 1:
        findings.refuse("must have options or option_groups", "")
    elif answer.get("options") != []:
        _select(findings, answer, "")
    return findings.complaints


def _few_options(findings: Findings, element: Raw, at: str) -> None:
    findings.options(element.get("options"), 10, f"{at}/options")
    _initial(findings, element, at)


def _initial(findings: Findings, element: Raw, at: str) -> None:
    offered = element.get("options")
    options = offered if isinstance(offered, list) else []
    if element.get("initial_option") is not None and element["initial_option"] not in options:
        findings.refuse("initial option is not in the options", f"{at}/initial_option")
    initial = element.get("initial_options")
    for place, option in enumerate(initial if isinstance(initial, list) else []):
        if option not in options:
            findings.refuse("initial option is not in the options", f"{at}/initial_options/{place}")


def _overflow(findings: Findings, element: Raw, at: str) -> None:
    findings.options(element.get("options"), 5, f"{at}/options")


def _image(findings: Findings, element: Raw, at: str) -> None:
    if "image_url" not in element and "slack_file" not in element:
        findings.refuse("missing required field: image_url", at)
    findings.length(element.get("image_url"), 3000, f"{at}/image_url")
    if findings.has(element, "alt_text", at):
        findings.length(element["alt_text"], 2000, f"{at}/alt_text")


def _plain_text_input(findings: Findings, element: Raw, at: str) -> None:
    known = "action_id initial_value multiline min_length max_length dispatch_action_config focus_on_load"
    findings.known(element, f"{known} placeholder", at)
    _between(findings, element.get("min_length", 0), 0, f"{at}/min_length")
    most = element.get("max_length", 3000)
    _between(findings, most, 1, f"{at}/max_length")
    initial = element.get("initial_value")
    if isinstance(initial, str) and isinstance(most, int) and len(initial) > most:
        findings.refuse(f"must be less than {most + 1} characters", f"{at}/initial_value")


def _between(findings: Findings, value: object, least: int, at: str) -> None:
    if not isinstance(value, int) or not least <= value <= 3000:
        findings.refuse(f"must be between {least} and 3000", at)


def _context_text(findings: Findings, element: Raw, at: str) -> None:
    findings.text(element, 3000, at)


_JUDGES: dict[str, Callable[[Findings, Raw, str], None]] = {
    "button": _button,
    "static_select": _select,
    "multi_static_select": _select,
    "external_select": _external,
    "multi_external_select": _external,
    "radio_buttons": _few_options,
    "checkboxes": _few_options,
    "overflow": _overflow,
    "image": _image,
    "plain_text_input": _plain_text_input,
    "plain_text": _context_text,
    "mrkdwn": _context_text,
}
