"""The stage of every fault."""

from tests.stories.conftest import story as story
