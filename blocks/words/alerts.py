"""What an alert of a form says where Slack draws none."""

from collections.abc import Mapping

from blocks.text import untrusted

_ICONS: Mapping[str, str] = {
    "error": ":rotating_light:",
    "warning": ":warning:",
    "success": ":white_check_mark:",
}


def alert(level: str, text: str) -> str:
    """The words of an alert, plain text until now, with an icon for its level."""
    return f"{_ICONS.get(level, ':information_source:')} *{untrusted(text)}*"
