"""The rules that Block Kit's small parts share: texts, options, confirm dialogs, lengths and ids."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.playground.slack.raw import Raw


@dataclass(slots=True)
class Findings:
    """What Slack would complain about, each with a pointer to the place."""

    complaints: list[str] = field(default_factory=list)
    action_ids: set[tuple[str, str]] = field(default_factory=set)
    block_ids: set[str] = field(default_factory=set)

    def refuse(self, why: str, at: str) -> None:
        """Note one complaint about the value at a JSON pointer."""
        self.complaints.append(f"{why} [json-pointer:{at}]")

    def has(self, node: Raw, name: str, at: str) -> bool:
        """Whether a required field is there; complains when not."""
        if node.get(name) in (None, "", [], {}):
            self.refuse(f"missing required field: {name}", at)
            return False
        return True

    def length(self, value: object, most: int, at: str) -> None:
        """A plain string of 1 to `most` characters, when there is one."""
        if value is None:
            return
        if not isinstance(value, str):
            self.refuse("must be a string", at)
        elif not value:
            self.refuse("must be more than 0 characters", at)
        elif len(value) > most:
            self.refuse(f"must be less than {most + 1} characters", at)

    def text(self, value: object, most: int, at: str, plain: bool = False) -> None:
        """A text object of 1 to `most` characters, when there is one; `plain` shuts out markup."""
        if value is None:
            return
        if not isinstance(value, dict) or value.get("type") not in ("plain_text", "mrkdwn"):
            self.refuse("must be a text object", at)
            return
        if plain and value["type"] != "plain_text":
            self.refuse("must be of type plain_text", f"{at}/type")
        if value.get("text") is None:
            self.refuse("missing required field: text", at)
        self.length(value.get("text"), most, f"{at}/text")

    def items(self, value: object, most: int, at: str) -> list[Raw]:
        """The entries of a list of 1 to `most` objects; complains and returns what can be judged."""
        if not isinstance(value, list):
            self.refuse("must be an array", at)
            return []
        if not value:
            self.refuse("must have at least 1 item", at)
        if len(value) > most:
            self.refuse(f"no more than {most} items allowed", at)
        for place, item in enumerate(value):
            if not isinstance(item, dict):
                self.refuse("must be an object", f"{at}/{place}")
        return [item for item in value if isinstance(item, dict)]

    def one_of(self, value: object, allowed: Iterable[str], at: str) -> None:
        """One of the named values, when there is one."""
        if value is not None and value not in tuple(allowed):
            self.refuse(f"must be one of: {', '.join(sorted(allowed))}", at)

    def known(self, node: Raw, allowed: str, at: str) -> None:
        """No field that Slack does not know: a misspelt key is refused, not ignored."""
        for name in node.keys() - set(allowed.split()) - {"type", "block_id"}:
            self.refuse(f"invalid additional property: {name}", at)

    def options(self, value: object, most: int, at: str) -> None:
        """A list of options, each with its text and value."""
        for place, option in enumerate(self.items(value, most, at)):
            here = f"{at}/{place}"
            self.known(option, "text value description url", here)
            if self.has(option, "text", here):
                self.text(option["text"], 75, f"{here}/text")
            if self.has(option, "value", here):
                self.length(option["value"], 150, f"{here}/value")
            self.text(option.get("description"), 75, f"{here}/description")

    def confirm(self, value: object, at: str) -> None:
        """A confirm dialog, when there is one."""
        if value is None:
            return
        if not isinstance(value, dict):
            self.refuse("must be an object", at)
            return
        self.known(value, "title text confirm deny style", at)
        for name, most in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
            if name in ("title", "text", "confirm") or name in value:
                self.has(value, name, at)
            self.text(value.get(name), most, f"{at}/{name}", plain=name != "text")
        self.one_of(value.get("style"), ("primary", "danger"), f"{at}/style")

    def block_id(self, block: Raw, at: str) -> None:
        """A block's id, unique in its message or view, when there is one."""
        name = block.get("block_id")
        self.length(name, 255, f"{at}/block_id")
        if isinstance(name, str):
            if name in self.block_ids:
                self.refuse(f"block_id {name} already exists", f"{at}/block_id")
            self.block_ids.add(name)

    def action_id(self, element: Raw, block: str, at: str) -> None:
        """An element's id, unique in its block, when there is one."""
        name = element.get("action_id")
        self.length(name, 255, f"{at}/action_id")
        if isinstance(name, str):
            if (block, name) in self.action_ids:
                self.refuse(f"action_id {name} already exists", f"{at}/action_id")
            self.action_ids.add((block, name))
