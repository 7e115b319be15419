"""Every sentence that Slack shows, one function per situation. Text from outside passes `blocks.text`."""

from blocks.words.refusals import code, refusal

__all__ = ["code", "refusal"]
