"""views.*: modals with their stack of three, and homes."""

import secrets

from bot.playground.slack.blocks import judge_view, rich_blocks
from bot.playground.slack.inputs import forget_gone_inputs
from bot.playground.slack.raw import Raw, SlackError, named, text_argument
from bot.playground.slack.shapes import view_json
from bot.playground.slack.state import STACK_MOST, View, Workspace


def open_view(workspace: Workspace, arguments: Raw) -> Raw:
    """views.open: a modal over everything else, for a trigger of the last three seconds."""
    body = _judged(workspace, arguments, "modal")
    trigger = workspace.exchange(text_argument(arguments, "trigger_id"))
    workspace.modals[trigger.person] = []  # one stack per screen: a new one replaces what lay open
    view = put_on_top(workspace, trigger.person, body)
    return {"view": view_json(workspace, view)}


def push_view(workspace: Workspace, arguments: Raw) -> Raw:
    """views.push: another modal on top of the one in which the person just clicked."""
    body = _judged(workspace, arguments, "modal")
    trigger = workspace.exchange(text_argument(arguments, "trigger_id"))
    stack = workspace.modals.get(trigger.person, [])
    if not stack or trigger.view is None:
        raise SlackError("not_found")
    view = put_on_top(workspace, trigger.person, body)
    return {"view": view_json(workspace, view)}


def update_view(workspace: Workspace, arguments: Raw) -> Raw:
    """views.update: new content for an open view, refused when it is gone or the hash is old."""
    body = _judged(workspace, arguments, None)
    view = _addressed(workspace, arguments)
    if arguments.get("hash") and arguments["hash"] != view.hash:
        raise SlackError("hash_conflict")
    rewrite(workspace, view, body)
    return {"view": view_json(workspace, view)}


def publish_view(workspace: Workspace, arguments: Raw) -> Raw:
    """views.publish: a person's home."""
    body = _judged(workspace, arguments, "home")
    person = workspace.person(text_argument(arguments, "user_id")).slack
    home = workspace.homes.get(person)
    if home is None:
        name = workspace.next_id("V")
        home = workspace.homes[person] = View(name, person, body, new_hash(workspace), name)
    elif arguments.get("hash") and arguments["hash"] != home.hash:
        raise SlackError("hash_conflict")
    rewrite(workspace, home, body)
    return {"view": view_json(workspace, home)}


def put_on_top(workspace: Workspace, person: str, body: Raw) -> View:
    """Open a judged modal above the person's others. Raises SlackError push_limit_reached."""
    stack = workspace.modals.setdefault(person, [])
    if len(stack) >= STACK_MOST:
        raise SlackError("push_limit_reached")
    below = stack[-1] if stack else None
    name = workspace.next_id("V")
    root = below.root if below else name
    view = View(name, person, body, new_hash(workspace), root, below.id if below else None)
    stack.append(view)
    view.changed = workspace.change()
    return view


def rewrite(workspace: Workspace, view: View, body: Raw) -> None:
    """Replace a view's content; what was typed stays where block and action ids stay."""
    view.body = body
    view.hash = new_hash(workspace)
    forget_gone_inputs(view)
    view.changed = workspace.change()


def judged_body(workspace: Workspace, body: object) -> Raw:
    """A view as Slack keeps it. Raises SlackError invalid_arguments with Slack's complaints."""
    complaints = judge_view(body)
    if not complaints and isinstance(body, dict) and _forced(workspace, body.get("blocks")):
        complaints = ["unsupported block [json-pointer:/view/blocks/0/type]"]
    if complaints or not isinstance(body, dict):
        messages = [f"[ERROR] {complaint}" for complaint in complaints]
        raise SlackError("invalid_arguments", response_metadata={"messages": messages})
    return body | {"blocks": named(body["blocks"])}


def new_hash(workspace: Workspace) -> str:
    """A fresh hash of a view: its second and eight random letters, as Slack's look."""
    return f"{int(workspace.world.clock.now())}.{secrets.token_urlsafe(6)}"


def _forced(workspace: Workspace, blocks: object) -> bool:
    mode = workspace.refuse_blocks
    return mode == "all" or (mode == "rich" and rich_blocks(blocks))


def _judged(workspace: Workspace, arguments: Raw, kind: str | None) -> Raw:
    body = judged_body(workspace, arguments.get("view"))
    if kind is not None and body["type"] != kind:
        message = f"[ERROR] must be a {kind} view [json-pointer:/view/type]"
        raise SlackError("invalid_arguments", response_metadata={"messages": [message]})
    return body


def _addressed(workspace: Workspace, arguments: Raw) -> View:
    if arguments.get("view_id"):
        return workspace.view(str(arguments["view_id"]))
    wanted = text_argument(arguments, "external_id")
    for stack in workspace.modals.values():
        for view in stack:
            if view.body.get("external_id") == wanted:
                return view
    raise SlackError("not_found")


METHODS = {
    "views.open": open_view,
    "views.push": push_view,
    "views.update": update_view,
    "views.publish": publish_view,
}
