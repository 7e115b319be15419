"""The stage of everything that is observed."""

from tests.stories.conftest import story as story
