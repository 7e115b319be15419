"""The fixture of every story."""

from tests.stories.conftest import story as story
