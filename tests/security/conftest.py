"""Attacks are made on the same stage as stories: the real bot, real HTTP, the simulators' ledgers as judges."""

from tests.stories.conftest import story

__all__ = ["story"]
