"""What the entries of Slack's menus show: titles, and what to do where a message is none of ours."""

EXPLAIN = "Explain"  # titles of modals
ROLL_BACK = "Roll back"
SHORTCUT = "Greenlight"


def not_ours() -> str:
    """A message that belongs to no promotion that I know of."""
    return (
        "This message belongs to no promotion that I know of. Use it on one of my cards, or on any message in the "
        "thread of one; or type `/promote why P-142` and `/promote status`."
    )


def unknown() -> str:
    """An entry of a menu that this version does not have."""
    return "This version of Greenlight has no such shortcut. Reload Slack, or type `/promote help`."
